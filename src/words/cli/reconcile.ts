// What `suanpan reconcile` says: its help and its answers.

import type { Words } from '../../core/price-book.ts';
import { type Shown, words } from '../words.ts';

export const cliReconcileWords = {
  checkABillThatAProvider: words(
    '核对服务商发来的账单：逐项重算，找出不符之处及原因（不需要服务）',
    'check a bill that a provider sent: every figure again, and why it differs (needs no server)',
  ),
  calls: words(
    '调用明细：JSON、CSV 或 Excel，可压缩；- 表示标准输入',
    'the calls: JSON, CSV or Excel, plain, gzip or zip; - for stdin',
  ),
  billToCheck: words('要核对的账单，CSV 或 Excel', 'the bill to check, CSV or Excel'),
  packsOneHas: words('持有的资源包，CSV 或 Excel', 'the packs one has, CSV or Excel'),
  whichAccount: words('明细中有多个账户时，核对哪一个', 'which account, where the calls are of several'),
  monthOrThatOfTheBill: words('账期；默认取自账单中的日期', 'the month; by default that of the bill’s days'),
  compareWithoutTheRowsOfThe: words(
    '读不了的明细行不算，仍作比对',
    'compare without the rows of the calls that cannot be read',
  ),
  monthIsNoMonth: (month: Shown) => words(`--month ${month}：应写成 2026-01`, `--month ${month}: write it as 2026-01`),
  ofRowsCannotBeRead: (path: Shown, rows: Shown, unusable: Shown) =>
    words(
      `${path}：${rows} 行中有 ${unusable} 行读不了，账单没有核对。请改正以下各行（或用 --skip-unread 不算这些行）：`,
      `${path}: ${unusable} of ${rows} rows cannot be read, so the bill was not checked. Put these right (or leave them out with --skip-unread):`,
    ),
  noRowCanBeRead: (path: Shown, rows: Shown) =>
    words(
      `${path}：${rows} 行中有 ${rows} 行读不了，账单没有核对。请改正：`,
      `${path}: ${rows} of ${rows} rows cannot be read, so the bill was not checked. Put them right:`,
    ),
  fileHasProblems: (file: Shown, count: Shown) =>
    words(`错误: ${file} 有 ${count} 处问题`, `error: ${file} has ${count} problem(s)`),
  inCell: (line: Shown, column: Shown, told: Words) =>
    words(`第 ${line} 行，列 ${column}：${told.zh}`, `line ${line}, column ${column}: ${told.en}`),
};
