// Price books in the database: the JSON documents as added, immutable. Another server's additions are seen by reading again.

import type { ClientBase, Pool } from 'pg';
import type { Instant } from '../../core/units.ts';

export interface BookRow {
  readonly id: string;
  readonly document: unknown;
  readonly digest: string;
  /** The id of a key, 'shipped', or null where it was not kept. */
  readonly addedBy: string | null;
}

export async function listBookRows(client: ClientBase | Pool): Promise<BookRow[]> {
  const { rows } = await client.query<BookRow>(
    'select id, document, digest, added_by as "addedBy" from price_books order by id',
  );
  return rows;
}

/** False when a book of this id is there already. */
export async function insertBook(client: ClientBase | Pool, book: BookRow, now: Instant): Promise<boolean> {
  const { rowCount } = await client.query(
    'insert into price_books (id, document, digest, added_ms, added_by) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [book.id, JSON.stringify(book.document), book.digest, now, book.addedBy],
  );
  return rowCount === 1;
}

/** Keeps books as they are until the transaction ends: none can be replaced meanwhile. */
export async function lockBooks(tx: ClientBase, ids: readonly string[]): Promise<void> {
  await tx.query('select 1 from price_books where id = any($1) order by id for key share', [ids]);
}

export async function readBookDigests(
  client: ClientBase | Pool,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ id: string; digest: string }>(
    'select id, digest from price_books where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, digest }) => [id, digest]));
}

/** False where accounts use it, or a version of a book does. In a transaction: whoever begins to use it waits, and sees what it is then. */
export async function replaceUnusedBook(tx: ClientBase, book: BookRow): Promise<boolean> {
  await tx.query('select 1 from price_books where id = $1 for update', [book.id]);
  const { rowCount } = await tx.query(
    `update price_books set document = $2, digest = $3, added_by = $4
     where id = $1 and not exists (select 1 from accounts where book_id = $1)
       and not exists (select 1 from book_versions where $1 in (book_id, prices_of))`,
    [book.id, JSON.stringify(book.document), book.digest, book.addedBy],
  );
  return rowCount === 1;
}
