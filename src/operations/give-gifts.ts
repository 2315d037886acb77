import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { giveGift } from '../account/commands.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Calls, Instant } from '../core/units.ts';
import { insertPacks, takenPackIds } from '../store/ledger/packs.ts';
import { lockAccount, type Parts, saveAccount } from './change.ts';

export interface GiftRequest {
  readonly account: string;
  readonly product: string;
  readonly calls: Calls;
  /** Null: once, with the book's pack life. A number: so many monthly gifts. */
  readonly months: number | null;
  readonly id?: string;
}

/** Gives calls, once or for each of some months. Refusals: NOT_FOUND, ID_TAKEN, UNKNOWN_PRODUCT, INVALID_QUANTITY, INVALID_INPUT. */
export async function giveGifts(
  tx: ClientBase,
  parts: Parts,
  request: GiftRequest,
  clock: Instant,
): Promise<{ readonly ids: string[] } | Refusal> {
  const change = await lockAccount(tx, parts, request.account, clock);
  if (isRefusal(change)) return change;
  const { now } = change;
  const gifts = giveGift(change.head, change.book, { ...request, id: request.id ?? `gf_${randomUUID()}` }, now);
  if (isRefusal(gifts)) return gifts;
  const ids = gifts.map(({ pack }) => pack.id);
  const [taken] = await takenPackIds(tx, request.account, ids);
  if (taken !== undefined) return refuse('ID_TAKEN', { id: taken }, '/id');
  await insertPacks(tx, request.account, gifts);
  await saveAccount(tx, parts, change);
  return { ids };
}
