// Warnings about tariffs: prices that rise, prices ten times off, dead zones.

import { hasMeterPrices, seenBy } from '../core/placed.ts';
import type { PriceBook, Tariff, Tier, Words } from '../core/price-book.ts';
import { withFees } from '../core/rate.ts';
import { modeRules, tierAt } from '../core/tariff-modes.ts';
import {
  amountOf,
  type Calls,
  formatBlockPrice,
  formatMoney,
  type Money,
  type Price,
  subtractMoney,
} from '../core/units.ts';
import { bookLintWords } from '../words/book-lint.ts';
import { callsWords, moneyWords, tierWords } from '../words/figures.ts';
import { type Finding, warning } from './finding.ts';
import { exceeds, fractionOf, tenfold } from './fraction.ts';

export const tariffFindings = (book: PriceBook): Finding[] =>
  [...book.tariffs.values()].flatMap((tariff, index) => {
    const pointer = `/tariffs/${index}`;
    if (!hasMeterPrices(tariff)) return findingsOf(tariff, pointer, book.currency);
    const meters = [...book.meters.values()].filter((meter) => meter.tariff === tariff.id);
    return meters.flatMap(({ id, title: { zh, en } }) => {
      const title = { zh: `${tariff.title.zh} · ${zh}`, en: `${tariff.title.en} · ${en}` };
      return findingsOf({ ...seenBy(tariff, id), title }, pointer, book.currency).map((finding) => ({
        ...finding,
        pointer: finding.pointer.replace(/price$/, `prices/${id}`),
      }));
    });
  });

const findingsOf = (tariff: Tariff, pointer: string, currency: string): Finding[] => [
  ...risingTiers(tariff, pointer, currency),
  ...zeroTiers(tariff, pointer),
  ...tenfoldTiers(tariff, pointer, currency),
  ...deadZones(tariff, pointer, currency),
];

type PricedTier = Tier & { readonly price: Price };

/** Only the last tier may have no price, so places in this row are places in the tariff. */
const pricedTiers = (tariff: Tariff): PricedTier[] =>
  tariff.tiers.filter((tier): tier is PricedTier => tier.price !== null);

function risingTiers(tariff: Tariff, pointer: string, currency: string): Finding[] {
  const tiers = pricedTiers(tariff);
  return tiers.flatMap(({ price }, index) => {
    const { price: before, fee } = tiers[index - 1] ?? {};
    if (before === undefined || !exceeds(fractionOf(price), fractionOf(before))) return [];
    // A first slice that costs nothing is how a monthly free quota is written; one with a fee is how calls are sold with it.
    const isQuota = !modeRules[tariff.mode].hasOnePrice && index === 1;
    if (before.amount === 0n && (isQuota || fee !== undefined)) return [];
    const [from, to] = [formatBlockPrice(before, currency), formatBlockPrice(price, currency)];
    const words: Words = bookLintWords.priceOfIsHigherThanOf(tariff.title, tierWords(tariff, index), to, from);
    return [warning('TIER_PRICE_RISES', `${pointer}/tiers/${index}/price`, words)];
  });
}

/** A price of nothing behind a price, or alone: most often it stands for "ask us", which is null. */
function zeroTiers(tariff: Tariff, pointer: string): Finding[] {
  const tiers = pricedTiers(tariff);
  return tiers.flatMap(({ price, fee }, index) => {
    const isFreeQuota = index === 0 && tariff.tiers.length > 1;
    const isPaidOtherwise = fee !== undefined || tariff.fee !== undefined || tariff.minimum !== undefined;
    if (price.amount !== 0n || isFreeQuota || isPaidOtherwise) return [];
    const words: Words = bookLintWords.priceIsZero(tariff.title, tierWords(tariff, index));
    return [warning('PRICE_ZERO', `${pointer}/tiers/${index}/price`, words)];
  });
}

function tenfoldTiers(tariff: Tariff, pointer: string, currency: string): Finding[] {
  const tiers = pricedTiers(tariff);
  return tenfold(tiers.map(({ price }) => fractionOf(price))).map(({ index, dearer }) => {
    const price = formatBlockPrice((tiers[index] as PricedTier).price, currency);
    const words: Words = bookLintWords.priceOfIsAboutItsNeighbours(
      tariff.title,
      tierWords(tariff, index),
      price,
      dearer,
    );
    return warning('PRICE_TIMES_TEN', `${pointer}/tiers/${index}/price`, words);
  });
}

/** Quantities of a tier that cost more than the first quantity of some tier ahead. */
export interface DeadZone {
  readonly tier: number;
  readonly from: Calls;
  readonly to: Calls;
  /** The quantity to jump to and what it costs. */
  readonly goal: Calls;
  readonly goalAmount: Money;
  /** What the last quantity of the zone costs more than the goal. */
  readonly most: Money;
}

/** Dead zones of a tariff that jumps, at most one a tier; others have none (a slice's price never falls on earlier calls). */
export function deadZonesOf(tariff: Tariff): DeadZone[] {
  if (!modeRules[tariff.mode].jumps) return [];
  const tiers = pricedTiers(tariff);
  return tiers.flatMap((_, index) => deadZoneOf(tariff, tiers, index) ?? []);
}

function deadZoneOf(tariff: Tariff, tiers: readonly PricedTier[], tier: number): DeadZone | undefined {
  const ahead = tiers.slice(tier + 1).map((next, offset) => {
    const calls = firstOf(tariff, tier + 1 + offset);
    return { calls, amount: monthOf(tariff, calls, next) };
  });
  const [nearest, ...further] = ahead;
  if (nearest === undefined) return undefined;
  const goal = further.reduce((best, next) => (next.amount < best.amount ? next : best), nearest);
  const [first, last] = [firstOf(tariff, tier), (firstOf(tariff, tier + 1) - 1n) as Calls];
  const here = tiers[tier] as PricedTier;
  const end = monthOf(tariff, last, here);
  if (end <= goal.amount) return undefined;
  const from = firstAbove(goal.amount, (calls) => monthOf(tariff, calls, here), first, last);
  return { tier, from, to: last, goal: goal.calls, goalAmount: goal.amount, most: subtractMoney(end, goal.amount) };
}

/** What a month of postpaid calls comes to in a tier of a tariff that prices all of them alike. */
function monthOf(tariff: Tariff, calls: Calls, { price }: PricedTier): Money {
  const ofCalls = amountOf(calls, price);
  return withFees(tariff, calls, { amount: ofCalls, estimate: ofCalls }).amount ?? ofCalls;
}

/** The smallest quantity in a tier; in the first tier that is one call. */
function firstOf(tariff: Tariff, tier: number): Calls {
  const { from } = tierAt(tariff, tier);
  const first = tariff.bound === 'lower-inclusive' ? from : from + 1n;
  return (first === 0n ? 1n : first) as Calls;
}

/** The smallest quantity from `low` to `high` that costs more than `amount`; `high` does. Amounts never fall with calls. */
function firstAbove(amount: Money, monthAt: (calls: Calls) => Money, low: Calls, high: Calls): Calls {
  let [from, to] = [low as bigint, high as bigint];
  while (from < to) {
    const middle = (from + to) / 2n;
    if (monthAt(middle as Calls) > amount) to = middle;
    else from = middle + 1n;
  }
  return from as Calls;
}

function deadZones(tariff: Tariff, pointer: string, currency: string): Finding[] {
  return deadZonesOf(tariff).map(({ tier, from, to, goal, goalAmount, most }) => {
    const [amount, more] = [moneyWords(goalAmount, currency), moneyWords(most, currency)];
    const range = from === to ? callsWords(from) : `${callsWords(from)}–${callsWords(to)}`;
    const words: Words = bookLintWords.callsCostMoreThan(tariff.title, range, callsWords(goal), amount, more);
    const facts = {
      ...{ tariff: tariff.id, from, to, goal },
      ...{ amount: formatMoney(goalAmount, currency), most: formatMoney(most, currency) },
    };
    return warning('DEAD_ZONE', `${pointer}/tiers/${tier}`, words, facts);
  });
}
