// What should be bought? No account needed.

import { isRefusal } from '../core/refusal.ts';
import type { MonthRequest, ProfileRequest } from '../plan/plan.ts';
import * as contract from './contract/contract.ts';
import { answerFromThread, sentBook } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';

export function registerPlans(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/plans',
      answer: contract.plan,
      access: 'anyone',
      refuses: [
        'UNKNOWN_BOOK',
        'UNKNOWN_METER',
        'AMBIGUOUS_METER',
        'COUNTED_BY_DAY',
        'PRICED_BY_PLACE',
        'UNKNOWN_PRODUCT',
      ],
      summary: 'The cheapest packs for a month, or for a profile of up to 24 months, with proof and alternatives',
      body: contract.planRequest,
    },
    async (input) => {
      const { book: id, ...request } = input.body;
      const book = sentBook(parts, input.caller, id);
      if (isRefusal(book)) return book;
      return answerFromThread(parts, input, { kind: 'plan', book, request: request as MonthRequest | ProfileRequest });
    },
  );
}
