// Price books: read by anybody, added by operators.

import { hasProblems } from '../book/decode.ts';
import { shelve } from '../book/shelf.ts';
import { refuseMissing } from '../core/refusal.ts';
import type { Caller } from './caller.ts';
import * as contract from './contract/contract.ts';
import { booksFor, sendAnswer, threadAnswer } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';

const isOperator = ({ account, prefix }: Caller): boolean => account === null && prefix !== '';

export function registerPriceBooks(parts: RouteParts): void {
  const { suanpan } = parts;
  const listed = {
    method: 'GET',
    url: '/v1/price-books',
    answer: contract.priceBooks,
    access: 'anyone',
    summary: 'The price books: the public ones, and those bound to accounts for whoever has them',
  } as const;
  route(parts, listed, async ({ caller }) => ({
    body: {
      priceBooks: booksFor(parts, caller).map((shelved) => ({
        id: shelved.book.id,
        title: shelved.book.title,
        currency: shelved.book.currency,
        timeZone: shelved.book.timeZone,
        accounts: shelved.document.accounts,
        effective: shelved.document.effective,
        digest: shelved.digest,
        public: suanpan.books.isPublic(shelved),
        ...(isOperator(caller) ? { addedBy: suanpan.books.addedBy(shelved.book.id) } : {}),
      })),
    },
  }));
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/price-books/:id',
      answer: contract.priceBook,
      access: 'anyone',
      refuses: ['NOT_FOUND'],
      summary: 'One price book, whole',
    },
    async ({ caller, params: { id = '' } }) => {
      const shelved = booksFor(parts, caller).find(({ book }) => book.id === id);
      return shelved === undefined ? refuseMissing('price book', id) : { body: shelved.document };
    },
  );
  registerAdding(parts);
}

function registerAdding(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/price-books',
      keptFirst: true,
      answer: contract.addedBook,
      access: { scope: 'manage', duty: 'prices', of: 'server' },
      refuses: ['INVALID_BOOK', 'BOOK_IN_USE'],
      summary: 'Add a price book. One in use is immutable: a new version is a new document with its own id and dates',
      body: contract.newBook,
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
