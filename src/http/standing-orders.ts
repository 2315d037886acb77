// Standing orders of an account.

import { z } from 'zod';
import { safeText } from '../book/names.ts';
import { isRefusal } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import { amountFor } from '../operations/read-account.ts';
import { listStandingOrders, removeStandingOrder, setStandingOrder } from '../operations/standing-orders.ts';
import * as contract from './contract/contract.ts';
import { command, type RouteParts, route } from './route.ts';

const url = '/v1/accounts/:id/standing-orders';

export function registerStandingOrders(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url,
      answer: contract.standingOrders,
      access: { scope: 'read', of: 'path' },
      summary: 'What an account buys by itself when its packs run low or end',
    },
    async ({ account }) => {
      const found = await listStandingOrders(suanpan.pool, suanpan, account);
      return isRefusal(found) ? found : { body: found };
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url,
      answer: contract.shownStandingOrder,
      access: { scope: 'buy', of: 'path' },
      refuses: ['UNKNOWN_PRODUCT', 'UNKNOWN_METER', 'TOO_MANY_STANDING_ORDERS'],
      summary: 'Set a standing order, in place of the one of its name',
      body: contract.standingOrder,
    },
    async (tx, { account, body, caller }) => {
      const { below, daysBefore = null, buy, mostMoney, ...rest } = body;
      const { size, count = 1, product } = buy;
      const most = await amountFor(tx, suanpan, account, mostMoney, '/mostMoney');
      if (isRefusal(most)) return most;
      const order = {
        ...rest,
        below: below === undefined ? null : 'calls' in below ? { calls: callsOf(below.calls) } : below,
        daysBefore,
        buy: { product, size: size === 'advised' ? size : callsOf(size), count },
        mostMoney: most,
      };
      const set = await setStandingOrder(tx, suanpan, { account, order }, caller.prefix, suanpan.clock());
      return isRefusal(set) ? set : { body: set, account };
    },
  );
  command(
    parts,
    {
      method: 'DELETE',
      url,
      answer: contract.removedStandingOrder,
      access: { scope: 'buy', of: 'path' },
      summary: 'Remove a standing order',
      query: z.strictObject({ name: safeText(64) }),
    },
    async (tx, { account, query }) => {
      const removed = await removeStandingOrder(tx, suanpan, { account, name: query.name }, suanpan.clock());
      return isRefusal(removed) ? removed : { body: removed, account };
    },
  );
}
