// What `suanpan quote` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliQuoteWords = {
  whatAMonthWouldCost: words('一个月的费用（不需要服务）', 'what a month would cost (needs no server)'),
  callsOfAMeterOrTariff: words(
    '某计量项或计费项的调用次数；xD 表示连续 D 天、每天这么多次',
    'calls of a meter or tariff; xD for as many on each of D days',
  ),
  packsBoughtAtTheStartOf: words(
    '月初购买的资源包；xK 表示 K 个，可省略',
    'packs bought at the start of the month; xK for K of them',
  ),
  callsGivenAtTheStartOf: words('月初赠送的次数', 'calls given at the start of the month'),
  nothingToQuote: words(
    '没有要报价的内容：请给出 --use 计量项=次数 或 --pack 资源包:规格',
    'nothing to quote: give --use METER=CALLS or --pack PRODUCT:SIZE',
  ),
  pack: (text: Shown) =>
    words(
      `--pack ${text}：个数须为 1 到 1000 的整数，如 basic_authority:10000x3`,
      `--pack ${text}: the number of packs is a whole number from 1 to 1000, as in basic_authority:10000x3`,
    ),
  writeItAs: (option: Shown, text: Shown, example: Shown) =>
    words(`${option} ${text}：应写成 ${option} ${example}`, `${option} ${text}: write it as ${option} ${example}`),
  isNotAQuantity: (option: Shown, text: Shown, quantity: Shown, least: Shown) =>
    words(
      `${option} ${text}：「${quantity}」不是数量；须为 ${least} 到 1,000,000,000,000 的整数，写成 15000、15,000 或 15_000`,
      `${option} ${text}: "${quantity}" is not a quantity; write a whole number from ${least} to 1,000,000,000,000 as 15000, 15,000 or 15_000`,
    ),
};
