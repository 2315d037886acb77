// What every operation on an account starts and ends with: its head locked and brought up to the account's time, and saved with its rows.

import type { ClientBase } from 'pg';
import { bookForfeits, type Forfeit } from '../account/forfeits.ts';
import { type Head, timeOf } from '../account/head.ts';
import { expireHolds } from '../account/hold.ts';
import type { PriceBook } from '../core/price-book.ts';
import { type Refusal, refuseMissing } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { type Books, bookOf } from '../ledger/books.ts';
import { flushUsage, saveGroup } from '../store/ledger/group.ts';
import { lockHeads } from '../store/ledger/heads.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';
import { insertForfeits, type NewForfeit } from '../store/ledger/packs.ts';
import { emptyGroup, type GroupRows, type VersionedHead } from '../store/ledger/rows.ts';

/** What operations need besides a transaction. */
export interface Parts {
  readonly books: Books;
  readonly meters: MeterNumbers;
}

export interface Change {
  readonly versioned: VersionedHead;
  readonly head: Head;
  readonly book: PriceBook;
  /** The account's time, at which all of the change happens. */
  readonly now: Instant;
  readonly rows: GroupRows;
  readonly forfeits: Forfeit[];
}

/** Locks an account's head until the transaction ends. Holds out of time are ended and due forfeits booked first. */
export async function lockAccount(
  tx: ClientBase,
  parts: Parts,
  account: string,
  clock: Instant,
): Promise<Change | Refusal> {
  const [change] = await lockAccounts(tx, parts, [account], clock);
  return change ?? refuseMissing('account', account);
}

export async function lockAccounts(
  tx: ClientBase,
  parts: Parts,
  accounts: readonly string[],
  clock: Instant,
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const versioned of await lockHeads(tx, accounts)) {
    const { head } = versioned;
    const book = await bookOf(parts.books, head.book);
    const now = timeOf(head, clock);
    const rows = emptyGroup();
    for (const ended of expireHolds(head, now)) rows.holdEnds.push({ account: head.account, ended, at: now });
    head.time = now;
    changes.push({ versioned, head, book, now, rows, forfeits: bookForfeits(head, book, now) });
  }
  return changes;
}

/** Saves the head and the rows of `change.rows` and `change.forfeits`. */
export const saveAccount = (tx: ClientBase, parts: Parts, change: Change): Promise<void> =>
  saveAccounts(tx, parts, [change]);

export async function saveAccounts(tx: ClientBase, parts: Parts, changes: readonly Change[]): Promise<void> {
  const rows = emptyGroup();
  const forfeits: NewForfeit[] = [];
  for (const change of changes) {
    flushUsage(change.head, change.rows.usage);
    rows.heads.push(change.versioned);
    rows.usage.push(...change.rows.usage);
    rows.corrections.push(...change.rows.corrections);
    rows.holdEnds.push(...change.rows.holdEnds);
    for (const { seq, pack, units, bookedAt } of change.forfeits) {
      forfeits.push({ account: change.head.account, seq, packNo: pack.no, units, bookedAt });
    }
  }
  await insertForfeits(tx, forfeits);
  await saveGroup(tx, rows, parts.meters, 'command');
}
