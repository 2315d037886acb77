// People who sign in: operators, and those of an account.

import type { ClientBase, Pool } from 'pg';
import type { Words } from '../../core/price-book.ts';
import type { Role } from '../../core/roles.ts';
import { type Instant, instantOf } from '../../core/units.ts';

/** `account` null: an operator. `createdBy`, `disabledBy`: the id of a key or a person, or 'local'. */
export interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly account: string | null;
  readonly language: keyof Words;
  /** argon2id in PHC form; null: none has been set yet. */
  readonly password: string | null;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly disabledAt: Instant | null;
  readonly disabledBy: string | null;
  readonly signedInAt: Instant | null;
}

interface Row {
  id: string;
  email: string;
  name: string;
  role: string;
  account_id: string | null;
  language: string;
  password: string | null;
  created_ms: bigint;
  created_by: string;
  disabled_ms: bigint | null;
  disabled_by: string | null;
  signed_in_ms: bigint | null;
}

const moment = (milliseconds: bigint | null): Instant | null =>
  milliseconds === null ? null : instantOf(Number(milliseconds));

const read = (row: Row): PersonRow => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role as Role,
  account: row.account_id,
  language: row.language as keyof Words,
  password: row.password,
  createdAt: instantOf(Number(row.created_ms)),
  createdBy: row.created_by,
  disabledAt: moment(row.disabled_ms),
  disabledBy: row.disabled_by,
  signedInAt: moment(row.signed_in_ms),
});

/** False: somebody has that address already. */
export async function insertPerson(tx: ClientBase, person: PersonRow): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into people (id, email, name, role, account_id, language, password, created_ms, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (email) do nothing`,
    [
      ...[person.id, person.email, person.name, person.role, person.account, person.language, person.password],
      ...[person.createdAt, person.createdBy],
    ],
  );
  return rowCount === 1;
}

export async function findPerson(client: ClientBase | Pool, id: string): Promise<PersonRow | undefined> {
  const { rows } = await client.query<Row>('select * from people where id = $1', [id]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Names of those of these ids that are people's, as far as whoever asks may know them: of an account its own alone. */
export async function namesOf(
  client: ClientBase | Pool,
  ids: readonly string[],
  account: string | null,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ id: string; name: string }>(
    'select id, name from people where id = any($1::text[]) and ($2::text is null or account_id = $2)',
    [[...new Set(ids)], account],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function findPersonByEmail(client: ClientBase | Pool, email: string): Promise<PersonRow | undefined> {
  const { rows } = await client.query<Row>('select * from people where email = $1', [email]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

export async function lockPerson(tx: ClientBase, id: string): Promise<PersonRow | undefined> {
  const { rows } = await tx.query<Row>('select * from people where id = $1 for update', [id]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

export async function lockPersonOfLink(tx: ClientBase, link: string): Promise<PersonRow | undefined> {
  const { rows } = await tx.query<Row>(
    'select * from people where id = (select person from password_links where id = $1) for update',
    [link],
  );
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** `account` null: of all, and operators. In order of their ids. */
export async function listPeople(
  client: ClientBase | Pool,
  account: string | null,
  after: string,
  limit: number,
): Promise<PersonRow[]> {
  const { rows } = await client.query<Row>(
    'select * from people where ($1::text is null or account_id = $1) and id > $2 order by id limit $3',
    [account, after, limit],
  );
  return rows.map(read);
}

/** How many admins can sign in, each of them locked: two that are changed at once must not both be the last but one. */
export async function lockAdmins(tx: ClientBase): Promise<readonly string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from people where role = 'admin' and disabled_ms is null order by id for update`,
  );
  return rows.map(({ id }) => id);
}

/** How many operators there are, how many of them have set a password, and the first admin. */
export async function countOperators(
  tx: ClientBase,
): Promise<{ readonly all: number; readonly withPassword: number; readonly first: string | undefined }> {
  const { rows } = await tx.query<{ all: string; with_password: string; first: string | null }>(
    `select count(*)::text as all, count(password)::text as with_password,
       (array_agg(id order by created_ms, id) filter (where role = 'admin' and disabled_ms is null))[1] as first
     from people where account_id is null`,
  );
  const [row] = rows;
  return { all: Number(row?.all), withPassword: Number(row?.with_password), first: row?.first ?? undefined };
}

export type PersonChange = Pick<PersonRow, 'name' | 'role' | 'language' | 'disabledAt' | 'disabledBy'>;

export async function updatePerson(tx: ClientBase, id: string, change: PersonChange): Promise<void> {
  await tx.query(
    'update people set name = $2, role = $3, language = $4, disabled_ms = $5, disabled_by = $6 where id = $1',
    [id, change.name, change.role, change.language, change.disabledAt, change.disabledBy],
  );
}

export async function setPassword(tx: ClientBase, id: string, password: string): Promise<void> {
  await tx.query('update people set password = $2 where id = $1', [id, password]);
}

export async function noteSignIn(tx: ClientBase, id: string, at: Instant): Promise<void> {
  await tx.query('update people set signed_in_ms = $2 where id = $1', [id, at]);
}

export interface PasswordLinkRow {
  readonly id: string;
  readonly person: string;
  readonly purpose: 'invitation' | 'reset';
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly usedAt: Instant | null;
  readonly tries: number;
}

interface LinkRow {
  id: string;
  person: string;
  purpose: 'invitation' | 'reset';
  created_ms: bigint;
  expires_ms: bigint;
  used_ms: bigint | null;
  tries: number;
}

const readLink = (row: LinkRow): PasswordLinkRow => ({
  id: row.id,
  person: row.person,
  purpose: row.purpose,
  createdAt: instantOf(Number(row.created_ms)),
  expiresAt: instantOf(Number(row.expires_ms)),
  usedAt: moment(row.used_ms),
  tries: row.tries,
});

/** What was made for a person and not used is good no longer, nor sent. */
export async function endPasswordLinks(tx: ClientBase, person: string, at: Instant): Promise<void> {
  await tx.query(
    `update password_links set expires_ms = least(expires_ms, $2), mail = case mail when 'waiting' then 'failed' else mail end
     where person = $1 and used_ms is null`,
    [person, at],
  );
}

/** One that was made before and not used is good no longer. */
export async function insertPasswordLink(tx: ClientBase, link: PasswordLinkRow, mail: 'waiting' | null): Promise<void> {
  await endPasswordLinks(tx, link.person, link.createdAt);
  await tx.query(
    `insert into password_links (id, person, purpose, created_ms, expires_ms, mail, next_ms) values ($1, $2, $3, $4, $5, $6, $4)`,
    [link.id, link.person, link.purpose, link.createdAt, link.expiresAt, mail],
  );
}

/** How many were made for a person since. */
export async function countPasswordLinks(client: ClientBase | Pool, person: string, since: Instant): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    'select count(*)::text as count from password_links where person = $1 and created_ms > $2',
    [person, since],
  );
  return Number(rows[0]?.count ?? 0);
}

export async function lockPasswordLink(tx: ClientBase, id: string): Promise<PasswordLinkRow | undefined> {
  const { rows } = await tx.query<LinkRow>('select * from password_links where id = $1 for update', [id]);
  return rows[0] === undefined ? undefined : readLink(rows[0]);
}

export async function useLink(tx: ClientBase, id: string, at: Instant): Promise<void> {
  await tx.query('update password_links set used_ms = $2 where id = $1', [id, at]);
}

/** Links that are to be sent now, with their people. */
export async function dueLinks(
  client: ClientBase | Pool,
  now: Instant,
  limit: number,
): Promise<{ readonly link: PasswordLinkRow; readonly person: PersonRow }[]> {
  const { rows } = await client.query<LinkRow>(
    `select * from password_links where mail = 'waiting' and next_ms <= $1 order by next_ms, id limit $2`,
    [now, limit],
  );
  const { rows: people } = await client.query<Row>('select * from people where id = any($1)', [
    rows.map(({ person }) => person),
  ]);
  const byId = new Map(people.map((row) => [row.id, read(row)]));
  return rows.flatMap((row) => {
    const person = byId.get(row.person);
    return person === undefined ? [] : [{ link: readLink(row), person }];
  });
}

/** How a try to send it went; `next` null: it is not tried again. */
export async function endLinkTry(
  client: ClientBase | Pool,
  id: string,
  { problem, next }: { readonly problem: string | null; readonly next: Instant | null },
): Promise<void> {
  await client.query(
    `update password_links set tries = tries + 1, problem = $2, next_ms = coalesce($3, next_ms),
       mail = case when $2::text is null then 'sent' when $3::bigint is null then 'failed' else 'waiting' end
     where id = $1 and mail = 'waiting'`,
    [id, problem, next],
  );
}

export async function countWaitingLinks(client: ClientBase | Pool): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*)::text as count from password_links where mail = 'waiting'`,
  );
  return Number(rows[0]?.count ?? 0);
}
