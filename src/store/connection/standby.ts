// What is promised where a standby confirms each commit. A commit that waits for it becomes visible without it when the wait is
// cancelled, its connection ended, or the primary restarted: what is read then may lie on one disk alone. See docs/decisions/0044.

import type { ClientBase, Pool } from 'pg';

/** Whether commits wait for a standby, as a column. */
export const awaitsStandby = `current_setting('synchronous_standby_names') <> ''`;

/**
 * Returns when all that this connection has read so far is where an acknowledged commit is: a commit of its own, behind the others in
 * the log, that waits as they do. Within a transaction it is the transaction's commit that waits. Nothing where no standby is awaited.
 */
export async function awaitWhatIsRead(client: ClientBase): Promise<void> {
  await client.query(`select case when ${awaitsStandby} then pg_logical_emit_message(true, 'suanpan', '') end`);
}

/** A commit that the standby has not confirmed, though the server called it done. */
export const unconfirmed = (): Error =>
  Object.assign(new Error('The wait for the standby was cancelled: the commit may lie on one disk alone'), {
    code: 'EUNCONFIRMED',
  });

/** PostgreSQL's own name for the place that says so; its words depend on the server's language. */
export const isUnconfirmed = (notice: { readonly routine?: string | undefined }): boolean =>
  notice.routine === 'SyncRepWaitForLSN';

const servers = new WeakMap<ClientBase, string>();

/**
 * Which server a connection leads to: another one, or the same one started again, has another name. What was written on one is no
 * knowledge of the other, which may have lost it.
 */
export async function serverOf(client: ClientBase): Promise<string> {
  const known = servers.get(client);
  if (known !== undefined) return known;
  const { rows } = await client.query<{ started: string }>(
    'select extract(epoch from pg_postmaster_start_time())::text as started',
  );
  const started = rows[0]?.started ?? '';
  servers.set(client, started);
  return started;
}

/** The log's timeline, which grows with each promotion. */
export async function readTimeline(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ timeline: string }>(
    'select left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as timeline',
  );
  return Number.parseInt(rows[0]?.timeline ?? '', 16);
}

/** With the code of a connection that was not to be had. */
export const pastPrimary = (timeline: number, used: number): Error =>
  Object.assign(new Error(`a primary of timeline ${timeline}, though ${used} has been used`), { code: 'ENOTCONN' });

/** How the primary is followed, for `doctor`. */
export interface Standbys {
  /** `synchronous_standby_names`: empty where none is awaited. */
  readonly awaited: string;
  /** How many of them have to confirm a commit. */
  readonly needed: number;
  /** `synchronous_commit` makes commits wait for those. */
  readonly commitsWait: boolean;
  /** How many follow now. */
  readonly following: number;
  /** How many of them are waited for now; null: this role may not see it. */
  readonly confirming: number | null;
}

export async function readStandbys(pool: Pool): Promise<Standbys> {
  const { rows } = await pool.query<Omit<Standbys, 'needed'>>(`
    select current_setting('synchronous_standby_names') as awaited,
           current_setting('synchronous_commit') in ('on', 'remote_write', 'remote_apply') as "commitsWait",
           count(pid)::integer as following,
           case when count(pid) = count(state) then count(*) filter (where sync_state in ('sync', 'quorum'))::integer end as confirming
    from pg_stat_replication
  `);
  const found = rows[0] ?? { awaited: '', commitsWait: false, following: 0, confirming: null };
  return { ...found, needed: neededOf(found.awaited) };
}

/** `FIRST 2 (…)`, `ANY 2 (…)`, `2 (…)`; a list without a number means one. */
const neededOf = (names: string): number =>
  names.trim() === '' ? 0 : Number(/^\s*(?:(?:first|any)\s+)?(\d+)\s*\(/i.exec(names)?.[1] ?? 1);
