// From which month on a book's prices are another book's.

import type { ClientBase, Pool } from 'pg';
import type { Period } from '../../core/calendar.ts';
import { type Instant, instantOf } from '../../core/units.ts';

export interface BookVersionRow {
  readonly book: string;
  readonly from: Period;
  readonly pricesOf: string;
  readonly at: Instant;
  readonly by: string;
}

/** Of some books, each book's in order of month; null: of all. */
export async function readBookVersions(
  client: ClientBase | Pool,
  books: readonly string[] | null,
): Promise<BookVersionRow[]> {
  const { rows } = await client.query<{
    book_id: string;
    from_period: Period;
    prices_of: string;
    at_ms: bigint;
    done_by: string;
  }>({
    name: 'read-book-versions',
    text: `select book_id, from_period, prices_of, at_ms, done_by from book_versions
           where $1::text[] is null or book_id = any($1) order by book_id, from_period`,
    values: [books],
  });
  return rows.map((row) => ({
    book: row.book_id,
    from: row.from_period,
    pricesOf: row.prices_of,
    at: instantOf(Number(row.at_ms)),
    by: row.done_by,
  }));
}

/** In the place of the one of its month. */
export async function putBookVersion(tx: ClientBase, { book, from, pricesOf, at, by }: BookVersionRow): Promise<void> {
  await tx.query(
    `insert into book_versions (book_id, from_period, prices_of, at_ms, done_by) values ($1, $2, $3, $4, $5)
     on conflict (book_id, from_period) do update set prices_of = $3, at_ms = $4, done_by = $5`,
    [book, from, pricesOf, at, by],
  );
}

/** Whether there was one. */
export async function deleteBookVersion(tx: ClientBase, book: string, from: Period): Promise<boolean> {
  const { rowCount } = await tx.query('delete from book_versions where book_id = $1 and from_period = $2', [
    book,
    from,
  ]);
  return rowCount === 1;
}

/** Accounts of a book, in order of their ids, after one. */
export async function accountsOfBook(
  client: ClientBase | Pool,
  book: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await client.query<{ account_id: string }>(
    'select account_id from accounts where book_id = $1 and account_id > $2 order by account_id limit $3',
    [book, after, limit],
  );
  return rows.map((row) => row.account_id);
}

export async function countAccountsOfBook(client: ClientBase | Pool, book: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'select count(*)::text as count from accounts where book_id = $1',
    [book],
  );
  return Number(rows[0]?.count ?? 0);
}
