// What the linter of price books warns of.

import type { Words } from '../core/price-book.ts';
import { type Shown, words } from './words.ts';

export const bookLintWords = {
  meterHasNoTariffAndNo: (title: Words) =>
    words(
      `计量项「${title.zh}」既无后付费价格，也不在任何资源包内：它的用量无法出账。`,
      `The meter "${title.en}" has no tariff and no pack covers it: its calls can never be billed.`,
    ),
  noMeterFeedsTheTariff: (title: Words) =>
    words(`没有计量项计入计费项「${title.zh}」。`, `No meter feeds the tariff "${title.en}".`),
  codeTableHasNo: (action: Shown) =>
    words(
      `结果码表没有 ${action}：按它上报的结果一律留待人工复核。`,
      `The code table has no ${action}: every result reported by it is held for review.`,
    ),
  hasChargedCodes: (action: Shown) =>
    words(`${action} 有收费结果码，但没有计量项包含它。`, `${action} has charged codes, but no meter takes it.`),
  packHasNoSize: (title: Words) =>
    words(
      `资源包「${title.zh}」没有规格，只能赠送，不能购买。`,
      `The pack "${title.en}" has no size: it can be given but not bought.`,
    ),
  dearerThanLarger: (title: Words, large: Words, small: Words) =>
    words(
      `资源包「${title.zh}」${large.zh} 的单价高于 ${small.zh}。`,
      `Pack "${title.en}": ${large.en} costs more a call than ${small.en}.`,
    ),
  notDearerThanSmaller: (title: Words, large: Words, small: Words) =>
    words(
      `资源包「${title.zh}」${large.zh} 不比 ${small.zh} 贵，规格或价格是否写反？`,
      `Pack "${title.en}": ${large.en} costs no more than ${small.en}; are they the right way round?`,
    ),
  calls: (calls: Shown, price: Shown) => words(`${calls} 次（${price}）`, `${calls} calls (${price})`),
  itsNeighboursACall: words('相邻规格', 'its neighbours a call'),
  postpaidPriceOfAsManyCalls: words('同量后付费单价', 'the postpaid price of as many calls'),
  tenTimesOrATenth: (title: Words, one: Words, reference: Words, dearer: boolean) =>
    words(
      `资源包「${title.zh}」${one.zh} 的单价约为${reference.zh}的${dearer ? '十倍' : '十分之一'}，是否多写或少写了一个 0？`,
      `Pack "${title.en}": ${one.en} costs about ${dearer ? 'ten times' : 'a tenth of'} ${reference.en}; is there a 0 too many or too few?`,
    ),
  farFromPostpaid: (title: Words, one: Words, postpaid: Shown) =>
    words(
      `资源包「${title.zh}」${one.zh}，同量后付费为 ${postpaid}，相差五倍以上：两个价格的计量单位是否一致？`,
      `Pack "${title.en}": ${one.en}, as many postpaid calls ${postpaid}, more than five times off: are both prices for the same unit?`,
    ),
  packOf: (title: Words, calls: Shown, step: Shown, rest: Shown) =>
    words(
      `资源包「${title.zh}」${calls}：每次调用消耗 ${step} 的倍数，最后 ${rest} 个单位永远用不上。`,
      `Pack "${title.en}" of ${calls}: each call takes a multiple of ${step} units, so the last ${rest} can never be used.`,
    ),
  priceOfIsHigherThanOf: (title: Words, tariff: Shown, to: Shown, from: Shown) =>
    words(
      `${title.zh}：${tariff} 的单价 ${to} 高于上一档的 ${from}。`,
      `${title.en}: the price ${to} of ${tariff} is higher than ${from} of the tier before.`,
    ),
  priceIsZero: (title: Words, tariff: Shown) =>
    words(
      `${title.zh}：${tariff} 的单价为 0，即免费。若是「请咨询」，应写 price: null。`,
      `${title.en}: the price of ${tariff} is 0, that is free. Where it means "ask us", write price: null.`,
    ),
  priceOfIsAboutItsNeighbours: (title: Words, tariff: Shown, price: Shown, dearer: boolean) =>
    words(
      `${title.zh}：${tariff} 的单价 ${price} 约为相邻档的${dearer ? '十倍' : '十分之一'}，小数点是否错位？`,
      `${title.en}: the price ${price} of ${tariff} is about ${dearer ? 'ten times' : 'a tenth of'} its neighbours; is the decimal point right?`,
    ),
  callsCostMoreThan: (title: Words, range: Shown, goal: Shown, amount: Shown, more: Shown) =>
    words(
      `${title.zh}：${range} 次比 ${goal} 次（${amount}）还贵，最多贵 ${more}。`,
      `${title.en}: ${range} calls cost more than ${goal} (${amount}), by up to ${more}.`,
    ),
};
