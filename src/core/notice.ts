// What a careful clerk would point out about a quote or bill: bounds, cliffs, packs that do not pay. Billing rules 2.2, 6.2.

import type { PackProduct, PackSize, PriceBook, Tariff, Words } from './price-book.ts';
import { boundReadings, cliffAhead, type Quantities, rate, tierAt } from './rate.ts';
import { type Calls, formatMoney, formatPrice, type Money } from './units.ts';
import { callsWords, moneyWords, tierWords } from './words.ts';

export type NoticeCode =
  | 'ON_BOUND'
  | 'CLIFF_AHEAD'
  | 'UNPRICED_TIER'
  | 'PACK_DEARER'
  | 'PACK_UNIT_DEARER'
  | 'CALLS_LEFT_OVER';

/** `facts` repeat the figures of the text for programs: money as decimal strings, calls as whole numbers. */
export interface Notice {
  readonly code: NoticeCode;
  readonly zh: string;
  readonly en: string;
  readonly facts: Readonly<Record<string, string | bigint | null>>;
}

/** Notices about one tariff's month: exactly on a bound, a cliff ahead, an unpriced tier. */
export function tariffNotices(tariff: Tariff, quantities: Quantities, currency = 'CNY'): Notice[] {
  return [
    onBound(tariff, quantities, currency),
    cliff(tariff, quantities, currency),
    unpriced(tariff, quantities, currency),
  ].filter((notice) => notice !== undefined);
}

function onBound(tariff: Tariff, quantities: Quantities, currency: string): Notice | undefined {
  const readings = boundReadings(tariff, quantities);
  if (readings === undefined) return undefined;
  const { reached, lowerInclusive, upperInclusive } = readings;
  const write = (money: Money | null, words: Words): Words =>
    money === null ? words : { zh: moneyWords(money, currency), en: moneyWords(money, currency) };
  const [lower, upper] = [write(lowerInclusive, noPublicPrice), write(upperInclusive, noPublicPrice)];
  return {
    code: 'ON_BOUND',
    zh: `${tariff.title.zh}：${callsWords(reached)} 次恰在阶梯界上。下限含（a ≤ n < b）为 ${lower.zh}，上限含（a < n ≤ b）为 ${upper.zh}；本价目表取${tariff.bound === 'lower-inclusive' ? '前者' : '后者'}。`,
    en: `${tariff.title.en}: ${callsWords(reached)} calls lie exactly on a tier bound. Lower-inclusive (a ≤ n < b) gives ${lower.en}, upper-inclusive (a < n ≤ b) ${upper.en}; this book takes the ${tariff.bound === 'lower-inclusive' ? 'former' : 'latter'}.`,
    facts: {
      tariff: tariff.id,
      calls: reached,
      lowerInclusive: textOf(lowerInclusive),
      upperInclusive: textOf(upperInclusive),
    },
  };
}

const noPublicPrice: Words = { zh: '无公开价', en: 'no public price' };
const textOf = (money: Money | null): string | null => (money === null ? null : formatMoney(money));

function cliff(tariff: Tariff, quantities: Quantities, currency: string): Notice | undefined {
  const ahead = cliffAhead(tariff, quantities);
  if (ahead === undefined) return undefined;
  const [amount, saves] = [moneyWords(ahead.amount, currency), moneyWords(ahead.saves, currency)];
  return {
    code: 'CLIFF_AHEAD',
    zh: `${tariff.title.zh}：再多 ${callsWords(ahead.more)} 次，整月只需 ${amount}，反而少 ${saves}。`,
    en: `${tariff.title.en}: ${callsWords(ahead.more)} more calls would cost ${amount} for the month, ${saves} less.`,
    facts: { tariff: tariff.id, more: ahead.more, amount: formatMoney(ahead.amount), saves: formatMoney(ahead.saves) },
  };
}

const estimateWords = (estimate: Money, currency: string): Words => ({
  zh: `按最后一档公开价估算 ${moneyWords(estimate, currency)}。`,
  en: ` Estimate at the last public price: ${moneyWords(estimate, currency)}.`,
});

function unpriced(tariff: Tariff, quantities: Quantities, currency: string): Notice | undefined {
  const rated = rate(tariff, quantities);
  if (rated.amount !== null) return undefined;
  const tier = tierWords(tariff, rated.tier);
  const estimate = rated.estimate === null ? { zh: '', en: '' } : estimateWords(rated.estimate, currency);
  return {
    code: 'UNPRICED_TIER',
    zh: `${tariff.title.zh}：n = ${callsWords(rated.reached)} 落在 ${tier}，无公开价，请联系商务。${estimate.zh}`,
    en: `${tariff.title.en}: n = ${callsWords(rated.reached)} reaches ${tier}, which has no public price.${estimate.en}`,
    facts: { tariff: tariff.id, calls: rated.reached, estimate: textOf(rated.estimate) },
  };
}

/** A pack without which the same month costs less. */
export function packDearer(
  product: PackProduct,
  size: Calls,
  without: Money,
  difference: Money,
  currency: string,
): Notice {
  const [less, more] = [moneyWords(without, currency), moneyWords(difference, currency)];
  return {
    code: 'PACK_DEARER',
    zh: `资源包「${product.title.zh}」${callsWords(size)} 次使本月更贵：不买它只需 ${less}，少 ${more}。`,
    en: `The ${callsWords(size)} pack of "${product.title.en}" makes this month dearer: without it ${less}, ${more} less.`,
    facts: { product: product.id, size, without: formatMoney(without), difference: formatMoney(difference) },
  };
}

/** A size that costs at least as much a call as the postpaid tier that as many calls would reach. */
export function packUnitDearer(book: PriceBook, product: PackProduct, size: PackSize): Notice | undefined {
  for (const [meter, ratio] of product.covers) {
    const tariff = book.tariffs.get(book.meters.get(meter)?.tariff ?? '');
    if (tariff === undefined) continue;
    const calls = (size.calls / ratio) as Calls;
    const { tier, amount } = rate(tariff, { postpaid: calls, drawn: 0n as Calls });
    const { price } = tierAt(tariff, tier);
    if (amount === null || price === null || size.price <= amount) continue;
    return {
      code: 'PACK_UNIT_DEARER',
      zh: `资源包「${product.title.zh}」${callsWords(size.calls)} 次售 ${moneyWords(size.price, book.currency)}，同量后付费只需 ${moneyWords(amount, book.currency)}（单价 ${formatPrice(price)}）。`,
      en: `The ${callsWords(size.calls)} pack of "${product.title.en}" costs ${moneyWords(size.price, book.currency)}; as many postpaid calls in a month cost ${moneyWords(amount, book.currency)} (${formatPrice(price)} each).`,
      facts: { product: product.id, size: size.calls, price: formatMoney(size.price), postpaid: formatMoney(amount) },
    };
  }
  return undefined;
}

/** Calls of a pack that the quoted month does not use. */
export function leftOver(product: PackProduct, calls: Calls): Notice {
  return {
    code: 'CALLS_LEFT_OVER',
    zh: `资源包「${product.title.zh}」本月剩 ${callsWords(calls)} 次，到期未用即作废。`,
    en: `${callsWords(calls)} calls of "${product.title.en}" are left after this month and are lost if not used before they expire.`,
    facts: { product: product.id, calls },
  };
}
