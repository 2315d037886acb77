// Between each group's write and its acknowledgement lies a sync of the write-ahead log: PostgreSQL's own counters say so,
// on a server of this test's own. The same with synchronous_commit off shows that the counters can tell.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openAccount } from '../../src/operations/accounts.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type Database, openDatabase } from '../../src/store/connection/connect.ts';
import { type Embedded, startEmbedded } from '../../src/store/connection/embedded.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { instant } from '../http/open-app.ts';
import { oneCall } from './one-call.ts';

const now = instant('2026-01-12T09:00:00+08:00');
const folder = mkdtempSync(join(tmpdir(), 'suanpan-wal-'));
let embedded: Embedded;
let database: Database;
let suanpan: Suanpan;

beforeAll(async () => {
  embedded = await startEmbedded({ dataFolder: folder });
  database = await openDatabase({ databaseUrl: embedded.connectionString, dataFolder: '', lanes: 1 });
  suanpan = await openSuanpan(database, () => now);
  await inTransaction(suanpan.pool, (tx) =>
    openAccount(tx, suanpan, { id: 'acme', book: 'faceid-legacy', by: 'local' }, now),
  );
});
afterAll(async () => {
  await database.close();
  await embedded.stop();
  rmSync(folder, { recursive: true, force: true });
});

const event = (id: string) => oneCall(id, now);

/** Where the log has been written in memory to, and synced to disk to. */
async function positions(watcher: pg.Client): Promise<{ readonly written: bigint; readonly synced: bigint }> {
  const { rows } = await watcher.query<{ written: string; synced: string }>(
    `select (pg_current_wal_insert_lsn() - '0/0')::text as written, (pg_current_wal_flush_lsn() - '0/0')::text as synced`,
  );
  return { written: beforePageHeader(BigInt(rows[0]?.written ?? 0)), synced: BigInt(rows[0]?.synced ?? 0) };
}

/** The next record goes behind a page's header, which is written with it: a log that ends with a page ends before the header. */
function beforePageHeader(position: bigint): bigint {
  const inPage = position % 8_192n;
  return inPage === 24n || inPage === 40n ? position - inPage : position;
}

async function fsyncs(watcher: pg.Client): Promise<number> {
  await watcher.query('select pg_stat_force_next_flush()');
  const { rows } = await watcher.query<{ fsyncs: string }>(
    `select sum(fsyncs)::text as fsyncs from pg_stat_io where object = 'wal'`,
  );
  return Number(rows[0]?.fsyncs);
}

/** Settles groups one after another; counts those whose log was on disk when they were acknowledged. */
async function observe(connectionString: string, groups: number) {
  const pool = new pg.Pool({ connectionString, max: 1 });
  const ledger = new Ledger({ pool, books: suanpan.books, meters: suanpan.meters, clock: () => now, lanes: 1 });
  const watcher = new pg.Client({ connectionString: embedded.administratorString });
  await watcher.connect();
  const before = await fsyncs(watcher);
  let onDisk = 0;
  for (let n = 0; n < groups; n += 1) {
    const start = await positions(watcher);
    const [result] = await ledger.record('acme', [event(`${connectionString.length}-${n}`)]);
    expect(result?.status).toBe('accepted');
    const end = await positions(watcher);
    expect(end.written).toBeGreaterThan(start.written);
    if (end.synced >= end.written) onDisk += 1;
  }
  // A backend reports its counters at the latest when it ends.
  await pool.end();
  let after = await fsyncs(watcher);
  for (let tries = 0; tries < 100 && after - before < groups; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    after = await fsyncs(watcher);
  }
  await watcher.end();
  return { groups, onDisk, synced: after - before };
}

test('every group is synced before its acknowledgement', { timeout: 60_000 }, async () => {
  const found = await observe(embedded.connectionString, 60);
  console.log(`WAL: ${JSON.stringify(found)}`);
  expect(found.onDisk).toBe(60);
  expect(found.synced).toBeGreaterThanOrEqual(60);
});

test('without synchronous commits it would show', { timeout: 60_000 }, async () => {
  const loose = `${embedded.connectionString}&options=${encodeURIComponent('-c synchronous_commit=off')}`;
  const found = await observe(loose, 60);
  console.log(`WAL, synchronous_commit off: ${JSON.stringify(found)}`);
  expect(found.onDisk).toBeLessThan(60);
  expect(found.synced).toBeLessThan(60);
});
