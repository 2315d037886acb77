// Calls by who paid them: of a day, or summed over a period. One shape for counters, bills, forecasts and reports.

import type { Day } from './calendar.ts';
import type { PriceBook } from './price-book.ts';
import type { Payer } from './settle.ts';
import { addCalls, type Calls } from './units.ts';

/** Calls of one meter that one payer paid. */
export interface UsageTotal {
  /** Of sums over a period only where the meter's tariff counts by the day. */
  readonly day?: Day;
  readonly meter: string;
  readonly payer: Payer;
  readonly calls: Calls;
}

export interface DayUsage extends UsageTotal {
  readonly day: Day;
}

/** Those of the same day, meter and payer as one, in the order in which bills and reports have them. */
export function addUp<T extends UsageTotal>(parts: Iterable<T>): T[] {
  const sums = new Map<string, T>();
  for (const part of parts) {
    const key = `${part.day ?? ''}|${part.meter}|${part.payer}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? part : { ...sum, calls: addCalls(sum.calls, part.calls) });
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** Whether calls of a meter are counted by the day. Neither a contract nor a new version of the book changes it. */
export const countsByDay = (book: PriceBook, meter: string): boolean =>
  book.tariffs.get(book.meters.get(meter)?.tariff ?? '')?.counter === 'day';

/** Meters whose calls are counted by the day in one of these books. */
export const dayMetersOf = (books: Iterable<PriceBook>): string[] => [
  ...new Set([...books].flatMap((book) => [...book.meters.keys()].filter((meter) => countsByDay(book, meter)))),
];

/** A period's calls as its bill counts them: with their day where days are rated one by one, else summed over all days. */
export const periodUsage = (book: PriceBook, usage: Iterable<UsageTotal>): UsageTotal[] =>
  addUp(
    Array.from(usage, ({ day, meter, payer, calls }) =>
      day !== undefined && countsByDay(book, meter) ? { day, meter, payer, calls } : { meter, payer, calls },
    ),
  );
