// Caps of an account.

import { z } from 'zod';
import { safeText } from '../book/names.ts';
import { isRefusal } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import { listCaps, removeCap, setCap } from '../operations/caps.ts';
import * as contract from './contract/contract.ts';
import { command, type RouteParts, route } from './route.ts';

const url = '/v1/accounts/:id/caps';

export function registerCaps(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url,
      answer: contract.capList,
      access: { scope: 'read', of: 'path' },
      summary: 'Caps of an account by day and month, and what of each is used',
    },
    async ({ account }) => {
      const found = await listCaps(suanpan.pool, suanpan, account, suanpan.clock());
      return isRefusal(found) ? found : { body: found };
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url,
      answer: contract.cap,
      access: { scope: 'manage', duty: 'accounts', of: 'path' },
      refuses: ['UNKNOWN_METER', 'TOO_MANY_CAPS'],
      summary: 'Set a cap, in place of the one of its name. Authorisation refuses beyond it; events are counted',
      body: contract.newCap,
    },
    async (tx, { account, body, caller, was }) => {
      const { most, department = null, meter = null, key = null, ...rest } = body;
      const wish = { ...rest, most: callsOf(most), department, meter, key };
      const set = await setCap(tx, suanpan, { account, wish }, caller.prefix, suanpan.clock());
      if (isRefusal(set)) return set;
      was(set.before);
      return { body: set.after, account };
    },
  );
  command(
    parts,
    {
      method: 'DELETE',
      url,
      answer: contract.removedCap,
      access: { scope: 'manage', duty: 'accounts', of: 'path' },
      summary: 'Remove a cap',
      query: z.strictObject({ name: safeText(64) }),
    },
    async (tx, { account, query }) => {
      const removed = await removeCap(tx, suanpan, { account, name: query.name }, suanpan.clock());
      return isRefusal(removed) ? removed : { body: removed, account };
    },
  );
}
