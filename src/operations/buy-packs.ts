import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { buyPack } from '../core/account.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Calls, Instant } from '../core/units.ts';
import { insertEntries } from '../store/money.ts';
import { insertPack, takenPackIds } from '../store/packs.ts';
import { lockAccount, type Parts, saveAccount } from './change.ts';

export interface PackOrder {
  readonly account: string;
  readonly product: string;
  readonly size: Calls;
  /** How many packs of this size. */
  readonly count: number;
  /** The buyer's own id; further packs of the order get -2, -3 … appended. */
  readonly id?: string;
}

/** Buys packs from the balance, all or none. Refusals: NOT_FOUND, ID_TAKEN, UNKNOWN_PRODUCT, SIZE_NOT_SOLD, INSUFFICIENT_BALANCE. */
export async function buyPacks(
  tx: ClientBase,
  parts: Parts,
  order: PackOrder,
  clock: Instant,
): Promise<{ readonly ids: string[] } | Refusal> {
  const change = await lockAccount(tx, parts, order.account, clock);
  if (isRefusal(change)) return change;
  const { now } = change;
  const first = order.id ?? `pk_${randomUUID()}`;
  const ids = Array.from({ length: order.count }, (_, index) => (index === 0 ? first : `${first}-${index + 1}`));
  const [taken] = await takenPackIds(tx, order.account, ids);
  if (taken !== undefined) return refuse('ID_TAKEN', { id: taken }, '/id');
  for (const id of ids) {
    const bought = buyPack(change.head, change.book, { id, product: order.product, size: order.size }, now);
    if (isRefusal(bought)) return bought;
    await insertPack(tx, order.account, bought.entry.seq, bought.pack);
    await insertEntries(tx, [{ account: order.account, entry: bought.entry }]);
  }
  await saveAccount(tx, parts, change);
  return { ids };
}
