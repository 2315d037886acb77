// Credentials of an account for the gateway: a SecretId, and a SecretKey that is made of the pepper whenever it is needed.

import { createHmac, randomBytes } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { loadCatalog } from '../book/shelf.ts';
import { actionsIn } from '../core/code-table.ts';
import { nearestOf } from '../core/nearest.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { type CredentialScope, credentialScopes } from '../core/scopes.ts';
import { type Instant, instantOf } from '../core/units.ts';
import {
  type Credential,
  type CredentialOf,
  findCredential,
  insertCredential,
  listCredentials,
  raiseGeneration,
  revokeCredential,
} from '../store/ledger/credentials.ts';
import { signingKey } from '../tc3.ts';
import { readAccount } from './read-account.ts';
import type { Suanpan } from './suanpan.ts';

/** Of one account, not counting those that were revoked. */
const mostCredentials = 100;

/** The SecretKey of a generation: 32 letters and digits, as SDKs expect. */
export const secretKeyOf = (pepper: string, secretId: string, generation: number): string =>
  createHmac('sha256', pepper)
    .update(['a SecretKey of the gateway', secretId, generation].join('\0'))
    .digest('hex')
    .slice(0, 32);

/** What a credential is made for; all that one may do if not given. */
export interface CredentialOrder extends Pick<Credential, 'account' | 'name'> {
  readonly scopes?: readonly CredentialScope[] | undefined;
  readonly actions?: readonly string[] | undefined;
}

/** So many are named to who asks for one that there is not. */
const mostNamed = 60;

/** The actions that credentials of an account on this book may be made for: those of the shipped books, which gateways know, and its own. */
export function actionsOn({ books }: Pick<Suanpan, 'books'>, book: string): string[] {
  const own = books.find(book);
  const all = [...[...loadCatalog().values()].map((shipped) => shipped.book), ...(own === undefined ? [] : [own])];
  return [...new Set(all.flatMap(actionsIn))].toSorted();
}

function unknownAction(actions: readonly string[], known: readonly string[]): Refusal | undefined {
  const index = actions.findIndex((action) => !known.includes(action));
  const action = actions[index];
  if (action === undefined) return undefined;
  return refuse(
    'NO_SUCH_ACTION',
    { action, nearest: nearestOf(action, known), known: known.slice(0, mostNamed).join(', ') },
    `/actions/${index}`,
  );
}

/** Refusals: NOT_FOUND (the account), NO_SUCH_ACTION, TOO_MANY_CREDENTIALS. */
export async function createCredential(
  tx: ClientBase,
  suanpan: Suanpan,
  { account, name, scopes = credentialScopes, actions }: CredentialOrder,
  by: string,
): Promise<Credential | Refusal> {
  const now = suanpan.clock();
  const known = await readAccount(tx, suanpan, account, now);
  if (isRefusal(known)) return known;
  const unknown = unknownAction(actions ?? [], actionsOn(suanpan, known.book));
  if (unknown !== undefined) return unknown;
  if ((await listCredentials(tx, account)).length >= mostCredentials) {
    return refuse('TOO_MANY_CREDENTIALS', { most: String(mostCredentials) });
  }
  const secretId = `AKID${randomBytes(16).toString('hex')}`;
  const granted = { scopes: credentialScopes.filter((scope) => scopes.includes(scope)), actions: actions ?? null };
  const made = {
    ...{ secretId, account, name, ...granted },
    ...{ generation: 1, formerUntil: null, createdAt: now, createdBy: by },
  };
  await insertCredential(tx, made);
  return made;
}

/** Another SecretKey under the same SecretId; the former is good for so many milliseconds more. Refusal: NOT_FOUND. */
export async function rotateCredential(
  tx: ClientBase,
  which: CredentialOf,
  overlap: number,
  now: Instant,
): Promise<Credential | Refusal> {
  return (await raiseGeneration(tx, which, instantOf(now + overlap))) ?? missing(which.secretId);
}

/** Refusal: NOT_FOUND. */
export const endCredential = async (
  tx: ClientBase,
  which: CredentialOf,
  by: string,
  now: Instant,
): Promise<Credential | Refusal> => (await revokeCredential(tx, which, by, now)) ?? missing(which.secretId);

const missing = (secretId: string): Refusal => refuseMissing('key', secretId);

export interface SigningKeys extends Pick<Credential, 'account' | 'scopes' | 'actions'> {
  /** In hexadecimal, of the generations that are good: the newest first. */
  readonly keys: readonly string[];
}

/** What signatures of one day and service are checked with: a gateway never has the SecretKey. Refusal: NOT_FOUND. */
export async function signingKeysOf(
  pool: Pool,
  pepper: string,
  { secretId, date, service }: { readonly secretId: string; readonly date: string; readonly service: string },
  now: Instant,
): Promise<SigningKeys | Refusal> {
  const found = await findCredential(pool, secretId);
  if (found === undefined) return missing(secretId);
  const { account, scopes, actions, generation, formerUntil } = found;
  const good = formerUntil !== null && formerUntil > now ? [generation, generation - 1] : [generation];
  const keys = good.map((each) => signingKey(secretKeyOf(pepper, secretId, each), date, service).toString('hex'));
  return { account, scopes, actions, keys };
}
