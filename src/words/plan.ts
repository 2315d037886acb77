// What is wrong with a request for a plan, and what its alternatives are called.

import { type Shown, words } from './words.ts';

export const planWords = {
  noPacks: words('不买资源包', 'no packs'),
  oneBigPack: words('一次买一个大包', 'one big pack'),
  packsOnly: words('只用资源包', 'packs only'),
  best: words('最优方案', 'the best'),
  thereAreNoCallsToPlan: words('没有用量', 'there are no calls to plan for'),
  profileIsEmpty: words('用量表是空的', 'the profile is empty'),
  monthsThatAreNumbered1: words('月份写成 1、2、3 时须给出开始日期', 'months that are numbered 1, 2, 3 need a start'),
  comesBeforeTheRowAbove: (month: Shown) =>
    words(`${month} 早于上一行：月份须从前到后`, `${month} comes before the row above: months stand in order`),
  standsTwiceIn: (month: Shown, meter: Shown) =>
    words(`${month} 的 ${meter} 出现两次`, `${meter} stands twice in ${month}`),
  profileHasNoCalls: words('用量表里没有调用', 'the profile has no calls'),
  startIsADay: (text: Shown) =>
    words(`须为日期，如 2026-01-01，收到 ${text}`, `the start is a day, such as 2026-01-01, not ${text}`),
  isOutsideThePlan: (text: Shown, mostMonths: Shown, span: Shown) =>
    words(
      `${text} 不在计划期内（最多 ${mostMonths} 个月：${span}）`,
      `${text} is outside the plan (at most ${mostMonths} months: ${span})`,
    ),
  monthIsWritten202601: (mostMonths: Shown, text: Shown) =>
    words(
      `月份须写成 2026-01 或 1 到 ${mostMonths}，收到 ${text}`,
      `a month is written 2026-01, or 1 to ${mostMonths}, not ${text}`,
    ),
  mostCallsPlanned: words(
    '每月每项最多可规划 1,000,000,000 次',
    'at most 1,000,000,000 calls of a meter can be planned for a month',
  ),
  expiryIsADayAfterThe: words(
    '到期日须为计划开始之后的日期，如 2026-06-30',
    'the expiry is a day after the start, such as 2026-06-30',
  ),
};
