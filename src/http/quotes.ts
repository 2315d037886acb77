// What would it cost? No account needed.

import { isRefusal, refuse } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import { quote } from '../scenario/quote.ts';
import * as contract from './contract.ts';
import { type RouteParts, route } from './route.ts';

export function registerQuotes(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/quotes',
      access: 'public',
      refuses: ['UNKNOWN_BOOK', 'UNKNOWN_METER', 'AMBIGUOUS_METER', 'UNKNOWN_PRODUCT', 'SIZE_NOT_SOLD'],
      summary: 'One month’s cost: postpaid, packs and gifts, with warnings',
      body: contract.quoteRequest,
    },
    async ({ body }) => {
      const book = parts.suanpan.books.find(body.book);
      if (book === undefined) {
        const known = parts.suanpan.books
          .all()
          .map(({ book: other }) => other.id)
          .join(', ');
        return refuse('UNKNOWN_BOOK', { book: body.book, known }, '/book');
      }
      const quoted = quote(book, {
        use: body.use.map(({ of, calls }) => ({ of, calls: callsOf(calls) })),
        packs: (body.packs ?? []).map(({ product, size, count = 1 }) => ({ product, size: callsOf(size), count })),
        gifts: (body.gifts ?? []).map(({ product, calls }) => ({ product, calls: callsOf(calls) })),
      });
      return isRefusal(quoted) ? quoted : { body: quoted };
    },
  );
}
