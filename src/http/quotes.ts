// What would it cost? No account needed, but for a book that is bound to some.

import { isRefusal } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import * as contract from './contract/contract.ts';
import { answerFromThread, sentBook } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';

export function registerQuotes(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/quotes',
      answer: contract.quote,
      access: 'anyone',
      refuses: ['UNKNOWN_BOOK', 'UNKNOWN_METER', 'AMBIGUOUS_METER', 'DAYS_NEEDED', 'UNKNOWN_PRODUCT', 'SIZE_NOT_SOLD'],
      summary: 'One month’s cost: postpaid, packs and gifts, with warnings',
      body: contract.quoteRequest,
    },
    async (input) => {
      const { book: id, use, packs = [], gifts = [] } = input.body;
      const book = sentBook(parts, input.caller, id);
      if (isRefusal(book)) return book;
      const request = {
        use: use.map(({ of, calls, days }) => ({ of, calls: callsOf(calls), ...(days === undefined ? {} : { days }) })),
        packs: packs.map(({ product, size, count = 1 }) => ({ product, size: callsOf(size), count })),
        gifts: gifts.map(({ product, calls }) => ({ product, calls: callsOf(calls) })),
      };
      return answerFromThread(parts, input, { kind: 'quote', book, request });
    },
  );
}
