// What a month would cost, with what a careful clerk would point out about it. Source: contracts, `quote`.

import { billDocument } from '../core/bill-document.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { shownBill } from '../words/shown-bill.ts';
import { plain } from './plain.ts';
import { type QuotedMonth, type QuoteRequest, quoteMonth } from './quote-month.ts';
import { packNotices } from './quote-notices.ts';

export type { PackWish, QuoteRequest, UseWish } from './quote-month.ts';

export type Quote = ReturnType<typeof quoteDocument>;

/**
 * Quotes one month. `total` and `postpaid` are null where a contract price is needed, `estimate` then stands in.
 * Refusals: UNKNOWN_METER, AMBIGUOUS_METER, DAYS_NEEDED, UNKNOWN_PRODUCT, SIZE_NOT_SOLD, INVALID_QUANTITY, INVALID_INPUT;
 * the pointer is into the request.
 */
export function quote(book: PriceBook, request: QuoteRequest): Quote | Refusal {
  const month = quoteMonth(book, request);
  return isRefusal(month) ? month : quoteDocument(book, request, month);
}

function quoteDocument(book: PriceBook, request: QuoteRequest, month: QuotedMonth) {
  const { bill } = month;
  const notices = [...bill.notices, ...packNotices(book, request, month)];
  const shown = shownBill(billDocument({ ...bill, notices }, 'draft', book), book);
  const { prepaid, postpaid, total, estimate, lines, usage, giftsUsed } = shown;
  const { id, currency } = book;
  return plain({
    book: id,
    currency,
    prepaid,
    postpaid,
    total,
    estimate,
    lines,
    usage,
    giftsUsed,
    notices: shown.notices,
  });
}
