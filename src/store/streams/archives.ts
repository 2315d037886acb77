// Events of final months to compressed files and back, by COPY: the files hold the very rows. One file of events and one of
// the draws of straddling events a month; a manifest beside them says what they hold and their hashes.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ClientBase, Pool } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { engineOf } from '../connection/hosts.ts';
import { byShard } from '../connection/shards.ts';
import { accountsOfRange, slicesOf, textsIn } from './ranges.ts';

const eventColumns = `seq, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count, account_id, event_id,
  department, action, channel, library, result_code`;
/** Older files do not say in which order the packs were drawn. */
const drawColumns = (ordered: boolean) => `account_id, seq, pack_no, calls${ordered ? ', place' : ''}`;

/** What one file holds. `sha256` is of its compressed bytes, `rows` counts its lines. */
export interface ArchivedFile {
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
}

export interface ArchiveRow {
  readonly month: string;
  readonly no: number;
  readonly events: ArchivedFile;
  readonly draws: ArchivedFile;
  /** Whether the file of draws says their order. */
  readonly ordered: boolean;
  readonly restoredMs: bigint | null;
}

/** An account's month as an interval of call times, end not included. */
export interface AccountMonth {
  readonly account: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Rows to be archived, the same for copying out and for deleting: accounts with their months under the name `a`, and a condition that names
 * the accounts once more. In words, since COPY takes no parameters.
 */
interface Archivable {
  readonly months: string;
  readonly again: (column: string) => string;
}

/** Marks the rows to be archived: all together, or, on an engine that spreads accounts over nodes, those of a shard apart. */
export async function markArchivable(
  client: ClientBase,
  months: readonly AccountMonth[],
): Promise<readonly Archivable[]> {
  if (engineOf(client) === 'citus') {
    const shards = await byShard(client, months, ({ account }) => account);
    return shards.flatMap((some) => slicesOf(some, accountsOfRange).map(named));
  }
  await client.query(`create temporary table archivable (account_id text collate "C" primary key, from_ms bigint, to_ms bigint)
    on commit drop`);
  await client.query('insert into archivable select * from unnest($1::text[], $2::bigint[], $3::bigint[])', [
    months.map(({ account }) => account),
    months.map(({ fromMs }) => fromMs),
    months.map(({ toMs }) => toMs),
  ]);
  return [{ months: 'archivable a', again: () => '' }];
}

function named(months: readonly AccountMonth[]): Archivable {
  const accounts = textsIn(months.map(({ account }) => account));
  const bounds = [months.map(({ fromMs }) => fromMs), months.map(({ toMs }) => toMs)];
  const columns = [accounts, ...bounds.map((each) => `array[${each.join()}]::bigint[]`)].join(', ');
  return {
    months: `unnest(${columns}) as a(account_id, from_ms, to_ms)`,
    again: (column) => ` and ${column} = any(${accounts})`,
  };
}

/** Whether any event is marked. */
export async function hasArchivable(client: ClientBase, marked: readonly Archivable[]): Promise<boolean> {
  for (const part of marked) {
    const { rows } = await client.query<{ found: boolean }>(`select exists (select 1 ${events(part)}) as found`);
    if (rows[0]?.found === true) return true;
  }
  return false;
}

const inMonth = 'a.account_id = e.account_id and e.at_ms >= a.from_ms and e.at_ms < a.to_ms';
const events = ({ months, again }: Archivable): string =>
  `from events e join ${months} on ${inMonth}${again('e.account_id')}`;

/** A settlement of a straddling event is listed under its own number, or under its review's. */
const draws = (part: Archivable): string => `from event_draws d where (d.account_id, d.seq) in (
  select e.account_id, coalesce(r.seq, e.seq) ${events(part)}
  left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id${part.again('r.account_id')})${part.again('d.account_id')}`;

export async function copyOut(
  client: ClientBase,
  marked: readonly Archivable[],
  files: { readonly events: string; readonly draws: string },
) {
  const called = eventColumns.replace(/(\w+)/g, 'e.$1');
  const ofEvents = marked.map((part) => `select ${called} ${events(part)} order by e.account_id, e.seq`);
  const drawn = drawColumns(true).replace(/(\w+)/g, 'd.$1');
  const ofDraws = marked.map(
    (part) => `select ${drawn} ${draws(part)} order by d.account_id, d.seq, d.place, d.pack_no`,
  );
  return {
    events: await copyToFile(client, ofEvents, files.events),
    draws: await copyToFile(client, ofDraws, files.draws),
  };
}

/** Rows of queries, one after another, to a compressed file that is new, as COPY writes them. */
export async function copyToFile(
  client: ClientBase,
  selects: Iterable<string> | AsyncIterable<string>,
  file: string,
): Promise<ArchivedFile> {
  const lines = new Lines();
  const hash = new Hashed();
  await pipeline(
    async function* rows() {
      for await (const select of selects) yield* client.query(copyTo(`copy (${select}) to stdout`));
    },
    lines.stream,
    createGzip({ level: 6 }),
    hash.stream,
    createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }),
  );
  return { file, sha256: hash.digest(), rows: lines.count };
}

/** Deletes what was copied out, in the same transaction. Returns how many events and draws went. */
export async function deleteArchived(
  client: ClientBase,
  marked: readonly Archivable[],
): Promise<{ readonly events: number; readonly draws: number }> {
  const gone: { readonly events: number; readonly draws: number }[] = [];
  for (const part of marked) {
    const { months, again } = part;
    const ofDraws = await client.query(`delete ${draws(part)}`);
    await client.query(
      `delete from event_keys k where (k.account_id, k.seq) in (select e.account_id, e.seq ${events(part)})${again('k.account_id')}`,
    );
    const ofEvents = await client.query(
      `delete from events e using ${months} where ${inMonth}${again('e.account_id')}`,
    );
    gone.push({ events: ofEvents.rowCount ?? 0, draws: ofDraws.rowCount ?? 0 });
  }
  const sum = (of: 'events' | 'draws'): number => gone.reduce((all, each) => all + each[of], 0);
  return { events: sum('events'), draws: sum('draws') };
}

/** The SHA-256 of a file's bytes as they are now. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Copies an archive's rows into tables of the columns of `events` and `event_draws`. */
async function copyIn(
  client: ClientBase,
  archive: Pick<ArchiveRow, 'events' | 'draws' | 'ordered'>,
  into: { readonly events: string; readonly draws: string },
): Promise<void> {
  await copyFromFile(client, archive.events.file, `copy ${into.events} (${eventColumns}) from stdin`);
  await copyFromFile(client, archive.draws.file, `copy ${into.draws} (${drawColumns(archive.ordered)}) from stdin`);
}

/** Rows of `archived_events` whose id another event has taken since. */
export interface TakenId {
  readonly account: string;
  readonly id: string;
}

/**
 * Copies an archive's rows back into the ledger. Gives the ids that other events have taken meanwhile: then not all rows are in
 * their tables, and the transaction has to be given up.
 */
export async function bringBack(client: ClientBase, archive: ArchiveRow): Promise<readonly TakenId[]> {
  await client.query(`
    create temporary table archived_events (like events) on commit drop;
    create temporary table archived_draws (like event_draws including defaults) on commit drop`);
  await copyIn(client, archive, { events: 'archived_events', draws: 'archived_draws' });
  const { rowCount } = await client.query(
    `insert into events (${eventColumns}) select ${eventColumns} from archived_events on conflict do nothing`,
  );
  if (rowCount !== archive.events.rows) return takenIds(client);
  await client.query(`
    insert into event_draws select * from archived_draws;
    drop table archived_events, archived_draws`);
  return [];
}

async function takenIds(client: ClientBase): Promise<TakenId[]> {
  const { rows } = await client.query<{ account_id: string; event_id: string }>(
    `select a.account_id, a.event_id from archived_events a join events e using (event_id, account_id)
     where e.seq <> a.seq order by a.account_id, a.seq`,
  );
  return rows.map((row) => ({ account: row.account_id, id: row.event_id }));
}

/** Such a file into the table that a COPY statement names. */
export const copyFromFile = (client: ClientBase, file: string, statement: string): Promise<void> =>
  pipeline(createReadStream(file), createGunzip(), client.query(copyFrom(statement)));

export async function insertArchive(client: ClientBase, archive: ArchiveRow, nowMs: number): Promise<void> {
  const { month, no, events, draws } = archive;
  await client.query(
    `insert into archives (month, no, events_file, events_sha256, events, draws_file, draws_sha256, draws, archived_ms, ordered)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true)`,
    [month, no, events.file, events.sha256, events.rows, draws.file, draws.sha256, draws.rows, nowMs],
  );
}

/** Notes what is about to be written. On a connection of its own: it must stand however the transaction ends. */
export async function noteAttempt(pool: Pool, files: readonly string[], nowMs: number): Promise<void> {
  await pool.query('insert into archive_attempts (files, began_ms) values ($1, $2)', [files, nowMs]);
}

export async function forgetAttempt(client: ClientBase | Pool, files: readonly string[]): Promise<void> {
  await client.query('delete from archive_attempts where files = $1', [files]);
}

export async function listAttempts(pool: Pool): Promise<(readonly string[])[]> {
  const { rows } = await pool.query<{ files: string[] }>('select files from archive_attempts order by began_ms, files');
  return rows.map(({ files }) => files);
}

export async function markRestored(client: ClientBase, month: string, no: number, nowMs: number): Promise<void> {
  await client.query('update archives set restored_ms = $3 where month = $1 and no = $2', [month, no, nowMs]);
}

/** All archives, of one month or any, in order. */
export async function listArchiveRows(client: ClientBase | Pool, month: string | null): Promise<ArchiveRow[]> {
  const { rows } = await client.query<{
    month: string;
    no: number;
    events_file: string;
    events_sha256: string;
    events: bigint;
    draws_file: string;
    draws_sha256: string;
    draws: bigint;
    ordered: boolean;
    restored_ms: bigint | null;
  }>('select * from archives where $1::text is null or month = $1 order by month, no', [month]);
  return rows.map((row) => ({
    month: row.month,
    no: row.no,
    events: { file: row.events_file, sha256: row.events_sha256, rows: Number(row.events) },
    draws: { file: row.draws_file, sha256: row.draws_sha256, rows: Number(row.draws) },
    ordered: row.ordered,
    restoredMs: row.restored_ms,
  }));
}

/** Accounts whose month has a final bill, with their zones' names, after `after`. */
export async function listFinalAccounts(client: ClientBase | Pool, month: string): Promise<string[]> {
  const { rows } = await client.query<{ account_id: string }>(
    'select account_id from bills where period = $1 order by account_id',
    [month],
  );
  return rows.map((row) => row.account_id);
}

/** Makes a connection see archived rows as if they were back: views of this session alone lie over the tables. */
export async function overlayArchives(client: ClientBase, archives: readonly ArchiveRow[]): Promise<void> {
  await client.query(`
    create temporary table archived_events (like public.events);
    create temporary table archived_draws (like public.event_draws including defaults)`);
  for (const archive of archives) {
    await copyIn(client, archive, { events: 'archived_events', draws: 'archived_draws' });
  }
  await client.query(`
    create index on archived_events (account_id, at_ms, seq);
    create temporary view events as select * from public.events union all select * from archived_events;
    create temporary view event_draws as select * from public.event_draws union all select * from archived_draws;
    analyze archived_events`);
}

/** Counts lines on their way. */
class Lines {
  count = 0;
  readonly stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.count += 1;
      done(null, chunk);
    },
  });
}

/** Hashes bytes on their way. */
class Hashed {
  readonly #hash = createHash('sha256');
  readonly stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      this.#hash.update(chunk);
      done(null, chunk);
    },
  });

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** The archives lie in another folder now. */
export async function moveArchives(client: ClientBase, folder: string): Promise<void> {
  await client.query(
    `update archives set events_file = $1 || regexp_replace(events_file, '^.*/', '/'),
       draws_file = $1 || regexp_replace(draws_file, '^.*/', '/')`,
    [folder],
  );
}

/** One archiving or restoring at a time, until the transaction ends. */
export async function lockArchiveTable(tx: ClientBase): Promise<void> {
  await tx.query('lock table archives in exclusive mode');
}
