// Figures as people read them.

import type { Tariff, TierBound } from '../core/price-book.ts';
import { type BlockPart, callsOf, chargedCalls, formatMoney, groupDigits, type Money } from '../core/units.ts';

/** Whole calls, as the core has them or as they stand in a document. */
export type CallCount = number | bigint;

const markOf = (currency: string): string => (currency === 'CNY' ? '¥' : `${currency} `);

/** ¥12,250.00 of "12250.00" in CNY; other currencies by their code. */
export const amountWords = (amount: string, currency: string): string =>
  amount.startsWith('-')
    ? `-${markOf(currency)}${groupDigits(amount.slice(1))}`
    : `${markOf(currency)}${groupDigits(amount)}`;

export const moneyWords = (money: Money, currency: string): string =>
  amountWords(formatMoney(money, currency), currency);

/** A unit price: ¥0.85. */
export const priceWords = (price: string | null, currency: string): string =>
  price === null ? '?' : `${markOf(currency)}${price}`;

/** What a price is of: each call, or each block of `per` calls. */
export interface PricedBy {
  readonly per?: CallCount | undefined;
  readonly part?: BlockPart | undefined;
}

/** A unit price as figures: "0.85", and "1.25/1000000" for each million. */
export const unitPriceText = ({ unitPrice, per }: PricedBy & { readonly unitPrice: string | null }): string =>
  unitPrice === null || per === undefined ? (unitPrice ?? '') : `${unitPrice}/${per}`;

const countedAs: Record<BlockPart, string | null> = { up: '↑', down: '↓', exact: null };

/** What is multiplied by the price: "12,250"; of blocks "(12,250 ÷ 1,000 ↑ 13)", where the arrow says how a part counts. */
export function pricedQuantity({ calls, per, part }: PricedBy & { readonly calls: CallCount }): string {
  if (per === undefined || part === undefined) return callsWords(calls);
  const [block, arrow] = [{ calls: callsOf(per), part }, countedAs[part]];
  const division = `${callsWords(calls)} ÷ ${callsWords(per)}`;
  return arrow === null
    ? division
    : `(${division} ${arrow} ${callsWords(chargedCalls(callsOf(calls), { block }) / block.calls)})`;
}

export const callsWords = (calls: CallCount): string => groupDigits(String(calls));

/** The interval of a tier in a bound: "1,000 ≤ n < 10,000". */
export function rangeWords(bound: TierBound, from: CallCount, to: CallCount | null): string {
  const isFirst = BigInt(from) === 0n;
  if (isFirst && to === null) return 'n';
  const [low, high] = bound === 'lower-inclusive' ? ['≤', '<'] : ['<', '≤'];
  const start = isFirst ? '0 <' : `${callsWords(from)} ${low}`;
  return to === null ? `${start} n` : `${start} n ${high} ${callsWords(to)}`;
}

/** That of the tier that a line reached; null: no tariff, or one price for all. */
export const tierRangeWords = (line: {
  readonly bound?: TierBound | undefined;
  readonly from?: CallCount | undefined;
  readonly to?: CallCount | null | undefined;
}): string | null =>
  line.bound === undefined || line.from === undefined ? null : rangeWords(line.bound, line.from, line.to ?? null);

export function tierWords({ tiers, bound }: Tariff, index: number): string {
  const tier = tiers[index];
  return tier === undefined ? 'n' : rangeWords(bound, tier.from, tier.to);
}
