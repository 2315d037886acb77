// What a period's bill is made of, from the rows of its account: those in memory and those in a database alike.

import type { CorrectedMeter, PeriodFacts } from '../core/bill.ts';
import { type Day, endOfPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import { quantitiesOf } from '../core/counted.ts';
import { groupsOf } from '../core/groups.ts';
import type { PackFacts } from '../core/pack.ts';
import type { Placed } from '../core/placed.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { Quantities } from '../core/rate.ts';
import { addCalls, type Calls, type Instant, type Money, noCalls, subtractCalls } from '../core/units.ts';
import { periodUsage, type UsageTotal } from '../core/usage.ts';
import { type PlacesAsked, placesAsked } from './call-order.ts';
import { type Head, usageOf } from './head.ts';
import type { Correction } from './use.ts';

/** An account's rows beside its head. */
export interface PeriodRows {
  /** Counters of a period that have left the head; with their days where calls are counted by the day. */
  readonly written: (period: Period) => readonly UsageTotal[];
  /** All packs the account ever had. */
  readonly packs: readonly {
    readonly facts: PackFacts;
    readonly seq: number;
    readonly refundedAt: Instant | null;
    readonly refundedSeq: number | null;
    readonly refundedAmount: Money | null;
  }[];
  /** In ledger order; those of other periods are left out here. */
  readonly forfeits: readonly { readonly bookedAt: Instant; readonly pack: number; readonly units: Calls }[];
  /** At least all corrections of each period that one arriving in this period changes. */
  readonly corrections: readonly Correction[];
  /** Calls by their place in the order. */
  readonly placed: (asked: PlacesAsked) => Placed;
}

export function periodFacts(head: Head, book: PriceBook, period: Period, rows: PeriodRows): PeriodFacts {
  const [from, to] = [startOfPeriod(head.timeZone, period), endOfPeriod(head.timeZone, period)];
  const isInside = (at: Instant) => from <= at && at < to;
  const placed = placesAsked(book, period, rows.corrections).map((asked) => ({
    period: asked.period,
    tariff: asked.tariff.id,
    when: asked.when,
    placed: rows.placed(asked),
  }));
  const totalsOf = (month: Period) => usageTotals(head, book, month, rows.written(month));
  return {
    account: head.account,
    period,
    usage: totalsOf(period),
    packs: new Map(rows.packs.map(({ facts }) => [facts.no, facts])),
    trades: tradesOf(rows.packs, isInside),
    forfeits: rows.forfeits.filter(({ bookedAt }) => isInside(bookedAt)).map(({ pack, units }) => ({ pack, units })),
    corrections: correctedMeters(period, rows.corrections, totalsOf),
    ...(placed.length === 0 ? {} : { placed }),
  };
}

/** A month's calls by meter and payer, and by day where days are rated, corrections included. */
function usageTotals(head: Head, book: PriceBook, period: Period, written: readonly UsageTotal[]): UsageTotal[] {
  const carried = usageOf(head).filter(({ day }) => day.startsWith(period));
  return periodUsage(book, [...written, ...carried]);
}

function tradesOf(packs: PeriodRows['packs'], isInside: (at: Instant) => boolean): PeriodFacts['trades'] {
  const trades = packs.flatMap(({ facts, seq, refundedAt, refundedSeq, refundedAmount }) => [
    ...(!facts.gift && isInside(facts.boughtAt) ? [{ seq, kind: 'bought' as const, pack: facts.no }] : []),
    ...(refundedAt !== null && isInside(refundedAt)
      ? [{ seq: refundedSeq ?? 0, kind: 'refunded' as const, pack: facts.no, amount: refundedAmount ?? facts.price }]
      : []),
  ]);
  return trades.toSorted((a, b) => a.seq - b.seq).map(({ seq: _, ...trade }) => trade);
}

/**
 * The final months that corrections arriving in `arrival` change, each meter before and after them (billing rules 6.5).
 * A month as billed is its calls without any correction; those that arrived earlier come on top of it before.
 */
function correctedMeters(
  arrival: Period,
  corrections: readonly Correction[],
  totalsOf: (period: Period) => readonly UsageTotal[],
): CorrectedMeter[] {
  const arrived = corrections.filter((correction) => correction.arrival === arrival);
  const months = [...new Set(arrived.map((correction) => correction.period))].toSorted();
  return months.flatMap((period) => {
    const now = totalsOf(period);
    const ofMonth = corrections.filter((correction) => correction.period === period);
    const [counted, corrected] = [groupsOf(now, keyOf), groupsOf(ofMonth, keyOf)];
    const keys = new Map([...now, ...ofMonth].map((row) => [keyOf(row), row]));
    return [...keys]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { meter, day }]): CorrectedMeter => {
        const present = quantitiesOf(counted.get(key) ?? []);
        const ofMeter = corrected.get(key) ?? [];
        const without = (isLater: (correction: Correction) => boolean) => subtract(present, ofMeter.filter(isLater));
        return {
          period,
          ...(day === undefined ? {} : { day }),
          meter,
          before: without((correction) => correction.arrival >= arrival),
          after: without((correction) => correction.arrival > arrival),
        };
      });
  });
}

/** What is rated as one: a meter's month, or each of its days. */
const keyOf = ({ meter, day = '' as Day }: { readonly meter: string; readonly day?: Day }) => `${meter}|${day}`;

const subtract = (from: Quantities, corrections: readonly Correction[]): Quantities => ({
  postpaid: subtractCalls(from.postpaid, sum(corrections.map((each) => each.postpaid))),
  drawn: subtractCalls(from.drawn, sum(corrections.map((each) => each.drawn))),
});

const sum = (parts: readonly Calls[]): Calls => parts.reduce(addCalls, noCalls);
