// Days of the provider's own list: how far each has been read, and what of it could not be matched.

import type { ClientBase, Pool } from 'pg';
import { type Instant, instantOf } from '../../core/units.ts';
import { int8Array, textArray } from './arrays.ts';

export interface Sweep {
  /** By the provider's calendar. */
  readonly day: string;
  /** The page to read next. */
  readonly cursor: number;
  readonly begun: Instant;
  /** Null: it is not whole yet. */
  readonly ended: Instant | null;
  readonly pages: number;
  readonly attempts: number;
  /** Of the attempts, those that the ledger did not have: settled, and held for review. */
  readonly metered: number;
  readonly held: number;
  /** What could not be matched. */
  readonly findings: number;
}

interface Row {
  day: string;
  cursor: bigint;
  begun_ms: bigint;
  ended_ms: bigint | null;
  pages: bigint;
  attempts: bigint;
  metered: bigint;
  held: bigint;
  findings: bigint;
}

const read = (row: Row): Sweep => ({
  day: row.day,
  cursor: Number(row.cursor),
  begun: instantOf(Number(row.begun_ms)),
  ended: row.ended_ms === null ? null : instantOf(Number(row.ended_ms)),
  pages: Number(row.pages),
  attempts: Number(row.attempts),
  metered: Number(row.metered),
  held: Number(row.held),
  findings: Number(row.findings),
});

const columns = `s.day, s.cursor, s.begun_ms, s.ended_ms, s.pages, s.attempts, s.metered, s.held,
  (select count(*) from sweep_findings f where f.day = s.day) as findings`;

export async function findSweep(client: ClientBase | Pool, day: string): Promise<Sweep | undefined> {
  const { rows } = await client.query<Row>(`select ${columns} from sweeps s where s.day = $1`, [day]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Days, the latest first, before one. */
export async function listSweeps(pool: Pool, before: string | null, limit: number): Promise<Sweep[]> {
  const { rows } = await pool.query<Row>(
    `select ${columns} from sweeps s where $1::text is null or s.day < $1 order by s.day desc limit $2`,
    [before, limit],
  );
  return rows.map(read);
}

/** Of these days, those that are whole. */
export async function wholeDays(pool: Pool, days: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ day: string }>(
    'select day from sweeps where day = any($1::text[]) and ended_ms is not null',
    [textArray(days)],
  );
  return new Set(rows.map(({ day }) => day));
}

/** Those that were begun and are not whole, the earliest first. */
export async function openDays(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ day: string }>(
    'select day from sweeps where ended_ms is null order by day limit 100',
  );
  return rows.map(({ day }) => day);
}

/** Begins a day, or goes on with it; `anew`: one that is whole begins again, and what was found of its whole list is forgotten. */
export async function beginSweep(pool: Pool, day: string, now: Instant, anew: boolean): Promise<void> {
  if (anew) await pool.query(`delete from sweep_findings where day = $1 and token = '*'`, [day]);
  await pool.query(
    `insert into sweeps (day, cursor, begun_ms) values ($1, 0, $2)
     on conflict (day) do update set cursor = 0, begun_ms = $2, ended_ms = null, pages = 0, attempts = 0, metered = 0, held = 0
     where $3 and sweeps.ended_ms is not null`,
    [day, now, anew],
  );
}

export interface SweptPage {
  readonly day: string;
  /** The page that was read. */
  readonly cursor: number;
  /** The next one; null: there is none. */
  readonly next: number | null;
  readonly attempts: number;
  readonly metered: number;
  readonly held: number;
}

/** False: the day does not stand at that page any more. */
export async function turnPage(tx: ClientBase, page: SweptPage, now: Instant): Promise<boolean> {
  const { day, cursor, next, attempts, metered, held } = page;
  const { rowCount } = await tx.query(
    `update sweeps set cursor = coalesce($3::bigint, cursor), ended_ms = case when $3::bigint is null then $4::bigint end,
       pages = pages + case when $3::bigint is distinct from cursor then 1 else 0 end, attempts = attempts + $5, metered = metered + $6, held = held + $7
     where day = $1 and cursor = $2 and ended_ms is null`,
    [day, cursor, next, now, attempts, metered, held],
  );
  return rowCount === 1;
}

/** An attempt of the list that could not be matched. */
export interface Finding {
  readonly token: string;
  /** Its number within the flow; empty: the list has none. */
  readonly attempt: string;
  readonly at: Instant;
  readonly why: string;
  /** Of the token, where it is known. */
  readonly account: string | null;
  readonly rule: string | null;
  readonly resultCode: string | null;
  /** The provider's own word. */
  readonly charged: boolean;
}

export type FindingKey = Pick<Finding, 'token' | 'attempt' | 'at'>;

const keyColumns = (keys: readonly FindingKey[]) => [
  textArray(keys.map(({ token }) => token)),
  textArray(keys.map(({ attempt }) => attempt)),
  int8Array(keys.map(({ at }) => at)),
];

/** What was found of these attempts before is replaced by what is found now. */
export async function replaceFindings(
  tx: ClientBase,
  day: string,
  seen: readonly FindingKey[],
  found: readonly Finding[],
): Promise<void> {
  await tx.query(
    `delete from sweep_findings f using unnest($2::text[], $3::text[], $4::bigint[]) as k(token, attempt, at_ms)
     where f.day = $1 and f.token = k.token and f.attempt = k.attempt and f.at_ms = k.at_ms`,
    [day, ...keyColumns(seen)],
  );
  if (found.length === 0) return;
  await tx.query(
    `insert into sweep_findings (day, token, attempt, at_ms, why, account_id, rule, result_code, charged)
     select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[])
     on conflict do nothing`,
    [
      ...[day, ...keyColumns(found), found.map(({ why }) => why), found.map(({ account }) => account)],
      ...[
        found.map(({ rule }) => rule),
        found.map(({ resultCode }) => resultCode),
        found.map(({ charged }) => charged),
      ],
    ],
  );
}

export type FindingPlace = readonly [token: string, attempt: string, at: number];

export interface FindingWish {
  readonly day: string;
  readonly why: string | null;
  readonly after: FindingPlace | null;
  readonly limit: number;
}

/** How many of a day's are of which kind, the most first. */
export async function countFindings(
  pool: Pool,
  day: string,
): Promise<{ readonly why: string; readonly count: number }[]> {
  const { rows } = await pool.query<{ why: string; count: number }>(
    'select why, count(*)::integer as count from sweep_findings where day = $1 group by why order by 2 desc, 1',
    [day],
  );
  return rows;
}

export async function listFindings(pool: Pool, { day, why, after, limit }: FindingWish): Promise<Finding[]> {
  const { rows } = await pool.query<{
    token: string;
    attempt: string;
    at_ms: bigint;
    why: string;
    account_id: string | null;
    rule: string | null;
    result_code: string | null;
    charged: boolean;
  }>(
    `select token, attempt, at_ms, why, account_id, rule, result_code, charged from sweep_findings
     where day = $1 and ($2::text is null or (token, attempt, at_ms) > ($2, $3, $4)) and ($6::text is null or why = $6)
     order by token, attempt, at_ms limit $5`,
    [day, ...(after ?? [null, null, null]), limit, why],
  );
  return rows.map((row) => ({
    token: row.token,
    attempt: row.attempt,
    at: instantOf(Number(row.at_ms)),
    why: row.why,
    account: row.account_id,
    rule: row.rule,
    resultCode: row.result_code,
    charged: row.charged,
  }));
}
