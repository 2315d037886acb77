// Postpaid calls + tariff → money. Billing rules 2.1–2.3 and 6.1. Each amount is rounded half up to the fen once.

import { hasMeterPrices, isInOrder, priceOf } from './placed.ts';
import type { Tariff, TierBound } from './price-book.ts';
import { hasOnePrice, modeRules, type PostpaidCalls, type Slice, slicesOf, tierAt, tierIndex } from './tariff-modes.ts';
import {
  addCalls,
  type Calls,
  chargedCalls,
  divideHalfUp,
  type Money,
  noCalls,
  noMoney,
  type Price,
  subtractMoney,
  sumOrNull,
} from './units.ts';

/** What a month's calls of one tariff consist of: those that packs paid and those left to pay. */
export type Quantities = PostpaidCalls;

/** Null amounts: a contract price is needed. */
export interface Amounts {
  readonly amount: Money | null;
  /**
   * The amount with the last public price in place of a missing one; equals `amount` when nothing is unpriced. Null where there is no
   * public price at all: that is never zero.
   */
  readonly estimate: Money | null;
}

export const feeReasons = ['month', 'tier', 'minimum', 'maximum'] as const;
export type FeeReason = (typeof feeReasons)[number];

/** What a month costs beside its calls. What raises it to the minimum is positive, what lowers it to the maximum negative. */
export interface Fee extends Amounts {
  readonly reason: FeeReason;
  /** Index of the tier that it is of. */
  readonly tier?: number;
  /** The minimum or maximum, and what the month came to before. */
  readonly limit?: Money;
  readonly before?: Money | null;
}

/** Of the whole month: calls, fees, and the least and most that it may come to. */
export interface Rated extends Amounts {
  /** The quantity that chose the tier. */
  readonly reached: Calls;
  /** Index of the tier reached, from 0. */
  readonly tier: number;
  /** One for all calls, or one a tier touched, as the mode has it. */
  readonly slices: readonly Slice[];
  /** The calls alone; null when any of it is unpriced: never zero (billing rules 6.3). */
  readonly ofCalls: Amounts;
  readonly fees: readonly Fee[];
}

export function rate(tariff: Tariff, quantities: Quantities): Rated {
  const reached = reachedBy(tariff, quantities);
  const slices = slicesOf(tariff, quantities, reached);
  const tier = isInOrder(tariff)
    ? tierIndex(tariff, reached, 'upper-inclusive')
    : (slices.at(-1)?.tier ?? tierIndex(tariff, reached, tariff.bound));
  const isPriced = (slice: Slice) => slice.price !== null || slice.calls === noCalls;
  const priced = slices.every(isPriced);
  const estimated = slices.map((slice) => ({ ...slice, price: slice.price ?? lastPrice(tariff, slice.meter) }));
  const estimate = estimated.every(isPriced) ? totalOf(estimated) : null;
  const ofCalls = { amount: priced ? estimate : null, estimate };
  return { reached, tier, slices, ofCalls, ...withFees(tariff, reached, ofCalls) };
}

/** The quantity that chooses the tier. */
export const reachedBy = ({ basis }: Tariff, { postpaid, drawn }: Pick<Quantities, 'postpaid' | 'drawn'>): Calls =>
  basis === 'after-packs' ? postpaid : addCalls(postpaid, drawn);

/** The whole of a month of which the calls come to `ofCalls`. */
export function withFees(tariff: Tariff, reached: Calls, ofCalls: Amounts): Amounts & Pick<Rated, 'fees'> {
  const fees = feesOf(tariff, reached, ofCalls);
  return { fees, ...sumOf([ofCalls, ...fees]) };
}

/** In a month whose quantity is nothing only where the tariff says so. */
function feesOf(tariff: Tariff, reached: Calls, ofCalls: Amounts): Fee[] {
  if (reached === noCalls && tariff.withoutCalls !== true) return [];
  const { fee = noMoney } = tariff;
  const fees: Fee[] = fee === noMoney ? [] : [{ reason: 'month', ...known(fee) }];
  for (const tier of modeRules[tariff.mode].feesOf(tariff, reached)) {
    const { fee: ofTier = noMoney } = tierAt(tariff, tier);
    if (ofTier !== noMoney) fees.push({ reason: 'tier', tier, ...known(ofTier) });
  }
  const { minimum, maximum } = tariff;
  const before = sumOf([ofCalls, ...fees]);
  const raised = minimum === undefined ? [] : bounded('minimum', minimum, before, (sum) => sum < minimum);
  const lowered = maximum === undefined ? [] : bounded('maximum', maximum, before, (sum) => sum > maximum);
  return [...fees, ...raised, ...lowered];
}

const known = (amount: Money): Amounts => ({ amount, estimate: amount });

/** None where the month is within the limit; where only its estimate is known, only that of the line is. */
function bounded(
  reason: FeeReason,
  limit: Money,
  { amount, estimate }: Amounts,
  isBeyond: (sum: Money) => boolean,
): Fee[] {
  const sum = amount ?? estimate;
  if (sum === null || !isBeyond(sum)) return [];
  const change = subtractMoney(limit, sum);
  return [{ reason, limit, before: amount, amount: amount === null ? null : change, estimate: change }];
}

const sumOf = (parts: readonly Amounts[]): Amounts => ({
  amount: sumOrNull(parts.map(({ amount }) => amount)),
  estimate: sumOrNull(parts.map(({ estimate }) => estimate)),
});

/** What slices cost before rounding: `amount / per` fen. A slice without a price does not count. */
export function chargeOf(slices: readonly Pick<Slice, 'calls' | 'price'>[]): Pick<Price, 'amount' | 'per'> {
  let [amount, per] = [0n, 1n];
  for (const { calls, price } of slices) {
    if (price === null) continue;
    amount = amount * price.per + chargedCalls(calls, price) * price.amount * per;
    per *= price.per;
  }
  return { amount, per };
}

function totalOf(slices: readonly Slice[]): Money {
  const { amount, per } = chargeOf(slices);
  return divideHalfUp(amount, per) as Money;
}

/** The price of the last tier that has one: what an unpriced quantity is estimated at. `meter`: whose, where meters have their own. */
export function lastPrice({ tiers }: Tariff, meter = ''): Price | null {
  const tier = tiers.findLast((each) => priceOf(each, meter) !== null);
  return tier === undefined ? null : priceOf(tier, meter);
}

/** The unit price that all of a month's postpaid calls are charged at; null where each slice has its own, or where there is no public one. */
export const unitPrice = (tariff: Tariff, rated: Rated): Price | null =>
  hasOnePrice(tariff) ? (rated.slices[0]?.price ?? null) : null;

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
  // Of which meter further calls would be is not known.
  if (hasMeterPrices(tariff)) return undefined;
  const now = rate(tariff, quantities);
  if (!modeRules[tariff.mode].jumps || quantities.postpaid === noCalls || now.amount === null) return undefined;
  let best: Cliff | undefined;
  for (const tier of tariff.tiers.slice(now.tier + 1)) {
    const goal = tariff.bound === 'lower-inclusive' ? tier.from : ((tier.from + 1n) as Calls);
    const more = (goal - now.reached) as Calls;
    const then = rate(tariff, { ...quantities, postpaid: addCalls(quantities.postpaid, more) }).amount;
    if (then === null || then >= (best?.amount ?? now.amount)) continue;
    best = { more, amount: then, saves: (now.amount - then) as Money };
  }
  return best;
}

/** What the calls are worth at the unit price the month reached, parts of blocks as parts: the money a gift saved. */
export const valueAt = (price: Price | null, calls: Calls): Money =>
  price === null ? noMoney : (divideHalfUp(calls * price.amount, price.per) as Money);
