// The audit: who did what, when, from where, and what was before and after.

import { z } from 'zod';
import { askedText } from '../book/names.ts';
import { formatInstant } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { instantOf } from '../core/units.ts';
import { actsCursor } from '../operations/cursors.ts';
import { listActs } from '../store/ledger/audit.ts';
import { namesOf } from '../store/ledger/people.ts';
import * as contract from './contract/contract.ts';
import { pageOf } from './paging.ts';
import { type RouteParts, route } from './route.ts';

export function registerAudit(parts: RouteParts): void {
  const { pool } = parts.suanpan;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/audit',
      answer: contract.actPage,
      access: { scope: 'read', of: 'query or all' },
      summary: 'Privileged acts, the latest first: who, when, from where, what was asked, before and after',
      query: z.strictObject({
        account: contract.accountId.optional(),
        by: askedText(100).optional(),
        operation: askedText(100).optional(),
        from: contract.time.optional().meta({ description: 'From this moment on' }),
        to: contract.time.optional().meta({ description: 'Before this moment' }),
        ...pageOf(actsCursor),
      }),
    },
    async ({ account, caller, query: { by, operation, cursor = null, limit = 50, ...span } }) => {
      const [from, to] = [span.from, span.to].map((text) => (text === undefined ? undefined : parseInstant(text)));
      const acts = await listActs(pool, { chain: account, by, operation, from, to }, cursor, limit);
      // Where its operator sits is no account's business.
      const isSeen = (actor: string) => caller.account === null || actor === caller.prefix;
      const names = await namesOf(
        pool,
        acts.map((act) => act.by),
        caller.account,
      );
      return {
        body: {
          acts: acts.map((act) => ({
            ...act,
            byName: names.get(act.by) ?? null,
            at: formatInstant('UTC', instantOf(act.at)),
            address: isSeen(act.by) ? act.address : null,
          })),
          next: actsCursor.after(acts, limit, ({ at, chain, no }) => [at, chain, no]),
        },
      };
    },
  );
}
