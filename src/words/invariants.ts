// The invariants of the ledger, in words.

import { words } from './words.ts';

export const invariantsWords = {
  everyEventStandsOnceUnderIts: words(
    '每个事件按（账户，编号）恰好一条',
    'every event stands once under its account and id',
  ),
  ledgerNumbersWithoutGap: words('账本序号连续：没有记录丢失', 'ledger numbers without gap: nothing vanished'),
  eventCallsDrawsPostpaid: words('事件次数 = Σ抵扣 + 后付费', 'event calls = Σ draws + postpaid'),
  packCallsRemainingDrawsVoidedForfeited: words(
    '资源包次数 = 剩余 + Σ抵扣 − 作废 + 过期作废 + 退还',
    'pack calls = remaining + Σ draws − voided + forfeited + refunded',
  ),
  replayInLedgerOrderGivesThe: words('按账本顺序重放得到相同的抵扣', 'a replay in ledger order gives the same draws'),
  countersAndFinalBillsRecomputed: words('重算计数与账单，结果一致', 'counters and final bills recomputed: the same'),
  second: words('独立实现算出相同的账单', 'a second, independent rating gives the same bills'),
  billTotalLinesCalls: words('账单合计 = Σ明细行 = Σ逐笔', 'bill total = Σ lines = Σ calls'),
  balanceEntries: words('余额 = Σ流水；流水只增不改', 'balance = Σ entries; entries are append-only'),
  finalBillsMatchTheirDigestAnd: words(
    '终版账单与摘要一致且不可更改',
    'final bills match their digest and cannot change',
  ),
  ordersDeliver: words(
    '每个订单只了结一次，交付的与所订、所收一致',
    'each order ends once and delivers what was ordered and paid',
  ),
  oneBillAMonth: words('每月一张账单，编号连续', 'one bill a month; bill numbers without gap'),
  auditChains: words(
    '审计链完整：无一条被改、被删、被调换',
    'the audit’s chains hold: no act changed, removed or moved',
  ),
};
