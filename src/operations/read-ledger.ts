// Reading the ledger: events, receipts, usage. Nothing here writes.

import type { Pool } from 'pg';
import { usageOf } from '../account/head.ts';
import { type Day, formatInstant, type Period } from '../core/calendar.ts';
import { comparePacks } from '../core/pack.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { explain, type Unpaid } from '../core/settle.ts';
import { type Calls, noCalls } from '../core/units.ts';
import { addUp, type DayUsage } from '../core/usage.ts';
import { storedReceipt } from '../ledger/receipt.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { type EventPage, findEvent, listEvents, type StoredEvent } from '../store/ledger/events.ts';
import { listPacksOf } from '../store/ledger/packs.ts';
import { readUsageDays } from '../store/ledger/usage.ts';
import { missingEvent } from './archive-events.ts';
import type { Parts } from './change.ts';
import { eventsCursor } from './cursors.ts';
import { daysOf } from './period-facts.ts';
import { readHead } from './read-account.ts';

/** The full receipt: who paid, and for every other pack that existed then, why it did not. Refusal: NOT_FOUND. */
export async function readReceipt(
  pool: Pool,
  parts: Parts,
  order: { readonly account: string; readonly event: string },
) {
  const [event, reading, rows] = await Promise.all([
    findEvent(pool, { account: order.account, id: order.event }, parts.meters),
    readHead(pool, parts, order.account),
    listPacksOf(pool, order.account),
  ]);
  if (event === undefined || isRefusal(reading)) return missingEvent(pool, order.event);
  const { head, book } = reading;
  const packs = rows
    .filter((row) => row.seq < event.settledSeq)
    .map((row) => ({ ...row.facts, refundedSeq: row.refundedSeq }))
    .toSorted(comparePacks(book));
  return {
    ...storedReceipt(event, head.timeZone),
    receivedAt: formatInstant(head.timeZone, event.receivedAt),
    ...(event.facts === null ? {} : { facts: event.facts }),
    ...(event.reviewedAt === null ? {} : { reviewedAt: formatInstant(head.timeZone, event.reviewedAt) }),
    ...(event.reviewedBy === null ? {} : { reviewedBy: event.reviewedBy }),
    unused: event.outcome === 'charged' ? unusedPacks(event, packs, book) : [],
  };
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

/** One account's events in order of call time. `next` continues where this page ends. */
export async function readEvents(pool: Pool, parts: Parts, page: Omit<EventPage, 'through'>) {
  const reading = await readHead(pool, parts, page.account);
  if (isRefusal(reading)) return reading;
  const events = await listEvents(pool, { ...page, through: null }, parts.meters);
  return {
    events: events.map((event) => storedReceipt(event, reading.head.timeZone)),
    next: eventsCursor.after(events, page.limit, ({ at, seq }) => [at, seq]),
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
