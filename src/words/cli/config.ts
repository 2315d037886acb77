// What `suanpan config` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliConfigWords = {
  configCommand: words('设置', 'settings'),
  print: words(
    '各项设置现在的值及来源；密文不显示',
    'what each setting is now and where that comes from; secrets are hidden',
  ),
  init: words('写一份最初的设置文件', 'write a first file of settings'),
  folder: words('数据文件夹', 'data folder'),
  questions: {
    PORT: words('端口', 'Port'),
    SUANPAN_HOST: words('监听地址（0.0.0.0 表示所有）', 'Address to listen on (0.0.0.0: all)'),
    SUANPAN_ADMIN_EMAIL: words('首位管理员的邮箱', 'E-mail of the first admin'),
    SUANPAN_PUBLIC_URL: words(
      '人们在浏览器里打开的地址，如 https://billing.example.com；没有则空',
      'Where people’s browsers find it, such as https://billing.example.com; empty for none',
    ),
    DATABASE_URL: words(
      '自备的 PostgreSQL，如 postgres://user:password@host/db；空则用自带的',
      'Your own PostgreSQL, such as postgres://user:password@host/db; empty for the one that comes with it',
    ),
  },
  wroteSettings: (file: Shown, folder: Shown) =>
    words(
      `已写入 ${file}。接着：SUANPAN_DATA=${folder} suanpan doctor；SUANPAN_DATA=${folder} suanpan serve`,
      `wrote ${file}. Next: SUANPAN_DATA=${folder} suanpan doctor; SUANPAN_DATA=${folder} suanpan serve`,
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
