// Reading the ledger: events, receipts, usage. Nothing here writes.

import type { Pool } from 'pg';
import { usageOf } from '../account/head.ts';
import { unknownMeter } from '../account/use.ts';
import {
  type Day,
  dayOf,
  endOfPeriod,
  formatInstant,
  type Period,
  startOfDayAfter,
  startOfPeriod,
} from '../core/calendar.ts';
import { comparePacks, sortedFor } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { explain, type Unpaid } from '../core/settle.ts';
import { type Calls, type Instant, noCalls } from '../core/units.ts';
import { addUp, type DayUsage } from '../core/usage.ts';
import { bookOf } from '../ledger/books.ts';
import { storedReceipt } from '../ledger/receipt.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import {
  type EventFilter,
  type EventPage,
  type EventWish,
  findEventOfReceipt,
  listEvents,
  readDepartmentDays,
  type StoredEvent,
  searchEvents,
} from '../store/ledger/events.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';
import { listPacksOf } from '../store/ledger/packs.ts';
import { readUsageDays } from '../store/ledger/usage.ts';
import { missingEvent, refuseArchived } from './archive-events.ts';
import type { Parts } from './change.ts';
import { eventsCursor } from './cursors.ts';
import { daysOf } from './period-facts.ts';
import { type Reading, readHead } from './read-account.ts';

/** The full receipt: who paid, and for every other pack that existed then, why it did not. Refusal: NOT_FOUND. */
export async function readReceipt(
  pool: Pool,
  parts: Parts,
  order: { readonly account: string; readonly event: string },
) {
  const found = await findEventOfReceipt(pool, { account: order.account, id: order.event }, parts.meters);
  if (found === undefined) return missingEvent(pool, order.event);
  const { event } = found;
  // Which packs could pay is the same in all versions of a book and under every contract.
  const book = await bookOf(parts.books, found.book);
  const timeZone = found.timeZone ?? (await zoneOfHead(pool, parts, order.account));
  if (isRefusal(timeZone)) return missingEvent(pool, order.event);
  return {
    ...storedReceipt(event, timeZone),
    receivedAt: formatInstant(timeZone, event.receivedAt),
    ...(event.facts === null ? {} : { facts: event.facts }),
    ...(event.reviewedAt === null ? {} : { reviewedAt: formatInstant(timeZone, event.reviewedAt) }),
    ...(event.reviewedBy === null ? {} : { reviewedBy: event.reviewedBy }),
    unused:
      event.outcome === 'charged'
        ? unusedPacks(event, sortedFor(event.meter ?? '', found.packs, comparePacks(book)), book)
        : [],
  };
}

async function zoneOfHead(pool: Pool, parts: Parts, account: string): Promise<string | Refusal> {
  const reading = await readHead(pool, parts, account);
  return isRefusal(reading) ? reading : reading.head.timeZone;
}

function unusedPacks(
  event: StoredEvent,
  packs: Parameters<typeof explain>[1],
  book: Parameters<typeof explain>[2],
): { readonly pack: string; readonly reason: Unpaid }[] {
  const draws = event.draws.map(({ no, calls }) => ({ pack: no, calls, units: calls }));
  const use = { ...event, meter: event.meter ?? '', draws, seq: event.settledSeq };
  const reasons = explain(use, packs, book);
  return packs.flatMap(({ no, id }) => {
    const reason = reasons.get(no);
    return reason === undefined ? [] : [{ pack: id, reason }];
  });
}

/** Whether anything is wished for at all. */
export const isWished = (wish: EventWish): boolean => Object.values(wish).some((wanted) => wanted !== undefined);

/**
 * One account's events in order of call time. `next` continues where this page ends; of those that are looked for a page may hold few,
 * and the search go on all the same. Refusals: NOT_FOUND, UNKNOWN_METER.
 */
export async function readEvents(pool: Pool, parts: Parts, page: Omit<EventPage, 'through'>, wish: EventWish = {}) {
  const reading = await readHead(pool, parts, page.account);
  if (isRefusal(reading)) return reading;
  if (isWished(wish)) return searchedEvents(pool, parts, page, wish, reading);
  const events = await listEvents(pool, { ...page, through: null }, parts.meters);
  return {
    events: events.map((event) => storedReceipt(event, reading.head.timeZone)),
    next: eventsCursor.after(events, page.limit, ({ at, seq }) => [at, seq]),
  };
}

/** The filter that a wish means by the meters there are. Refusal: UNKNOWN_METER. */
export function filterOf(
  { meter, outcome = null, payer = null, department = null, resultCode = null }: EventWish,
  book: PriceBook,
  meters: MeterNumbers,
): EventFilter | Refusal {
  const number = meter === undefined ? null : meters.find(meter);
  if (number === undefined) return unknownMeter(book, meter ?? '', '/meter');
  return { meter: number, outcome, payer, department, resultCode };
}

async function searchedEvents(
  pool: Pool,
  { meters }: Parts,
  page: Omit<EventPage, 'through'>,
  wish: EventWish,
  { head, book }: Reading,
) {
  const filter = filterOf(wish, book, meters);
  if (isRefusal(filter)) return filter;
  const { events, next } = await searchEvents(pool, { ...page, through: null }, filter, meters);
  return {
    events: events.map((event) => storedReceipt(event, head.timeZone)),
    next: next === null ? null : eventsCursor.write([next.at, next.seq]),
  };
}

export interface UsageLine {
  readonly day: Day;
  readonly meter: string;
  /** 'postpaid', 'not-charged', or a pack's id. */
  readonly payer: string;
  readonly gift: boolean;
  readonly calls: Calls;
}

/** Calls by day, meter and payer of one month, from counters; no event is read. Refusal: NOT_FOUND. */
export async function readUsage(
  pool: Pool,
  parts: Parts,
  order: { readonly account: string; readonly month: Period },
): Promise<{ readonly account: string; readonly month: Period; readonly lines: UsageLine[] } | Refusal> {
  return inSnapshot(pool, async (client) => {
    const reading = await readHead(client, parts, order.account);
    if (isRefusal(reading)) return reading;
    const written = await readUsageDays(client, [order.account], daysOf(order.month), parts.meters);
    const carried = usageOf(reading.head).filter(({ day }) => day.startsWith(order.month));
    const packs = new Map((await listPacksOf(client, order.account)).map(({ facts }) => [`pack:${facts.no}`, facts]));
    const counted = addUp<DayUsage>([...written, ...carried]).filter(({ calls }) => calls !== noCalls);
    const lines = counted.map(({ day, meter, payer, calls }): UsageLine => {
      const pack = packs.get(payer);
      return { day, meter, payer: pack?.id ?? payer, gift: pack?.gift ?? false, calls };
    });
    return { account: order.account, month: order.month, lines };
  });
}

export interface DepartmentLine {
  readonly day: Day;
  /** Empty: none was named. */
  readonly department: string;
  readonly calls: Calls;
}

/** Charged calls by day and department of one month, from its events. Refusals: NOT_FOUND, ARCHIVED. */
export async function readDepartmentUsage(
  pool: Pool,
  parts: Parts,
  order: { readonly account: string; readonly month: Period },
): Promise<{ readonly account: string; readonly month: Period; readonly lines: DepartmentLine[] } | Refusal> {
  const archived = await refuseArchived(pool, order.month);
  if (archived !== undefined) return archived;
  const reading = await readHead(pool, parts, order.account);
  if (isRefusal(reading)) return reading;
  const { timeZone } = reading.head;
  const bounds = [startOfPeriod(timeZone, order.month)];
  const end = endOfPeriod(timeZone, order.month);
  for (let start = bounds[0] as Instant; start < end; bounds.push(start)) start = startOfDayAfter(timeZone, start, 1);
  const days = bounds.slice(0, -1).map((start) => dayOf(timeZone, start));
  const counted = await readDepartmentDays(pool, order.account, bounds);
  const lines = counted.map(({ day, ...line }) => ({ day: days[day] as Day, ...line }));
  return { account: order.account, month: order.month, lines };
}
