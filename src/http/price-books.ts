// Price books: read by anybody, added by operators.

import { z } from 'zod';
import { hasProblems } from '../book/decode.ts';
import { shelve } from '../book/shelf.ts';
import { refuse } from '../core/refusal.ts';
import { sendAnswer, threadAnswer } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';

export function registerPriceBooks(parts: RouteParts): void {
  const { suanpan } = parts;
  route(parts, { method: 'GET', url: '/v1/price-books', access: 'public', summary: 'The price books' }, async () => ({
    body: {
      priceBooks: suanpan.books.all().map(({ book, digest, document }) => ({
        id: book.id,
        title: book.title,
        currency: book.currency,
        timeZone: book.timeZone,
        accounts: document.accounts,
        effective: document.effective,
        digest,
      })),
    },
  }));
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/price-books/:id',
      access: 'public',
      refuses: ['NOT_FOUND'],
      summary: 'One price book, whole',
    },
    async ({ params }) => {
      const shelved = suanpan.books.shelved(params.id ?? '');
      return shelved === undefined ? refuse('NOT_FOUND', { id: params.id ?? '' }) : { body: shelved.document };
    },
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/price-books',
      access: { scope: 'manage', of: 'server' },
      refuses: ['INVALID_BOOK', 'BOOK_IN_USE'],
      summary: 'Add a price book. One in use is immutable: a new version is a new document with its own id and dates',
      body: z.looseObject({ id: z.string() }),
      statuses: [201],
    },
    async (input) => {
      // Checked in a thread: whatever a document can cost, it costs nobody else. Sound, it costs little to read.
      const checked = await threadAnswer(parts, input, { kind: 'check-book', document: input.body });
      if (!('body' in checked)) return sendAnswer(input, checked);
      const shelved = shelve(input.body);
      if (hasProblems(shelved)) throw new Error('a sound price book has problems');
      const refusal = await suanpan.books.add(shelved, input.caller.prefix, suanpan.clock());
      if (refusal !== undefined) return refusal;
      return sendAnswer(input, checked, 201);
    },
  );
}
