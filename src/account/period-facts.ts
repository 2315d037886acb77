// What a period's bill is made of, from the rows of its account: those in memory and those in a database alike.

import { type CorrectedMeter, type PeriodFacts, quantitiesOf } from '../core/bill.ts';
import { endOfPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import type { PackFacts } from '../core/pack.ts';
import type { Quantities } from '../core/rate.ts';
import { addCalls, type Calls, type Instant, noCalls, subtractCalls } from '../core/units.ts';
import { addUp, type UsageTotal } from '../core/usage.ts';
import { type Head, usageOf } from './head.ts';
import type { Correction } from './use.ts';

/** An account's rows beside its head. */
export interface PeriodRows {
  /** Counters of a period that have left the head. */
  readonly written: (period: Period) => readonly UsageTotal[];
  /** All packs the account ever had. */
  readonly packs: readonly {
    readonly facts: PackFacts;
    readonly seq: number;
    readonly refundedAt: Instant | null;
    readonly refundedSeq: number | null;
  }[];
  /** In ledger order; those of other periods are left out here. */
  readonly forfeits: readonly { readonly bookedAt: Instant; readonly pack: number; readonly units: Calls }[];
  /** At least all corrections of each period that one arriving in this period changes. */
  readonly corrections: readonly Correction[];
}

export function periodFacts(head: Head, period: Period, rows: PeriodRows): PeriodFacts {
  const [from, to] = [startOfPeriod(head.timeZone, period), endOfPeriod(head.timeZone, period)];
  const isInside = (at: Instant) => from <= at && at < to;
  const totalsOf = (month: Period) => usageTotals(head, month, rows.written(month));
  return {
    account: head.account,
    period,
    usage: totalsOf(period),
    packs: new Map(rows.packs.map(({ facts }) => [facts.no, facts])),
    trades: tradesOf(rows.packs, isInside),
    forfeits: rows.forfeits.filter(({ bookedAt }) => isInside(bookedAt)).map(({ pack, units }) => ({ pack, units })),
    corrections: correctedMeters(period, rows.corrections, totalsOf),
  };
}

/** A month's calls by meter and payer, corrections included. */
function usageTotals(head: Head, period: Period, written: readonly UsageTotal[]): UsageTotal[] {
  const carried = usageOf(head).filter(({ day }) => day.startsWith(period));
  return addUp([...written, ...carried.map(({ meter, payer, calls }) => ({ meter, payer, calls }))]);
}

function tradesOf(packs: PeriodRows['packs'], isInside: (at: Instant) => boolean): PeriodFacts['trades'] {
  const trades = packs.flatMap(({ facts, seq, refundedAt, refundedSeq }) => [
    ...(!facts.gift && isInside(facts.boughtAt) ? [{ seq, kind: 'bought' as const, pack: facts.no }] : []),
    ...(refundedAt !== null && isInside(refundedAt)
      ? [{ seq: refundedSeq ?? 0, kind: 'refunded' as const, pack: facts.no }]
      : []),
  ]);
  return trades.toSorted((a, b) => a.seq - b.seq).map(({ kind, pack }) => ({ kind, pack }));
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
    const meters = new Set([...now, ...ofMonth].map(({ meter }) => meter));
    return [...meters].toSorted().map((meter): CorrectedMeter => {
      const present = quantitiesOf(now.filter((total) => total.meter === meter));
      const ofMeter = ofMonth.filter((correction) => correction.meter === meter);
      const without = (isLater: (correction: Correction) => boolean) => subtract(present, ofMeter.filter(isLater));
      return {
        period,
        meter,
        before: without((correction) => correction.arrival >= arrival),
        after: without((correction) => correction.arrival > arrival),
      };
    });
  });
}

const subtract = (from: Quantities, corrections: readonly Correction[]): Quantities => ({
  postpaid: subtractCalls(from.postpaid, sum(corrections.map((each) => each.postpaid))),
  drawn: subtractCalls(from.drawn, sum(corrections.map((each) => each.drawn))),
});

const sum = (parts: readonly Calls[]): Calls => parts.reduce(addCalls, noCalls);
