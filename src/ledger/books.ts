// The price books in use, in memory. Books are immutable once added, so a copy can never be stale.

import type { PriceBook } from '../core/price-book.ts';

export interface Books {
  find(id: string): PriceBook | undefined;
  /** Reads the books again: another server may have added one. */
  refresh(): Promise<void>;
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
