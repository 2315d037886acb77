// What `suanpan alert` says: its help and its answers.

import { words } from '../words.ts';

export const cliAlertWords = {
  alertCommand: words('提醒：账户被告知的事', 'alerts: what accounts are told'),
  list: words('列出提醒，最近的在前', 'alerts, the newest first'),
  kind: words('种类', 'kind'),
  told: words('内容', 'what is told'),
};
