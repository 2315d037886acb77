// The progress of reading a file: rows by the share of its bytes.

import type { Words } from '../../core/price-book.ts';
import type { ByteCount } from '../../usage-files/bytes.ts';
import { headingWords } from '../../words/cli/headings.ts';
import { progressBar } from '../progress.ts';

export function importProgress(bytes: Readonly<ByteCount>, say: (words: Words) => string) {
  const { show, stop } = progressBar(bytes.total, headingWords.rows, say);
  return { show: (rows: number) => show(rows, bytes.read), stop };
}
