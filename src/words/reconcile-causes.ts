// Why a figure of a bill differs, in words.

import type { TariffMode, TierBasis, TierBound, Words } from '../core/price-book.ts';
import type { BlockPart } from '../core/units.ts';
import { modeWords, partWords } from './titles.ts';
import { type Shown, words } from './words.ts';

const boundWords: Record<TierBound, Words> = {
  'lower-inclusive': words('下限含（a ≤ n < b）', 'a ≤ n < b'),
  'upper-inclusive': words('上限含（a < n ≤ b）', 'a < n ≤ b'),
};

const basisWords: Record<TierBasis, Words> = {
  'after-packs': words('抵扣后的用量', 'calls after packs'),
  gross: words('含抵扣的总用量', 'all calls'),
  'gross-in-order': words('按先后的总用量', 'all calls as they arrive'),
};

export const reconcileCausesWords = {
  boundReadAs: (read: TierBound, right: TierBound) =>
    words(
      `阶梯界限读作${boundWords[read].zh}，应为${boundWords[right].zh}`,
      `tier bound read as ${boundWords[read].en}, should be ${boundWords[right].en}`,
    ),
  tierChosenBy: (read: TierBasis, right: TierBasis) =>
    words(
      `定档用了${basisWords[read].zh}，应为${basisWords[right].zh}`,
      `tier chosen by ${basisWords[read].en}, should be ${basisWords[right].en}`,
    ),
  partReadAs: (read: BlockPart, right: BlockPart) =>
    words(
      `不满一份的调用${partWords[read].zh}，应${partWords[right].zh}`,
      `calls that are less than a block were ${partWords[read].en}, should be ${partWords[right].en}`,
    ),
  feeLeftOut: ({ zh, en }: Words) => words(`漏计：${zh}`, `left out: ${en}`),
  tiersReadAs: (read: TariffMode, right: TariffMode) =>
    words(
      `阶梯方式用了${modeWords[read].zh}，应为${modeWords[right].zh}`,
      `tiers read as ${modeWords[read].en}, should be ${modeWords[right].en}`,
    ),
  eachCallWasRounded: words(
    '单价先舍入到分再乘用量，应在整行上只舍入一次',
    'each call was rounded to the fen; the line is, once',
  ),
  eachDayWasRounded: words(
    '按天舍入后相加，应在整行上只舍入一次',
    'each day was rounded to the fen; the line is, once',
  ),
  amountWasCutOff: words('金额去尾，应四舍五入到分', 'the amount was cut off, not rounded half up'),
  callsThatWeKnowAreNot: (calls: Shown, size: Shown) =>
    words(
      `${calls} 次调用我方有记录，账单没有（涉及 ${size} 个日期与计量项）`,
      `${calls} calls that we know are not on the bill (${size} days and meters)`,
    ),
  callsOnTheBillThatWe: (calls: Shown, length: Shown) =>
    words(
      `账单多出 ${calls} 次调用，我方没有记录（涉及 ${length} 个日期与计量项）`,
      `${calls} calls on the bill that we do not know (${length} days and meters)`,
    ),
  morePostpaidCallsThanWeKnow: (title: Words, apart: Shown) =>
    words(`${title.zh}：账单比我方多 ${apart} 次后付费用量`, `${title.en}: ${apart} more postpaid calls than we know`),
  fewerPostpaidCallsThanWeKnow: (title: Words, apart: Shown) =>
    words(`${title.zh}：账单比我方少 ${apart} 次后付费用量`, `${title.en}: ${apart} fewer postpaid calls than we know`),
  packsPaidForOther: (title: Words, apart: Shown, fewer: boolean) =>
    words(
      `${title.zh}：资源包${fewer ? '少' : '多'}抵扣了 ${apart} 次（账单没有列出抵扣）`,
      `${title.en}: packs paid for ${apart} calls ${fewer ? 'fewer' : 'more'} than they should (the bill lists no draws)`,
    ),
  callsNotKnown: words('账单多出我方没有记录的调用', 'calls on the bill that we do not know'),
  callsNotBilled: words('我方有记录的调用账单没有', 'calls that we know are not on the bill'),
  amountIsNotItsCallsTimes: words('金额不等于用量乘单价', 'the amount is not its calls times its unit price'),
  weHaveNoPack: (pack: Shown) =>
    words(`我方没有资源包 ${pack}（从未购买，或已退款）`, `we have no pack ${pack} (never bought, or paid back)`),
  purchaseNotBilled: (pack: Shown) =>
    words(`账单没有资源包 ${pack} 的购买`, `pack ${pack}, bought in the month, is not on the bill`),
  packWasNotBoughtInThis: (pack: Shown) =>
    words(`资源包 ${pack} 不是在这个账期购买的`, `pack ${pack} was not bought in this month`),
  packWasBilledAtAnotherPrice: (pack: Shown) =>
    words(`资源包 ${pack} 的价款不符`, `pack ${pack} was billed at another price`),
  unitPricePrinted: (price: Shown) =>
    words(
      `账单印出的单价 ${price} 不是价目表在这个用量下的单价`,
      `the unit price printed, ${price}, is not that of the book for this many calls`,
    ),
  noCauseWasFoundUnderWhich: words(
    '没有找到能算出这个数的原因',
    'no cause was found under which this figure comes out',
  ),
  packWasDrawnBeforeItBecame: (id: Shown, from: Shown) =>
    words(`资源包 ${id} 在生效（${from}）之前已被抵扣`, `pack ${id} was drawn before it became effective (${from})`),
  packWasEffectiveFrom: (id: Shown, from: Shown) =>
    words(
      `资源包 ${id} 生效（${from}）之后仍未抵扣，起算时间被推迟`,
      `pack ${id} was effective from ${from}, but was drawn only later`,
    ),
  packWasDrawnAfterItHad: (id: Shown, to: Shown) =>
    words(`资源包 ${id} 到期（${to}）之后仍被抵扣`, `pack ${id} was drawn after it had expired (${to})`),
  packWasNoLongerDrawnAlthough: (id: Shown, to: Shown) =>
    words(`资源包 ${id} 未到期（${to}）就停止抵扣`, `pack ${id} was no longer drawn although it was good until ${to}`),
  packWasNotDrawnAtAll: (id: Shown) => words(`资源包 ${id} 完全没有抵扣`, `pack ${id} was not drawn at all`),
  noPackWasDrawnAtAll: words('没有抵扣任何资源包', 'no pack was drawn at all'),
  giftsFirst: words('赠送优先', 'gifts first'),
  packsThatCoverFewerMetersFirst: words('覆盖面窄者优先', 'packs that cover fewer meters first'),
  earliestExpiryFirst: words('先到期优先', 'earliest expiry first'),
  earliestEffectiveFirst: words('先生效优先', 'earliest effective first'),
  earliestBoughtFirst: words('先购买优先', 'earliest bought first'),
  smallestFirst: words('小包先抵扣', 'smaller packs first'),
  cheapestFirst: words('单价低的包先抵扣', 'packs with the cheaper calls first'),
  priorityFirst: words('按优先级在先', 'by priority before all else'),
  prioritiesIgnored: words('不按优先级', 'priorities left aside'),
  boughtPacksBeforeGifts: words('先抵扣购买的、后抵扣赠送的', 'bought packs before gifts'),
  giftsNotBeforeBought: words('不区分赠送与购买', 'gifts not before bought'),
  latestExpiryFirst: words('后到期优先', 'latest expiry first'),
  wholeOrderReversed: words('整个次序相反', 'the whole order reversed'),
  packsWereDrawnInAnotherOrder: (order: Words) =>
    words(`资源包抵扣次序不同：${order.zh}`, `packs were drawn in another order: ${order.en}`),
  packDoesNotCover: (pack: Shown, meter: Shown) =>
    words(
      `资源包 ${pack} 不覆盖 ${meter}，账单却用它抵扣`,
      `pack ${pack} does not cover ${meter}, but was drawn for it`,
    ),
  packWasTakenForEmptyAfter: (id: Shown, units: Shown, left: Shown) =>
    words(
      `资源包 ${id} 只抵扣了 ${units} 次就被当作用尽，应还有 ${left} 次`,
      `pack ${id} was taken for empty after ${units} calls; ${left} more were left`,
    ),
  tierReachedHasNoPublicPrice: (unit: Shown) =>
    words(
      `所在阶梯无公开价，账单按 ${unit} 计，需核对合同价`,
      `the tier reached has no public price; billed at ${unit}, compare with the contract`,
    ),
  billedAt: (tier: Shown, unit: Shown) =>
    words(`用了 ${tier} 一档的单价 ${unit}`, `billed at ${unit}, the price of the tier ${tier}`),
  unitPriceIsNotInThe: (unit: Shown) => words(`单价 ${unit} 不在价目表中`, `unit price ${unit} is not in the book`),
  eventsSentAgainUnderTheSame: (duplicates: Shown) =>
    words(
      `重复上报的 ${duplicates} 条事件（标识与内容都相同）被再次计费`,
      `${duplicates} events sent again under the same id were counted twice`,
    ),
  eventsWithAnIdAlreadyUsed: (all: Shown, conflicts: Shown) =>
    words(
      `标识已用过的 ${all} 条事件（其中 ${conflicts} 条内容不同）被计费`,
      `${all} events with an id already used were counted, ${conflicts} of them with other content`,
    ),
  everyResultThatIsNotCharged: words(
    '所有不计费的返回码都被计费',
    'every result that is not charged was billed all the same',
  ),
  resultOfIsChargedByThe: (action: Shown, code: Shown) =>
    words(
      `${action} 返回 ${code} 按规则应计费，账单没有计`,
      `result ${code} of ${action} is charged by the code table, but was not billed`,
    ),
  resultOfIsInNoColumn: (action: Shown, code: Shown) =>
    words(
      `${action} 返回 ${code} 不在返回码表中（应先人工复核），账单已计费`,
      `result ${code} of ${action} is in no column of the code table (it is held for review), but was billed`,
    ),
  resultOfIsNotCharged: (action: Shown, code: Shown) =>
    words(`${action} 返回 ${code} 不计费，账单却计了费`, `result ${code} of ${action} is not charged, but was billed`),
  before: (day: Shown) => words(`${day} 之前`, `before ${day}`),
  fromOn: (day: Shown) => words(`${day} 起`, `from ${day} on`),
  billedByTheCodeTableThat: (zh: Shown, en: Shown) =>
    words(`按${zh}的返回码表计费`, `billed by the code table that held ${en}`),
  packsPaidInTheOrderOf: words(
    '资源包按事件在文件中的先后抵扣，而不是按调用时间',
    'packs paid in the order of the file, not of the calls',
  ),
  daysAndTheMonthWereCut: (zone: Shown, timeZone: Shown) =>
    words(
      `日期与账期按 ${zone} 切分，而不是 ${timeZone}`,
      `days and the month were cut in ${zone}, not in ${timeZone}`,
    ),
};
