// What a tariff rates in a month, and what a correction of an earlier one comes to.

import { dayOf, written } from './figures.ts';
import type { BookJson, LineJson, TariffJson } from './json.ts';
import { type Counter, linesOf, rateAny } from './lines.ts';
import { type Call, hasPrices, isOrdered } from './order.ts';

export type Draw = { pack: string; calls: bigint; units: bigint };
export type Event = {
  id: string;
  meter: string;
  department: string | undefined;
  calls: bigint;
  time: number;
  month: string;
  arrival: string;
  draws: Draw[];
  postpaid: bigint;
  locked: boolean;
  voided: { at: number; arrival: string } | null;
};
type Span = (event: Event) => boolean;
export type Past = { book: BookJson; zone: string; events: Event[] };

const feeds = (w: Past, event: Event, tariff: TariffJson | null): boolean =>
  w.book.meters.find((m) => m.id === event.meter)?.tariff === (tariff?.id ?? null);

/** The month's counter of a tariff (or of all meters that have none), from the events and voids whose arrival counts. */
export function counter(
  w: Past,
  tariff: TariffJson | null,
  month: string,
  counts: (arrival: string) => boolean,
  isIn: Span = () => true,
): Counter {
  const sum = { postpaid: 0n, drawn: 0n, calls: [] as Call[] };
  for (const event of w.events.filter((e) => e.month === month && feeds(w, e, tariff) && isIn(e))) {
    const times = BigInt(counts(event.arrival)) - BigInt(event.voided !== null && counts(event.voided.arrival));
    sum.postpaid += times * event.postpaid;
    sum.drawn += times * (event.calls - event.postpaid);
    const { meter, postpaid } = event;
    if (times === 1n) sum.calls.push({ meter, postpaid, drawn: event.calls - postpaid });
  }
  return sum;
}

/** What a tariff rates in a month: all of it, or each of its days. */
function spansOf(w: Past, tariff: TariffJson | null, month: string): Span[] {
  if (tariff?.counter !== 'day') return [() => true];
  const days = new Set(w.events.filter((e) => e.month === month).map((e) => dayOf(e.time, w.zone)));
  return [...days].sort().map((day) => (e) => dayOf(e.time, w.zone) === day);
}

export const postpaidLines = (w: Past, tariff: TariffJson | null, month: string): LineJson[] =>
  spansOf(w, tariff, month).flatMap((isIn) =>
    linesOf(
      w.book,
      tariff,
      counter(w, tariff, month, (arrival) => arrival === month, isIn),
    ),
  );

export function adjustmentLine(w: Past, tariff: TariffJson | null, past: string, month: string): LineJson | null {
  const corrected = w.events.filter((e) => e.month === past && feeds(w, e, tariff));
  if (!corrected.some((e) => e.arrival === month || e.voided?.arrival === month)) return null;
  const spans = spansOf(w, tariff, past);
  const pairs = spans.map((isIn) => [
    counter(w, tariff, past, (a) => a < month, isIn),
    counter(w, tariff, past, (a) => a <= month, isIn),
  ]) as [Counter, Counter][];
  const isSame = pairs.every(([then, now]) => then.postpaid === now.postpaid && then.drawn === now.drawn);
  // By order and by meter the same sums may cost otherwise.
  if (isSame && !(tariff && (isOrdered(tariff) || hasPrices(tariff)))) return null;
  const rises = pairs.map(([then, now]) => {
    const [already, upTo] = [rateAny(w.book, tariff, then).amount, rateAny(w.book, tariff, now).amount];
    return upTo === null || already === null ? null : upTo - already;
  });
  if (rises.some((rise) => rise === null)) return { kind: 'quote' };
  const amount = rises.reduce((sum: bigint, rise) => sum + (rise ?? 0n), 0n);
  if (amount === 0n && pairs.every(([then, now]) => then.postpaid === now.postpaid)) return null;
  return { kind: 'adjustment', month: past, tariff: tariff?.id ?? null, amount: written(w.book, amount) };
}
