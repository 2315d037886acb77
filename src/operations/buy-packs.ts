import { randomUUID } from 'node:crypto';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { buyPack, insufficientBalance, type Purchase } from '../account/commands.ts';
import { packLife } from '../core/pack.ts';
import { packSizeOf } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Calls, type Instant, type Money, noMoney } from '../core/units.ts';
import { insertEntries } from '../store/ledger/money.ts';
import { insertPacks, takenPackIds } from '../store/ledger/packs.ts';
import { type Change, lockAccount, type Parts, saveAccount } from './change.ts';

export interface PackOrder {
  readonly account: string;
  readonly product: string;
  readonly size: Calls;
  /** How many packs of this size. */
  readonly count: number;
  /** The buyer's own id; further packs of the order get -2, -3 … appended. */
  readonly id?: string;
}

/** Packs delivered before others have their turn. */
const packsAtOnce = 250;

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
  const purchases: Purchase[] = [];
  const life = packLife(change.book, now);
  for (const id of ids) {
    const bought = buyPack(change.head, change.book, { id, product: order.product, size: order.size }, now, life);
    if (isRefusal(bought))
      return bought.refused === 'INSUFFICIENT_BALANCE' ? tooDear(change, order, purchases) : bought;
    purchases.push(bought);
    if (purchases.length % packsAtOnce === 0) await othersFirst();
  }
  await insertPacks(
    tx,
    order.account,
    purchases.map(({ pack, entry }) => ({ seq: entry.seq, pack })),
  );
  await insertEntries(
    tx,
    purchases.map(({ entry }) => ({ account: order.account, entry })),
  );
  await saveAccount(tx, parts, change);
  return { ids };
}

/** The whole order's price beside the balance as it was before: what was bought of it is given up with the rest. */
function tooDear({ head, book }: Change, order: PackOrder, bought: readonly Purchase[]): Refusal {
  const product = book.packProducts.get(order.product);
  const price = (product === undefined ? undefined : packSizeOf(product, order.size))?.price ?? noMoney;
  const times = (count: number) => price * BigInt(count);
  return insufficientBalance(
    order.product,
    (head.balance + times(bought.length)) as Money,
    times(order.count) as Money,
  );
}
