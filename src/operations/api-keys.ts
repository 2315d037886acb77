// API keys: made here, shown once, stored as an HMAC with a pepper that lies outside the database.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import type { Instant } from '../core/units.ts';
import { findKeyByPrefix, insertKey, type KeyRow } from '../store/keys.ts';

const pattern = /^sk_(op|ac)_([0-9a-f]{8})_([A-Za-z0-9_-]{32})$/;

const hashOf = (key: string, pepper: string): string => createHmac('sha256', pepper).update(key).digest('hex');

export interface NewKey {
  /** The whole key; it cannot be shown again. */
  readonly key: string;
  readonly prefix: string;
}

/** Makes a key for an account, or for an operator when `account` is null. */
export async function createKey(
  client: ClientBase | Pool,
  order: { readonly account: string | null; readonly name: string },
  pepper: string,
  now: Instant,
): Promise<NewKey> {
  const prefix = randomBytes(4).toString('hex');
  const key = `sk_${order.account === null ? 'op' : 'ac'}_${prefix}_${randomBytes(24).toString('base64url')}`;
  await insertKey(client, {
    prefix,
    account: order.account,
    name: order.name,
    hash: hashOf(key, pepper),
    createdAt: now,
    revokedAt: null,
  });
  return { key, prefix };
}

/** The row of a valid key that is not revoked; undefined otherwise, whatever the reason. */
export async function verifyKey(client: ClientBase | Pool, key: string, pepper: string): Promise<KeyRow | undefined> {
  const prefix = pattern.exec(key)?.[2];
  if (prefix === undefined) return undefined;
  const row = await findKeyByPrefix(client, prefix);
  const given = Buffer.from(hashOf(key, pepper));
  const stored = Buffer.from(row?.hash ?? hashOf('', pepper));
  const same = given.length === stored.length && timingSafeEqual(given, stored);
  return same && row !== undefined && row.revokedAt === null ? row : undefined;
}
