// What `suanpan config` says: its help and its answers.

import { words } from '../words.ts';

export const cliConfigWords = {
  configCommand: words('设置', 'settings'),
  print: words(
    '各项设置现在的值及来源；密文不显示',
    'what each setting is now and where that comes from; secrets are hidden',
  ),
  setting: words('设置项', 'setting'),
  value: words('值', 'value'),
  source: words('来自', 'from'),
  sources: {
    environment: words('环境变量', 'environment'),
    file: words('文件', 'file'),
    default: words('默认', 'default'),
  },
};
