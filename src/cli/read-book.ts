// The price book that an argument names: a shipped one by its id, or a file.

import { readFileSync } from 'node:fs';
import { decodeBook } from '../book/decode-document.ts';
import type { BookDocument } from '../book/schema.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Output } from './output.ts';

/** The book, or undefined when the command has been ended: unknown (exit code 3) or malformed (2). */
export async function bookOf(idOrFile: string, output: Output): Promise<PriceBook | undefined> {
  return shippedBook(idOrFile) ?? (await shelvedBook(idOrFile, output))?.book;
}

/** The same with its document and digest. */
export async function shelvedBook(idOrFile: string, output: Output) {
  const [{ readBook }, { hasProblems }] = await Promise.all([import('../book/shelf.ts'), import('../book/decode.ts')]);
  const reading = readBook(idOrFile);
  if (isRefusal(reading)) output.refused(reading);
  else if (hasProblems(reading)) output.malformed(idOrFile, reading.problems);
  else return reading;
  return undefined;
}

/** A shipped book without its checks: loading the schema would take longer than the quote, and the tests have checked it. */
function shippedBook(id: string): PriceBook | undefined {
  if (!/^faceid-[a-z0-9-]+$/.test(id)) return undefined;
  try {
    return decodeBook(
      JSON.parse(readFileSync(new URL(`../../catalog/${id}.json`, import.meta.url), 'utf8')) as BookDocument,
    );
  } catch {
    return undefined;
  }
}
