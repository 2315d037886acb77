// Held events in bulk.

import { z } from 'zod';
import { isRefusal } from '../core/refusal.ts';
import { heldCursor } from '../operations/cursors.ts';
import { countHeldByCode, decideAllHeld, listHeld } from '../operations/reviews.ts';
import { refusalWords } from '../words/refusals.ts';
import * as contract from './contract/contract.ts';
import { pageOf } from './paging.ts';
import { languageOf } from './problem.ts';
import { type RouteParts, route } from './route.ts';

export function registerReviews(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/reviews',
      answer: contract.heldPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'Events that wait for review, in order of account and arrival',
      query: z.strictObject({ account: contract.accountId.optional(), ...contract.heldFilter, ...pageOf(heldCursor) }),
    },
    async ({ account, query }) => {
      const { cursor: after = ['', 0] as const, limit = 50, account: _, ...filter } = query;
      return { body: await listHeld(suanpan, { account, ...filter, after, limit }) };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/reviews/codes',
      answer: contract.heldCodes,
      access: { scope: 'read', of: 'query or all' },
      summary: 'How many events wait for review, by action and result code',
      query: z.strictObject({ account: contract.accountId.optional(), ...contract.heldFilter }),
    },
    async ({ account, query: { account: _, ...filter } }) => ({
      body: await countHeldByCode(suanpan.pool, { account, ...filter }),
    }),
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/reviews',
      keptFirst: true,
      answer: contract.bulkDecided,
      access: { scope: 'manage', duty: 'support', of: 'body or all' },
      summary: 'Decide all events that wait for the same, at most 1,000 at once; again goes on with the rest',
      body: contract.bulkDecision,
    },
    async ({ account, body: { account: _, charge, ...filter }, caller, request }) => {
      const outcome = await decideAllHeld(suanpan, { account, ...filter, charge, by: caller.prefix });
      if (isRefusal(outcome)) return outcome;
      const language = languageOf(request.headers['accept-language']);
      const refused = outcome.notDecided.map(({ refusal, ...event }) => ({
        ...event,
        code: refusal.refused,
        detail: refusalWords(refusal)[language],
      }));
      const { decided, more } = outcome;
      return { body: { decided, refused, more } };
    },
  );
}
