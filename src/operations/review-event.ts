import type { ClientBase } from 'pg';
import { settleUse } from '../account/use.ts';
import { eventWords } from '../core/event-name.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { type Receipt, storedReceipt } from '../ledger/receipt.ts';
import { findEvents } from '../store/ledger/events.ts';
import { insertReview } from '../store/ledger/voids.ts';
import { missingEvent } from './archive-events.ts';
import { lockAccount, type Parts, saveAccount } from './change.ts';

/** Decides an event held for review. A charged one is settled now. Refusals: NOT_FOUND, NOT_HELD_FOR_REVIEW, ALREADY_REVIEWED, ALREADY_VOIDED, UNKNOWN_METER. */
export async function reviewEvent(
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly event: string; readonly charge: boolean; readonly by: string },
  clock: Instant,
): Promise<Receipt | Refusal> {
  const change = await lockAccount(tx, parts, order.account, clock);
  if (isRefusal(change)) return change;
  const { now } = change;
  const key = { account: order.account, id: order.event };
  const [event] = await findEvents(tx, [key], parts.meters);
  if (event === undefined) return missingEvent(tx, order.event);
  if (!event.arrivedHeld) return refuse('NOT_HELD_FOR_REVIEW', { event: eventWords(order.event) });
  if (event.reviewedAt !== null) return refuse('ALREADY_REVIEWED', { event: eventWords(order.event) });
  if (event.voidedAt !== null) return refuse('ALREADY_VOIDED', { event: eventWords(order.event) });
  const { id, meter, calls, at } = event;
  if (order.charge && meter === null) return refuse('UNKNOWN_METER', { meter: '-', book: change.book.id });
  const outcome = order.charge ? 'charged' : 'not-charged';
  const record = settleUse(change.head, change.book, { id, meter, calls, at, outcome }, now);
  if (record.correction !== null)
    change.rows.corrections.push({ account: order.account, correction: record.correction });
  await insertReview(tx, { account: order.account, event: id, at: now, by: order.by, record });
  await saveAccount(tx, parts, change);
  const [reviewed] = await findEvents(tx, [key], parts.meters);
  if (reviewed === undefined) throw new Error(`event ${id} vanished while it was reviewed`);
  return storedReceipt(reviewed, change.head.timeZone);
}
