// What is said of backups.

import { type Shown, words } from './words.ts';

export const backupWords = {
  notEmpty: words('目录不是空的；请另指一个新的或空的目录', 'the folder is not empty; name a new or an empty one'),
  cutOff: words(
    '没有 manifest.json：备份没有做完，或不是备份',
    'there is no manifest.json: the backup was cut off, or is none',
  ),
  noManifest: words('manifest.json 读不懂', 'its manifest.json cannot be read'),
  damaged: (file: Shown) => words(`${file} 与写入时不同，或已不在`, `${file} is not as it was written, or missing`),
  newer: (schema: Shown) =>
    words(
      `备份的结构版本为 ${schema}，比本程序的新；请用做备份的版本`,
      `it has schema ${schema}, newer than this program's; use the version that made it`,
    ),
  used: words('目标数据库已在使用；只恢复到新的', 'the database to restore into is in use; restore into a new one'),
  otherPepper: (file: Shown) =>
    words(`${file} 已存在且内容不同；请先移走它`, `${file} is there with another secret; move it away first`),
};
