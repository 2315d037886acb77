// What accounts are told.

import { z } from 'zod';
import { readAlerts } from '../operations/alerts/list.ts';
import { alertsCursor } from '../operations/cursors.ts';
import * as contract from './contract/contract.ts';
import { pageOf } from './paging.ts';
import { type RouteParts, route } from './route.ts';

export function registerAlerts(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/alerts',
      answer: contract.alertPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'What accounts are told: packs that run low or expire, caps, arrears, bills, silence; newest first',
      query: z.strictObject({
        account: contract.accountId.optional(),
        kind: contract.alertKind.optional(),
        ...pageOf(alertsCursor),
      }),
    },
    async ({ account, query }) => {
      const { cursor: before = null, limit = 50, kind } = query;
      return { body: await readAlerts(suanpan.pool, { account, kind, before, limit }) };
    },
  );
}
