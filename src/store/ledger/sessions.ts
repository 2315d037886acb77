// Sessions of people: only a keyed hash of the token is stored; the prefix finds the row.

import type { ClientBase, Pool } from 'pg';
import type { Role } from '../../core/roles.ts';
import { type Instant, instantOf } from '../../core/units.ts';

export interface SessionRow {
  readonly prefix: string;
  readonly person: string;
  readonly hash: string;
  readonly way: 'password' | 'oidc';
  readonly createdAt: Instant;
  /** To about a minute. */
  readonly usedAt: Instant;
  readonly expiresAt: Instant;
  readonly endedAt: Instant | null;
  readonly address: string;
  readonly agent: string;
}

/** A session with what its person may do. */
export interface FoundSession extends SessionRow {
  readonly role: Role;
  readonly account: string | null;
  /** The price book of the account. */
  readonly book: string | null;
  readonly disabled: boolean;
}

interface Row {
  prefix: string;
  person: string;
  hash: string;
  way: 'password' | 'oidc';
  created_ms: bigint;
  used_ms: bigint;
  expires_ms: bigint;
  ended_ms: bigint | null;
  address: string;
  agent: string;
}

const read = (row: Row): SessionRow => ({
  prefix: row.prefix,
  person: row.person,
  hash: row.hash,
  way: row.way,
  createdAt: instantOf(Number(row.created_ms)),
  usedAt: instantOf(Number(row.used_ms)),
  expiresAt: instantOf(Number(row.expires_ms)),
  endedAt: row.ended_ms === null ? null : instantOf(Number(row.ended_ms)),
  address: row.address,
  agent: row.agent,
});

export async function insertSession(tx: ClientBase, session: SessionRow): Promise<void> {
  await tx.query(
    `insert into sessions (prefix, person, hash, way, created_ms, used_ms, expires_ms, address, agent)
     values ($1, $2, $3, $4, $5, $5, $6, $7, $8)`,
    [
      ...[session.prefix, session.person, session.hash, session.way, session.createdAt, session.expiresAt],
      ...[session.address, session.agent],
    ],
  );
}

/** The rows of those prefixes that there are, by prefix. */
export async function findSessionsByPrefix(
  client: ClientBase | Pool,
  prefixes: readonly string[],
): Promise<Map<string, FoundSession>> {
  const { rows } = await client.query<
    Row & { role: string; account_id: string | null; disabled: boolean; book_id: string | null }
  >(
    `select s.*, p.role, p.account_id, p.disabled_ms is not null as disabled, a.book_id
     from sessions s join people p on p.id = s.person left join accounts a using (account_id)
     where s.prefix = any($1)`,
    [prefixes],
  );
  return new Map(
    rows.map((row) => [
      row.prefix,
      {
        ...read(row),
        ...{ role: row.role as Role, account: row.account_id, book: row.book_id, disabled: row.disabled },
      },
    ]),
  );
}

/** Those of a person that have not ended, the latest first; at most a hundred. */
export async function liveSessions(client: ClientBase | Pool, person: string, now: Instant): Promise<SessionRow[]> {
  const { rows } = await client.query<Row>(
    `select * from sessions where person = $1 and ended_ms is null and expires_ms > $2
     order by created_ms desc, prefix limit 100`,
    [person, now],
  );
  return rows.map(read);
}

export async function noteSessionUse(client: ClientBase | Pool, prefix: string, at: Instant): Promise<void> {
  await client.query('update sessions set used_ms = $2 where prefix = $1 and used_ms < $2', [prefix, at]);
}

/** False: the person has no such session, or it has ended. */
export async function endSession(
  client: ClientBase | Pool,
  { person, prefix }: { readonly person: string; readonly prefix: string },
  at: Instant,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'update sessions set ended_ms = $3 where person = $1 and prefix = $2 and ended_ms is null',
    [person, prefix, at],
  );
  return rowCount === 1;
}

/** All of a person's, but for one. */
export async function endSessions(
  client: ClientBase | Pool,
  person: string,
  but: string | null,
  at: Instant,
): Promise<void> {
  await client.query(
    'update sessions set ended_ms = $3 where person = $1 and ended_ms is null and prefix is distinct from $2',
    [person, but, at],
  );
}

/** What ended long ago: nobody asks for it. */
export async function forgetSessions(client: ClientBase | Pool, before: Instant): Promise<void> {
  await client.query('delete from sessions where least(expires_ms, coalesce(ended_ms, expires_ms)) < $1', [before]);
}
