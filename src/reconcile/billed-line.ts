// A row of a bill that says: so many calls, at this price, so much.

import type { Calls, Money, Price } from '../core/units.ts';

export interface BilledLine {
  readonly tariff: string;
  readonly calls: Calls;
  readonly price: Price | null;
  readonly amount: Money;
}

/** Whether the price can be the average that the amount comes to, as exactly as the price is written. */
export function isAverage({ calls, price, amount }: BilledLine): boolean {
  if (price === null) return false;
  const places = price.text.split('.')[1]?.length ?? 0;
  // All in units of half the last place of the price, and of half a fen.
  const scale = 10n ** BigInt(places + 2);
  const apart = (calls * price.amount * scale) / price.per - amount * scale;
  const room = (calls * 100n * scale) / (2n * 10n ** BigInt(places)) + scale / 2n;
  return (apart < 0n ? -apart : apart) <= room;
}
