// Price books: read by anybody, added by operators.

import { z } from 'zod';
import { hasProblems } from '../book/decode.ts';
import { lintBook } from '../book/lint.ts';
import { shelve } from '../book/shelf.ts';
import { refuse } from '../core/refusal.ts';
import { languageOf, sendProblem } from './problem.ts';
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
    { method: 'GET', url: '/v1/price-books/:id', access: 'public', summary: 'One price book, whole' },
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
      summary: 'Add a price book. One in use is immutable: a new version is a new document with its own id and dates',
      body: z.looseObject({ id: z.string() }),
      statuses: [201],
    },
    async ({ body, request, reply }) => {
      const language = languageOf(request.headers['accept-language']);
      const shelved = shelve(body);
      if (hasProblems(shelved)) {
        const [first] = shelved.problems;
        const errors = shelved.problems.map((found) => ({
          pointer: found.pointer,
          code: found.code,
          detail: found[language],
        }));
        const facts = { problem: first?.en ?? '', problemZh: first?.zh ?? '' };
        return sendProblem(request, reply, refuse('INVALID_BOOK', facts, first?.pointer), errors);
      }
      const refusal = await suanpan.books.add(shelved, suanpan.clock());
      if (refusal !== undefined) return refusal;
      const findings = lintBook(shelved.book);
      return { body: { id: shelved.book.id, digest: shelved.digest, warnings: findings } };
    },
  );
}
