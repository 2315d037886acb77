// New prices of a book for all its accounts, from a month on.

import { z } from 'zod';
import { safeText } from '../book/names.ts';
import type { Period } from '../core/calendar.ts';
import { isRefusal } from '../core/refusal.ts';
import { announce, listVersions, takeBack } from '../operations/book-versions.ts';
import { accountsCursor } from '../operations/cursors.ts';
import * as contract from './contract/contract.ts';
import { sendAsked } from './from-thread.ts';
import { pageOf } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

const url = '/v1/price-books/:id/versions';
const pricing = { scope: 'manage', duty: 'prices', of: 'server' } as const;
/** Each is two bills. */
const mostAtOnce = 50;

export function registerBookVersions(parts: RouteParts): void {
  registerAnnouncing(parts);
  registerReading(parts);
}

function registerAnnouncing(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url,
      answer: contract.bookVersion,
      access: pricing,
      refuses: ['NOT_FOUND', 'UNKNOWN_BOOK', 'BOOK_DIFFERS', 'TOO_LATE'],
      summary:
        'From a month on, all accounts of a book have prices and code table of another book, which differs in nothing else',
      body: contract.newBookVersion,
      statuses: [201],
    },
    async (tx, { body, caller, params, afterwards }) => {
      const order = { book: params.id ?? '', from: body.from as Period, pricesOf: body.pricesOf };
      const announced = await announce(tx, suanpan, order, caller.prefix);
      if (isRefusal(announced)) return announced;
      afterwards(() => void suanpan.books.refresh().catch(() => {}));
      return { body: announced };
    },
  );
  command(
    parts,
    {
      method: 'DELETE',
      url,
      answer: contract.takenBack,
      access: pricing,
      refuses: ['NOT_FOUND', 'TOO_LATE'],
      summary: 'Take back new prices that have not begun',
      query: z.strictObject({ from: contract.month }),
    },
    async (tx, { params, query, afterwards }) => {
      const taken = await takeBack(tx, suanpan, { book: params.id ?? '', from: query.from as Period });
      if (isRefusal(taken)) return taken;
      afterwards(() => void suanpan.books.refresh().catch(() => {}));
      return { body: taken };
    },
  );
}

function registerReading(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url,
      answer: contract.bookVersions,
      access: { scope: 'read', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'Months from which on a book has the prices of another',
    },
    async ({ params }) => {
      const found = await listVersions(suanpan, params.id ?? '');
      return isRefusal(found) ? found : { body: found };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: `${url}/preview`,
      answer: contract.versionPreview,
      access: pricing,
      refuses: ['NOT_FOUND', 'UNKNOWN_BOOK', 'BOOK_DIFFERS', 'INVALID_AMOUNT'],
      summary: 'Whom other prices would affect, and by how much over each account’s last month; nothing is announced',
      query: z.strictObject({ pricesOf: safeText(64), ...pageOf(accountsCursor) }),
    },
    async (input) => {
      const { pricesOf, cursor: [after] = [''], limit = mostAtOnce } = input.query;
      const order = { book: input.params.id ?? '', pricesOf, after, limit: Math.min(limit, mostAtOnce) };
      return sendAsked(parts, input, { of: 'version preview', order });
    },
  );
}
