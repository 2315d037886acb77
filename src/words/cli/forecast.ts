// What `suanpan forecast` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliForecastWords = {
  forecast: words(
    '预测：月末次数与账单、资源包用尽日、到期作废',
    'forecast: calls and bill at the month’s end, when packs run dry, what will be lost',
  ),
  allCalls: words('全部次数', 'all calls'),
  soFar: words('至今', 'so far'),
  atTheMonthsEnd: words('月末预计', 'at the month’s end'),
  low: words('低（80%）', 'low (80%)'),
  high: words('高（80%）', 'high (80%)'),
  lastDay: words('最后一日', 'last day'),
  runsDry: words('用尽', 'runs dry'),
  lostAtTheEnd: words('到期作废', 'lost at the end'),
  worth: words('价值', 'worth'),
  whatPastMonthsWouldHaveCost: words(
    '假如：过去几个月换价目表、换资源包或用量增减，费用会是多少（不写入任何数据）',
    'what past months would have cost with another book, other packs, more calls (writes nothing)',
  ),
  wholeMonthsBeforeTheRunningOne: words('本月之前的整月数，1 到 24', 'whole months before the running one, 1 to 24'),
  anotherPriceBook: words('另一价目表的 id，或合同报价文件', 'another price book: its id, or an offer in a file'),
  packsBoughtAtTheStart: words(
    '期初购买的资源包，取代期间的实际购买',
    'packs bought at the start, in place of what was really bought',
  ),
  noPacksAreBought: words('期间不购买任何资源包', 'no packs are bought'),
  callsTimesThisFactor: words('用量乘以此系数，如 1.2', 'calls times this factor, such as 1.2'),
  months: (months: Shown) =>
    words(`--months ${months}：应为 1 到 24 的整数`, `--months ${months}: write a whole number from 1 to 24`),
  growth: (growth: Shown) =>
    words(`--growth ${growth}：应为正数，如 1.2`, `--growth ${growth}: write a positive decimal such as 1.2`),
  packAndNoPacksExcludeEach: words('--pack 与 --no-packs 不能同用', '--pack and --no-packs exclude each other'),
  inAll: words('合计', 'in all'),
  really: words('实际次数', 'really'),
  total: words('共', 'total'),
  reallyBilled: words('实际账单', 'really billed'),
  difference: words('差额', 'difference'),
};
