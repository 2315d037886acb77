import type { ClientBase } from 'pg';
import { type MoneyEntry, topUp } from '../account/commands.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import type { Instant, Money } from '../core/units.ts';
import { insertEntries } from '../store/ledger/money.ts';
import { lockAccount, type Parts, saveAccount } from './change.ts';

/** Adds money to a balance. Refusals: NOT_FOUND, INVALID_AMOUNT. */
export async function topUpBalance(
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly amount: Money; readonly reference: string },
  clock: Instant,
): Promise<MoneyEntry | Refusal> {
  const change = await lockAccount(tx, parts, order.account, clock);
  if (isRefusal(change)) return change;
  const { now } = change;
  const entry = topUp(change.head, order.amount, order.reference, now);
  if (isRefusal(entry)) return entry;
  await insertEntries(tx, [{ account: order.account, entry }]);
  await saveAccount(tx, parts, change);
  return entry;
}
