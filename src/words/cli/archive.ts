// What `suanpan archive` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliArchiveWords = {
  moveEventsOfFinalMonthsTo: words(
    '把已出终账月份的事件归档为压缩文件，或恢复',
    'move events of final months to compressed files, or back',
  ),
  archiveAMonth: words('归档一个月', 'archive a month'),
  month: words('账期', 'the month'),
  whereTheFilesGo: words('存放目录；默认 SUANPAN_DATA 下的 archive', 'where the files go; archive below SUANPAN_DATA'),
  bringAMonthBack: words('恢复一个月', 'bring a month back'),
  listTheArchives: words('列出归档', 'list the archives'),
  monthIsWritten202601: words('账期写作 2026-01', 'a month is written 2026-01'),
  accountWasLeftOut: (account: Shown, why: Shown) =>
    words(`账户 ${account} 未归档：${why}`, `account ${account} was left out: ${why}`),
  archivedEvents: (rows: Shown, file: Shown) =>
    words(`已归档 ${rows} 个事件：${file}`, `archived ${rows} events: ${file}`),
  doesNotTellItsClock: (server: Shown) =>
    words(
      `${server} 没有说明它的时钟，无法判断是否仍接受迟到的事件；待它应答后重试，或先停止它`,
      `${server} does not tell its clock, so it is not known whether late events are still taken; try again when it answers, or stop it first`,
    ),
  restoredEvents: (rows: Shown) => words(`已恢复 ${rows} 个事件`, `restored ${rows} events`),
  restored: words('（已恢复）', ' (restored)'),
};
