// Everything the ledger knows of a period, for one account or many at once: what bills are made of.

import type { ClientBase } from 'pg';
import { type CorrectedMeter, type PeriodFacts, quantitiesOf, type UsageTotal } from '../core/bill.ts';
import { type Day, endOfPeriod, nextPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import type { Forfeit, Head } from '../core/head.ts';
import type { Quantities } from '../core/rate.ts';
import { addCalls, type Calls, noCalls, subtractCalls } from '../core/units.ts';
import { usageKeyParts } from '../store/group.ts';
import type { MeterNumbers } from '../store/meters.ts';
import { type ForfeitRow, listForfeits, listPackRows, type PackRow } from '../store/packs.ts';
import { readCorrections, readUsageTotals, type StoredCorrection, type UsageSum } from '../store/usage.ts';

/** An account's head with the forfeits that are booked with this reading, not in the database yet. */
export interface HeadNow {
  readonly head: Head;
  readonly forfeits: readonly Forfeit[];
}

/** Facts of one period by account. Read in one snapshot with the heads: under their lock, or in a repeatable-read transaction. */
export async function collectFacts(
  client: ClientBase,
  heads: readonly HeadNow[],
  period: Period,
  meters: MeterNumbers,
): Promise<Map<string, PeriodFacts>> {
  const accounts = heads.map(({ head }) => head.account);
  const days = daysOf(period);
  const usage = groupByAccount(await readUsageTotals(client, accounts, days, meters));
  const packs = groupByAccount(await listPackRows(client, accounts));
  const corrections = groupByAccount(await readCorrections(client, accounts, period, meters));
  const corrected = [...new Set([...corrections.values()].flat().map((row) => row.period))];
  const correctedUsage = new Map<Period, Map<string, UsageSum[]>>();
  for (const month of corrected) {
    const rows = await readUsageTotals(client, [...corrections.keys()], daysOf(month), meters);
    correctedUsage.set(month, groupByAccount(rows));
  }
  const forfeits = await forfeitsByZone(client, heads, period);
  return new Map(
    heads.map(({ head, forfeits: fresh }) => {
      const { account } = head;
      const all = packs.get(account) ?? [];
      const before = (month: Period) => correctedUsage.get(month)?.get(account) ?? [];
      const facts: PeriodFacts = {
        account,
        period,
        usage: totals(head, period, usage.get(account) ?? []),
        packs: new Map(all.map((row) => [row.facts.no, row.facts])),
        trades: tradesOf(head, period, all),
        forfeits: [...(forfeits.get(account) ?? []), ...freshForfeits(head, period, fresh)],
        corrections: correctedMeters(head, period, corrections.get(account) ?? [], before),
      };
      return [account, facts];
    }),
  );
}

export const daysOf = (period: Period): { from: Day; to: Day } => ({
  from: `${period}-01` as Day,
  to: lastDayOf(period),
});

const lastDayOf = (period: Period): Day =>
  new Date(Date.parse(`${nextPeriod(period, 1)}-01T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10) as Day;

function groupByAccount<Row extends { readonly account: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.account);
}

/** Written counters plus those the head still carries. */
function totals(head: Head, period: Period, written: readonly UsageSum[]): UsageTotal[] {
  const sums = new Map<string, UsageTotal>();
  const add = (total: UsageTotal) => {
    const key = `${total.meter}|${total.payer}`;
    sums.set(key, { ...total, calls: addCalls(total.calls, sums.get(key)?.calls ?? noCalls) });
  };
  for (const { meter, payer, calls } of written) add({ meter, payer, calls });
  for (const [key, calls] of head.usage) {
    const { day, meter, payer } = usageKeyParts(key);
    if (day.startsWith(period)) add({ meter, payer, calls });
  }
  return [...sums.values()].toSorted((a, b) => (`${a.meter}|${a.payer}` < `${b.meter}|${b.payer}` ? -1 : 1));
}

function tradesOf(head: Head, period: Period, packs: readonly PackRow[]): PeriodFacts['trades'] {
  const [from, to] = [startOfPeriod(head.timeZone, period), endOfPeriod(head.timeZone, period)];
  const trades = packs.flatMap(({ facts, seq, refundedAt, refundedSeq }) => [
    ...(!facts.gift && facts.boughtAt >= from && facts.boughtAt < to
      ? [{ seq, trade: { kind: 'bought' as const, pack: facts.no } }]
      : []),
    ...(refundedAt !== null && refundedAt >= from && refundedAt < to
      ? [{ seq: refundedSeq ?? 0, trade: { kind: 'refunded' as const, pack: facts.no } }]
      : []),
  ]);
  return trades.toSorted((a, b) => a.seq - b.seq).map(({ trade }) => trade);
}

async function forfeitsByZone(
  client: ClientBase,
  heads: readonly HeadNow[],
  period: Period,
): Promise<Map<string, { pack: number; units: Calls }[]>> {
  const rows: ForfeitRow[] = [];
  for (const [zone, ofZone] of Map.groupBy(heads, ({ head }) => head.timeZone)) {
    const accounts = ofZone.map(({ head }) => head.account);
    rows.push(...(await listForfeits(client, accounts, startOfPeriod(zone, period), endOfPeriod(zone, period))));
  }
  return new Map(
    [...groupByAccount(rows)].map(([account, ofAccount]) => [
      account,
      ofAccount.map(({ packNo, units }) => ({ pack: packNo, units })),
    ]),
  );
}

function freshForfeits(head: Head, period: Period, fresh: readonly Forfeit[]): { pack: number; units: Calls }[] {
  const [from, to] = [startOfPeriod(head.timeZone, period), endOfPeriod(head.timeZone, period)];
  return fresh
    .filter(({ bookedAt }) => bookedAt >= from && bookedAt < to)
    .map(({ pack, units }) => ({ pack: pack.no, units }));
}

/**
 * The months that corrections arriving in `arrival` change, before and after them. A month as billed is its counters without any
 * correction; corrections that arrived earlier come on top before, those of this arrival after.
 */
function correctedMeters(
  head: Head,
  arrival: Period,
  corrections: readonly StoredCorrection[],
  usageOf: (month: Period) => readonly UsageSum[],
): CorrectedMeter[] {
  return [...Map.groupBy(corrections, (row) => row.period)].flatMap(([period, ofPeriod]) => {
    const now = totals(head, period, usageOf(period));
    const meters = new Set([...now.map((total) => total.meter), ...ofPeriod.map((row) => row.meter)]);
    return [...meters].toSorted().map((meter) => {
      const ofMeter = ofPeriod.filter((row) => row.meter === meter);
      const sum = (wanted: (row: StoredCorrection) => boolean) => sumQuantities(ofMeter.filter(wanted));
      const billed = minus(
        quantitiesOf(now.filter((total) => total.meter === meter)),
        sum(() => true),
      );
      return {
        period,
        meter,
        before: plus(
          billed,
          sum((row) => row.arrival < arrival),
        ),
        after: plus(
          billed,
          sum((row) => row.arrival <= arrival),
        ),
      };
    });
  });
}

const plus = (a: Quantities, b: Quantities): Quantities => sumQuantities([a, b]);
const minus = (a: Quantities, b: Quantities): Quantities => ({
  postpaid: subtractCalls(a.postpaid, b.postpaid),
  drawn: subtractCalls(a.drawn, b.drawn),
});

const sumQuantities = (rows: readonly Quantities[]): Quantities => ({
  postpaid: rows.reduce((sum, row) => addCalls(sum, row.postpaid), noCalls),
  drawn: rows.reduce((sum, row) => addCalls(sum, row.drawn), noCalls),
});
