// What would past months have cost on other terms? Nothing is written.

import { isRefusal } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import type { OfferedBook } from '../threads/tasks.ts';
import * as contract from './contract/contract.ts';
import { answerFromThread, sentBook } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';

export function registerWhatIf(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/what-if',
      answer: contract.whatIf,
      access: { scope: 'read', of: 'body' },
      refuses: ['UNKNOWN_BOOK', 'INVALID_BOOK', 'UNKNOWN_METER', 'PRICED_BY_PLACE', 'UNKNOWN_PRODUCT', 'SIZE_NOT_SOLD'],
      summary: 'Past months under another book, other packs or with more calls, beside what was billed. Writes nothing',
      body: contract.whatIfRequest,
    },
    async (input) => {
      const { months, growth = 1, book, packs } = input.body;
      const seen = typeof book === 'string' ? sentBook(parts, input.caller, book) : undefined;
      if (isRefusal(seen)) return seen;
      const order = {
        account: input.account,
        months,
        book: offered(book),
        packs: packs?.map(({ product, size, count = 1 }) => ({ product, size: callsOf(size), count })) ?? null,
        growth: String(growth),
      };
      return answerFromThread(parts, input, { kind: 'what-if', order, now: parts.suanpan.clock() });
    },
  );
}

/** A book that the server knows by its id, or one that is not on its shelf: a contract offer. */
function offered(given: string | Readonly<Record<string, unknown>> | undefined): OfferedBook {
  if (given === undefined) return null;
  return typeof given === 'string' ? { id: given } : { document: given };
}
