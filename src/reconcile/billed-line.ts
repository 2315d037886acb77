// A row of a bill that says: so many calls, at this price, so much.

import { decimalsOf } from '../core/currency.ts';
import type { Calls, Money, Price } from '../core/units.ts';

export interface BilledLine {
  readonly tariff: string;
  readonly calls: Calls;
  readonly price: Price | null;
  readonly amount: Money;
}

/** Whether the price can be the average that the amount comes to, as exactly as the price is written. */
export function isAverage({ calls, price, amount }: BilledLine, currency: string): boolean {
  if (price === null) return false;
  const places = price.text.split('.')[1]?.length ?? 0;
  // All in units of half the last place of the price, and of half a smallest unit.
  const unit = 10n ** BigInt(decimalsOf(currency));
  const scale = 10n ** BigInt(places) * unit;
  const apart = (calls * price.amount * scale) / price.per - amount * scale;
  const room = (calls * unit * scale) / (2n * 10n ** BigInt(places)) + scale / 2n;
  return (apart < 0n ? -apart : apart) <= room;
}
