// Figures as people read them.

import type { Tariff, TierBound } from '../core/price-book.ts';
import { formatMoney, groupDigits, type Money } from '../core/units.ts';

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
