// What `suanpan backup` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliBackupWords = {
  backupCommand: words(
    '备份：整个账本、密钥的密文和归档',
    'backups: the whole ledger, the secret of its keys, its archives',
  ),
  create: words('写入新的或空的目录；服务照常运行', 'into a new or empty folder, while the server runs'),
  restore: words(
    '恢复到新的数据目录，或 DATABASE_URL 所指的空数据库',
    'into a new data folder, or the empty database that DATABASE_URL names',
  ),
  verify: words('恢复到临时目录并核对全部', 'restore into a temporary folder and verify everything'),
  folder: words('备份的目录', "the backup's folder"),
  into: words('数据目录；默认 SUANPAN_DATA', 'data folder; SUANPAN_DATA if not given'),
  created: (tables: Shown, rows: Shown, at: Shown) =>
    words(`已备份 ${tables} 张表、${rows} 行，时刻 ${at}`, `backed up: ${tables} tables, ${rows} rows, as of ${at}`),
  noPepper: words(
    '密钥的密文由 SUANPAN_PEPPER 给出，不在备份中：请另行妥善保存',
    'the secret of the keys comes from SUANPAN_PEPPER and is not in the backup: keep it too',
  ),
  restored: (rows: Shown, folder: Shown) =>
    words(`已恢复 ${rows} 行到 ${folder}`, `restored ${rows} rows into ${folder}`),
  sound: (accounts: Shown, rows: Shown) =>
    words(
      `备份完好：${accounts} 个账户、${rows} 行账本全部核对无误`,
      `the backup is sound: ${accounts} accounts, ${rows} ledger rows, all verified`,
    ),
  unsound: (what: Shown) => words(`恢复后的账本有误：${what}`, `the restored ledger is broken: ${what}`),
};
