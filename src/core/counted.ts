// What a period's tariffs count: one sum a tariff, or one a day where its tiers are reached by the day.

import type { Day } from './calendar.ts';
import { groupsOf } from './groups.ts';
import { hasMeterPrices, type Placed } from './placed.ts';
import type { PriceBook, Tariff } from './price-book.ts';
import type { Quantities } from './rate.ts';
import { addCalls, noCalls, subtractCalls, sumCalls } from './units.ts';
import type { UsageTotal } from './usage.ts';

export interface Counted {
  readonly tariff: Tariff;
  /** Null: the whole period. */
  readonly day: Day | null;
  readonly quantities: Quantities;
}

/** In the book's order, days as they follow one another; only what has calls that packs or nobody paid, and months whose fees are due without. */
export function countedOf(
  usage: readonly UsageTotal[],
  book: PriceBook,
  placedOf: (tariff: Tariff) => Placed | undefined = () => undefined,
): Counted[] {
  const usageByTariff = groupsOf(usage, ({ meter }) => book.meters.get(meter)?.tariff);
  return [...book.tariffs.values()].flatMap((tariff) => {
    const rows = usageByTariff.get(tariff.id) ?? [];
    const days = tariff.counter === 'day' ? [...groupsOf(rows, dayOfRow)] : [[null, rows] as const];
    return days
      .toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
      .map(([day, ofDay]) => ({
        tariff,
        day,
        quantities: ofTariff(tariff, quantitiesByMeter(ofDay), placedOf(tariff)),
      }))
      .filter(
        ({ quantities: { postpaid, drawn } }) =>
          postpaid !== noCalls || drawn !== noCalls || tariff.withoutCalls === true,
      );
  });
}

/** Without it a sum over the month would choose the tier of a day: a wrong price. */
export function dayOfRow({ day, meter }: { readonly day?: Day; readonly meter: string }): Day {
  if (day === undefined) throw new Error(`calls of ${meter} are counted by the day, but no day is given`);
  return day;
}

export function quantitiesOf(usage: readonly UsageTotal[]): Quantities {
  let [postpaid, drawn] = [noCalls, noCalls];
  for (const { payer, calls } of usage) {
    if (payer === 'postpaid') postpaid = addCalls(postpaid, calls);
    else if (payer !== 'not-charged') drawn = addCalls(drawn, calls);
  }
  return { postpaid, drawn };
}

type MeterCalls = Pick<UsageTotal, 'meter' | 'calls'>;
type MeterQuantities = Pick<Quantities, 'postpaid' | 'drawn'> & { readonly meter: string };

const quantitiesByMeter = (usage: readonly UsageTotal[]): MeterQuantities[] =>
  usage.map((row) => ({ meter: row.meter, ...quantitiesOf([row]) }));

/** A tariff's quantities of those of its meters, in one row a meter or in several; with what its prices ask for. */
export function ofTariff(tariff: Tariff, rows: readonly MeterQuantities[], placed: Placed | undefined): Quantities {
  const sums = { postpaid: sumCalls(rows.map((row) => row.postpaid)), drawn: sumCalls(rows.map((row) => row.drawn)) };
  const order = placed === undefined ? {} : { placed };
  if (!hasMeterPrices(tariff)) return { ...sums, ...order };
  return { ...sums, meters: byMeter(rows.map(({ meter, postpaid }) => ({ meter, calls: postpaid }))), ...order };
}

/** The same calls, had packs not paid some of them. */
export function madePostpaid({ postpaid, drawn, meters }: Quantities, moved: readonly MeterCalls[]): Quantities {
  const calls = sumCalls(moved.map((each) => each.calls));
  return {
    postpaid: addCalls(postpaid, calls),
    drawn: subtractCalls(drawn, calls),
    ...(meters === undefined ? {} : { meters: byMeter([...meters, ...moved]) }),
  };
}

const byMeter = (rows: readonly MeterCalls[]): MeterCalls[] =>
  [...groupsOf(rows, ({ meter }) => meter)]
    .map(([meter, some]) => ({ meter, calls: sumCalls(some.map(({ calls }) => calls)) }))
    .filter(({ calls }) => calls !== noCalls)
    .toSorted((a, b) => (a.meter < b.meter ? -1 : 1));
