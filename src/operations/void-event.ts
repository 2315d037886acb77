import type { ClientBase } from 'pg';
import { voidUse } from '../account/void.ts';
import { eventWords } from '../core/event-name.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Calls, Instant } from '../core/units.ts';
import { type Receipt, storedReceipt } from '../ledger/receipt.ts';
import { findEvents, type StoredEvent } from '../store/ledger/events.ts';
import { listPackRows } from '../store/ledger/packs.ts';
import { insertVoid } from '../store/ledger/voids.ts';
import { missingEvent } from './archive-events.ts';
import { type Change, lockAccount, type Parts, saveAccount } from './change.ts';

/** Voids an event, once. Refusals: NOT_FOUND, ALREADY_VOIDED. */
export async function voidEvent(
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly event: string; readonly by: string },
  clock: Instant,
): Promise<Receipt | Refusal> {
  const change = await lockAccount(tx, parts, order.account, clock);
  if (isRefusal(change)) return change;
  const { now } = change;
  const [event] = await findEvents(tx, [{ account: order.account, id: order.event }], parts.meters);
  if (event === undefined) return missingEvent(tx, order.event);
  if (event.voidedAt !== null) return refuse('ALREADY_VOIDED', { event: eventWords(order.event) });
  const rows = event.draws.length === 0 ? [] : await listPackRows(tx, [order.account]);
  const packs = new Map(rows.map(({ facts }) => [facts.no, facts]));
  const record = voidUse(
    change.head,
    change.book,
    { ...event, draws: drawsWithUnits(event, change, packs) },
    packs,
    now,
  );
  change.forfeits.push(...record.forfeits);
  if (record.correction !== null)
    change.rows.corrections.push({ account: order.account, correction: record.correction });
  await insertVoid(tx, { account: order.account, event: order.event, seq: record.seq, at: now, by: order.by });
  await saveAccount(tx, parts, change);
  return storedReceipt({ ...event, voidedAt: now, voidedBy: order.by }, change.head.timeZone);
}

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
