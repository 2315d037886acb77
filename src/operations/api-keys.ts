// API keys: made here, shown once, stored as an HMAC with a pepper that lies outside the database.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { type Refusal, refuseMissing } from '../core/refusal.ts';
import { mostScopes, type Scope } from '../core/scopes.ts';
import { type Instant, instantOf } from '../core/units.ts';
import {
  countKeys,
  expireKey,
  insertKey,
  insertPepperCheck,
  type KeyOf,
  type KeyRow,
  lockLiveKey,
  readPepperCheck,
  revokeAllKeys,
} from '../store/ledger/keys.ts';
import { keyWords } from '../words/keys.ts';

/** Who does something that is kept under a name: the id of a key, or whoever runs the server's machine. */
export const local = 'local';

const pattern = /^sk_(?:op|ac)_([0-9a-f]{8})_[A-Za-z0-9_-]{32}$/;

const hmac = (pepper: string, text: string) => createHmac('sha256', pepper).update(text);
/** What is stored of a secret: a keyed hash. */
export const secretHash = (secret: string, pepper: string): string => hmac(pepper, secret).digest('hex');

export interface KeyOrder {
  /** Null: an operator's key. */
  readonly account: string | null;
  readonly name: string;
  readonly scopes?: readonly Scope[];
  /** Who makes it. */
  readonly by: string;
  /** Null: it lasts until it is revoked. */
  readonly expiresAt?: Instant | null;
  readonly portal?: boolean;
  /** The first of the keys that were rotated into it. */
  readonly root?: string;
  /** How its secret is made of its id; at random if not given. */
  readonly secretOf?: (prefix: string) => string;
}

export interface NewKey {
  /** The whole key; it cannot be shown again. */
  readonly key: string;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
}

export const newSecret = (): string => randomBytes(24).toString('base64url');

export const keyText = (account: string | null, prefix: string, secret: string): string =>
  `sk_${account === null ? 'op' : 'ac'}_${prefix}_${secret}`;

export async function createKey(
  client: ClientBase | Pool,
  order: KeyOrder,
  pepper: string,
  now: Instant,
): Promise<NewKey> {
  const {
    account,
    name,
    by,
    secretOf = newSecret,
    scopes: granted = mostScopes(account),
    expiresAt = null,
    portal = false,
    root = null,
  } = order;
  const prefix = randomBytes(4).toString('hex');
  const key = keyText(account, prefix, secretOf(prefix));
  await insertKey(client, {
    prefix,
    account,
    name,
    scopes: granted,
    hash: secretHash(key, pepper),
    createdAt: now,
    createdBy: by,
    revokedAt: null,
    revokedBy: null,
    expiresAt,
    usedAt: null,
    portal,
    root,
  });
  return { key, prefix, scopes: granted };
}

/**
 * A new key in place of one that is still good: as it, whoever it belongs to and whatever it may do, and to last as long as it was to.
 * The former goes on for so many milliseconds, so that callers can change over one by one. Refusal: NOT_FOUND.
 */
export async function rotateKey(
  tx: ClientBase,
  { prefix, whose, by, overlap, secretOf }: RotationOrder,
  pepper: string,
  now: Instant,
): Promise<{ readonly made: NewKey; readonly former: KeyRow; readonly formerUntil: Instant } | Refusal> {
  const former = await lockLiveKey(tx, { prefix, whose }, now);
  if (former === undefined) return refuseMissing('key', prefix, { hint: keyWords.rotatedOnce });
  const { account, name, expiresAt } = former;
  const scopes = former.scopes as readonly Scope[];
  const made = await createKey(
    tx,
    { account, name, scopes, by, secretOf, expiresAt, root: former.root ?? prefix },
    pepper,
    now,
  );
  const formerUntil = instantOf(Math.min(now + overlap, expiresAt ?? Number.MAX_SAFE_INTEGER));
  await expireKey(tx, prefix, formerUntil);
  return { made, former, formerUntil };
}

export interface RotationOrder extends KeyOf {
  readonly by: string;
  /** Milliseconds that both are good for. */
  readonly overlap: number;
  readonly secretOf: (prefix: string) => string;
}

/**
 * The secret of a key that is made at a request which may be repeated: the same one for the same request of the same caller, so
 * that a repeat can show it and nothing has to be stored. It takes the pepper and the caller's own key, which no database holds.
 */
export const repeatableSecret = (pepper: string, request: readonly string[]): string =>
  hmac(pepper, ['a key made by', ...request].join('\0'))
    .digest()
    .subarray(0, 24)
    .toString('base64url');

/** The part of a key that finds its row; undefined: no key looks like this. */
export const prefixOf = (key: string): string | undefined => pattern.exec(key)?.[1];

/** Whether this is the key of the row, and not revoked. The same work whether or not there is such a row. Whether it has run out, `hasRunOut` says. */
export function isKeyOf<Row extends KeyRow>(row: Row | undefined, key: string, pepper: string): row is Row {
  return isSecretOf(row?.hash, key, pepper) && row !== undefined && row.revokedAt === null;
}

/** Whether this is the secret that was stored; undefined: there is none, and the work is the same. */
export function isSecretOf(stored: string | undefined, secret: string, pepper: string): boolean {
  const given = Buffer.from(secretHash(secret, pepper));
  const kept = Buffer.from(stored ?? secretHash('', pepper));
  return given.length === kept.length && timingSafeEqual(given, kept) && stored !== undefined;
}

export const hasRunOut = ({ expiresAt }: Pick<KeyRow, 'expiresAt'>, now: Instant): boolean =>
  expiresAt !== null && expiresAt <= now;

const checkOf = (pepper: string): string => hmac(pepper, 'pepper of the API keys').digest('hex');

/** Whether the database's keys were made with this pepper. With keys from before the check was kept nobody knows, until one is used. */
export async function isPepperOfKeys(client: ClientBase | Pool, pepper: string): Promise<boolean> {
  const check = await readPepperCheck(client);
  return check === undefined || check === checkOf(pepper);
}

/** Whether there are keys that are known to have been made with this pepper. */
export async function isPepperInUse(client: ClientBase | Pool, pepper: string): Promise<boolean> {
  return (await readPepperCheck(client)) === checkOf(pepper) && (await countKeys(client)) > 0;
}

/** The same, before keys are made: while there is none, this is their pepper from now on. */
export async function adoptPepper(client: ClientBase | Pool, pepper: string): Promise<boolean> {
  if ((await countKeys(client)) === 0) await provePepper(client, pepper);
  return isPepperOfKeys(client, pepper);
}

/** A key was found valid with this pepper: it is the right one. */
export const provePepper = (client: ClientBase | Pool, pepper: string): Promise<void> =>
  insertPepperCheck(client, checkOf(pepper));

/** Begins anew with another pepper: every key is revoked, since none would be valid. The number of keys that were. */
export async function changePepper(tx: ClientBase, pepper: string, by: string, now: Instant): Promise<number> {
  const revoked = await revokeAllKeys(tx, by, now);
  await insertPepperCheck(tx, checkOf(pepper), 'replace');
  return revoked;
}
