// What is said of API keys.

import { words } from './words.ts';

export const keyWords = {
  rotatedOnce: words(
    '只能轮换有效且尚未轮换过的密钥',
    'only a key that is good and was not rotated before can be rotated',
  ),
};
