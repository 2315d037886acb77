// What a careful reader would ask the author of a price book (billing rules 2.8). Errors: the book cannot be used. Warnings:
// it can, but something in it is likely a slip or will surprise a customer. All arithmetic is exact.

import type { PriceBook } from '../core/price-book.ts';
import { hasProblems, parsePriceBook } from './decode.ts';
import type { Finding } from './finding.ts';
import { codeFindings, coverageFindings } from './lint-coverage.ts';
import { packFindings } from './lint-packs.ts';
import { tariffFindings } from './lint-tariffs.ts';

export type { Finding } from './finding.ts';

/** Findings about a decoded book, or about the parsed JSON of one; in the order of the document within each kind. */
export function lintBook(bookOrJson: PriceBook | unknown): Finding[] {
  if (isDecoded(bookOrJson)) return warnings(bookOrJson);
  const parsed = parsePriceBook(bookOrJson);
  if (hasProblems(parsed)) return parsed.problems.map((found): Finding => ({ severity: 'error', ...found }));
  return warnings(parsed.book);
}

const warnings = (book: PriceBook): Finding[] => [
  ...tariffFindings(book),
  ...packFindings(book),
  ...coverageFindings(book),
  ...codeFindings(book),
];

const isDecoded = (value: unknown): value is PriceBook =>
  typeof value === 'object' && value !== null && 'meters' in value && value.meters instanceof Map;
