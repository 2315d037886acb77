// A price book's JSON → the core's exact form, or every problem with its place. Checking comes first and is complete, so
// that decoding cannot fail.

import type { PriceBook } from '../core/price-book.ts';
import { type Problem, schemaProblems } from './book-problem.ts';
import { bookProblems } from './check.ts';
import { textProblems } from './check-texts.ts';
import { decodeBook } from './decode-document.ts';
import { type BookDocument, bookSchema } from './schema.ts';

export interface ParsedBook {
  readonly book: PriceBook;
  readonly document: BookDocument;
}

export interface BookProblems {
  readonly problems: readonly Problem[];
}

/** Reads a price book from its parsed JSON. Structural problems hide those between fields: the latter need a sound document. */
export function parsePriceBook(json: unknown): ParsedBook | BookProblems {
  const parsed = parseKeptBook(json);
  if (hasProblems(parsed)) return parsed;
  const problems = textProblems(parsed.document);
  return problems.length > 0 ? { problems } : parsed;
}

/** A book that was let in before: what its titles may hold may have been told later, and its bills go on. */
export function parseKeptBook(json: unknown): ParsedBook | BookProblems {
  const parsed = bookSchema.safeParse(json, { reportInput: true });
  if (!parsed.success) return { problems: schemaProblems(parsed.error) };
  const problems = bookProblems(parsed.data);
  return problems.length > 0 ? { problems } : { book: decodeBook(parsed.data), document: parsed.data };
}

export const hasProblems = (result: object): result is BookProblems => 'problems' in result;
