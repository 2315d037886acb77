// Postpaid calls + tariff → money. Billing rules 2.1–2.3 and 6.1. Each amount is rounded half up to the fen once.

import type { Tariff, TierBound } from './price-book.ts';
import { modeRules, type Slice, tierIndex } from './tariff-modes.ts';
import {
  addCalls,
  amountOf,
  type Calls,
  chargedCalls,
  divideHalfUp,
  type Money,
  noCalls,
  noMoney,
  type Price,
} from './units.ts';

/** What a month's calls of one tariff consist of: those that packs paid and those left to pay. */
export interface Quantities {
  readonly postpaid: Calls;
  readonly drawn: Calls;
}

export interface Rated {
  /** The quantity that chose the tier. */
  readonly reached: Calls;
  /** Index of the tier reached, from 0. */
  readonly tier: number;
  /** One for all calls, or one a tier touched, as the mode has it. */
  readonly slices: readonly Slice[];
  /** Null when any of it is unpriced: never zero (billing rules 6.3). */
  readonly amount: Money | null;
  /**
   * The amount with the last public price in place of a missing one; equals `amount` when nothing is unpriced. Null where there is no
   * public price at all: that is never zero.
   */
  readonly estimate: Money | null;
}

export function rate(tariff: Tariff, { postpaid, drawn }: Quantities): Rated {
  const reached = tariff.basis === 'gross' ? addCalls(postpaid, drawn) : postpaid;
  const slices = modeRules[tariff.mode].slices(tariff, postpaid, reached);
  const tier = slices.at(-1)?.tier ?? tierIndex(tariff, reached, tariff.bound);
  const priced = slices.every((slice) => slice.price !== null || slice.calls === noCalls);
  const standIn = lastPrice(tariff);
  const estimate = priced || standIn !== null ? totalOf(slices, standIn) : null;
  return { reached, tier, slices, amount: priced ? estimate : null, estimate };
}

/** What slices cost before rounding: `amount / per` fen. A slice without a price counts as `standIn` does, or not at all. */
export function chargeOf(
  slices: readonly Pick<Slice, 'calls' | 'price'>[],
  standIn: Price | null,
): Pick<Price, 'amount' | 'per'> {
  let [amount, per] = [0n, 1n];
  for (const slice of slices) {
    const price = slice.price ?? standIn;
    if (price === null) continue;
    amount = amount * price.per + chargedCalls(slice.calls, price) * price.amount * per;
    per *= price.per;
  }
  return { amount, per };
}

function totalOf(slices: readonly Slice[], standIn: Price | null): Money {
  const { amount, per } = chargeOf(slices, standIn);
  return divideHalfUp(amount, per) as Money;
}

/** The price of the last tier that has one: what an unpriced quantity is estimated at. */
export function lastPrice(tariff: Tariff): Price | null {
  return tariff.tiers.findLast((tier) => tier.price !== null)?.price ?? null;
}

/** The unit price that all of a month's postpaid calls are charged at; null where each slice has its own, or where there is no public one. */
export const unitPrice = (tariff: Tariff, rated: Rated): Price | null =>
  modeRules[tariff.mode].hasOnePrice ? (rated.slices[0]?.price ?? null) : null;

/** A quantity that lies exactly on a bound, with both readings (billing rules 2.2). Only tariffs that jump have it. */
export interface OnBound {
  readonly reached: Calls;
  readonly lowerInclusive: Money | null;
  readonly upperInclusive: Money | null;
}

export function boundReadings(tariff: Tariff, quantities: Quantities): OnBound | undefined {
  if (!modeRules[tariff.mode].jumps || quantities.postpaid === noCalls) return undefined;
  const { reached } = rate(tariff, quantities);
  if (!tariff.tiers.some((tier, index) => index > 0 && tier.from === reached)) return undefined;
  const read = (bound: TierBound) => rate({ ...tariff, bound }, quantities).amount;
  const [lowerInclusive, upperInclusive] = [read('lower-inclusive'), read('upper-inclusive')];
  return lowerInclusive === upperInclusive ? undefined : { reached, lowerInclusive, upperInclusive };
}

/** A tier ahead that makes the month cheaper: `more` further postpaid calls would cost `amount` in all (billing rules 6.2). */
export interface Cliff {
  readonly more: Calls;
  readonly amount: Money;
  readonly saves: Money;
}

export function cliffAhead(tariff: Tariff, quantities: Quantities): Cliff | undefined {
  const now = rate(tariff, quantities);
  if (!modeRules[tariff.mode].jumps || quantities.postpaid === noCalls || now.amount === null) return undefined;
  let best: Cliff | undefined;
  for (const tier of tariff.tiers.slice(now.tier + 1)) {
    const goal = tariff.bound === 'lower-inclusive' ? tier.from : ((tier.from + 1n) as Calls);
    const more = (goal - now.reached) as Calls;
    if (tier.price === null) continue;
    const then = amountOf(addCalls(quantities.postpaid, more), tier.price);
    if (then >= (best?.amount ?? now.amount)) continue;
    best = { more, amount: then, saves: (now.amount - then) as Money };
  }
  return best;
}

/** What the calls are worth at the unit price the month reached, parts of blocks as parts: the money a gift saved. */
export const valueAt = (price: Price | null, calls: Calls): Money =>
  price === null ? noMoney : (divideHalfUp(calls * price.amount, price.per) as Money);
