// The shipped price books in the browser: the same documents, decoded by the same code.

import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import type { PriceBook } from '../../src/core/price-book.ts';

const documents = import.meta.glob<{ readonly id: string }>('../../catalog/*.json', { eager: true, import: 'default' });

const shipped = Object.entries(documents)
  .filter(([path]) => !path.endsWith('schema.json'))
  .map(([, document]) => document);

export const shippedIds: readonly string[] = shipped.map(({ id }) => id).toSorted();

const decoded = new Map<string, PriceBook>();

/** What stands for a book in a request: the id of a shipped one, or a whole document. */
export type BookChoice = string | { readonly document: unknown };

export const documentOf = (choice: BookChoice): unknown =>
  typeof choice === 'string' ? shipped.find(({ id }) => id === choice) : choice.document;

/** undefined: there is no such shipped book, or the document is none. */
export function bookOf(choice: BookChoice): PriceBook | undefined {
  const known = typeof choice === 'string' ? decoded.get(choice) : undefined;
  if (known !== undefined) return known;
  const parsed = parsePriceBook(documentOf(choice));
  if (hasProblems(parsed)) return undefined;
  if (typeof choice === 'string') decoded.set(choice, parsed.book);
  return parsed.book;
}
