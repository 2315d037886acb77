// What two books say of the same things, and what a month costs by each.

import { hasMeterPrices, seenBy } from '../core/placed.ts';
import type { Meter, PriceBook, Tariff } from '../core/price-book.ts';
import { rate } from '../core/rate.ts';
import { type Calls, callsOf, type Money, noCalls } from '../core/units.ts';
import type { Statement } from './statements.ts';

export interface Pair {
  readonly one: Statement | undefined;
  readonly other: Statement | undefined;
}

export const placeOf = ({ part, key }: Statement): string => `${part} ${key}`;

/** In the order of the first book; what only the other says stands at the end of its part. */
export function pairsOf(one: readonly Statement[], other: readonly Statement[]): Pair[] {
  const others = new Map(other.map((each) => [placeOf(each), each]));
  const mine = new Set(one.map(placeOf));
  const parts = [...new Set([...one, ...other].map(({ part }) => part))];
  return parts.flatMap((part) => [
    ...one.filter((each) => each.part === part).map((each) => ({ one: each, other: others.get(placeOf(each)) })),
    ...other
      .filter((each) => each.part === part && !mine.has(placeOf(each)))
      .map((each) => ({ one: undefined, other: each })),
  ]);
}

export const isDifferent = ({ one, other }: Pair): boolean =>
  one?.says.zh !== other?.says.zh || one?.says.en !== other?.says.en;

/** A month of so many postpaid calls of one meter by both; null: no public price. */
export interface MonthPair {
  /** Those of whose calls it is so: the meters of one tariff here, and of one there. */
  readonly meters: readonly Meter[];
  readonly calls: Calls;
  readonly one: Money | null;
  readonly other: Money | null;
}

/** Where a month costs otherwise: at the first call, around each tier bound of either book, and far in the last tier. */
export function monthsApart(one: PriceBook, other: PriceBook): MonthPair[] {
  const shared = [...one.meters.values()].flatMap((meter) => {
    const [mine, its] = [
      one.tariffs.get(meter.tariff ?? ''),
      other.tariffs.get(other.meters.get(meter.id)?.tariff ?? ''),
    ];
    // What a month of so many calls costs by the day depends on its days: such tariffs are compared by their terms alone.
    if (mine === undefined || its === undefined || mine.counter === 'day' || its.counter === 'day') return [];
    const alone = hasMeterPrices(mine) || hasMeterPrices(its) ? ` ${meter.id}` : '';
    const key = `${mine.id} ${its.id}${alone}`;
    return [{ key, meter, mine: seenBy(mine, meter.id), its: seenBy(its, meter.id) }];
  });
  const groups = Map.groupBy(shared, ({ key }) => key);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const meters = group.map(({ meter }) => meter);
    return monthsOf(first.mine, first.its).flatMap((calls) => {
      const [mine, its] = [amountOf(first.mine, calls), amountOf(first.its, calls)];
      return mine === its ? [] : [{ meters, calls, one: mine, other: its }];
    });
  });
}

const amountOf = (tariff: Tariff, calls: Calls): Money | null =>
  rate(tariff, { postpaid: calls, drawn: noCalls }).amount;

function monthsOf(...tariffs: readonly Tariff[]): Calls[] {
  const steps = tariffs.flatMap(({ tiers, bound }) =>
    tiers.slice(1).map(({ from }) => (bound === 'lower-inclusive' ? from : from + 1n)),
  );
  // A part of a block, one whole, and one more call.
  const blocks = tariffs.flatMap(({ tiers }) =>
    tiers.flatMap(({ block }) => (block === undefined ? [] : [block.calls])),
  );
  const [last = 100n] = steps.toSorted((a, b) => (a < b ? 1 : -1));
  const edges = blocks.flatMap((block) => [block, block + 1n]);
  const none = tariffs.some(({ withoutCalls }) => withoutCalls === true) ? [0n] : [];
  const points = new Set([...none, 1n, ...edges, ...steps.flatMap((step) => [step - 1n, step]), last * 10n]);
  return [...points].toSorted((a, b) => (a < b ? -1 : 1)).map(callsOf);
}
