// The order in which a month's calls arrived, for tariffs that are priced by it: what facts ask for, and the answer of a ledger in memory.
// A database answers the same question itself: store/ledger/call-order.ts.

import { nextPeriod, type Period, periodOf } from '../core/calendar.ts';
import { boundsOf, isInOrder, type Placed, type PlacedWhen, Placing } from '../core/placed.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { type Calls, type Instant, noCalls, subtractCalls } from '../core/units.ts';
import type { Correction, UsageRecord } from './use.ts';

/** The calls of one tariff in one month, cut at its bounds. */
export interface PlacesAsked {
  readonly period: Period;
  readonly tariff: Tariff;
  readonly meters: readonly string[];
  readonly bounds: readonly Calls[];
  readonly when: PlacedWhen;
  /** Null: as things stand. Else the month as it was billed, with the corrections that arrived in an earlier month than this. */
  readonly until: Period | null;
}

/** What the facts of a period need: its own order, and before and after of each month that a correction arriving in it changes. */
export function placesAsked(
  ofAccount: PriceBook,
  period: Period,
  corrections: readonly Pick<Correction, 'period' | 'arrival'>[],
): PlacesAsked[] {
  const arrived = corrections.filter(({ arrival }) => arrival === period);
  const months = [...new Set(arrived.map((correction) => correction.period))].toSorted();
  return [...ofAccount.tariffs.values()].filter(isInOrder).flatMap((tariff): PlacesAsked[] => {
    const meters = [...ofAccount.meters.values()].filter((meter) => meter.tariff === tariff.id).map(({ id }) => id);
    const shared = { tariff, meters, bounds: boundsOf(ofAccount, tariff.id) };
    return [
      { ...shared, period, when: 'now', until: null },
      ...months.flatMap((month): PlacesAsked[] => [
        { ...shared, period: month, when: 'before', until: period },
        { ...shared, period: month, when: 'after', until: nextPeriod(period, 1) },
      ]),
    ];
  });
}

interface PlacedUse {
  readonly period: Period;
  readonly meter: string;
  readonly postpaid: Calls;
  readonly drawn: Calls;
  /** In which month it came into a final one; null: it was billed with its own. */
  readonly arrival: Period | null;
  voided: { readonly arrival: Period | null } | null;
}

/** Calls as they were settled, one after the other. Only those of tariffs that ask for their order are kept. */
export class CallOrder {
  readonly #uses = new Map<string, PlacedUse>();
  readonly #timeZone: string;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** `key` names the call when it is voided. */
  enter(
    key: string,
    book: PriceBook,
    { at, meter, calls }: { readonly at: Instant; readonly meter: string | null; readonly calls: Calls },
    { outcome, postpaid, correction }: Pick<UsageRecord, 'outcome' | 'postpaid' | 'correction'>,
  ): void {
    const tariff = book.tariffs.get(book.meters.get(meter ?? '')?.tariff ?? '');
    if (meter === null || tariff === undefined || !isInOrder(tariff) || outcome !== 'charged') return;
    this.#uses.set(key, {
      period: periodOf(this.#timeZone, at),
      meter,
      postpaid,
      drawn: subtractCalls(calls, postpaid),
      arrival: correction?.arrival ?? null,
      voided: null,
    });
  }

  void(key: string, correction: Correction | null): void {
    const use = this.#uses.get(key);
    if (use !== undefined) use.voided = { arrival: correction?.arrival ?? null };
  }

  placed({ period, tariff, meters, bounds, until }: PlacesAsked): Placed {
    const placing = new Placing(tariff, { bounds, parts: [] }, noCalls);
    const known = new Set(meters);
    const isIn = (arrival: Period | null) => arrival === null || until === null || arrival < until;
    for (const use of this.#uses.values()) {
      if (use.period !== period || !known.has(use.meter)) continue;
      if (isIn(use.arrival) && (use.voided === null || !isIn(use.voided.arrival))) placing.add(use.meter, use);
    }
    return placing.placed();
  }
}
