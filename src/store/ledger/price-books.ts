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

export async function replaceUnusedBook(client: ClientBase | Pool, book: BookRow): Promise<boolean> {
  const { rowCount } = await client.query(
    `update price_books set document = $2, digest = $3, added_by = $4
     where id = $1 and not exists (select 1 from accounts where book_id = $1)`,
    [book.id, JSON.stringify(book.document), book.digest, book.addedBy],
  );
  return rowCount === 1;
}
