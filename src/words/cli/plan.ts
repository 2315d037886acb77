// What `suanpan plan` says: its help and its answers.

import type { Words } from '../../core/price-book.ts';
import { type Shown, words } from '../words.ts';

const inChinese = (methods: string): string =>
  methods
    .replace('exact dynamic programming', '精确动态规划')
    .replace('exhaustive search', '穷举')
    .replace('integer program (HiGHS)', '整数规划 HiGHS');

export const cliPlanWords = {
  profile: words('用量表示例：', 'A profile:'),
  whatToBuy: words(
    '该买哪些资源包：最便宜的买法及其证明（不需要服务）',
    'what to buy: the cheapest packs, with proof (needs no server)',
  ),
  monthsCallsOfAMeter: words('一个月里某计量项的调用次数', "a month's calls of a meter"),
  callsOfUpTo24Months: words(
    '最多 24 个月的用量表：month, meter, calls；- 为标准输入',
    'calls of up to 24 months: month, meter, calls; - is standard input',
  ),
  fromWhenPacksCanBeBought: words('从哪天起可以买，如 2026-01', 'from when packs can be bought, such as 2026-01'),
  packsAtHand: words(
    '已有的资源包、剩余次数和到期日（可省略）',
    'packs at hand: what is left and, if known, the day they expire',
  ),
  callsGivenAtTheStart: words('开始时赠送的次数', 'calls given at the start'),
  giveEitherUseMeterCalls: words(
    '请给出 --use 计量项=次数（一个月）或 --profile 文件（若干个月），二者取一',
    'give either --use METER=CALLS (one month) or --profile FILE (several months)',
  ),
  writeItAs: (option: Shown, text: Shown, example: Shown) =>
    words(`${option} ${text}：应写成 ${option} ${example}`, `${option} ${text}: write it as ${option} ${example}`),
  inCell: (file: Shown, line: Shown, column: Shown, told: Words) =>
    words(`${file} 第 ${line} 行，列 ${column}：${told.zh}`, `${file} line ${line}, column ${column}: ${told.en}`),
  writeItAs202601: words('请写成 2026-01', 'write it as 2026-01'),
  writeAWholeNumberSuchAs: words('请写成整数，如 25000', 'write a whole number such as 25000'),
  writeAMeterSuchAsIdentity: words('请写计量项，如 identity', 'write a meter such as identity'),
  provedBy: (methods: string) =>
    words(`最优已证明（${inChinese(methods)}）：没有更便宜的买法。`, `Proved by ${methods}: nothing is cheaper.`),
  notProved: (gap: Shown) =>
    words(`未能证明最优：更便宜的买法最多再省 ${gap}。`, `Not proved: another plan may be up to ${gap} cheaper.`),
  buyingNoPacksIsCheapest: words('不买资源包最便宜。', 'Buying no packs is cheapest.'),
  buy: words('买', 'buy'),
  size: words('规格', 'size'),
  count: words('个数', 'count'),
  calls: words('调用', 'calls'),
  drawn: words('资源包抵扣', 'drawn'),
  alternative: words('方案', 'alternative'),
  aboveTheBest: words('比最优贵', 'above the best'),
};
