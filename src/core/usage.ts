// Calls by who paid them: of a day, or summed over a period. One shape for counters, bills, forecasts and reports.

import type { Day } from './calendar.ts';
import type { Payer } from './settle.ts';
import { addCalls, type Calls } from './units.ts';

/** Calls of one meter that one payer paid. */
export interface UsageTotal {
  readonly meter: string;
  readonly payer: Payer;
  readonly calls: Calls;
}

export interface DayUsage extends UsageTotal {
  readonly day: Day;
}

/** Those of the same day, meter and payer as one, in the order in which bills and reports have them. */
export function addUp<T extends UsageTotal & { readonly day?: Day }>(parts: Iterable<T>): T[] {
  const sums = new Map<string, T>();
  for (const part of parts) {
    const key = `${part.day ?? ''}|${part.meter}|${part.payer}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? part : { ...sum, calls: addCalls(sum.calls, part.calls) });
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
