// Accounts: who is billed by which book. What decides about calls stands on the head.

import type { ClientBase, Pool } from 'pg';
import type { Opening } from '../../account/close.ts';
import type { Day, Period } from '../../core/calendar.ts';
import { writeJson } from '../../core/json.ts';
import { type Calls, callsOf, type Instant, instantOf } from '../../core/units.ts';
import { type AccountRange, rangeValues, within } from '../streams/ranges.ts';

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly book: string;
  /** Null where an account of before this was kept has a head that could not be read. */
  readonly timeZone: string | null;
  /** Day the customer opened the account, as the operator says. */
  readonly opened: string | null;
  readonly createdAt: Instant;
}

interface Row {
  account_id: string;
  name: string;
  book_id: string;
  time_zone: string | null;
  opened: string | null;
  created_ms: bigint;
}

const read = (row: Row): AccountRow => ({
  id: row.account_id,
  name: row.name,
  book: row.book_id,
  timeZone: row.time_zone,
  opened: row.opened,
  createdAt: instantOf(Number(row.created_ms)),
});

const columns = `account_id, name, book_id, time_zone, to_char(opened_on, 'YYYY-MM-DD') as opened, created_ms`;

/** False when the id is taken. */
export async function insertAccount(client: ClientBase, account: AccountRow): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into accounts (account_id, name, book_id, time_zone, opened_on, created_ms) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [account.id, account.name, account.book, account.timeZone, account.opened, account.createdAt],
  );
  return rowCount === 1;
}

/** Accounts of some books, after one, that have not been given the gifts of a month. */
export async function accountsWithoutGifts(
  client: ClientBase | Pool,
  {
    books,
    through,
    after,
    limit,
  }: {
    readonly books: readonly string[];
    readonly through: Period;
    readonly after: string;
    readonly limit: number;
  },
): Promise<string[]> {
  const { rows } = await client.query<{ account_id: string }>(
    `select account_id from accounts
     where book_id = any($1) and (gifts_through is null or gifts_through < $2) and account_id > $3
     order by account_id limit $4`,
    [books, through, after, limit],
  );
  return rows.map((row) => row.account_id);
}

/** The last month whose gifts an account has been given. */
export async function noteGifts(tx: ClientBase, account: string, through: Period): Promise<void> {
  await tx.query('update accounts set gifts_through = $2 where account_id = $1', [account, through]);
}

export async function findAccount(client: ClientBase | Pool, id: string): Promise<AccountRow | undefined> {
  const { rows } = await client.query<Row>(`select ${columns} from accounts where account_id = $1`, [id]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Accounts in order of id, after `after`; of which id or name holds `search`, in capitals or not. */
export async function listAccountRows(
  client: ClientBase | Pool,
  after: string,
  limit: number,
  search = '',
): Promise<AccountRow[]> {
  const { rows } = await client.query<Row>(
    `select ${columns} from accounts
     where account_id > $1 and ($3 = '' or position(lower($3) in lower(account_id)) > 0 or position(lower($3) in lower(name)) > 0)
     order by account_id limit $2`,
    [after, limit, search],
  );
  return rows.map(read);
}

/** Those of these accounts that exist. */
export async function findAccounts(client: ClientBase | Pool, ids: readonly string[]): Promise<AccountRow[]> {
  const { rows } = await client.query<Row>(`select ${columns} from accounts where account_id = any($1::text[])`, [ids]);
  return rows.map(read);
}

/** What an account may spend, and whether it may at all. */
export interface AccountSettingsRow {
  readonly postpaid: boolean;
  readonly cap: Calls | null;
  readonly suspended: boolean;
}

/** `before` null: the account was opened. `by`: the id of a key, or 'local'. */
export interface AccountChange {
  readonly at: Instant;
  readonly by: string;
  readonly before: AccountSettingsRow | null;
  readonly after: AccountSettingsRow;
}

export async function insertAccountChange(client: ClientBase, account: string, change: AccountChange): Promise<void> {
  const written = (settings: AccountSettingsRow | null) => (settings === null ? null : writeJson(settings));
  await client.query(
    'insert into account_changes (account_id, at_ms, done_by, before, after) values ($1, $2, $3, $4, $5)',
    [account, change.at, change.by, written(change.before), written(change.after)],
  );
}

interface ChangeRow {
  no: bigint;
  at_ms: bigint;
  done_by: string;
  before: { postpaid: boolean; cap: number | null; suspended: boolean } | null;
  after: { postpaid: boolean; cap: number | null; suspended: boolean };
}

/** An account's changes, newest first, those before `before`; each with its number, to go on from. */
export async function listAccountChanges(
  client: ClientBase | Pool,
  page: { readonly account: string; readonly before: number | null; readonly limit: number },
): Promise<(AccountChange & { readonly no: number })[]> {
  const { rows } = await client.query<ChangeRow>(
    `select no, at_ms, done_by, before, after from account_changes
     where account_id = $1 and ($2::bigint is null or no < $2) order by no desc limit $3`,
    [page.account, page.before, page.limit],
  );
  return rows.map(readChange);
}

function readChange(row: ChangeRow): AccountChange & { readonly no: number } {
  const settings = ({ cap, ...rest }: ChangeRow['after']) => ({ ...rest, cap: cap === null ? null : callsOf(cap) });
  return {
    no: Number(row.no),
    at: instantOf(Number(row.at_ms)),
    by: row.done_by,
    before: row.before === null ? null : settings(row.before),
    after: settings(row.after),
  };
}

/** What an account was opened with; undefined where that was not kept. */
export async function findOpeningSettings(
  client: ClientBase,
  account: string,
): Promise<AccountSettingsRow | undefined> {
  const { rows } = await client.query<ChangeRow>(
    `select no, at_ms, done_by, before, after from account_changes
     where account_id = $1 and before is null order by no limit 1`,
    [account],
  );
  return rows[0] === undefined ? undefined : readChange(rows[0]).after;
}

/** The newest change of each account of a range that has one. */
export async function lastAccountChanges(client: ClientBase, range: AccountRange): Promise<Map<string, AccountChange>> {
  const { rows } = await client.query<ChangeRow & { account_id: string }>(
    `select distinct on (account_id) account_id, no, at_ms, done_by, before, after from account_changes
     where ${within(range).of('account_id')} order by account_id, no desc`,
    [...rangeValues(range)],
  );
  return new Map(rows.map((row) => [row.account_id, readChange(row)]));
}

/** Since when each of some accounts exists. */
export async function readOpenings(
  client: ClientBase | Pool,
  accounts: readonly string[],
): Promise<Map<string, Opening>> {
  const { rows } = await client.query<Pick<Row, 'account_id' | 'opened' | 'created_ms'>>(
    `select account_id, to_char(opened_on, 'YYYY-MM-DD') as opened, created_ms from accounts where account_id = any($1)`,
    [accounts],
  );
  return new Map(
    rows.map(({ account_id, opened, created_ms }) => [
      account_id,
      opened === null ? { at: instantOf(Number(created_ms)) } : { day: opened as Day },
    ]),
  );
}

/** The zones that accounts live in. */
export async function accountZones(client: ClientBase | Pool): Promise<string[]> {
  const { rows } = await client.query<{ zone: string }>(
    'select distinct time_zone as zone from accounts where time_zone is not null order by 1',
  );
  return rows.map(({ zone }) => zone);
}
