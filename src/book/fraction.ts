// Unit prices as exact fractions, to compare tiers and packs of any size without rounding.

import type { PackSize } from '../core/price-book.ts';
import type { Price } from '../core/units.ts';

/** Fen for one call: `amount / per`, `per` positive. */
export interface Fraction {
  readonly amount: bigint;
  readonly per: bigint;
}

export const fractionOf = (price: Price): Fraction => ({ amount: price.amount, per: price.per });
export const packUnit = (size: PackSize): Fraction => ({ amount: size.price, per: size.calls });

export const exceeds = (a: Fraction, b: Fraction): boolean => a.amount * b.per > b.amount * a.per;

/** Seven to fourteen times `b`: what a decimal point one place off looks like beside prices that differ a little anyway. */
export function aboutTenTimes(a: Fraction, b: Fraction): boolean {
  const [left, right] = [a.amount * b.per, b.amount * a.per];
  return right > 0n && left >= 7n * right && left <= 14n * right;
}

export interface Tenfold {
  readonly index: number;
  /** True: ten times; false: a tenth. */
  readonly dearer: boolean;
}

/**
 * Which members of a row of unit prices are about ten times, or a tenth of, both their neighbours (at an end: the next
 * two). Of a row of two nobody can tell which is wrong: the second is named.
 */
export function tenfold(row: readonly Fraction[]): Tenfold[] {
  return row.flatMap((one, index): Tenfold[] => {
    const others = neighbours(row, index);
    if (others.length === 0 || (row.length === 2 && index === 0)) return [];
    if (others.every((other) => aboutTenTimes(one, other))) return [{ index, dearer: true }];
    return others.every((other) => aboutTenTimes(other, one)) ? [{ index, dearer: false }] : [];
  });
}

function neighbours(row: readonly Fraction[], index: number): Fraction[] {
  const last = row.length - 1;
  const places = index === 0 ? [1, 2] : index === last ? [last - 2, last - 1] : [index - 1, index + 1];
  return places.flatMap((place) => row[place] ?? []);
}
