// What a tariff's mode means: one table, which everybody asks. A new mode is a new row; the compiler says where else it must be told.
// The outside judges (verify/independent, test/naive) know the modes by themselves. Source: billing rules 2.1–2.3.

import type { Tariff, TariffMode, Tier, TierBound } from './price-book.ts';
import { type Calls, type Price, subtractCalls } from './units.ts';

export interface Slice {
  /** Index of the tier in the tariff, from 0. */
  readonly tier: number;
  readonly calls: Calls;
  /** Null: unpriced, a contract price is needed. */
  readonly price: Price | null;
}

export interface ModeRules {
  /** The slices of `postpaid` calls when the month's quantity that chooses the tier is `reached`, the postpaid ones last. */
  readonly slices: (tariff: Tariff, postpaid: Calls, reached: Calls) => Slice[];
  /** Tiers whose fees are due when the month's quantity is `reached`. */
  readonly feesOf: (tariff: Tariff, reached: Calls) => number[];
  /** All postpaid calls of a month have one price; else each slice has its own. */
  readonly hasOnePrice: boolean;
  /** The month's amount jumps where a tier begins, and may fall there. */
  readonly jumps: boolean;
}

export const modeRules: Record<TariffMode, ModeRules> = {
  volume: { slices: atTierReached, feesOf: ofTierReached, hasOnePrice: true, jumps: true },
  graduated: { slices: throughTiers, feesOf: ofTiersEntered, hasOnePrice: false, jumps: false },
  flat: { slices: atTierReached, feesOf: ofTierReached, hasOnePrice: true, jumps: false },
};

function ofTierReached(tariff: Tariff, reached: Calls): number[] {
  return [tierIndex(tariff, reached, tariff.bound)];
}

/** The first, and each that calls of the month are in. */
function ofTiersEntered({ tiers }: Tariff, reached: Calls): number[] {
  return tiers.flatMap(({ from }, index) => (index === 0 || from < reached ? [index] : []));
}

function atTierReached(tariff: Tariff, postpaid: Calls, reached: Calls): Slice[] {
  const tier = tierIndex(tariff, reached, tariff.bound);
  return [{ tier, calls: postpaid, price: tierAt(tariff, tier).price }];
}

/** The tiers that the calls numbered `reached - postpaid + 1` to `reached` of a month fall into. */
function throughTiers(tariff: Tariff, postpaid: Calls, reached: Calls): Slice[] {
  const before = subtractCalls(reached, postpaid);
  return tariff.tiers.flatMap((tier, index) => {
    const calls = callsBelow(tier, reached) - callsBelow(tier, before);
    return calls > 0n ? [{ tier: index, calls: calls as Calls, price: tier.price }] : [];
  });
}

/** How many of a month's first `count` calls lie in a tier. */
const callsBelow = ({ from, to }: Tier, count: Calls): bigint =>
  count <= from ? 0n : (to === null || count < to ? count : to) - from;

/** Index of the tier that `reached` calls reach under a bound. */
export function tierIndex(tariff: Tariff, reached: Calls, bound: TierBound): number {
  let index = 0;
  for (let next = 1; next < tariff.tiers.length; next += 1) {
    const from = tierAt(tariff, next).from;
    if (bound === 'lower-inclusive' ? from <= reached : from < reached) index = next;
  }
  return index;
}

export function tierAt(tariff: Tariff, index: number): Tier {
  const tier = tariff.tiers[index];
  if (tier === undefined) throw new Error(`tariff ${tariff.id} has no tier ${index}`);
  return tier;
}
