// What `suanpan usage import` and `usage inspect` say.

import { type Shown, words } from '../words.ts';

export const cliUsageFilesWords = {
  readingOrWritingFailed: (message: Shown) =>
    words(`文件读写失败：${message}`, `reading or writing failed: ${message}`),
  accountIsMissing: words('缺少 account；可用 --account 指定', 'account is missing; name one with --account'),
  databaseDoesNotAnswer: (cause: string) =>
    words(`数据库没有应答（${cause || '原因不明'}）`, `the database does not answer (${cause || 'cause unknown'})`),
  resultcodeIsMissingBesideAction: words('有 action 时须有 resultCode', 'resultCode is missing beside action'),
  importBroke: (error: Shown) => words(`导入出错：${error}`, `the import broke: ${error}`),
  serverDoesNotAnswer: (url: Shown, zh: Shown, en: Shown) =>
    words(`服务没有应答（${url}：${zh}）`, `the server does not answer (${url}: ${en})`),
  importAFileOfEvents: words(
    '导入用量文件（JSON、CSV、Excel，可为 gzip 或 zip）；中断后原样重新运行即可继续',
    'import a file of events (JSON, CSV or Excel; plain, gzip or zip); run it again to go on after a stop',
  ),
  faceidRules: words(
    '人脸核身接口回包的 RuleId 对照表（列 rule、channel、library）',
    'what the RuleIds of FaceID’s own answers are (columns rule, channel, library)',
  ),
  faceidBook: words(
    '人脸核身接口回包按此价目表的返回码表核对',
    'the book whose code table FaceID’s own answers are checked by',
  ),
  faceidNeedsBook: words(
    '--faceid-rules 须同时给出 --book：IsNeedCharge 要与当日返回码表核对',
    '--faceid-rules needs --book: IsNeedCharge is checked against the code table of the day',
  ),
  file: words('文件；- 表示标准输入', 'the file; - for standard input'),
  accountOfEventsThatNameNone: words('未写明账户的事件归此账户', 'account of events that name none'),
  fileForRejectedRows: words('被拒行写入此文件', 'file for rejected rows; by default FILE.rejected.ndjson'),
  straightIntoTheDatabase: words('直接写入数据库，不经服务', 'straight into the database, also when a server runs'),
  checkTheShapeOfTheFile: words('只检查文件格式，不写入', 'check the shape of the file only'),
  importingThrough: (url: Shown) => words(`导入到 ${url}`, `importing through ${url}`),
  importingStraightIntoTheDatabase: (configuration: Shown) =>
    words(`直接导入到数据库（${configuration}）`, `importing straight into the database (${configuration})`),
  stopping: words('\n正在停止：等已发出的写完', '\nstopping: what was sent is finished first'),
  read: words('读取', 'read'),
  good: words('可用', 'good'),
  accepted: words('接受', 'accepted'),
  duplicate: words('重复', 'duplicate'),
  conflict: words('冲突', 'conflict'),
  rejected: words('拒绝', 'rejected'),
  held: words('待审', 'held'),
  seconds: words('秒', 'seconds'),
  rowsS: words('行/秒', 'rows/s'),
  rejectedRowsAndWhy: (rejects: Shown) => words(`被拒的行及原因：${rejects}`, `rejected rows and why: ${rejects}`),
  importIsNotComplete: words(
    '导入未完成。原样再运行一次即可继续：已导入的算作重复，不会重复计量',
    'The import is not complete. Run the same command again to go on: what is in already counts as duplicate, never twice',
  ),
  whatAFileOfEventsHolds: words(
    '查看用量文件：会读到什么、哪些行读不了、有无重复；不写入',
    'what a file of events holds, which rows cannot be read, what stands twice; nothing is written',
  ),
  cannotBeRead: words('读不了', 'cannot be read'),
  repeated: words('重复（内容相同）', 'repeated, same content'),
  sameId: words('冲突（内容不同）', 'same id, other content'),
  calls: words('调用次数', 'calls'),
  first: words('最早', 'first'),
  last: words('最晚', 'last'),
  meterOrAction: words('计量项或 action', 'meter or action'),
  format: words('格式；默认自动识别', 'format; found out by default'),
  zoneOfTimesWithoutAnOffset: words(
    '没有偏移的时间属于哪个时区，如 Asia/Shanghai',
    'zone of times without an offset, such as Asia/Shanghai',
  ),
  columns: words('不看这些列（字段）', 'columns (fields) that are not looked at'),
  formatIsNone: (format: Shown) =>
    words(`--format ${format}：应为 ndjson 或 csv`, `--format ${format}: write ndjson or csv`),
  timeZone: (timeZone: Shown) =>
    words(
      `--time-zone ${timeZone}：没有这个时区，应写成 Asia/Shanghai`,
      `--time-zone ${timeZone}: no such zone; write one such as Asia/Shanghai`,
    ),
};
