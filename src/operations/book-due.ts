// What time has brought to accounts that nobody touches: packs whose last calls can come no more, holds that have run out. Any command
// on the account would book them first; this does it for those that no command reaches.

import { bookForfeits } from '../account/forfeits.ts';
import { timeOf } from '../account/head.ts';
import { isRefusal } from '../core/refusal.ts';
import { instantOf } from '../core/units.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { listAccountRows } from '../store/ledger/accounts.ts';
import { accountsWithExpiredHolds } from '../store/ledger/expired-holds.ts';
import { readHeads } from '../store/ledger/heads.ts';
import { type JobResult, readJobs } from '../store/ledger/jobs.ts';
import { accountBooks, type Change, changeAll } from './change.ts';
import { isolated } from './isolate.ts';
import type { Suanpan } from './suanpan.ts';

const sliceSize = 500;

/** Books what is due of all accounts. `done` counts accounts that something was booked for, `waiting` calls of unknown fate. */
export const bookDue = (suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> =>
  bookAll(suanpan, stop, async (after) => {
    const rows = await listAccountRows(suanpan.pool, after, sliceSize);
    return rows.map(({ id }) => id);
  });

/** The longest that a hold may last, and a while. */
const longestHold = 25 * 3_600_000;
/** What another server was just writing when the run before looked. */
const overlap = 600_000;

/** Ends the holds that have run out since its last run. What a slice failed for, the next run or `bookDue` ends. Counts as `bookDue`. */
export async function endHolds(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  const to = suanpan.clock();
  const [last] = await readJobs(suanpan.pool, [endHoldsJob]);
  const from = instantOf(Math.max(Math.min(last?.next ?? 0, to) - overlap, to - longestHold));
  return bookAll(suanpan, stop, (after) => accountsWithExpiredHolds(suanpan.pool, { from, to }, after, sliceSize));
}

export const endHoldsJob = 'end-holds';

async function bookAll(
  suanpan: Suanpan,
  stop: AbortSignal,
  next: (after: string) => Promise<readonly string[]>,
): Promise<JobResult> {
  const total = { done: 0, waiting: 0, failed: 0 };
  for (let after = ''; !stop.aborted; ) {
    const accounts = await next(after);
    if (accounts.length === 0) break;
    after = accounts.at(-1) ?? '';
    const outcome = await isolated(accounts, (some) => bookSlice(suanpan, some));
    total.done += outcome.done.length;
    for (const { waiting } of outcome.done) total.waiting += waiting;
    total.failed += outcome.failures.length;
  }
  return total;
}

/** An account that something was booked for, and how many of its holds became events that wait for a person. */
interface Booked {
  readonly account: string;
  readonly waiting: number;
}

/** Looks without a lock, and locks those alone that have something due. */
async function bookSlice(suanpan: Suanpan, accounts: readonly string[]): Promise<readonly Booked[]> {
  const { pool } = suanpan;
  const heads = await readHeads(pool, accounts);
  const books = await accountBooks(
    pool,
    suanpan,
    heads.map(({ head }) => head),
  );
  const due = heads.flatMap(({ head }, index) => {
    const book = books[index];
    const now = timeOf(head, suanpan.clock());
    const isDue = head.holds.some((hold) => hold.expiresAt <= now);
    // Its own copy: what is looked at here is thrown away.
    return book !== undefined && (isDue || bookForfeits(head, book, now).length > 0) ? [head.account] : [];
  });
  if (due.length === 0) return [];
  const booked = await inTransaction(pool, (tx) =>
    changeAll(tx, suanpan, due, suanpan.clock(), async (changes) => {
      // Another server may have been there first.
      const changed = changes.filter(({ rows }) => rows.holdEnds.length + rows.forfeits.length > 0);
      return { result: changed.map(bookedOf), changed };
    }),
  );
  if (isRefusal(booked)) throw new Error('booking what is due is never refused');
  for (const account of due) suanpan.ledger.forget(account);
  return booked;
}

const bookedOf = ({ head, rows }: Change): Booked => ({ account: head.account, waiting: rows.events.length });
