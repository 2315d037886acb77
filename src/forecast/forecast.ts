// What the rest of the month, and the life of the packs, will probably bring. Pure: the same past gives the same forecast.
// Source: docs/concepts/forecast.md.

import type { Bill } from '../core/bill.ts';
import { type Day, dayOf, endOfPeriod, type Period } from '../core/calendar.ts';
import { quantitiesOf } from '../core/counted.ts';
import type { LivePack } from '../core/pack.ts';
import { allOrRefusal, isRefusal, type Refusal } from '../core/refusal.ts';
import {
  addCalls,
  type Calls,
  type Instant,
  instantOf,
  minimumCalls,
  noCalls,
  subtractCalls,
  sumCalls,
} from '../core/units.ts';
import { dayAfter, daysBetween, daysThrough } from './days.ts';
import {
  type DayAhead,
  daysAhead,
  type Lived,
  liveAhead,
  type MeterDays,
  midnightOf,
  type Standing,
} from './live-ahead.ts';
import {
  type DayCalls,
  type MeterOutlook,
  type Moment,
  outlookOfAll,
  outlooks,
  projectedDays,
  rangeShares,
  restAt,
  wholeCalls,
} from './project.ts';

/** `low` and `high` are null where the past is too short to say. */
export interface Estimate<T> {
  readonly soFar: T;
  readonly expected: T;
  readonly low: T | null;
  readonly high: T | null;
}

export interface Forecast {
  readonly period: Period;
  readonly today: Day;
  /** Complete days of past looked at; 0: there were no calls yet. */
  readonly pastDays: number;
  readonly hasRange: boolean;
  readonly calls: Estimate<Calls>;
  readonly meters: readonly (Estimate<Calls> & { readonly meter: string })[];
  /** Bills at the month's end: now, as expected, and those of the low and high ways and of some between. */
  readonly bills: Bills<Bill>;
  readonly packs: readonly LivePack[];
  /** How the packs fare as expected, and with few or many calls; null without a range. */
  readonly lived: { readonly expected: Lived; readonly low: Lived | null; readonly high: Lived | null };
  /** The last day that was lived; what has not happened by then is not known. */
  readonly horizon: Day;
}

/** A pack's end further away than this is not looked for. */
const longestHorizon = 2 * 366;
/** Shares of the past's errors at which the month's bill is made: volume prices make it jump, so both ends are not enough. */
const billShares = [0.05, 0.15, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85, 0.95];

/** `usage`: the past days' calls and those of the running month, today's included. Refusal: INVALID_AMOUNT. */
export function forecast(given: Standing, usage: readonly DayCalls[]): Forecast | Refusal {
  const standing = withoutScopes(given);
  const { head, facts, now } = standing;
  const moment = momentOf(head.timeZone, facts.period, now);
  const ofMeters = outlooks(usage, moment);
  const all = outlookOfAll(usage, moment);
  const horizon = horizonOf(standing, moment);
  const days = daysAhead(daysThrough(moment.today, horizon), standing);
  const month = days.filter(({ day }) => day <= moment.through);
  const live = (over: readonly DayAhead[], share: number | null) =>
    liveAhead(standing, over, waysOf(ofMeters, moment, over.length, share));
  const expected = live(days, null);
  const hasRange = all.errors !== undefined;
  const bills = billsOf({
    soFar: liveAhead(standing, days.slice(0, 1), []).bill,
    expected: expected.bill,
    range: hasRange ? billShares.map((share) => live(month, share).bill) : [],
  });
  if (isRefusal(bills)) return bills;
  const total = sumCalls(facts.usage.filter(({ payer }) => payer !== 'not-charged').map(({ calls }) => calls));
  return {
    period: facts.period,
    today: moment.today,
    pastDays: all.rhythm.days,
    hasRange,
    calls: callsEstimate(all, total, sumCalls(expectedOf(ofMeters, moment))),
    meters: meterEstimates(standing, ofMeters, moment),
    bills,
    packs: head.packs,
    lived: {
      expected,
      low: hasRange ? live(days, rangeShares.low) : null,
      high: hasRange ? live(days, rangeShares.high) : null,
    },
    horizon,
  };
}

/** Whose the calls ahead will be is not known: packs of one department are left out, rather than said to be lost whole. */
const withoutScopes = (standing: Standing): Standing => ({
  ...standing,
  head: { ...standing.head, packs: standing.head.packs.filter(({ department }) => department === undefined) },
});

interface Bills<B> {
  readonly soFar: B;
  readonly expected: B;
  readonly range: readonly B[];
}

function billsOf({ soFar, expected, range }: Bills<Bill | Refusal>): Bills<Bill> | Refusal {
  if (isRefusal(soFar)) return soFar;
  if (isRefusal(expected)) return expected;
  const granted = allOrRefusal(range);
  return isRefusal(granted) ? granted : { soFar, expected, range: granted };
}

function momentOf(timeZone: string, period: Period, now: Instant): Moment {
  const today = dayOf(timeZone, now);
  const [start, end] = [midnightOf(timeZone, today), midnightOf(timeZone, dayAfter(today, 1))];
  const through = dayOf(timeZone, instantOf(endOfPeriod(timeZone, period) - 1));
  return { today, left: (end - now) / (end - start), through };
}

/** The day after the last pack ends, or the end of the month. */
function horizonOf({ head }: Standing, { today, through }: Moment): Day {
  const ends = head.packs.map((pack) => dayOf(head.timeZone, pack.expiresAt));
  const last = [through, ...ends].toSorted().at(-1) ?? through;
  return daysBetween(today, last) > longestHorizon ? dayAfter(today, longestHorizon) : last;
}

const waysOf = (ofMeters: readonly MeterOutlook[], moment: Moment, days: number, share: number | null): MeterDays[] =>
  ofMeters.map((outlook) => ({ meter: outlook.meter, calls: projectedDays(outlook, moment, days, share) }));

const expectedOf = (ofMeters: readonly MeterOutlook[], moment: Moment): Calls[] =>
  ofMeters.map((outlook) => sumCalls(projectedDays(outlook, moment, outlook.span, null)));

function meterEstimates({ facts, book }: Standing, ofMeters: readonly MeterOutlook[], moment: Moment) {
  return [...book.meters.keys()].flatMap((meter) => {
    const { postpaid, drawn } = quantitiesOf(facts.usage.filter((total) => total.meter === meter));
    const soFar = addCalls(postpaid, drawn);
    const outlook = ofMeters.find((each) => each.meter === meter);
    if (outlook === undefined) {
      const known = { meter, soFar, expected: soFar, low: null, high: null };
      return soFar === noCalls ? [] : [known];
    }
    const rest = sumCalls(projectedDays(outlook, moment, outlook.span, null));
    return [{ meter, ...callsEstimate(outlook, soFar, rest) }];
  });
}

/** `rest`: the whole calls expected, so that the estimate is the sum of what the bill is made of. */
function callsEstimate(outlook: MeterOutlook, soFar: Calls, rest: Calls): Estimate<Calls> {
  const expected = addCalls(soFar, rest);
  if (outlook.errors === undefined) return { soFar, expected, low: null, high: null };
  const low = wholeCalls(restAt(outlook, rangeShares.low));
  const high = wholeCalls(restAt(outlook, rangeShares.high));
  // Rounding day by day and rounding the sum may differ by a call: the range holds what is expected.
  const above = subtractCalls(high, minimumCalls(high, rest));
  return { soFar, expected, low: addCalls(soFar, minimumCalls(rest, low)), high: addCalls(expected, above) };
}
