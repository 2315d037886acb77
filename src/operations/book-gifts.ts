// Gifts that a price book gives: at the opening of an account, and each month by a job, a month ahead.

import type { ClientBase } from 'pg';
import { dueGifts, giftMonths, giveBookGift, hasMonthly } from '../account/book-gifts.ts';
import { nextPeriod, periodOf } from '../core/calendar.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { accountsWithoutGifts, findAccount, noteGifts } from '../store/ledger/accounts.ts';
import type { JobResult } from '../store/ledger/jobs.ts';
import { takenPackIds } from '../store/ledger/packs.ts';
import { change, type Parts } from './change.ts';
import { isolated } from './isolate.ts';
import type { Suanpan } from './suanpan.ts';

const sliceSize = 200;
/** The zone that is furthest ahead has the next month so much earlier. */
const furthestAhead = 14 * 3_600_000;

/** Gives an account what its book gives, each gift once. The number of gifts; refusal: NOT_FOUND. */
export const giveGiftsOfBook = (
  tx: ClientBase,
  parts: Parts,
  { account, isNew }: { readonly account: string; readonly isNew: boolean },
  clock: Instant,
): Promise<number | Refusal> =>
  change(tx, parts, account, clock, async ({ head, book, now, rows }) => {
    const opened = (await findAccount(tx, account))?.createdAt ?? now;
    const months = giftMonths(head, book, opened, now);
    const due = dueGifts(head, book, { months, isNew, opened });
    const ids = due.map(({ id }) => id);
    const taken = new Set(await takenPackIds(tx, account, ids));
    let given = 0;
    for (const each of due) {
      if (taken.has(each.id)) continue;
      const { seq, pack } = giveBookGift(head, book, each, now);
      rows.packs.push({ account, seq, pack });
      given += 1;
    }
    const last = months.at(-1);
    if (last !== undefined && hasMonthly(book)) await noteGifts(tx, account, last);
    return given;
  });

/** Gives every account of a book with monthly gifts those of this month and the next. `done` counts gifts. */
export async function giveMonthlyGifts(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  await suanpan.books.refresh();
  const books = suanpan.books.all().filter(({ book }) => hasMonthly(book));
  const result = { done: 0, waiting: 0, failed: 0 };
  if (books.length === 0) return result;
  const now = suanpan.clock();
  const ahead = nextPeriod(periodOf('UTC', instantOf(now + furthestAhead)), 1);
  const ids = books.map(({ book }) => book.id);
  for (let after = ''; !stop.aborted; ) {
    const accounts = await accountsWithoutGifts(suanpan.pool, { books: ids, through: ahead, after, limit: sliceSize });
    if (accounts.length === 0) break;
    after = accounts.at(-1) ?? '';
    const { done, failures } = await isolated(accounts, (some) => giveSome(suanpan, some));
    for (const given of done) result.done += given;
    result.failed += failures.length;
  }
  return result;
}

/** One transaction an account: what is given is there whatever becomes of the next. */
async function giveSome(suanpan: Suanpan, accounts: readonly string[]): Promise<number[]> {
  const given: number[] = [];
  for (const account of accounts) {
    const order = { account, isNew: false };
    const count = await inTransaction(suanpan.pool, (tx) => giveGiftsOfBook(tx, suanpan, order, suanpan.clock()));
    if (!isRefusal(count)) given.push(count);
    suanpan.ledger.forget(account);
  }
  return given;
}
