// For gateways: whose a flow is, and the provider's own list of attempts against the ledger. For the operator: what came of it.

import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { isRefusal } from '../core/refusal.ts';
import { findingsCursor, sweepsCursor } from '../operations/cursors.ts';
import { findingsOf } from '../operations/findings.ts';
import { rememberToken, sweepPage, takeSweep } from '../operations/sweeps.ts';
import { listSweeps, type Sweep } from '../store/ledger/sweeps.ts';
import * as contract from './contract/contract.ts';
import { pageOf } from './paging.ts';
import { type RouteParts, route } from './route.ts';

const forGateways = { scope: 'meter', of: 'server' } as const;

const documentOf = ({ begun, ended, ...sweep }: Sweep) => ({
  ...sweep,
  begun: formatInstant('UTC', begun),
  ended: ended === null ? null : formatInstant('UTC', ended),
});

export function registerSweeps(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/flow-tokens',
      answer: contract.keptToken,
      access: forGateways,
      refuses: ['NOT_FOUND', 'TOKEN_OF_ANOTHER'],
      summary: 'Which account a flow at the provider was begun for. For gateways; the same again is no news',
      body: contract.flowToken,
    },
    async ({ body: { channel = null, library = null, ...flow } }) => {
      const kept = await rememberToken(suanpan, { ...flow, channel, library });
      return isRefusal(kept) ? kept : { body: { token: kept.token, account: kept.account } };
    },
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/sweeps',
      answer: contract.sweepOrNone,
      access: forGateways,
      summary: 'Begin a day of the provider’s list, or go on with it: the one named, or the first that is due',
      body: contract.sweepWish,
    },
    async ({ body }) => {
      const sweep = await takeSweep(suanpan, body);
      return { body: { sweep: sweep === null ? null : documentOf(sweep) } };
    },
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/sweeps/:id/pages',
      answer: contract.sweptDay,
      access: forGateways,
      refuses: ['NOT_FOUND', 'SWEEP_MOVED'],
      summary: 'One page of the provider’s list of a day: what the ledger does not have is metered; turns to the next',
      body: contract.listPage,
    },
    async ({ params: { id: day = '' }, body }) => {
      const attempts = body.attempts.map(({ time, ...each }) => ({
        ...each,
        at: time === null ? null : (parseInstant(time) ?? null),
      }));
      const swept = await sweepPage(suanpan, { day, ...body, attempts });
      return isRefusal(swept) ? swept : { body: documentOf(swept) };
    },
  );
  registerLooking(parts);
}

function registerLooking(parts: RouteParts): void {
  const { pool } = parts.suanpan;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/sweeps',
      answer: contract.sweepPage,
      access: { scope: 'read', of: 'server' },
      summary: 'Days of the provider’s list that gateways have read, the latest first',
      query: z.strictObject(pageOf(sweepsCursor)),
    },
    async ({ query: { cursor: [before] = [null], limit = 50 } }) => {
      const sweeps = await listSweeps(pool, before, limit);
      return { body: { sweeps: sweeps.map(documentOf), next: sweepsCursor.after(sweeps, limit, ({ day }) => [day]) } };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/sweeps/:id/findings',
      answer: contract.findingPage,
      access: { scope: 'read', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'Attempts of a day of the provider’s list that could not be matched with the ledger',
      query: z.strictObject({ why: contract.findingWhy.optional(), ...pageOf(findingsCursor) }),
    },
    async ({ params: { id: day = '' }, query: { why = null, cursor: after = null, limit = 50 } }) => {
      const found = await findingsOf(parts.suanpan, { day, why, after, limit });
      if (isRefusal(found)) return found;
      const findings = found.findings.map(({ at, ...finding }) => ({
        ...finding,
        time: at === 0 ? null : formatInstant('UTC', at),
      }));
      const next = findingsCursor.after(found.findings, limit, ({ token, attempt, at }) => [token, attempt, at]);
      return { body: { day, sweep: documentOf(found.sweep), whys: found.whys, findings, next } };
    },
  );
}
