// The audit: privileged acts, each in the transaction of its effect, in a chain of hashes for each account.

import type { ClientBase, Pool } from 'pg';
import { type Act, contentOf, type KeptAct } from '../../core/act.ts';

interface Row {
  chain: string;
  no: bigint;
  at_ms: bigint;
  done_by: string;
  address: string | null;
  request: string | null;
  operation: string;
  subject: string;
  asked: string | null;
  before: string | null;
  after: string | null;
  hash: string;
}

const read = (row: Row): KeptAct => ({
  chain: row.chain,
  no: Number(row.no),
  at: Number(row.at_ms),
  by: row.done_by,
  address: row.address,
  request: row.request,
  operation: row.operation,
  subject: row.subject,
  asked: row.asked,
  before: row.before,
  after: row.after,
  hash: row.hash,
});

const link = (previous: string, no: string) =>
  `encode(sha256(convert_to(${previous} || E'\\n' || ${no} || E'\\n' || $11, 'UTF8')), 'hex')`;

/**
 * Adds an act to its chain: numbered and hashed by the database, which has the chain's head under a lock until the transaction ends. An
 * account's commands stand in line for its head anyhow.
 */
export async function keepAct(tx: ClientBase, act: Act): Promise<void> {
  await tx.query(
    `with head as (
       insert into audit_heads as h (chain, length, hash) values ($1, 1, ${link("''", "'1'")})
       on conflict (chain) do update set length = h.length + 1, hash = ${link('h.hash', '(h.length + 1)::text')}
       returning length, hash)
     insert into audit (chain, no, at_ms, done_by, address, request, operation, subject, asked, before, after, hash)
     select $1, head.length, $2, $3, $4, $5, $6, $7, $8, $9, $10, head.hash from head`,
    [
      ...[act.chain, act.at, act.by, act.address, act.request, act.operation, act.subject, act.asked, act.before],
      ...[act.after, contentOf(act)],
    ],
  );
}

export interface ActFilter {
  /** Null: of every chain. */
  readonly chain: string | null;
  readonly by?: string | undefined;
  readonly operation?: string | undefined;
  /** From a moment on, and before another. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Where a list goes on: before this one. */
export type ActPlace = readonly [at: number, chain: string, no: number];

/** The latest first. */
export async function listActs(
  client: ClientBase | Pool,
  { chain, by, operation, from, to }: ActFilter,
  before: ActPlace | null,
  limit: number,
): Promise<KeptAct[]> {
  const { rows } = await client.query<Row>(
    `select * from audit
     where ($1::text is null or chain = $1) and ($2::text is null or done_by = $2)
       and ($3::text is null or operation = $3) and ($4::bigint is null or (at_ms, chain, no) < ($4, $5, $6))
       and ($8::bigint is null or at_ms >= $8) and ($9::bigint is null or at_ms < $9)
     order by at_ms desc, chain desc, no desc limit $7`,
    [chain, by ?? null, operation ?? null, ...(before ?? [null, null, null]), limit, from ?? null, to ?? null],
  );
  return rows.map(read);
}

/** In order of chain and number, after a place. */
export async function readActs(
  client: ClientBase | Pool,
  after: Pick<KeptAct, 'chain' | 'no'> | null,
  limit: number,
): Promise<KeptAct[]> {
  const { rows } = await client.query<Row>(
    `select * from audit where $1::text is null or (chain, no) > ($1, $2) order by chain, no limit $3`,
    [after?.chain ?? null, after?.no ?? 0, limit],
  );
  return rows.map(read);
}

export interface AuditHead {
  readonly chain: string;
  readonly length: number;
  readonly hash: string;
}

/** By chain. */
export async function readAuditHeads(client: ClientBase | Pool): Promise<AuditHead[]> {
  const { rows } = await client.query<{ chain: string; length: bigint; hash: string }>(
    'select chain, length, hash from audit_heads order by chain',
  );
  return rows.map((row) => ({ ...row, length: Number(row.length) }));
}

/** The hashes of acts at these places, by chain and number. */
export async function findHashes(
  client: ClientBase | Pool,
  places: readonly AuditHead[],
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ chain: string; no: bigint; hash: string }>(
    `select a.chain, a.no, a.hash from audit a
     join unnest($1::text[], $2::bigint[]) as u(chain, no) on u.chain = a.chain and u.no = a.no`,
    [places.map(({ chain }) => chain), places.map(({ length }) => length)],
  );
  return new Map(rows.map(({ chain, no, hash }) => [`${chain} ${no}`, hash]));
}
