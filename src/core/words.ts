// Formulas in words: every bill line answers "why this amount?" in both languages (billing rules 6.6).

import type { Period } from './calendar.ts';
import type { PackFacts } from './pack.ts';
import type { Meter, PriceBook, Tariff, Words } from './price-book.ts';
import { type Quantities, type Rated, rate, type Slice } from './rate.ts';
import { type Calls, formatMoney, formatPrice, groupDigits, type Money, noCalls } from './units.ts';

/** ¥12,250.00 for CNY; other currencies by their code. */
export const moneyWords = (money: Money, currency: string): string => {
  const digits = groupDigits(formatMoney(money < 0n ? (-money as Money) : money));
  return `${money < 0n ? '-' : ''}${currency === 'CNY' ? '¥' : `${currency} `}${digits}`;
};

export const callsWords = (calls: Calls): string => groupDigits(calls);

function productTitle(pack: PackFacts, book: PriceBook): Words {
  return book.packProducts.get(pack.product)?.title ?? { zh: pack.product, en: pack.product };
}

export function packFormula(pack: PackFacts, book: PriceBook): Words {
  const title = productTitle(pack, book);
  const price = moneyWords(pack.price, book.currency);
  const { count = 1 } = pack;
  if (count > 1) {
    const [many, sum] = [groupDigits(BigInt(count)), moneyWords((pack.price * BigInt(count)) as Money, book.currency)];
    return {
      zh: `购买资源包「${title.zh}」${callsWords(pack.calls)} 次 ${many} 个，每个 ${price}，共 ${sum}`,
      en: `${many} × pack "${title.en}", ${callsWords(pack.calls)} calls, ${price} each, ${sum} in all`,
    };
  }
  return {
    zh: `购买资源包「${title.zh}」${callsWords(pack.calls)} 次，${price}`,
    en: `pack "${title.en}", ${callsWords(pack.calls)} calls, ${price}`,
  };
}

export function refundFormula(pack: PackFacts, book: PriceBook): Words {
  const title = productTitle(pack, book);
  const price = moneyWords(pack.price, book.currency);
  return {
    zh: `退还未使用的资源包「${title.zh}」${callsWords(pack.calls)} 次，全额 ${price}`,
    en: `refund of the untouched pack "${title.en}", ${callsWords(pack.calls)} calls, full price ${price}`,
  };
}

/** The interval of a tier in the tariff's own bound: "1,000 ≤ n < 10,000". */
export function tierWords(tariff: Tariff, index: number): string {
  const tier = tariff.tiers[index];
  if (tier === undefined || tariff.tiers.length === 1) return 'n';
  const [low, high] = tariff.bound === 'lower-inclusive' ? ['≤', '<'] : ['<', '≤'];
  const from = index === 0 ? '0 <' : `${callsWords(tier.from)} ${low}`;
  return tier.to === null ? `${from} n` : `${from} n ${high} ${callsWords(tier.to)}`;
}

export function postpaidFormula(tariff: Tariff, quantities: Quantities, rated: Rated, currency: string): Words {
  const sum = rated.slices.map((slice) => sliceWords(slice, currency)).join(' + ');
  const basis = basisWords(tariff, quantities, rated);
  const tier = tierWords(tariff, rated.tier);
  if (rated.amount === null) {
    const estimate = rated.estimate === null ? null : moneyWords(rated.estimate, currency);
    return {
      zh: `${sum}：n = ${callsWords(rated.reached)}（${basis.zh}）落在 ${tier}，无公开价，需商务定价${estimate === null ? '' : `；按最后一档公开价估算 ${estimate}`}`,
      en: `${sum}: n = ${callsWords(rated.reached)} (${basis.en}) is in ${tier}, which has no public price; ask for a contract price${estimate === null ? '' : `. Estimate at the last public price ${estimate}`}`,
    };
  }
  const result = `${sum} = ${moneyWords(rated.amount, currency)}`;
  if (tariff.mode === 'flat') return { zh: `${result}（固定单价）`, en: `${result} (flat price)` };
  if (tariff.mode === 'graduated') {
    return {
      zh: `${result}（阶梯累进，各段按各段单价；n = ${callsWords(rated.reached)}，${basis.zh}）`,
      en: `${result} (graduated: each slice at its own price; n = ${callsWords(rated.reached)}, ${basis.en})`,
    };
  }
  return {
    zh: `${result}（阶梯到达：n = ${callsWords(rated.reached)}，${basis.zh}，落在 ${tier}，全部按该档单价）`,
    en: `${result} (volume: n = ${callsWords(rated.reached)}, ${basis.en}, reaches ${tier}, which prices all calls)`,
  };
}

function sliceWords(slice: Slice, currency: string): string {
  const mark = currency === 'CNY' ? '¥' : `${currency} `;
  return `${callsWords(slice.calls)} × ${slice.price === null ? '?' : mark + formatPrice(slice.price)}`;
}

function basisWords(tariff: Tariff, { postpaid, drawn }: Quantities, { reached }: Rated): Words {
  if (tariff.basis === 'gross') {
    return {
      zh: `含资源包抵扣的总用量 ${callsWords(postpaid)} + ${callsWords(drawn)}`,
      en: `all calls, postpaid ${callsWords(postpaid)} + drawn ${callsWords(drawn)}`,
    };
  }
  return drawn === noCalls
    ? { zh: '本月后付费用量', en: 'postpaid calls of the month' }
    : {
        zh: `总用量 ${callsWords((reached + drawn) as Calls)} − 资源包抵扣 ${callsWords(drawn)}`,
        en: `${callsWords((reached + drawn) as Calls)} calls − ${callsWords(drawn)} drawn from packs`,
      };
}

export const untariffedFormula = (meter: Meter, calls: Calls): Words => ({
  zh: `${meter.title.zh}：${callsWords(calls)} 次，该计量项无后付费价格，需商务定价`,
  en: `${meter.title.en}: ${callsWords(calls)} calls of a prepaid-only meter; ask for a contract price`,
});

export function adjustmentFormula(
  tariff: Tariff,
  month: Period,
  before: Quantities,
  after: Quantities,
  currency: string,
): Words {
  const [billed, corrected] = [rate(tariff, before).amount, rate(tariff, after).amount];
  const counts = `${callsWords(before.postpaid)} → ${callsWords(after.postpaid)}`;
  if (billed === null || corrected === null) {
    return {
      zh: `${month} 更正：${tariff.title.zh}后付费用量 ${counts} 次，落入无公开价的阶梯，需商务定价`,
      en: `correction of ${month}: postpaid calls of ${tariff.title.en} ${counts}, a tier with no public price; ask for a contract price`,
    };
  }
  const difference = moneyWords((corrected - billed) as Money, currency);
  const amounts = `${moneyWords(corrected, currency)} − ${moneyWords(billed, currency)} = ${difference}`;
  return {
    zh: `${month} 更正：${tariff.title.zh}后付费用量 ${counts} 次，重新批价 ${amounts}`,
    en: `correction of ${month}: postpaid calls of ${tariff.title.en} ${counts}, re-rated ${amounts}`,
  };
}
