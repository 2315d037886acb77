// API keys: only a keyed hash is stored; the prefix finds the row.

import type { ClientBase, Pool } from 'pg';
import { type Instant, instantOf } from '../../core/units.ts';

/** `account` null: an operator's key. `createdBy`, `revokedBy`: the id of a key, or 'local'; null where it was not kept. */
export interface KeyRow {
  readonly prefix: string;
  readonly account: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly hash: string;
  readonly createdAt: Instant;
  readonly createdBy: string | null;
  readonly revokedAt: Instant | null;
  readonly revokedBy: string | null;
  /** Null: it lasts until it is revoked. */
  readonly expiresAt: Instant | null;
  /** Made to be shown to a browser for a while. */
  readonly portal: boolean;
  /** The first of the keys that were rotated into this one; null: itself. */
  readonly root: string | null;
  /** To about a minute; null: never, or before it was kept. */
  readonly usedAt: Instant | null;
}

export interface FoundKey extends KeyRow {
  /** The price book of its account. */
  readonly book: string | null;
}

interface Row {
  prefix: string;
  account_id: string | null;
  name: string;
  scopes: string[];
  hash: string;
  created_ms: bigint;
  created_by: string | null;
  revoked_ms: bigint | null;
  revoked_by: string | null;
  expires_ms: bigint | null;
  used_ms: bigint | null;
  portal: boolean;
  root: string | null;
}

const read = (row: Row): KeyRow => ({
  prefix: row.prefix,
  account: row.account_id,
  name: row.name,
  scopes: row.scopes,
  hash: row.hash,
  createdAt: instantOf(Number(row.created_ms)),
  createdBy: row.created_by,
  revokedAt: row.revoked_ms === null ? null : instantOf(Number(row.revoked_ms)),
  revokedBy: row.revoked_by,
  expiresAt: row.expires_ms === null ? null : instantOf(Number(row.expires_ms)),
  portal: row.portal,
  root: row.root,
  usedAt: row.used_ms === null ? null : instantOf(Number(row.used_ms)),
});

export async function insertKey(client: ClientBase | Pool, key: KeyRow): Promise<void> {
  await client.query(
    `insert into api_keys (prefix, account_id, name, scopes, hash, created_ms, created_by, expires_ms, portal, root)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      key.prefix,
      key.account,
      key.name,
      key.scopes,
      key.hash,
      key.createdAt,
      key.createdBy,
      key.expiresAt,
      key.portal,
      key.root,
    ],
  );
}

/** The rows of those prefixes that there are, by prefix. */
export async function findKeysByPrefix(
  client: ClientBase | Pool,
  prefixes: readonly string[],
): Promise<Map<string, FoundKey>> {
  const { rows } = await client.query<Row & { book_id: string | null }>(
    'select k.*, a.book_id from api_keys k left join accounts a using (account_id) where k.prefix = any($1)',
    [prefixes],
  );
  return new Map(rows.map((row) => [row.prefix, { ...read(row), book: row.book_id }]));
}

export interface KeyPage {
  /** Null: of all, and of operators. */
  readonly account: string | null;
  /** Null: from the first. */
  readonly after: Pick<KeyRow, 'createdAt' | 'prefix'> | null;
  readonly limit: number;
}

/** Keys in order of making. */
export async function listKeys(client: ClientBase | Pool, { account, after, limit }: KeyPage): Promise<KeyRow[]> {
  const { rows } = await client.query<Row>(
    `select * from api_keys
     where not portal and ($1::text is null or account_id = $1) and (created_ms, prefix) > ($2, $3)
     order by created_ms, prefix limit $4`,
    [account, after?.createdAt ?? -1, after?.prefix ?? '', limit],
  );
  return rows.map(read);
}

/** Portal tokens of an account that expired before a moment. */
export async function forgetPortalTokens(tx: ClientBase, account: string, before: Instant): Promise<void> {
  await tx.query('delete from api_keys where account_id = $1 and portal and expires_ms < $2', [account, before]);
}

/** A key by its id; `whose`: of that account alone, null: whoever's. */
export interface KeyOf {
  readonly prefix: string;
  readonly whose: string | null;
}

/** A key that is good and has no successor, locked; undefined: there is none. */
export async function lockLiveKey(tx: ClientBase, { prefix, whose }: KeyOf, now: Instant): Promise<KeyRow | undefined> {
  const { rows } = await tx.query<Row>(
    `select * from api_keys
     where prefix = $1 and revoked_ms is null and not rotated and (expires_ms is null or expires_ms > $2)
       and ($3::text is null or account_id = $3) for update`,
    [prefix, now, whose],
  );
  return rows[0] === undefined ? undefined : read(rows[0]);
}

export async function expireKey(tx: ClientBase, prefix: string, at: Instant): Promise<void> {
  await tx.query('update api_keys set expires_ms = least(expires_ms, $2), rotated = true where prefix = $1', [
    prefix,
    at,
  ]);
}

export async function noteUse(client: ClientBase | Pool, prefix: string, at: Instant): Promise<void> {
  await client.query('update api_keys set used_ms = $2 where prefix = $1 and coalesce(used_ms, 0) < $2', [prefix, at]);
}

/** The account it belonged to, null for an operator's; undefined when there is no such key, or it was revoked before. */
export async function revokeKey(
  client: ClientBase | Pool,
  { prefix, whose }: KeyOf,
  by: string,
  now: Instant,
): Promise<string | null | undefined> {
  const { rows } = await client.query<{ account_id: string | null }>(
    `update api_keys set revoked_ms = $2, revoked_by = $3
     where prefix = $1 and revoked_ms is null and ($4::text is null or account_id = $4) returning account_id`,
    [prefix, now, by, whose],
  );
  return rows[0]?.account_id;
}

export async function revokeAllKeys(client: ClientBase, by: string, now: Instant): Promise<number> {
  const { rowCount } = await client.query(
    'update api_keys set revoked_ms = $1, revoked_by = $2 where revoked_ms is null',
    [now, by],
  );
  return rowCount ?? 0;
}

export async function countKeys(client: ClientBase | Pool): Promise<number> {
  const { rows } = await client.query<{ count: string }>('select count(*)::text as count from api_keys');
  return Number(rows[0]?.count ?? 0);
}

export async function countOperatorKeys(client: ClientBase | Pool): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'select count(*)::text as count from api_keys where account_id is null and revoked_ms is null',
  );
  return Number(rows[0]?.count ?? 0);
}

export async function readPepperCheck(client: ClientBase | Pool): Promise<string | undefined> {
  const { rows } = await client.query<{ value: string }>('select value from pepper_check');
  return rows[0]?.value;
}

export async function insertPepperCheck(client: ClientBase | Pool, value: string, known?: 'replace'): Promise<void> {
  await client.query(
    `insert into pepper_check (value) values ($1)
     on conflict (one) do ${known === 'replace' ? 'update set value = excluded.value' : 'nothing'}`,
    [value],
  );
}
