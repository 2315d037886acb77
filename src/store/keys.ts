// API keys: only a keyed hash is stored; the prefix finds the row.

import type { ClientBase, Pool } from 'pg';
import { type Instant, instantOf } from '../core/units.ts';

/** `account` null: an operator's key. */
export interface KeyRow {
  readonly prefix: string;
  readonly account: string | null;
  readonly name: string;
  readonly hash: string;
  readonly createdAt: Instant;
  readonly revokedAt: Instant | null;
}

interface Row {
  prefix: string;
  account_id: string | null;
  name: string;
  hash: string;
  created_ms: bigint;
  revoked_ms: bigint | null;
}

const read = (row: Row): KeyRow => ({
  prefix: row.prefix,
  account: row.account_id,
  name: row.name,
  hash: row.hash,
  createdAt: instantOf(Number(row.created_ms)),
  revokedAt: row.revoked_ms === null ? null : instantOf(Number(row.revoked_ms)),
});

export async function insertKey(client: ClientBase | Pool, key: KeyRow): Promise<void> {
  await client.query('insert into api_keys (prefix, account_id, name, hash, created_ms) values ($1, $2, $3, $4, $5)', [
    key.prefix,
    key.account,
    key.name,
    key.hash,
    key.createdAt,
  ]);
}

export async function findKeyByPrefix(client: ClientBase | Pool, prefix: string): Promise<KeyRow | undefined> {
  const { rows } = await client.query<Row>('select * from api_keys where prefix = $1', [prefix]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Keys of one account, or all. */
export async function listKeys(client: ClientBase | Pool, account: string | null): Promise<KeyRow[]> {
  const { rows } = await client.query<Row>(
    'select * from api_keys where $1::text is null or account_id = $1 order by created_ms, prefix',
    [account],
  );
  return rows.map(read);
}

/** False when there is no such key, or it was revoked before. */
export async function revokeKey(client: ClientBase | Pool, prefix: string, now: Instant): Promise<boolean> {
  const { rowCount } = await client.query(
    'update api_keys set revoked_ms = $2 where prefix = $1 and revoked_ms is null',
    [prefix, now],
  );
  return rowCount === 1;
}

export async function countOperatorKeys(client: ClientBase | Pool): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'select count(*)::text as count from api_keys where account_id is null and revoked_ms is null',
  );
  return Number(rows[0]?.count ?? 0);
}
