// API keys: made by operators, shown once.

import type { ClientBase } from 'pg';
import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { isRefusal, refuseMissing } from '../core/refusal.ts';
import type { Scope } from '../core/scopes.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { createKey, type KeyOrder, keyText, repeatableSecret } from '../operations/api-keys.ts';
import { keysCursor } from '../operations/cursors.ts';
import { readAccount } from '../operations/read-account.ts';
import { listKeys, revokeKey } from '../store/ledger/keys.ts';
import * as contract from './contract/contract.ts';
import { keyOf } from './key-check.ts';
import { pageOf } from './paging.ts';
import { type CommandInput, command, type RouteParts, route } from './route.ts';

export function registerKeys(parts: RouteParts, pepper: string): void {
  registerMaking(parts, pepper);
  registerKnown(parts);
}

type Asked = CommandInput<unknown, unknown, string | null>;

/**
 * How keys are made. A repeat shows the same key, though no answer that holds one is stored: its secret is made of the pepper, the
 * maker's own key and the Idempotency-Key. See docs/decisions/0014.
 */
function makerOf({ suanpan }: RouteParts, pepper: string) {
  const secretOf =
    ({ request, once }: Asked) =>
    (prefix: string): string =>
      repeatableSecret(pepper, [`Bearer ${keyOf(request.headers.authorization)}`, once, prefix]);
  const make = async (client: ClientBase, input: Asked, order: Pick<KeyOrder, 'account' | 'name' | 'scopes'>) => {
    const { account, name } = order;
    const now = suanpan.clock();
    if (account !== null) {
      const known = await readAccount(client, suanpan, account, now);
      if (isRefusal(known)) return known;
    }
    const by = input.caller.prefix;
    const made = await createKey(client, { ...order, by, secretOf: secretOf(input) }, pepper, now);
    // The secret is in no answer that is stored: `complete` puts it in.
    return { body: { id: made.prefix, role: roleOf(account), account, name, scopes: made.scopes, key: '' } };
  };
  const complete = (input: Asked, body: string): string => {
    const made = JSON.parse(body) as { readonly id: string; readonly account: string | null };
    return JSON.stringify({ ...made, key: keyText(made.account, made.id, secretOf(input)(made.id)) });
  };
  return { make, complete };
}

function registerMaking(parts: RouteParts, pepper: string): void {
  const { make, complete } = makerOf(parts, pepper);
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/keys',
      links: { 'DELETE /v1/keys/:id': { id: '$response.body#/id' } },
      answer: contract.madeKey,
      access: { scope: 'manage', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'Make a key for an operator or an account. It is shown only here, and to a repeat by the same caller',
      body: contract.newKey,
      once: 'optional',
      statuses: [201],
    },
    (tx, input) => {
      const { account = null, name = 'key', scopes } = input.body;
      return make(tx, input, { account, name, ...(scopes === undefined ? {} : { scopes }) });
    },
    complete,
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts/:id/keys',
      answer: contract.madeKey,
      access: { scope: 'manage', of: 'path' },
      summary: 'Make a key for this account. It is shown only here, and to a repeat by the same caller',
      body: contract.newAccountKey,
      once: 'optional',
      statuses: [201],
    },
    (tx, input) => {
      const { name = 'key', scopes } = input.body;
      return make(tx, input, { account: input.account, name, ...(scopes === undefined ? {} : { scopes }) });
    },
    complete,
  );
}

const roleOf = (account: string | null): 'operator' | 'account' => (account === null ? 'operator' : 'account');
const written = (at: Instant | null): string | null => (at === null ? null : formatInstant('UTC', at));

function registerKnown(parts: RouteParts): void {
  const { suanpan, keys } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/keys',
      answer: contract.keyPage,
      access: { scope: 'manage', of: 'server' },
      summary: 'Keys in order of making, without their secrets: what each may do, who made it and who revoked it',
      query: z.strictObject({ account: contract.accountId.optional(), ...pageOf(keysCursor) }),
    },
    async ({ query }) => {
      const { account = null, cursor, limit = 50 } = query;
      const after = cursor === undefined ? null : { createdAt: instantOf(cursor[0]), prefix: cursor[1] };
      const rows = await listKeys(suanpan.pool, { account, after, limit });
      return {
        body: {
          keys: rows.map(({ prefix, hash: _, createdAt, revokedAt, ...row }) => ({
            id: prefix,
            role: roleOf(row.account),
            ...row,
            scopes: row.scopes as readonly Scope[],
            createdAt: written(createdAt),
            revokedAt: written(revokedAt),
          })),
          next: keysCursor.after(rows, limit, ({ createdAt, prefix }) => [createdAt, prefix]),
        },
      };
    },
  );
  route(
    parts,
    {
      method: 'DELETE',
      url: '/v1/keys/:id',
      keptFirst: true,
      answer: contract.revokedKey,
      access: { scope: 'manage', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'Revoke a key',
    },
    async ({ caller, params }) => {
      const id = params.id ?? '';
      if (!(await revokeKey(suanpan.pool, id, caller.prefix, suanpan.clock()))) return refuseMissing('key', id);
      keys.forget(id);
      return { body: { id, revoked: true as const } };
    },
  );
  registerMe(parts);
}

function registerMe(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/me',
      answer: contract.me,
      access: { scope: 'any', of: 'key' },
      summary: 'Who this key belongs to, and what it may do',
    },
    async ({ caller: { account, prefix, scopes } }) => ({
      body: { role: roleOf(account), account, key: prefix, scopes },
    }),
  );
}
