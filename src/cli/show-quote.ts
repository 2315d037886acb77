// A quote as people read it.

import type { PriceBook } from '../core/price-book.ts';
import type { Quote } from '../scenario/quote.ts';
import type { Output } from './output.ts';
import { showLines, showTotals } from './show-lines.ts';

export async function showQuote(quoted: Quote, book: PriceBook, output: Output): Promise<void> {
  const { bold, yellow } = output.colors;
  output.print(`${bold(output.say(book.title))}  ${book.id}  ${book.currency}`);
  await showLines(quoted, book, output);
  showTotals(quoted, output);
  for (const notice of quoted.notices) output.print(`${yellow('!')} ${output.say(notice)}`);
}
