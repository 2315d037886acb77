// API keys: made by operators, shown once.

import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { isRefusal, refuse } from '../core/refusal.ts';
import { createKey } from '../operations/api-keys.ts';
import { readAccount } from '../operations/read-account.ts';
import { listKeys, revokeKey } from '../store/keys.ts';
import * as contract from './contract.ts';
import { type RouteParts, route } from './route.ts';

export function registerKeys(parts: RouteParts, pepper: string): void {
  const { suanpan } = parts;
  const create = async (account: string | null, name: string) => {
    if (account !== null) {
      const known = await readAccount(suanpan.pool, suanpan, account, suanpan.clock());
      if (isRefusal(known)) return known;
    }
    const made = await createKey(suanpan.pool, { account, name }, pepper, suanpan.clock());
    return { body: { id: made.prefix, account, name, key: made.key } };
  };
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/keys',
      access: { scope: 'manage', of: 'server' },
      summary: 'Make a key for an account, or for an operator where no account is named. It is shown only here',
      body: contract.newKey,
      statuses: [201],
    },
    ({ body }) => create(body.account ?? null, body.name ?? 'key'),
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts/:id/keys',
      access: { scope: 'manage', of: 'path' },
      summary: 'Make a key for this account. It is shown only here',
      body: z.strictObject({ name: contract.newKey.shape.name }),
      statuses: [201],
    },
    ({ account, body }) => create(account, body.name ?? 'key'),
  );
  registerKnown(parts);
}

function registerKnown(parts: RouteParts): void {
  const { suanpan, keys } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/keys',
      access: { scope: 'manage', of: 'server' },
      summary: 'Keys, without their secrets',
      query: z.strictObject({ account: contract.accountId.optional() }),
    },
    async ({ query }) => {
      const rows = await listKeys(suanpan.pool, query.account ?? null);
      const written = (at: (typeof rows)[number]['createdAt'] | null) =>
        at === null ? null : formatInstant('UTC', at);
      return {
        body: {
          keys: rows.map(({ prefix, account, name, createdAt, revokedAt }) => ({
            id: prefix,
            account,
            name,
            createdAt: written(createdAt),
            revokedAt: written(revokedAt),
          })),
        },
      };
    },
  );
  route(
    parts,
    { method: 'DELETE', url: '/v1/keys/:id', access: { scope: 'manage', of: 'server' }, summary: 'Revoke a key' },
    async ({ params }) => {
      const id = params.id ?? '';
      if (!(await revokeKey(suanpan.pool, id, suanpan.clock()))) return refuse('NOT_FOUND', { id });
      keys.forget(id);
      return { body: { id, revoked: true } };
    },
  );
  route(
    parts,
    { method: 'GET', url: '/v1/me', access: { scope: 'any', of: 'key' }, summary: 'Who this key belongs to' },
    async ({ caller }) => ({
      body: {
        role: caller.account === null ? 'operator' : 'account',
        account: caller.account,
        key: caller.prefix,
        scopes: caller.scopes,
      },
    }),
  );
}
