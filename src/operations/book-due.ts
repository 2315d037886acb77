// What time has brought to accounts that nobody touches: packs whose last calls can come no more, holds that have run out. Any command
// on the account would book them first; this does it for those that no command reaches.

import { bookForfeits } from '../account/forfeits.ts';
import { timeOf } from '../account/head.ts';
import { isRefusal } from '../core/refusal.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { listAccountRows } from '../store/ledger/accounts.ts';
import { readHeads } from '../store/ledger/heads.ts';
import type { JobResult } from '../store/ledger/jobs.ts';
import { accountBooks, changeAll } from './change.ts';
import { isolated } from './isolate.ts';
import type { Suanpan } from './suanpan.ts';

const sliceSize = 500;

/** Books what is due of all accounts. `done` counts accounts that something was booked for. */
export async function bookDue(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  let [done, failed] = [0, 0];
  for (let after = ''; !stop.aborted; ) {
    const rows = await listAccountRows(suanpan.pool, after, sliceSize);
    if (rows.length === 0) break;
    after = rows.at(-1)?.id ?? '';
    const outcome = await isolated(
      rows.map(({ id }) => id),
      (accounts) => bookSlice(suanpan, accounts),
    );
    done += outcome.done.length;
    failed += outcome.failures.length;
  }
  return { done, waiting: 0, failed };
}

/** Looks without a lock, and locks those alone that have something due. */
async function bookSlice(suanpan: Suanpan, accounts: readonly string[]): Promise<string[]> {
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
    changeAll(tx, suanpan, due, suanpan.clock(), async (changes) => ({ result: { accounts: due }, changed: changes })),
  );
  if (isRefusal(booked)) throw new Error('booking what is due is never refused');
  for (const account of due) suanpan.ledger.forget(account);
  return booked.accounts;
}
