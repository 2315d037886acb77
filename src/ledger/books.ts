// The price books in use, in memory. A book is immutable once added; which book's prices it has from a month on may be news: whoever
// prices something asks the database (operations/change.ts).

import type { ClientBase, Pool } from 'pg';
import type { PriceBook } from '../core/price-book.ts';

export interface Books {
  find(id: string): PriceBook | undefined;
  /** Reads the books again: another server may have added one. */
  refresh(client?: ClientBase | Pool): Promise<void>;
}

/** The book that an account uses. It is in the database by foreign key, so one reading again finds it. */
export async function bookOf(books: Books, id: string): Promise<PriceBook> {
  const known = books.find(id);
  if (known !== undefined) return known;
  await books.refresh();
  const book = books.find(id);
  if (book === undefined) throw new Error(`price book ${id} is in use but cannot be read`);
  return book;
}
