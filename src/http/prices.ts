// Contract prices of accounts.

import { z } from 'zod';
import type { Period } from '../core/calendar.ts';
import { isRefusal } from '../core/refusal.ts';
import { agree, listContracts } from '../operations/contracts.ts';
import { contractsCursor } from '../operations/cursors.ts';
import * as contract from './contract/contract.ts';
import { sendAsked } from './from-thread.ts';
import { pageOf } from './paging.ts';
import { command, type RouteParts, route } from './route.ts';

type Order = z.infer<typeof contract.contractOrder>;
const orderOf = (account: string, { from, pricesOf, ...terms }: Order) => ({
  ...{ account, pricesOf },
  from: from as Period,
  ...terms,
});

const unknowns = [
  'UNKNOWN_TARIFF',
  'UNKNOWN_TIER',
  'PRICED_BY_METER',
  'UNKNOWN_PRODUCT',
  'TOO_MANY_CONTRACTS',
  'UNKNOWN_BOOK',
  'BOOK_DIFFERS',
] as const;

export function registerPrices(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts/:id/contracts',
      answer: contract.agreedContract,
      access: { scope: 'manage', duty: 'prices', of: 'path' },
      refuses: [...unknowns, 'PRICES_STAND'],
      summary: 'Agree on prices for an account, from a month on',
      body: contract.contractOrder,
      once: 'required',
      statuses: [201],
    },
    async (tx, { account, body, caller }) => {
      const agreed = await agree(tx, suanpan, orderOf(account, body), caller.prefix, suanpan.clock());
      return isRefusal(agreed) ? agreed : { body: agreed, account };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/contracts',
      answer: contract.contractPage,
      access: { scope: 'read', of: 'path' },
      summary: 'Prices that an account has agreed on, the latest first',
      query: z.strictObject(pageOf(contractsCursor)),
    },
    async ({ account, query }) => {
      const { cursor: [before] = [null], limit = 50 } = query;
      const page = await listContracts(suanpan.pool, suanpan, { account, before, limit });
      return isRefusal(page) ? page : { body: page };
    },
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts/:id/contracts/preview',
      answer: contract.contractPreview,
      access: { scope: 'manage', duty: 'prices', of: 'path' },
      refuses: unknowns,
      summary: 'What the last month would have come to under a contract; nothing is agreed',
      body: contract.contractOrder,
    },
    async (input) => sendAsked(parts, input, { of: 'contract preview', order: orderOf(input.account, input.body) }),
  );
}
