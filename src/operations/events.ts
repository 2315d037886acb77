// What people decide about events afterwards: voids and reviews. One of each an event at most, by key.

import type { ClientBase } from 'pg';
import { settleUse } from '../account/use.ts';
import { voidUse } from '../account/void.ts';
import { eventWords } from '../core/event-name.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Calls, Instant } from '../core/units.ts';
import { type Receipt, storedReceipt } from '../ledger/receipt.ts';
import { findEvents, type StoredEvent } from '../store/ledger/events.ts';
import { listPackRows } from '../store/ledger/packs.ts';
import { tell } from '../store/ledger/rows.ts';
import { missingEvent } from './archive-events.ts';
import { type Change, change, type Parts } from './change.ts';

interface Order {
  readonly account: string;
  readonly event: string;
  readonly by: string;
}

/** Voids an event, once. Refusals: NOT_FOUND, ALREADY_VOIDED. */
export const voidEvent = (tx: ClientBase, parts: Parts, order: Order, clock: Instant): Promise<Receipt | Refusal> =>
  change(tx, parts, order.account, clock, async (opened) => {
    const { head, book, now, rows } = opened;
    const { account, by } = order;
    const [event] = await findEvents(tx, [{ account, id: order.event }], parts.meters);
    if (event === undefined) return missingEvent(tx, order.event);
    if (event.voidedAt !== null) return refuse('ALREADY_VOIDED', { event: eventWords(order.event) });
    const packRows = event.draws.length === 0 ? [] : await listPackRows(tx, [account]);
    const packs = new Map(packRows.map(({ facts }) => [facts.no, facts]));
    const use = { ...event, draws: drawsWithUnits(event, opened, packs) };
    const refunded = new Set(packRows.filter(({ refundedAt }) => refundedAt !== null).map(({ facts }) => facts.no));
    const { seq, correction, forfeits } = voidUse(head, book, use, packs, now, (no) => refunded.has(no));
    for (const forfeit of forfeits) rows.forfeits.push({ account, forfeit });
    if (correction !== null) rows.corrections.push({ account, correction });
    rows.voids.push({ account, event: order.event, seq, at: now, by });
    return storedReceipt({ ...event, voidedAt: now, voidedBy: by }, head.timeZone);
  });

/** The units each draw cost: the ratio is a property of the product, which is immutable. */
function drawsWithUnits(
  event: StoredEvent,
  { book }: Change,
  packs: ReadonlyMap<number, { readonly product: string }>,
) {
  return event.draws.map(({ no, calls }) => {
    const ratio = book.packProducts.get(packs.get(no)?.product ?? '')?.covers.get(event.meter ?? '') ?? 1n;
    return { pack: no, calls, units: (calls * ratio) as Calls };
  });
}

/**
 * Decides an event held for review. A charged one is settled now. Refusals: NOT_FOUND, NOT_HELD_FOR_REVIEW, ALREADY_REVIEWED,
 * ALREADY_VOIDED, UNKNOWN_METER.
 */
export async function reviewEvent(
  tx: ClientBase,
  parts: Parts,
  order: Order & { readonly charge: boolean },
  clock: Instant,
): Promise<Receipt | Refusal> {
  const { account, by, charge } = order;
  const key = { account, id: order.event };
  const timeZone = await change(tx, parts, account, clock, async (opened) => {
    const [event] = await findEvents(tx, [key], parts.meters);
    if (event === undefined) return missingEvent(tx, order.event);
    return decideHeld(opened, event, { by, charge }) ?? opened.head.timeZone;
  });
  if (isRefusal(timeZone)) return timeZone;
  const [reviewed] = await findEvents(tx, [key], parts.meters);
  if (reviewed === undefined) throw new Error(`event ${order.event} vanished while it was reviewed`);
  return storedReceipt(reviewed, timeZone);
}

/** Settles a held event as a person has decided, on an account that is open for change. Refusals: those of `reviewEvent`. */
export function decideHeld(
  { head, book, now, rows }: Change,
  event: StoredEvent,
  { by, charge }: { readonly by: string; readonly charge: boolean },
): Refusal | undefined {
  const { account, id, meter, calls, at, department, key } = event;
  if (!event.arrivedHeld) return refuse('NOT_HELD_FOR_REVIEW', { event: eventWords(id) });
  if (event.reviewedAt !== null) return refuse('ALREADY_REVIEWED', { event: eventWords(id) });
  if (event.voidedAt !== null) return refuse('ALREADY_VOIDED', { event: eventWords(id) });
  if (charge && meter === null) return refuse('UNKNOWN_METER', { meter: '-', book: book.id });
  const outcome = charge ? 'charged' : 'not-charged';
  const record = settleUse(head, book, { id, meter, calls, at, outcome, department, key }, now);
  tell(rows, account, record.seq, now, record.news);
  if (record.correction !== null) rows.corrections.push({ account, correction: record.correction });
  rows.reviews.push({ account, event: id, at: now, by, record });
  return undefined;
}
