// What a month will come to, from a file of the visitor's own calls: the forecast of the server, on a ledger in memory.

import { bringPack, bringUp, charge, factsOf, type MemoryLedger, openLedger } from '../../src/account/memory-ledger.ts';
import { type Day, dayOf, periodOf, startOfPeriod } from '../../src/core/calendar.ts';
import { classify } from '../../src/core/code-table.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { addCalls, type Calls, type Instant, type Money, noCalls } from '../../src/core/units.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import { forecastDocument } from '../../src/forecast/forecast-document.ts';
import { horizonOfProfile, type ProfileRequest } from '../../src/plan/request.ts';
import { plain } from '../../src/scenario/plain.ts';
import { IdIndex } from '../../src/usage-files/id-index.ts';
import { noteWords } from '../../src/usage-files/notes.ts';
import type { FileEvent } from '../../src/usage-files/row.ts';
import { type ColumnWish, columnsOf } from './column-maps.ts';
import { refused } from './outcome.ts';
import { usageOf } from './read-file.ts';

export interface ForecastWish extends ColumnWish {
  readonly file: File;
  /** Of the accounts in the file; none: all as one. */
  readonly account?: string;
  /** Packs at the start of the running month. */
  readonly have: NonNullable<ProfileRequest['have']>;
}

/** Calls are added up by day: a forecast looks at nothing finer. */
interface DayCalls {
  readonly day: Day;
  readonly meter: string;
  readonly at: Instant;
  calls: Calls;
}

/** More than any month costs. */
const enough = (10n ** 30n) as Money;
const shownProblems = 10;

class Reading {
  readonly #book: PriceBook;
  readonly #account: string | undefined;
  readonly #ids = new IdIndex();
  readonly days = new Map<string, DayCalls>();
  readonly accounts = new Map<string, number>();
  readonly problems: { readonly line: number; readonly zh: string; readonly en: string }[] = [];
  rows = 0;
  unread = 0;
  repeated = 0;
  held = 0;
  notCharged = 0;
  unknown = 0;
  last = 0 as Instant;

  constructor(book: PriceBook, account: string | undefined) {
    this.#book = book;
    this.#account = account;
  }

  refuse(line: number, { zh, en }: { readonly zh: string; readonly en: string }): void {
    this.unread += 1;
    if (this.problems.length < shownProblems) this.problems.push({ line, zh, en });
  }

  take(event: FileEvent): void {
    const account = event.account ?? '';
    this.accounts.set(account, (this.accounts.get(account) ?? 0) + 1);
    if (this.#account !== undefined && account !== this.#account) return;
    if (this.#ids.enter(`${account}\n${event.id}`) >= 0) {
      this.repeated += 1;
      return;
    }
    const meter = this.#meterOf(event);
    if (meter === undefined) return;
    const { at } = event;
    if (at > this.last) this.last = at;
    const day = dayOf(this.#book.timeZone, at);
    const key = `${day} ${meter}`;
    const known = this.days.get(key);
    if (known === undefined) this.days.set(key, { day, meter, at, calls: event.calls });
    else known.calls = addCalls(known.calls, event.calls);
  }

  /** Undefined: the call is charged to no meter of the book, and is counted as what it is. */
  #meterOf({ meter, facts, at }: FileEvent): string | undefined {
    if (facts === null) {
      if (meter !== null && this.#book.meters.has(meter)) return meter;
      this.unknown += 1;
      return undefined;
    }
    const classified = classify(this.#book, facts, at);
    if (isRefusal(classified)) this.unknown += 1;
    else if (classified.outcome === 'held') this.held += 1;
    else if (classified.outcome === 'not-charged') this.notCharged += 1;
    else return classified.meter ?? undefined;
    return undefined;
  }
}

/** The packs that are there when the month starts, and the calls of the month so far. */
function ledgerOf(book: PriceBook, { days, last }: Reading, have: ForecastWish['have']) {
  const period = periodOf(book.timeZone, last);
  const inOrder = [...days.values()].toSorted((a, b) => a.at - b.at);
  const [meter = ''] = book.meters.keys();
  const horizon = horizonOfProfile(book, { start: period, have, profile: [{ month: period, meter, calls: 1 }] });
  if (isRefusal(horizon)) return horizon;
  const ledger = openLedger(book, { id: 'file', balance: enough });
  bringUp(ledger, startOfPeriod(book.timeZone, period));
  for (const pack of horizon.existing) bringPack(ledger, pack, pack.calls);
  for (const { at, meter: of, calls } of inOrder) {
    if (periodOf(book.timeZone, at) !== period) continue;
    bringUp(ledger, at);
    charge(ledger, { meter: of, calls, at });
  }
  bringUp(ledger, last);
  return { ledger, period };
}

function forecastOf(
  { ledger, period }: { ledger: MemoryLedger; period: ReturnType<typeof periodOf> },
  reading: Reading,
) {
  const standing = { head: ledger.head, book: ledger.book, facts: factsOf(ledger, period), now: reading.last };
  const seen = forecast(standing, [...reading.days.values()]);
  return isRefusal(seen) ? seen : forecastDocument(standing, seen);
}

export async function usageForecast(book: PriceBook, { file, account, have, ...wish }: ForecastWish) {
  const columns = await columnsOf(wish);
  if ('refused' in columns) return columns;
  const reading = new Reading(book, account);
  const usage = usageOf(file, { timeZone: columns.usage?.timeZone ?? book.timeZone, columns: columns.usage });
  for await (const rows of usage) {
    for (const { line, event, problem } of rows) {
      reading.rows += 1;
      if (problem !== undefined) reading.refuse(line, problem);
      else if (event !== undefined) reading.take(event);
    }
  }
  if (reading.days.size === 0) return { read: readingOf(reading, file, usage.notes), forecast: null, days: [] };
  const ledger = ledgerOf(book, reading, have);
  if (isRefusal(ledger)) return refused(ledger);
  const document = forecastOf(ledger, reading);
  if (isRefusal(document)) return refused(document);
  return {
    read: readingOf(reading, file, usage.notes),
    forecast: plain(document),
    days: daysOf(reading, ledger.period),
  };
}

const readingOf = (reading: Reading, file: File, notes: Parameters<typeof noteWords>[1]) => ({
  rows: reading.rows,
  unread: reading.unread,
  repeated: reading.repeated,
  held: reading.held,
  notCharged: reading.notCharged,
  unknown: reading.unknown,
  problems: reading.problems,
  notes: noteWords(file.name, notes),
  accounts: [...reading.accounts].map(([name, rows]) => ({ name, rows })).slice(0, 100),
});

/** Calls of the running month so far, day by day. */
function daysOf({ days }: Reading, period: string) {
  const sums = new Map<Day, Calls>();
  for (const { day, calls } of days.values()) {
    if (day.startsWith(period)) sums.set(day, addCalls(sums.get(day) ?? noCalls, calls));
  }
  return [...sums].map(([day, calls]) => ({ day, calls: Number(calls) })).toSorted((a, b) => (a.day < b.day ? -1 : 1));
}
