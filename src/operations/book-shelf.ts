// The price books that accounts use: in the database, with a decoded copy in memory. Shipped books are put there at the start.

import type { ClientBase, Pool } from 'pg';
import { hasProblems, parseKeptBook } from '../book/decode.ts';
import { loadCatalog, type ShelvedBook, shelve } from '../book/shelf.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import type { Books } from '../ledger/books.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { type BookVersionRow, readBookVersions } from '../store/ledger/book-versions.ts';
import { addMeters, type MeterNumbers } from '../store/ledger/meters.ts';
import {
  insertBook,
  listBookRows,
  lockBooks,
  readBookDigests,
  replaceUnusedBook,
} from '../store/ledger/price-books.ts';

export class BookShelf implements Books {
  readonly #pool: Pool;
  readonly #meters: MeterNumbers;
  #books = new Map<string, ShelvedBook>();
  #addedBy = new Map<string, string | null>();
  /** As accounts have them: with the months from which on their prices are another book's. */
  #inUse = new Map<string, PriceBook>();

  constructor(pool: Pool, meters: MeterNumbers) {
    this.#pool = pool;
    this.#meters = meters;
  }

  find(id: string): PriceBook | undefined {
    return this.#inUse.get(id);
  }

  /** All books, in order of id. */
  all(): readonly ShelvedBook[] {
    return [...this.#books.values()];
  }

  shelved(id: string): ShelvedBook | undefined {
    return this.#books.get(id);
  }

  /**
   * Anybody may see a shipped book, and one that says which accounts get it by the day they were opened. Any other is an agreement with
   * the accounts that it is given to.
   */
  isPublic({ book, document }: ShelvedBook): boolean {
    return document.accounts !== null || loadCatalog().has(book.id);
  }

  /** Who added it: the id of a key, or 'shipped'; null where that was not kept. */
  addedBy(id: string): string | null {
    return this.#addedBy.get(id) ?? null;
  }

  /** Puts the shipped books into the database where they are not there yet, and reads all. */
  async stock(now: Instant): Promise<void> {
    for (const shipped of loadCatalog().values()) {
      const refused = await this.add(shipped, 'shipped', now);
      if (refused === undefined || refused.refused === 'BOOK_IN_USE') continue;
      throw new Error(`shipped book ${shipped.book.id}: ${refused.refused}`);
    }
    await this.refresh();
  }

  /** Reads the books again: another server may have added one. Whoever has a connection reads by it: there may be no other. */
  async refresh(client: ClientBase | Pool = this.#pool): Promise<void> {
    const rows = await listBookRows(client);
    await this.#meters.read(client);
    const books = new Map<string, ShelvedBook>();
    for (const row of rows) {
      const known = this.#books.get(row.id);
      const shelved = known?.digest === row.digest ? known : shelve(row.document, parseKeptBook);
      if (hasProblems(shelved)) throw new Error(`stored price book ${row.id}: ${JSON.stringify(shelved.problems)}`);
      books.set(row.id, shelved);
    }
    this.#books = books;
    this.#inUse = withVersions(books, await readBookVersions(client, null));
    this.#addedBy = new Map(rows.map(({ id, addedBy }) => [id, addedBy]));
  }

  /** Reads the shelf again where these books are others by now. */
  async catchUp(client: ClientBase | Pool, ids: readonly string[]): Promise<void> {
    const stored = await readBookDigests(client, ids);
    if ([...stored].some(([id, digest]) => this.#books.get(id)?.digest !== digest)) await this.refresh(client);
  }

  /** Books as they are now, and stay for the rest of a transaction that begins to use them. */
  async hold(tx: ClientBase, ids: readonly string[]): Promise<void> {
    await lockBooks(tx, ids);
    await this.catchUp(tx, ids);
  }

  /**
   * Adds a book. The same document again changes nothing; another one under the id of a book that accounts or versions use is refused
   * with BOOK_IN_USE: a new version is a new document with its own id and dates.
   */
  async add(shelved: ShelvedBook, by: string, now: Instant): Promise<Refusal | undefined> {
    const row = { id: shelved.book.id, document: shelved.document, digest: shelved.digest, addedBy: by };
    await addMeters(this.#pool, [...shelved.book.meters.keys()]);
    if (!(await insertBook(this.#pool, row, now))) {
      const stored = (await listBookRows(this.#pool)).find((other) => other.id === row.id);
      const replaced =
        stored?.digest === row.digest || (await inTransaction(this.#pool, (tx) => replaceUnusedBook(tx, row)));
      if (isRefusal(replaced)) return replaced;
      if (!replaced) {
        return refuse('BOOK_IN_USE', { book: row.id }, '/id');
      }
    }
    await this.refresh();
    return undefined;
  }
}

function withVersions(
  books: ReadonlyMap<string, ShelvedBook>,
  rows: readonly BookVersionRow[],
): Map<string, PriceBook> {
  const versions = Map.groupBy(rows, ({ book }) => book);
  return new Map(
    [...books].map(([id, { book }]) => {
      const own = (versions.get(id) ?? []).flatMap(({ from, pricesOf }) => {
        const priced = books.get(pricesOf)?.book;
        return priced === undefined ? [] : [{ from, book: priced }];
      });
      return [id, own.length === 0 ? book : { ...book, versions: own }];
    }),
  );
}
