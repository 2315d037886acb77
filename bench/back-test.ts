// The forecast against "the same as last month", on made-up months whose end is known.

import type { Day } from '../src/core/calendar.ts';
import { callsOf } from '../src/core/units.ts';
import { dayAfter } from '../src/forecast/days.ts';
import { type DayCalls, outlookOfAll, rangeShares, restAt } from '../src/forecast/project.ts';
import { type Pattern, seeded } from './usage-patterns.ts';

/** Days of the month that are known when the forecast is made. */
export const origins = [10, 15, 20] as const;

export interface Score {
  readonly pattern: string;
  readonly origin: number;
  /** Mean absolute error of the month's calls, in percent of them. */
  readonly forecast: number;
  readonly naive: number;
  /** Share of months whose end lay inside the 80 % range, in percent. */
  readonly covered: number;
  /** Mean width of that range, in percent of the month's calls. */
  readonly width: number;
}

const monthLengths = [30, 31];
const daysBefore = 30 + 91;
/** A Sunday, as day 0 of every pattern is. */
const firstDay = '2025-06-01' as Day;

interface Trial {
  readonly calls: readonly number[];
  readonly month: number;
  readonly monthLength: number;
}

function trialOf(pattern: Pattern, seed: number): Trial {
  const random = seeded(seed * 7_919 + 17);
  const monthLength = monthLengths[seed % 2] ?? 30;
  const month = daysBefore + (seed % 7);
  return { calls: pattern.make(random, month + monthLength, month), month, monthLength };
}

const total = (calls: readonly number[]): number => calls.reduce((sum, each) => sum + each, 0);
const mean = (values: readonly number[]): number => total(values) / values.length;

export function backTest(pattern: Pattern, trials: number): Score[] {
  return origins.map((origin) => {
    const errors: number[] = [];
    const naive: number[] = [];
    const widths: number[] = [];
    let [inside, ranges] = [0, 0];
    for (let seed = 1; seed <= trials; seed += 1) {
      const { calls, month, monthLength } = trialOf(pattern, seed);
      const came = total(calls.slice(month, month + monthLength));
      if (came === 0) continue;
      const { expected, low, high } = forecastAt(calls, month, monthLength, origin);
      errors.push(Math.abs(expected - came) / came);
      naive.push(Math.abs(total(calls.slice(month - 30, month)) - came) / came);
      if (low === undefined || high === undefined) continue;
      ranges += 1;
      widths.push((high - low) / came);
      if (low <= came && came <= high) inside += 1;
    }
    const percent = (value: number) => Math.round(value * 1_000) / 10;
    return {
      pattern: pattern.name,
      origin,
      forecast: percent(mean(errors)),
      naive: percent(mean(naive)),
      covered: percent(inside / ranges),
      width: percent(mean(widths)),
    };
  });
}

function forecastAt(calls: readonly number[], month: number, monthLength: number, origin: number) {
  const today = dayAfter(firstDay, month + origin);
  const usage: DayCalls[] = calls
    .slice(0, month + origin)
    .map((each, day) => ({ day: dayAfter(firstDay, day), meter: 'calls', calls: callsOf(each) }));
  const outlook = outlookOfAll(usage, { today, left: 1, through: dayAfter(firstDay, month + monthLength - 1) });
  const soFar = total(calls.slice(month, month + origin));
  const at = (share: number | null) => soFar + restAt(outlook, share);
  const hasRange = outlook.errors !== undefined;
  return {
    expected: at(null),
    low: hasRange ? at(rangeShares.low) : undefined,
    high: hasRange ? at(rangeShares.high) : undefined,
  };
}
