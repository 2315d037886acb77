// Alerts: what accounts are told, each once. Deliveries are made of those that nobody has taken yet.

import type { ClientBase, Pool } from 'pg';
import type { Alert, AlertDetails, AlertKind, NewAlert } from '../../account/alerts.ts';
import { canonicalJson, readJson } from '../../core/json.ts';
import { type Instant, instantOf } from '../../core/units.ts';
import { namedAgain } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import { byShard } from '../connection/shards.ts';

/** An alert with what tells how it is shown: the zone that its account lives in, and its book. */
export interface StoredAlert extends Alert {
  readonly timeZone: string;
  readonly book: string | null;
}

/** An alert's own columns. */
export interface AlertCells {
  account_id: string;
  no: bigint;
  kind: AlertKind;
  at_ms: bigint;
  details: string;
}

interface Row extends AlertCells {
  time_zone: string | null;
  book_id: string | null;
}

export const alertIn = (row: Row): StoredAlert => ({
  account: row.account_id,
  no: Number(row.no),
  kind: row.kind,
  at: instantOf(Number(row.at_ms)),
  details: readJson(row.details) as AlertDetails,
  timeZone: row.time_zone ?? 'UTC',
  book: row.book_id,
});

const columns = 'a.account_id, a.no, a.kind, a.at_ms, a.details, c.time_zone, c.book_id';
const from = 'alerts a left join accounts c on c.account_id = a.account_id';

/** Free for any meaning; the same in every Suanpan process of a database. */
const alertsLock = 7_280_016;

/**
 * Says what has not been said: the alerts that are new, as `account once`. One transaction at a time inserts, so that an account's
 * numbers have no gap and nobody who reads on by number passes over one that is committed later.
 */
export async function insertAlerts(tx: ClientBase, alerts: readonly NewAlert[]): Promise<Set<string>> {
  if (alerts.length === 0) return new Set();
  await tx.query('select pg_advisory_xact_lock($1)', [alertsLock]);
  const said: string[] = [];
  for (const some of await byShard(tx, alerts, ({ account }) => account)) said.push(...(await insertSome(tx, some)));
  return new Set(said);
}

async function insertSome(tx: ClientBase, alerts: readonly NewAlert[]): Promise<string[]> {
  const within = (column: string) => namedAgain(engineOf(tx), column, '$1');
  const { rows } = await tx.query<{ account_id: string; once: string }>(
    `insert into alerts (account_id, no, kind, at_ms, details, once)
     select account_id, coalesce((select max(no) from alerts m where m.account_id = g.account_id${within('m.account_id')}), 0)
              + row_number() over (partition by account_id order by place), kind, at_ms, details, once
     from (select distinct on (account_id, once) *
           from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[])
             with ordinality as u(account_id, kind, at_ms, details, once, place)
           order by account_id, once, place) g
     where not exists (select 1 from alerts o where o.account_id = g.account_id and o.once = g.once${within('o.account_id')})
     returning account_id, once`,
    [
      alerts.map(({ account }) => account),
      alerts.map(({ kind }) => kind),
      alerts.map(({ at }) => at),
      alerts.map(({ details }) => canonicalJson(details)),
      alerts.map(({ once }) => once),
    ],
  );
  return rows.map((row) => `${row.account_id} ${row.once}`);
}

export interface AlertFilter {
  /** Null: of all accounts. */
  readonly account: string | null;
  readonly kind?: AlertKind | undefined;
}

/** Where a list goes on: before this one. */
export type AlertPlace = readonly [at: number, account: string, no: number];

/** Newest first. */
export async function listAlerts(
  client: ClientBase | Pool,
  { account, kind }: AlertFilter,
  before: AlertPlace | null,
  limit: number,
): Promise<StoredAlert[]> {
  const { rows } = await client.query<Row>(
    `select ${columns} from ${from}
     where ($1::text is null or a.account_id = $1) and ($2::text is null or a.kind = $2)
       and ($3::bigint is null or (a.at_ms, a.account_id, a.no) < ($3, $4, $5))
     order by a.at_ms desc, a.account_id desc, a.no desc limit $6`,
    [account, kind ?? null, ...(before ?? [null, null, null]), limit],
  );
  return rows.map(alertIn);
}

/** Those of these alerts, as `account once`, that have been said. */
export async function alreadySaid(
  client: ClientBase | Pool,
  alerts: readonly Pick<NewAlert, 'account' | 'once'>[],
): Promise<Set<string>> {
  if (alerts.length === 0) return new Set();
  const { rows } = await client.query<{ account_id: string; once: string }>(
    `select account_id, once from alerts where (account_id, once) in (select unnest($1::text[]), unnest($2::text[]))${namedAgain(engineOf(client), 'account_id', '$1')}`,
    [alerts.map(({ account }) => account), alerts.map(({ once }) => once)],
  );
  return new Set(rows.map((row) => `${row.account_id} ${row.once}`));
}

/** Something said to have begun that was not said to have ended; the text that would say so once. */
export interface OpenAlert {
  readonly account: string;
  readonly once: string;
  readonly endOnce: string;
}

/** Alerts of a kind that no alert of another kind has ended: "service-stopped:17" is ended by "service-restored:17". */
export async function openAlerts(
  client: ClientBase | Pool,
  accounts: readonly string[],
  begun: AlertKind,
  ended: AlertKind,
): Promise<OpenAlert[]> {
  const { rows } = await client.query<{ account_id: string; once: string; end_once: string }>(
    `select * from (
       select account_id, once, $3::text || substr(once, length($2::text) + 1) as end_once from alerts
       where account_id = any($1::text[]) and kind = $2) b
     where not exists (select 1 from alerts e where e.account_id = b.account_id and e.once = b.end_once)`,
    [accounts, begun, ended],
  );
  return rows.map((row) => ({ account: row.account_id, once: row.once, endOnce: row.end_once }));
}

/** Free for any meaning; the same in every Suanpan process of a database. */
const handingLock = 7_280_017;

/** Alerts that no deliveries were made of, each account's in order. One transaction at a time takes; another gets none meanwhile. */
export async function takeUnhanded(tx: ClientBase, limit: number): Promise<StoredAlert[]> {
  const turn = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [handingLock]);
  if (turn.rows[0]?.mine !== true) return [];
  const { rows } = await tx.query<Row>(
    `select ${columns} from ${from} where a.handed_ms is null order by a.account_id, a.no limit $1`,
    [limit],
  );
  return rows.map(alertIn);
}

/** Marks alerts that `takeUnhanded` gave in the same transaction. */
export async function markHanded(
  tx: ClientBase,
  alerts: readonly Pick<Alert, 'account' | 'no'>[],
  at: Instant,
): Promise<void> {
  await tx.query(
    `update alerts a set handed_ms = $3 from unnest($1::text[], $2::bigint[]) as u(account_id, no)
     where a.account_id = u.account_id and a.no = u.no${namedAgain(engineOf(tx), 'a.account_id', '$1')}`,
    [alerts.map(({ account }) => account), alerts.map(({ no }) => no), at],
  );
}
