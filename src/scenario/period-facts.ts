// What a period's bill is made of, read from the rows in memory. The server reads the same from its database.

import { type CorrectedMeter, type PeriodFacts, quantitiesOf, type UsageTotal } from '../core/bill.ts';
import { endOfPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import type { Correction, Payer } from '../core/head.ts';
import type { Quantities } from '../core/rate.ts';
import { addCalls, type Calls, type Instant, noCalls, subtractCalls } from '../core/units.ts';
import type { MemoryLedger } from './memory-ledger.ts';

export function periodFacts(ledger: MemoryLedger, period: Period): PeriodFacts {
  const { account, timeZone } = ledger.head;
  const [from, to] = [startOfPeriod(timeZone, period), endOfPeriod(timeZone, period)];
  const isInside = (at: Instant) => from <= at && at < to;
  return {
    account,
    period,
    usage: usageOf(ledger, period),
    packs: new Map([...ledger.packs.values()].map(({ facts }) => [facts.no, facts])),
    trades: tradesOf(ledger, isInside),
    forfeits: ledger.forfeits
      .filter(({ bookedAt }) => isInside(bookedAt))
      .map(({ pack, units }) => ({ pack: pack.no, units })),
    corrections: correctedMeters(ledger, period),
  };
}

/** A month's calls by meter and payer, corrections included, in a fixed order. */
function usageOf(ledger: MemoryLedger, period: Period): UsageTotal[] {
  const totals = new Map<string, UsageTotal>();
  for (const [key, calls] of ledger.head.usage) {
    if (!key.startsWith(period)) continue;
    const [, meter = '', payer] = key.split('|') as [string, string, Payer];
    const before = totals.get(`${meter}|${payer}`)?.calls ?? noCalls;
    totals.set(`${meter}|${payer}`, { meter, payer, calls: addCalls(before, calls) });
  }
  return [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
}

function tradesOf(ledger: MemoryLedger, isInside: (at: Instant) => boolean): PeriodFacts['trades'] {
  const trades = [...ledger.packs.values()].flatMap(({ facts, seq, refund }) => [
    ...(!facts.gift && isInside(facts.boughtAt) ? [{ seq, kind: 'bought' as const, pack: facts.no }] : []),
    ...(refund !== null && isInside(refund.at) ? [{ seq: refund.seq, kind: 'refunded' as const, pack: facts.no }] : []),
  ]);
  return trades.toSorted((a, b) => a.seq - b.seq).map(({ kind, pack }) => ({ kind, pack }));
}

/**
 * The final months that corrections arriving in `arrival` change, each meter before and after them (billing rules 6.5).
 * A month as billed is its calls without any correction; those that arrived earlier come on top of it before.
 */
function correctedMeters(ledger: MemoryLedger, arrival: Period): CorrectedMeter[] {
  const arrived = ledger.corrections.filter((correction) => correction.arrival === arrival);
  const months = [...new Set(arrived.map((correction) => correction.period))].toSorted();
  return months.flatMap((period) => {
    const now = usageOf(ledger, period);
    const ofMonth = ledger.corrections.filter((correction) => correction.period === period);
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
