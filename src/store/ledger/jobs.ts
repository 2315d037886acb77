// When jobs ran, and when they run next. One server at a time runs a job: the lock is that of a connection, and ends with its process.

import type { ClientBase, Pool } from 'pg';
import { type Instant, instantOf } from '../../core/units.ts';

/** What a run came to: things done, left to wait for a person, and failed. */
export interface JobResult {
  readonly done: number;
  readonly waiting: number;
  readonly failed: number;
}

export interface JobRow extends JobResult {
  readonly name: string;
  readonly begun: Instant | null;
  readonly ended: Instant | null;
  readonly next: Instant;
  readonly error: string | null;
}

interface Row {
  name: string;
  begun_ms: bigint | null;
  ended_ms: bigint | null;
  next_ms: bigint;
  done: number;
  waiting: number;
  failed: number;
  error: string | null;
}

const at = (ms: bigint | null): Instant | null => (ms === null ? null : instantOf(Number(ms)));

/** The jobs of these names; one that never ran is due since ever. */
export async function readJobs(pool: ClientBase | Pool, names: readonly string[]): Promise<JobRow[]> {
  const { rows } = await pool.query<Row>(
    `select n.name, begun_ms, ended_ms, coalesce(next_ms, 0) as next_ms, coalesce(done, 0) as done,
            coalesce(waiting, 0) as waiting, coalesce(failed, 0) as failed, error
     from unnest($1::text[]) with ordinality as n(name, place) left join jobs j on j.name = n.name order by place`,
    [names],
  );
  return rows.map((row) => ({
    name: row.name,
    begun: at(row.begun_ms),
    ended: at(row.ended_ms),
    next: instantOf(Number(row.next_ms)),
    done: row.done,
    waiting: row.waiting,
    failed: row.failed,
    error: row.error,
  }));
}

/** Free for any meaning; the second key is the job's name. */
const jobLock = 7_280_004;

/** Whether this connection has the job to itself now; it keeps it until it ends or gives it up. */
export async function takeJob(client: ClientBase, name: string): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as mine', [
    jobLock,
    name,
  ]);
  return rows[0]?.mine === true;
}

export async function leaveJob(client: ClientBase, name: string): Promise<void> {
  await client.query('select pg_advisory_unlock($1, hashtext($2))', [jobLock, name]);
}

export async function beginJob(client: ClientBase, name: string, now: Instant): Promise<void> {
  await client.query(
    `insert into jobs (name, begun_ms) values ($1, $2)
     on conflict (name) do update set begun_ms = $2, ended_ms = null, error = null`,
    [name, now],
  );
}

export async function endJob(
  client: ClientBase,
  name: string,
  ended: { readonly at: Instant; readonly next: Instant; readonly error: string | null } & JobResult,
): Promise<void> {
  const { at: endedAt, next, done, waiting, failed, error } = ended;
  await client.query(
    'update jobs set ended_ms = $2, next_ms = $3, done = $4, waiting = $5, failed = $6, error = $7 where name = $1',
    [name, endedAt, next, done, waiting, failed, error],
  );
}
