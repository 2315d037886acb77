// Credentials of accounts for the gateway, and the keys by which a gateway checks what they sign.

import { formatInstant } from '../core/calendar.ts';
import { isRefusal } from '../core/refusal.ts';
import {
  actionsOn,
  createCredential,
  endCredential,
  rotateCredential,
  secretKeyOf,
  signingKeysOf,
} from '../operations/credentials.ts';
import { readAccount } from '../operations/read-account.ts';
import { type Credential, listCredentials } from '../store/ledger/credentials.ts';
import * as contract from './contract/contract.ts';
import { command, type RouteParts, route } from './route.ts';

const url = '/v1/accounts/:id/credentials';
/** As keys are: the operator's, and an owner's for their own account. */
const managing = { scope: 'manage', duty: 'keys', owners: true, of: 'path' } as const;
const hour = 3_600_000;

const documentOf = ({ secretId, account, name, scopes, actions, generation, formerUntil }: Credential) => ({
  ...{ secretId, account, name, scopes, actions, generation },
  formerUntil: formerUntil === null ? null : formatInstant('UTC', formerUntil),
});

export function registerCredentials(parts: RouteParts, pepper: string): void {
  const { suanpan } = parts;
  registerMaking(parts, pepper);
  route(
    parts,
    {
      method: 'GET',
      url,
      answer: contract.credentialList,
      access: managing,
      summary: 'Credentials of an account for the gateway, without their SecretKeys',
    },
    async ({ account }) => {
      const known = await readAccount(suanpan.pool, suanpan, account, suanpan.clock());
      if (isRefusal(known)) return known;
      const found = await listCredentials(suanpan.pool, account);
      const credentials = found.map((each) => ({
        ...documentOf(each),
        createdAt: formatInstant('UTC', each.createdAt),
        createdBy: each.createdBy,
      }));
      return { body: { account, credentials, actions: actionsOn(suanpan, known.book) } };
    },
  );
  command(
    parts,
    {
      method: 'DELETE',
      url,
      answer: contract.revokedCredential,
      access: managing,
      refuses: ['NOT_FOUND'],
      summary: 'Revoke a credential: gateways refuse it within seconds',
      query: contract.credentialQuery,
    },
    async (tx, { account, query: { secretId }, caller, was }) => {
      const ended = await endCredential(tx, { account, secretId }, caller.prefix, suanpan.clock());
      if (isRefusal(ended)) return ended;
      was(documentOf(ended));
      return { body: { secretId, account, revoked: true as const }, account };
    },
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/signing-keys',
      answer: contract.signingKeys,
      access: { scope: 'meter', of: 'server' },
      refuses: ['NOT_FOUND'],
      summary: 'Whose a SecretId is, and what signatures of one day are checked with. For gateways',
      body: contract.signingKeysFor,
    },
    async ({ body }) => {
      const found = await signingKeysOf(suanpan.keyPool, pepper, body, suanpan.clock());
      return isRefusal(found) ? found : { body: found };
    },
  );
}

/** The SecretKey is in no answer that is stored: `complete` puts it in, for whoever repeats the request too. */
function registerMaking(parts: RouteParts, pepper: string): void {
  const { suanpan } = parts;
  const complete = (_input: unknown, body: string): string => {
    const made = JSON.parse(body) as { readonly secretId: string; readonly generation: number };
    return JSON.stringify({ ...made, secretKey: secretKeyOf(pepper, made.secretId, made.generation) });
  };
  command(
    parts,
    {
      method: 'POST',
      url,
      answer: contract.madeCredential,
      access: managing,
      refuses: ['NO_SUCH_ACTION', 'TOO_MANY_CREDENTIALS'],
      summary: 'Make a credential for the SDKs of this account. Its SecretKey is shown only here, and to a repeat',
      body: contract.newCredential,
      once: 'optional',
      statuses: [201],
    },
    async (tx, { account, body: { name = 'credential', scopes, actions }, caller }) => {
      const made = await createCredential(tx, suanpan, { account, name, scopes, actions }, caller.prefix);
      return isRefusal(made) ? made : { body: { ...documentOf(made), secretKey: '' }, account };
    },
    complete,
  );
  command(
    parts,
    {
      method: 'POST',
      url: `${url}/rotate`,
      answer: contract.madeCredential,
      access: managing,
      refuses: ['NOT_FOUND'],
      summary: 'Another SecretKey under the same SecretId; the former goes on for a while. It is shown only here',
      body: contract.credentialRotation,
      once: 'optional',
      statuses: [201],
    },
    async (tx, { account, body: { secretId, overlapHours = 24 } }) => {
      const made = await rotateCredential(tx, { account, secretId }, overlapHours * hour, suanpan.clock());
      return isRefusal(made) ? made : { body: { ...documentOf(made), secretKey: '' }, account };
    },
    complete,
  );
}
