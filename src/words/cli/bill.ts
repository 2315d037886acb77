// What `suanpan bill` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliBillWords = {
  monthIsWritten202601: words(
    '月份写作 2026-01，月为 01 到 12',
    'a month is written 2026-01, with 01 to 12 after the year',
  ),
  billCommand: words('账单：草稿、出账、查看、导出', 'bills: draft, close, show, list, export'),
  oneBill: words('一份账单', 'one bill'),
  numberOrMonth: words('账单编号（acme-000001）或 账户:月份（acme:2026-01）', 'number (acme-000001), or acme:2026-01'),
  billAsItStands: words(
    '本月账单的现状；已出账则为正式账单',
    'the bill as it stands; the final one once the month is closed',
  ),
  month: words('月份，如 2026-01', 'month, such as 2026-01'),
  whoIsReady: words(
    '出账之前：谁已就绪，谁被挡住，为什么；不改变任何东西',
    'before a month is closed: who is ready, who is blocked and why; changes nothing',
  ),
  readyAndBlocked: (ready: Shown, blocked: Shown) =>
    words(`就绪 ${ready} 个账户，被挡住 ${blocked} 个`, `ready: ${ready} accounts, blocked: ${blocked}`),
  why: words('原因', 'why'),
  closeAMonth: words(
    '出账：一个账户或全部；重复执行没有影响',
    'close a month, for one account or all; again changes nothing',
  ),
  thisAccountOnly: words('只为此账户出账', 'this account only'),
  billList: words('账单列表', 'bills'),
  ofOneAccount: words('一个账户的', "one account's"),
  ofOneMonth: words('一个月的', "one month's"),
  billSplitByDepartment: words('按部门分摊，合计分毫不差', 'a bill split by department; the parts sum to the whole'),
  numberToExport: words('账单编号或 账户:月份', 'number, or ACCOUNT:MONTH'),
  billAsAFile: words('导出账单，或逐次调用的明细', 'a bill as a file, or each of its calls'),
  format: words('格式', 'format'),
  lines: words('账单行，或每次调用', 'the lines, or every call'),
  byteOrderMark: words('为 Excel 加字节序标记', 'a byte order mark, for Excel'),
  fileToWrite: words('写入文件；- 为标准输出', 'file to write; - for standard output'),
  accountsClosedNow: (month: Shown, closed: Shown, alreadyFinal: Shown) =>
    words(
      `${month}：新出账 ${closed} 个账户，先前已出账 ${alreadyFinal} 个`,
      `${month}: ${closed} accounts closed now, ${alreadyFinal} closed before`,
    ),
  number: words('编号', 'number'),
  adjustments: words('调整', 'adjustments'),
  exportIsNotComplete: (error: Shown) => words(`导出未完成：${error}`, `the export is not complete: ${error}`),
  writtenTo: (out: Shown) => words(`已写入 ${out}`, `written to ${out}`),
  final: words('正式', 'final'),
  draft: words('草稿', 'draft'),
  gift: (pack: Shown, calls: Shown, saved: Shown) =>
    words(`赠送 ${pack} 用了 ${calls} 次，省 ${saved}`, `gift ${pack}: ${calls} calls used, ${saved} saved`),
  callsForfeited: (pack: Shown, calls: Shown) =>
    words(`${pack} 到期作废 ${calls} 次`, `${pack}: ${calls} calls forfeited`),
  digest: words('摘要', 'digest'),
  paidByPacks: words('资源包抵扣', 'paid by packs'),
  item: words('项目', 'item'),
  adjustment: words('调整', 'adjustment'),
  packRefund: words('退资源包', 'pack refund'),
  contractPriceIsNeeded: words('需商务定价', 'a contract price is needed'),
  estimate: words('估算', 'estimate'),
};
