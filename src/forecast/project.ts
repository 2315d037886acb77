// Past days of an account → whole calls of the days to come, meter by meter: as expected, and as they might be at a share of
// the past's errors. Known calls are never forecast again: today's count, and only the rest of today is expected on top.

import type { Day } from '../core/calendar.ts';
import { addCalls, type Calls, callsOf, noCalls } from '../core/units.ts';
import { dayAfter, daysBetween } from './days.ts';
import { fitRhythm, nextDays, pastErrors, type Rhythm, totalAt } from './rhythm.ts';

/** Calls of a day that packs or the tariff paid. */
export interface DayCalls {
  readonly day: Day;
  readonly meter: string;
  readonly calls: Calls;
}

/** So many days before today are looked at: 13 weeks. */
export const daysOfPast = 91;

export interface Moment {
  readonly today: Day;
  /** How much of today is still to come, from 1 (midnight) to 0. */
  readonly left: number;
  /** The last day of the range: the end of the month. */
  readonly through: Day;
}

export interface MeterOutlook {
  readonly meter: string;
  readonly rhythm: Rhythm;
  /** Days of the month still to come, a part of today included. */
  readonly span: number;
  /** Expected calls of these days. */
  readonly rest: number;
  /** How far off the past was, ascending; undefined where it is too short. */
  readonly errors: readonly number[] | undefined;
}

/** Each meter's outlook, in order of meter. Meters without a call in the past days are not there. */
export function outlooks(usage: readonly DayCalls[], moment: Moment): MeterOutlook[] {
  const byMeter = Map.groupBy(usage, (row) => row.meter);
  return [...byMeter.keys()].toSorted().flatMap((meter) => {
    const past = pastOf(byMeter.get(meter) ?? [], moment.today);
    return past.length === 0 ? [] : [outlookOf(meter, past, moment)];
  });
}

/** The outlook of all meters together: its range is narrower than the sum of the meters' own, as their errors do not all fall together. */
export const outlookOfAll = (usage: readonly DayCalls[], moment: Moment): MeterOutlook =>
  outlookOf('', pastOf(usage, moment.today), moment);

function outlookOf(meter: string, past: readonly number[], moment: Moment): MeterOutlook {
  const rhythm = fitRhythm(past);
  const span = daysBetween(moment.today, moment.through) + 1;
  const rest = expectedDays(rhythm, moment, span).reduce((sum, calls) => sum + calls, 0);
  return { meter, rhythm, span, rest, errors: pastErrors(rhythm, span) };
}

/** Daily calls from the first day with any, among those looked at, until yesterday. */
function pastOf(usage: readonly DayCalls[], today: Day): number[] {
  const from = dayAfter(today, -daysOfPast);
  const known = usage.filter(({ day, calls }) => from <= day && day < today && calls > noCalls);
  const first = known.map(({ day }) => day).toSorted()[0];
  if (first === undefined) return [];
  const past = Array.from({ length: daysBetween(first, today) }, () => 0);
  for (const { day, calls } of known) {
    const at = daysBetween(first, day);
    past[at] = (past[at] ?? 0) + Number(calls);
  }
  return past;
}

function expectedDays(rhythm: Rhythm, { left }: Moment, days: number): number[] {
  return nextDays(rhythm, days).map((calls, index) => (index === 0 ? calls * left : calls));
}

/** The ends of the 80 % range. A bit further out than a tenth each: the past's errors were made by a method that knew that past. */
export const rangeShares = { low: 0.05, high: 0.95 };

/** Calls of the rest of the month at a share of the past's errors; as expected where `share` is null or the past too short. */
export const restAt = ({ rhythm, rest, errors }: MeterOutlook, share: number | null): number =>
  share === null || errors === undefined || rest === 0 ? rest : totalAt(rhythm, rest, errors, share);

/**
 * Whole calls of so many days from today on. The rounding is done on the running sum, so the days add up to their total: a meter
 * with a call every third day keeps it.
 */
export function projectedDays(outlook: MeterOutlook, moment: Moment, days: number, share: number | null): Calls[] {
  const scale = outlook.rest === 0 ? 1 : restAt(outlook, share) / outlook.rest;
  let [exact, given] = [0, noCalls];
  return expectedDays(outlook.rhythm, moment, days).map((calls) => {
    exact += calls * scale;
    const whole = callsOf(BigInt(Math.round(exact)) - given);
    given = addCalls(given, whole);
    return whole;
  });
}

export const wholeCalls = (calls: number): Calls => callsOf(BigInt(Math.round(calls)));
