// Everything the ledger knows of a period, for one account or many at once: what bills are made of.

import type { ClientBase } from 'pg';
import { type PlacesAsked, placesAsked } from '../account/call-order.ts';
import type { Forfeit } from '../account/forfeits.ts';
import type { Head } from '../account/head.ts';
import { periodFacts } from '../account/period-facts.ts';
import type { PeriodFacts } from '../core/bill.ts';
import { type Day, endOfPeriod, nextPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import { countsDrawn, type Placed } from '../core/placed.ts';
import type { PriceBook } from '../core/price-book.ts';
import { dayMetersOf } from '../core/usage.ts';
import { type OrderAsked, readPlaced } from '../store/ledger/call-order.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';
import { type BookedForfeit, listForfeits, listPackRows } from '../store/ledger/packs.ts';
import { readCorrections, readUsageTotals, type StoredCorrection, type UsageSum } from '../store/ledger/usage.ts';

/** An account's head with the forfeits that are booked with this reading, not in the database yet. */
export interface HeadNow {
  readonly head: Head;
  readonly book: PriceBook;
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
  const byDay = dayMetersOf(new Set(heads.map(({ book }) => book)));
  const usage = groupByAccount(await readUsageTotals(client, accounts, days, meters, byDay));
  const packs = groupByAccount(await listPackRows(client, accounts));
  const corrections = groupByAccount(await readCorrections(client, accounts, period, meters));
  const corrected = [...new Set([...corrections.values()].flat().map((row) => row.period))];
  const correctedUsage = new Map<Period, Map<string, UsageSum[]>>();
  for (const month of corrected) {
    const rows = await readUsageTotals(client, [...corrections.keys()], daysOf(month), meters, byDay);
    correctedUsage.set(month, groupByAccount(rows));
  }
  const placed = await readPlaces(client, heads, period, corrections, meters);
  const forfeits = groupByAccount(await readForfeits(client, heads, period));
  return new Map(
    heads.map(({ head, book, forfeits: fresh }) => {
      const { account } = head;
      const facts = periodFacts(head, book, period, {
        written: (month) => (month === period ? usage : correctedUsage.get(month))?.get(account) ?? [],
        packs: packs.get(account) ?? [],
        forfeits: [
          ...(forfeits.get(account) ?? []),
          ...fresh.map(({ bookedAt, pack, units }) => ({ bookedAt, pack: pack.no, units })),
        ],
        corrections: corrections.get(account) ?? [],
        placed: (asked) => placedOf(placed, account, asked),
      });
      return [account, facts];
    }),
  );
}

const keyOf = (account: string, { period, tariff, when }: PlacesAsked): string =>
  `${period}|${when}|${tariff.id}|${account}`;

function placedOf(places: ReadonlyMap<string, Placed>, account: string, asked: PlacesAsked): Placed {
  const placed = places.get(keyOf(account, asked));
  if (placed === undefined) throw new Error(`the order of ${asked.tariff.id} in ${asked.period} was not read`);
  return placed;
}

/** One query a tariff and month; none where no tariff is priced by the order of calls. */
async function readPlaces(
  client: ClientBase,
  heads: readonly HeadNow[],
  period: Period,
  corrections: ReadonlyMap<string, readonly StoredCorrection[]>,
  meters: MeterNumbers,
): Promise<Map<string, Placed>> {
  const places = new Map<string, Placed>();
  for (const { head, book } of heads) {
    const { account } = head;
    for (const asked of placesAsked(book, period, corrections.get(account) ?? []))
      places.set(keyOf(account, asked), await readPlaced(client, orderAsked(head, asked), meters));
  }
  return places;
}

export const orderAsked = (
  { account, timeZone }: Pick<Head, 'account' | 'timeZone'>,
  { period, tariff, meters, bounds, until }: PlacesAsked,
): OrderAsked => ({
  account,
  period,
  meters,
  bounds,
  from: startOfPeriod(timeZone, period),
  to: endOfPeriod(timeZone, period),
  countsDrawn: countsDrawn(tariff),
  before: until === null ? null : startOfPeriod(timeZone, until),
});

export const daysOf = (period: Period): { from: Day; to: Day } => ({
  from: `${period}-01` as Day,
  to: lastDayOf(period),
});

const lastDayOf = (period: Period): Day =>
  new Date(Date.parse(`${nextPeriod(period, 1)}-01T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10) as Day;

function groupByAccount<Row extends { readonly account: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row.account);
}

async function readForfeits(client: ClientBase, heads: readonly HeadNow[], period: Period): Promise<BookedForfeit[]> {
  const rows: BookedForfeit[] = [];
  for (const [zone, ofZone] of Map.groupBy(heads, ({ head }) => head.timeZone)) {
    const accounts = ofZone.map(({ head }) => head.account);
    rows.push(...(await listForfeits(client, accounts, startOfPeriod(zone, period), endOfPeriod(zone, period))));
  }
  return rows;
}
