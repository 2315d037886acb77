// Long lists as files, as the database keeps them: what was asked for, how far it is, the pieces.

import type { ClientBase, Pool } from 'pg';
import type { ExportState, FileFormat, ListName } from '../../core/list-names.ts';
import { type Instant, instantOf } from '../../core/units.ts';
import type { EventWish } from './events.ts';

/** What is kept of the asking. */
export interface AskedList {
  readonly list: ListName;
  readonly format: FileFormat;
  readonly bom: boolean;
  readonly from: Instant;
  readonly to: Instant;
  readonly wish: EventWish;
}

export interface ExportRow {
  readonly id: string;
  readonly account: string;
  readonly asked: AskedList;
  readonly through: number;
  readonly askedBy: string;
  readonly askedAt: Instant;
  readonly state: ExportState;
  readonly rows: number;
  /** Null: not counted. */
  readonly of: number | null;
  readonly endedAt: Instant | null;
  readonly problem: string | null;
}

interface Row {
  id: string;
  account_id: string;
  asked: AskedList;
  through_seq: bigint;
  asked_by: string;
  asked_ms: bigint;
  state: ExportState;
  rows_done: bigint;
  rows_all: bigint | null;
  ended_ms: bigint | null;
  problem: string | null;
}

const read = (row: Row): ExportRow => ({
  id: row.id,
  account: row.account_id,
  asked: row.asked,
  through: Number(row.through_seq),
  askedBy: row.asked_by,
  askedAt: instantOf(Number(row.asked_ms)),
  state: row.state,
  rows: Number(row.rows_done),
  of: row.rows_all === null ? null : Number(row.rows_all),
  endedAt: row.ended_ms === null ? null : instantOf(Number(row.ended_ms)),
  problem: row.problem,
});

export async function insertExport(
  tx: ClientBase,
  { id, account, asked, through, askedBy, askedAt }: Omit<ExportRow, 'state' | 'rows' | 'of' | 'endedAt' | 'problem'>,
): Promise<ExportRow> {
  const { rows } = await tx.query<Row>(
    `insert into list_exports (id, account_id, asked, through_seq, asked_by, asked_ms, state)
     values ($1, $2, $3, $4, $5, $6, 'waiting') returning *`,
    [id, account, JSON.stringify(asked), through, askedBy, askedAt],
  );
  if (rows[0] === undefined) throw new Error('an export was not written');
  return read(rows[0]);
}

/** Those of an account that wait or run. */
export async function countOpenExports(client: ClientBase | Pool, account: string): Promise<number> {
  const { rows } = await client.query<{ open: number }>(
    `select count(*)::integer as open from list_exports where account_id = $1 and state in ('waiting', 'running')`,
    [account],
  );
  return rows[0]?.open ?? 0;
}

/** Of an account, newest first. */
export async function listExports(
  client: ClientBase | Pool,
  account: string,
  before: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<ExportRow[]> {
  const { rows } = await client.query<Row>(
    `select * from list_exports where account_id = $1 and ($2::bigint is null or (asked_ms, id) < ($2, $3))
     order by asked_ms desc, id desc limit $4`,
    [account, before?.at ?? null, before?.id ?? null, limit],
  );
  return rows.map(read);
}

export async function findExport(
  client: ClientBase | Pool,
  account: string,
  id: string,
): Promise<ExportRow | undefined> {
  const { rows } = await client.query<Row>('select * from list_exports where account_id = $1 and id = $2', [
    account,
    id,
  ]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** The one that has waited longest, or was left in the middle. */
export async function nextOpenExport(client: ClientBase | Pool): Promise<ExportRow | undefined> {
  const { rows } = await client.query<Row>(
    `select * from list_exports where state in ('waiting', 'running') order by asked_ms, id limit 1`,
  );
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** Begins it from the start: pieces of a try that was cut off are thrown away. */
export async function beginExport(tx: ClientBase, id: string, of: number | null): Promise<void> {
  await tx.query('delete from export_pieces where export_id = $1', [id]);
  await tx.query(`update list_exports set state = 'running', rows_done = 0, rows_all = $2 where id = $1`, [id, of]);
}

export async function addPiece(tx: ClientBase, id: string, no: number, content: Buffer, rows: number): Promise<void> {
  await tx.query('insert into export_pieces (export_id, no, content) values ($1, $2, $3)', [id, no, content]);
  await tx.query('update list_exports set rows_done = $2 where id = $1', [id, rows]);
}

export async function endExport(
  client: ClientBase | Pool,
  id: string,
  { at, problem }: { readonly at: Instant; readonly problem: string | null },
): Promise<void> {
  await client.query('update list_exports set state = $2, ended_ms = $3, problem = $4 where id = $1', [
    ...[id, problem === null ? 'done' : 'failed', at, problem],
  ]);
  if (problem !== null) await client.query('delete from export_pieces where export_id = $1', [id]);
}

export async function readPiece(client: ClientBase | Pool, id: string, no: number): Promise<Buffer | undefined> {
  const { rows } = await client.query<{ content: Buffer }>(
    'select content from export_pieces where export_id = $1 and no = $2',
    [id, no],
  );
  return rows[0]?.content;
}

/** Those that ended before a moment are forgotten, their files too. */
export async function forgetExports(client: ClientBase | Pool, endedBefore: Instant): Promise<void> {
  await client.query('delete from list_exports where ended_ms < $1', [endedBefore]);
}

/** How many rows a list of all of an account's calls of a time has. */
export async function countCalls(
  client: ClientBase | Pool,
  { account, from, to, through }: { account: string; from: Instant; to: Instant; through: number },
): Promise<number> {
  const { rows } = await client.query<{ calls: string }>(
    'select count(*)::text as calls from events where account_id = $1 and at_ms >= $2 and at_ms < $3 and seq <= $4',
    [account, from, to, through],
  );
  return Number(rows[0]?.calls ?? 0);
}
