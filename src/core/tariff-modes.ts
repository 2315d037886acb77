// What a tariff's mode means: one table, which everybody asks. A new mode is a new row; the compiler says where else it must be told.
// The outside judges (verify/independent, test/naive) know the modes by themselves. Source: billing rules 2.1–2.3.

import { hasMeterPrices, isInOrder, type Placed, priceOf } from './placed.ts';
import type { Tariff, TariffMode, Tier, TierBound } from './price-book.ts';
import { addCalls, type Calls, noCalls, type Price, subtractCalls } from './units.ts';

export interface Slice {
  /** Index of the tier in the tariff, from 0. */
  readonly tier: number;
  readonly calls: Calls;
  /** Null: unpriced, a contract price is needed. */
  readonly price: Price | null;
  /** Whose calls they are, where meters have prices of their own. */
  readonly meter?: string;
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

/** What the postpaid calls of a month of a tariff are, as far as its prices ask for it. */
export interface PostpaidCalls {
  readonly postpaid: Calls;
  readonly drawn: Calls;
  /** By meter, where meters have prices of their own. */
  readonly meters?: readonly { readonly meter: string; readonly calls: Calls }[];
  /** By their place in the month's order, where prices depend on it. */
  readonly placed?: Placed;
}

/** The slices of a month's postpaid calls when the quantity that chooses the tier is `reached`. Throws where what prices ask for is missing. */
export function slicesOf(tariff: Tariff, calls: PostpaidCalls, reached: Calls): Slice[] {
  const { postpaid, drawn, meters, placed } = calls;
  const byMeter = hasMeterPrices(tariff);
  if (isInOrder(tariff) && placed !== undefined) return placedSlices(tariff, placed, postpaid);
  // Of calls that are all alike any order is the same.
  const isAlike = drawn === noCalls || tariff.basis === 'after-packs';
  const [first, second] = meters ?? [];
  if (isInOrder(tariff) && (!isAlike || (byMeter && (meters === undefined || second !== undefined))))
    throw new Error(`calls of ${tariff.id} are priced in their order, but no order is given`);
  const slices = modeRules[tariff.mode].slices(tariff, postpaid, reached);
  if (!byMeter) return slices;
  if (meters === undefined) throw new Error(`calls of ${tariff.id} are priced by meter, but no meters are given`);
  if (isInOrder(tariff)) return slices.map((slice) => ofMeter(tariff, slice.tier, first?.meter ?? '', slice.calls));
  return slices.flatMap(({ tier }) => meters.map(({ meter, calls: some }) => ofMeter(tariff, tier, meter, some)));
}

const ofMeter = (tariff: Tariff, tier: number, meter: string, calls: Calls): Slice => ({
  tier,
  calls,
  price: priceOf(tierAt(tariff, tier), meter),
  meter,
});

/** One a tier, and where meters have prices of their own one a tier and meter. */
function placedSlices(tariff: Tariff, { bounds, parts }: Placed, postpaid: Calls): Slice[] {
  const byMeter = hasMeterPrices(tariff);
  if (tariff.tiers.some(({ from }) => !bounds.includes(from)) || postpaid !== parts.reduce(sumOfParts, noCalls))
    throw new Error(`the order of the calls of ${tariff.id} is that of other calls, or of other tiers`);
  return tariff.tiers.flatMap(({ from, to }, tier): Slice[] => {
    const inTier = parts.filter((part) => from <= part.from && (to === null || part.from < to));
    if (!byMeter) {
      const calls = inTier.reduce(sumOfParts, noCalls);
      return calls === noCalls ? [] : [{ tier, calls, price: tierAt(tariff, tier).price }];
    }
    const meters = [...new Set(inTier.map(({ meter }) => meter))].toSorted();
    return meters.map((meter) => {
      const calls = inTier.filter((part) => part.meter === meter).reduce(sumOfParts, noCalls);
      return ofMeter(tariff, tier, meter, calls);
    });
  });
}

const sumOfParts = (sum: Calls, { calls }: { readonly calls: Calls }): Calls => addCalls(sum, calls);

/** All postpaid calls of a month have one price. */
export const hasOnePrice = (tariff: Tariff): boolean => modeRules[tariff.mode].hasOnePrice && !hasMeterPrices(tariff);

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
