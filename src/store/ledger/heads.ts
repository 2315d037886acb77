// Heads as rows. Reading is for groups (optimistic) and operations (locked); nothing else looks at them.

import type { ClientBase, Pool } from 'pg';
import type { Head } from '../../account/head.ts';
import type { Engine } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import { together } from '../connection/together.ts';
import { textArray } from './arrays.ts';
import { decodeHead, encodeFixed, encodeState } from './head-codec.ts';
import type { VersionedHead } from './rows.ts';

interface HeadRow {
  account_id: string;
  version: bigint;
  fixed: string;
  state: string;
}

/** A head that cannot be read. Its account alone is stopped by it. */
export class DamagedHead extends Error {
  constructor(account: string, cause: unknown) {
    super(
      `the head of account ${account} cannot be read (${(cause as Error).message}); rebuild it from the ledger: suanpan verify --repair-heads`,
      { cause },
    );
    this.name = 'DamagedHead';
  }
}

function decoded(row: HeadRow): VersionedHead {
  try {
    return { head: decodeHead(row.account_id, row.fixed, row.state), version: BigInt(row.version) };
  } catch (error) {
    throw new DamagedHead(row.account_id, error);
  }
}

/** The array once more as a condition: from that an engine that spreads finds the nodes to ask. */
export const headReads: Readonly<Record<Engine, string>> = {
  postgresql:
    'select h.account_id, h.version, h.fixed, h.state from unnest($1::text[]) as u(account_id) join account_heads h using (account_id)',
  citus:
    'select account_id, version, fixed, state from account_heads where account_id = any($1::text[]) order by account_id',
};

/** Heads of the accounts that exist, in order of account. */
export async function readHeads(client: ClientBase | Pool, accounts: readonly string[]): Promise<VersionedHead[]> {
  const text = headReads[engineOf(client)];
  const { rows } = await client.query<HeadRow>({ name: 'read-heads', text, values: [textArray(accounts)] });
  return rows.map(decoded);
}

/** One head; by equality, so that its plan is kept. */
export async function readHeadOf(client: ClientBase | Pool, account: string): Promise<VersionedHead | undefined> {
  const { rows } = await client.query<HeadRow>({
    name: 'read-head-of',
    text: 'select account_id, version, fixed, state from account_heads where account_id = $1',
    values: [account],
  });
  return rows[0] === undefined ? undefined : decoded(rows[0]);
}

/** Reads and locks heads. Citus takes no `for update` over several shards; a change that changes nothing locks as well. */
export const headLocks: Readonly<Record<Engine, string>> = {
  postgresql:
    'select account_id, version, fixed, state from account_heads where account_id = any($1::text[]) order by account_id for update',
  citus: `with locked as (
      update account_heads set version = version where account_id = any($1::text[]) returning account_id, version, fixed, state)
    select account_id, version, fixed, state from locked order by account_id`,
};

/** The same, locked until the transaction ends, in order of account so that no two transactions wait in a circle. */
export async function lockHeads(client: ClientBase, accounts: readonly string[]): Promise<VersionedHead[]> {
  const text = headLocks[engineOf(client)];
  const { rows } = await client.query<HeadRow>({ name: 'lock-heads', text, values: [textArray(accounts)] });
  return rows.map(decoded);
}

/** Opens a transaction with these heads locked, in one round trip. */
export async function beginLocked(client: ClientBase, accounts: readonly string[]): Promise<VersionedHead[]> {
  const [, heads] = await together(
    client,
    () => client.query('begin'),
    () => lockHeads(client, accounts),
  );
  return heads;
}

/** Locks a head that may be unreadable. */
export async function lockHeadRow(client: ClientBase, account: string): Promise<void> {
  await client.query('select 1 from account_heads where account_id = $1 for update', [account]);
}

/** Further than any server's own groups get while it has a head in memory. */
const versionLeap = 1_000_000;

/** Writes a rebuilt head over a damaged or missing one, with a version that no server has in memory. */
export async function replaceHead(client: ClientBase, head: Head): Promise<void> {
  await client.query(
    `insert into account_heads as h (account_id, version, fixed, state) values ($1, $2::bigint + $3::bigint, $4, $5)
     on conflict (account_id) do update
     set version = greatest(h.version, $2::bigint) + $3::bigint, fixed = excluded.fixed, state = excluded.state`,
    [head.account, head.seq, versionLeap, encodeFixed(head), encodeState(head)],
  );
}

export async function insertHead(client: ClientBase, head: Head): Promise<void> {
  await client.query('insert into account_heads (account_id, version, fixed, state) values ($1, 1, $2, $3)', [
    head.account,
    encodeFixed(head),
    encodeState(head),
  ]);
}
