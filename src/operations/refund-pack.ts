import type { ClientBase } from 'pg';
import { type MoneyEntry, refundPack, standingOf } from '../account/commands.ts';
import { isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { insertEntries } from '../store/ledger/money.ts';
import { findPacks, insertRefund, wasDrawn } from '../store/ledger/packs.ts';
import { lockAccount, type Parts, saveAccount } from './change.ts';

/** Pays an untouched pack back. Refusals: NOT_FOUND, GIFT_NOT_REFUNDABLE, ALREADY_REFUNDED, PACK_IN_USE, REFUND_WINDOW_CLOSED. */
export async function refundPackOf(
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly pack: string },
  clock: Instant,
): Promise<MoneyEntry | Refusal> {
  const change = await lockAccount(tx, parts, order.account, clock);
  if (isRefusal(change)) return change;
  const { now } = change;
  const [pack] = await findPacks(tx, order.account, [order.pack]);
  if (pack === undefined) return refuseMissing('pack', order.pack);
  // A pack that left the head forfeited whole may have been drawn from and voided: its counters tell.
  const used = change.head.packs.some(({ no }) => no === pack.facts.no) ? undefined : await wasDrawn(tx, pack);
  const ends = used === undefined ? pack : { ...pack, used };
  const entry = refundPack(change.head, change.book, standingOf(change.head, pack.facts, ends), now);
  if (isRefusal(entry)) return entry;
  await insertRefund(tx, order.account, { packNo: pack.facts.no, seq: entry.seq, at: now });
  await insertEntries(tx, [{ account: order.account, entry }]);
  await saveAccount(tx, parts, change);
  return entry;
}
