// API keys: made by operators, shown once.

import type { ClientBase } from 'pg';
import { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { isRefusal, refuseMissing } from '../core/refusal.ts';
import type { Scope } from '../core/scopes.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { createKey, type KeyOrder, keyText, repeatableSecret, rotateKey } from '../operations/api-keys.ts';
import { keysCursor } from '../operations/cursors.ts';
import { readAccount } from '../operations/read-account.ts';
import { forgetPortalTokens, listKeys, revokeKey } from '../store/ledger/keys.ts';
import { httpWords } from '../words/http.ts';
import { invalid } from '../words/invalid.ts';
import * as contract from './contract/contract.ts';
import { secretBasis } from './key-check.ts';
import { pageOf } from './paging.ts';
import { type CommandInput, command, type RouteParts, route } from './route.ts';
import { signedIn } from './sessions.ts';

export function registerKeys(parts: RouteParts, pepper: string): void {
  registerMaking(parts, pepper);
  registerRotation(parts, pepper);
  registerPortal(parts, pepper);
  registerKnown(parts);
}

/** Of all accounts, or of one by its own people with that duty. */
const managing = { scope: 'manage', duty: 'keys', owners: true } as const;

type Asked = CommandInput<unknown, unknown, string | null>;

/**
 * How keys are made. A repeat shows the same key, though no answer that holds one is stored: its secret is made of the pepper, the
 * maker's own key and the Idempotency-Key. See docs/decisions/0014.
 */
function makerOf({ suanpan }: RouteParts, pepper: string) {
  const secretOf =
    ({ request, caller, once }: Asked) =>
    (prefix: string): string =>
      repeatableSecret(pepper, [secretBasis(request, caller), once, prefix]);
  const make = async (
    client: ClientBase,
    input: Asked,
    order: Pick<KeyOrder, 'account' | 'name' | 'scopes'>,
    expires?: string,
  ) => {
    const { account, name } = order;
    const now = suanpan.clock();
    const expiresAt = expires === undefined ? null : (parseInstant(expires) ?? null);
    if (expiresAt !== null && expiresAt <= now) return invalid('/expires', httpWords.mustLieAhead);
    if (account !== null) {
      const known = await readAccount(client, suanpan, account, now);
      if (isRefusal(known)) return known;
    }
    const by = input.caller.prefix;
    const made = await createKey(client, { ...order, by, expiresAt, secretOf: secretOf(input) }, pepper, now);
    // The secret is in no answer that is stored: `complete` puts it in.
    const role = roleOf(account);
    const body = { id: made.prefix, role, account, name, scopes: made.scopes, expiresAt: written(expiresAt), key: '' };
    return { body, ...(account === null ? {} : { account }) };
  };
  const complete = (input: Asked, body: string): string => {
    const made = JSON.parse(body) as { readonly id: string; readonly account: string | null };
    return JSON.stringify({ ...made, key: keyText(made.account, made.id, secretOf(input)(made.id)) });
  };
  return { make, complete, secretOf };
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
      access: { scope: 'manage', duty: 'keys', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'Make a key for an operator or an account. It is shown only here, and to a repeat by the same caller',
      body: contract.newKey,
      once: 'optional',
      statuses: [201],
    },
    (tx, input) => {
      const { account = null, name = 'key', scopes, expires } = input.body;
      return make(tx, input, { account, name, ...(scopes === undefined ? {} : { scopes }) }, expires);
    },
    complete,
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts/:id/keys',
      answer: contract.madeKey,
      access: { ...managing, of: 'path' },
      summary: 'Make a key for this account. It is shown only here, and to a repeat by the same caller',
      body: contract.newAccountKey,
      once: 'optional',
      statuses: [201],
    },
    (tx, input) => {
      const { name = 'key', scopes, expires } = input.body;
      const order = { account: input.account, name, ...(scopes === undefined ? {} : { scopes }) };
      return make(tx, input, order, expires);
    },
    complete,
  );
}

const [minute, hour] = [60_000, 3_600_000];
/** Nobody asks for a token that expired so long ago. */
const forgottenAfter = 30 * 24 * hour;

/** What whoever acts for an account hands on to a browser for a while: it reads that account and does nothing else. */
function registerPortal(parts: RouteParts, pepper: string): void {
  const { suanpan } = parts;
  const { complete, secretOf } = makerOf(parts, pepper);
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/portal-tokens',
      answer: contract.portalToken,
      // Not for `read`: a token would make the next, and never end.
      access: { scope: 'buy', of: 'body' },
      refuses: ['NOT_FOUND'],
      summary: 'A key for a browser: it reads one account for minutes, and does nothing else. It is shown only here',
      body: contract.newPortalToken,
      once: 'optional',
      statuses: [201],
    },
    async (tx, input) => {
      const { account, body, caller } = input;
      const now = suanpan.clock();
      const known = await readAccount(tx, suanpan, account, now);
      if (isRefusal(known)) return known;
      await forgetPortalTokens(tx, account, instantOf(now - forgottenAfter));
      const expiresAt = instantOf(now + (body.minutes ?? 60) * minute);
      const order = { account, name: 'portal', scopes: ['read'] as const, by: caller.prefix, expiresAt, portal: true };
      const made = await createKey(tx, { ...order, secretOf: secretOf(input) }, pepper, now);
      return { body: { id: made.prefix, account, expiresAt: formatInstant('UTC', expiresAt), key: '' }, account };
    },
    complete,
  );
}

function registerRotation(parts: RouteParts, pepper: string): void {
  const { suanpan, keys } = parts;
  const { complete, secretOf } = makerOf(parts, pepper);
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/keys/:id/rotate',
      answer: contract.rotatedKey,
      access: { ...managing, of: 'key of' },
      refuses: ['NOT_FOUND'],
      summary: 'A new key in place of this one, which goes on for a while. The new one is shown only here',
      body: contract.keyRotation,
      once: 'optional',
      statuses: [201],
    },
    async (tx, input) => {
      const { overlapHours = 24 } = input.body;
      const prefix = input.params.id ?? '';
      const whose = input.caller.account;
      const order = { prefix, whose, by: input.caller.prefix, overlap: overlapHours * hour, secretOf: secretOf(input) };
      const rotated = await rotateKey(tx, order, pepper, suanpan.clock());
      if (isRefusal(rotated)) return rotated;
      input.afterwards(() => keys.forget(prefix));
      const { made, former, formerUntil } = rotated;
      const { account, name } = former;
      const own = { id: made.prefix, role: roleOf(account), account, name, scopes: made.scopes };
      const body = { ...own, key: '', formerUntil: formatInstant('UTC', formerUntil) };
      return { body, ...(account === null ? {} : { account }) };
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
      access: { ...managing, of: 'query or all' },
      summary: 'Keys in order of making, without their secrets: what each may do, who made it and who revoked it',
      query: z.strictObject({ account: contract.accountId.optional(), ...pageOf(keysCursor) }),
    },
    async ({ account, query }) => {
      const { cursor, limit = 50 } = query;
      const after = cursor === undefined ? null : { createdAt: instantOf(cursor[0]), prefix: cursor[1] };
      const rows = await listKeys(suanpan.pool, { account, after, limit });
      return {
        body: {
          keys: rows.map(
            ({ prefix, hash: _, portal: __, root: ___, createdAt, revokedAt, expiresAt, usedAt, ...row }) => ({
              id: prefix,
              role: roleOf(row.account),
              ...row,
              scopes: row.scopes as readonly Scope[],
              createdAt: written(createdAt),
              revokedAt: written(revokedAt),
              expiresAt: written(expiresAt),
              lastUsedAt: written(usedAt),
            }),
          ),
          next: keysCursor.after(rows, limit, ({ createdAt, prefix }) => [createdAt, prefix]),
        },
      };
    },
  );
  command(
    parts,
    {
      method: 'DELETE',
      url: '/v1/keys/:id',
      answer: contract.revokedKey,
      access: { ...managing, of: 'key of' },
      refuses: ['NOT_FOUND'],
      summary: 'Revoke a key',
    },
    async (tx, { caller, params, was, afterwards }) => {
      const id = params.id ?? '';
      const account = await revokeKey(tx, { prefix: id, whose: caller.account }, caller.prefix, suanpan.clock());
      if (account === undefined) return refuseMissing('key', id);
      was({ id, role: roleOf(account), account });
      afterwards(() => keys.forget(id));
      return { body: { id, revoked: true as const }, ...(account === null ? {} : { account }) };
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
      summary: 'Who this key belongs to, or who has signed in, and what they may do',
    },
    async ({ caller }) => {
      const { account, prefix, scopes } = caller;
      const person = await signedIn(parts, caller);
      return { body: { role: roleOf(account), account, key: person === null ? prefix : null, scopes, person } };
    },
  );
}
