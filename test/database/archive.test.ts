// Events leave for compressed files and come back; the ledger verifies before, between and after.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant } from '../../src/core/units.ts';
import { openAccount } from '../../src/operations/accounts.ts';
import { archiveMonth, restoreMonth } from '../../src/operations/archive-events.ts';
import { closeMonth } from '../../src/operations/close-month.ts';
import { giveGifts } from '../../src/operations/packs.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { until } from '../faults/server-process.ts';
import { basic, openApp } from '../http/open-app.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(text);
  return instant;
};

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const month = '2026-01' as Period;
const folder = mkdtempSync(join(tmpdir(), 'suanpan-archive-'));
let database: FreshDatabase;
let suanpan: Suanpan;
let now = at('2026-01-01T00:00:00+08:00');

beforeAll(async () => {
  database = await freshDatabase();
  suanpan = await openSuanpan(database, () => now);
  const gift = { account: 'acme', product: 'basic_authority', calls: callsOf(30), months: null };
  await inTransaction(suanpan.pool, async (tx) => {
    await openAccount(tx, suanpan, { id: 'acme', book: 'faceid-legacy', by: 'local' }, now);
    await giveGifts(tx, suanpan, { ...gift, calls: callsOf(31), id: 'g1' }, now);
    return giveGifts(tx, suanpan, { ...gift, id: 'g2' }, now);
  });
  now = at('2026-02-01T12:00:00+08:00');
  const days = ['2026-01-02', '2026-01-31', '2026-02-01'];
  for (const day of days) {
    const events = Array.from({ length: 20 }, (_, index) => ({
      id: `${day}-${index}`,
      meter: 'liveness.basic.authority',
      calls: callsOf(3),
      at: at(`${day}T10:00:00+08:00`),
      department: null,
      facts: null,
    }));
    await suanpan.ledger.record('acme', events);
  }
  now = at('2026-02-03T00:00:00+08:00');
  await inTransaction(suanpan.pool, (tx) => closeMonth(tx, suanpan, { account: 'acme', month }, now));
}, 60_000);

afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const stored = async () =>
  (await suanpan.pool.query('select account_id, event_id, seq, calls, postpaid, draw_count from events order by seq'))
    .rows;

test('a month that late events can still reach stays', async () => {
  expect(await archiveMonth(suanpan, { month, folder })).toMatchObject({ refused: 'PERIOD_OPEN' });
});

test('archive, verify, restore, verify', async () => {
  const before = await stored();
  await suanpan.pool.query(`insert into event_keys select account_id, seq, '1a2b3c4d' from events`);
  now = at('2026-03-20T00:00:00+08:00');
  const archive = await archiveMonth(suanpan, { month, folder });
  if (isRefusal(archive)) throw new Error(JSON.stringify(archive));
  expect(archive).toMatchObject({ events: { rows: 40 } });
  expect(archive.draws.rows).toBeGreaterThan(0);
  expect(await stored()).toHaveLength(20);
  // What no cap counts any more needs no key.
  expect((await suanpan.pool.query('select from event_keys')).rowCount).toBe(20);
  expect(await verifyLedger(suanpan)).toMatchObject({ clean: true });
  const [again] = await suanpan.ledger.record('acme', [
    {
      id: '2026-01-02-0',
      meter: 'liveness.basic.authority',
      calls: callsOf(3),
      at: at('2026-01-02T10:00:00+08:00'),
      department: null,
      facts: null,
    },
  ]);
  expect(again).toMatchObject({ status: 'rejected', refusal: { refused: 'EVENT_TOO_OLD' } });
  expect(await restoreMonth(suanpan, { month })).toHaveLength(1);
  expect(await stored()).toEqual(before);
  expect(await verifyLedger(suanpan)).toMatchObject({ clean: true });
  expect(await restoreMonth(suanpan, { month })).toMatchObject({ refused: 'NOT_FOUND' });
});

const attempts = async () => (await suanpan.pool.query('select files from archive_attempts')).rows;

/** Begins something that will delete events while nobody can; `work` is called when it waits, with its connection's pid. */
async function whileDeletingWaits<T>(
  begin: () => T,
  work: (begun: T, waiting: number) => Promise<unknown>,
): Promise<T> {
  const blocker = await suanpan.pool.connect();
  try {
    await blocker.query('begin; lock table events in share mode');
    const begun = begin();
    let waiting: number | undefined;
    await until('someone waits to delete', async () => {
      const { rows } = await blocker.query<{ pid: number }>(
        `select pid from pg_locks where not granted and relation = 'events'::regclass
           and database = (select oid from pg_database where datname = current_database())`,
      );
      waiting = rows[0]?.pid;
      return waiting !== undefined;
    });
    await work(begun, waiting as number);
    return begun;
  } finally {
    await blocker.query('rollback');
    blocker.release();
  }
}

test('refused, it leaves neither folder nor files', async () => {
  const none = join(folder, 'none');
  expect(await archiveMonth(suanpan, { month: '2026-03' as Period, folder: none })).toMatchObject({
    refused: 'NOT_FOUND',
  });
  now = at('2026-02-20T00:00:00+08:00');
  expect(await archiveMonth(suanpan, { month, folder: none })).toMatchObject({ refused: 'PERIOD_OPEN' });
  now = at('2026-03-20T00:00:00+08:00');
  expect(existsSync(none)).toBe(false);
});

test('failed, it leaves neither folder nor files, and the events stay', async () => {
  const [before, none] = [await stored(), join(folder, 'none')];
  const { failed } = await whileDeletingWaits(
    () => ({ failed: archiveMonth(suanpan, { month, folder: none }).catch((error: unknown) => error) }),
    (_, pid) => suanpan.pool.query('select pg_terminate_backend($1)', [pid]),
  );
  expect(await failed).toBeInstanceOf(Error);
  expect(existsSync(none)).toBe(false);
  expect(await attempts()).toEqual([]);
  expect(await stored()).toEqual(before);
});

test('killed, it leaves what the next one removes; the files lie below SUANPAN_DATA, for their owner alone', async () => {
  const before = await stored();
  const place = join(folder, 'data', 'archive');
  const archive = () => {
    const child = spawn(process.execPath, [program, 'archive', 'create', '--month', month], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATABASE_URL: database.connectionString, SUANPAN_DATA: join(folder, 'data') },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return { child, ended: once(child, 'exit') };
  };
  await whileDeletingWaits(archive, ({ child, ended }) => {
    child.kill('SIGKILL');
    return ended;
  });
  const rest = readdirSync(place);
  expect(rest.toSorted().map((name) => name.split('-').at(-1))).toEqual([
    'draws.tsv.gz',
    'events.tsv.gz',
    'manifest.json',
  ]);
  expect(await attempts()).toHaveLength(1);

  expect(await archive().ended).toEqual([0, null]);
  const files = readdirSync(place);
  expect(files).toHaveLength(3);
  expect(files.filter((name) => rest.includes(name))).toEqual([]);
  expect(new Set(files.map((name) => statSync(join(place, name)).mode & 0o777))).toEqual(new Set([0o600]));
  expect(statSync(place).mode & 0o777).toBe(0o700);
  expect(await attempts()).toEqual([]);
  expect(await stored()).toHaveLength(20);
  expect(await verifyLedger(suanpan)).toMatchObject({ clean: true });
  expect(await restoreMonth(suanpan, { month })).toHaveLength(1);
  expect(await stored()).toEqual(before);
});

test('a damaged file is found by verify and not restored', async () => {
  const archive = await archiveMonth(suanpan, { month, folder });
  if (isRefusal(archive)) throw new Error(JSON.stringify(archive));
  appendFileSync(archive.events.file, 'x');
  const report = await verifyLedger(suanpan);
  expect(report.clean).toBe(false);
  expect(report.verdicts.find(({ invariant }) => invariant === 'I1')?.first).toMatchObject({ table: 'archives' });
  expect(await restoreMonth(suanpan, { month })).toMatchObject({ refused: 'INVALID_INPUT' });
});

test('by the clock of the sandbox that runs on the ledger; an id used again is found and named, and nothing is lost', async () => {
  const open = await openApp('2026-01-10T00:00:00+08:00');
  const url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  const env = { PATH: process.env.PATH, DATABASE_URL: open.connectionString, SUANPAN_URL: url, SUANPAN_DATA: folder };
  const archive = (verb: string) =>
    new Promise<{ code: number; err: string }>((resolve) => {
      execFile(process.execPath, [program, 'archive', verb, '--month', month], { env }, (error, _, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), err }),
      );
    });
  try {
    await open.call('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy' });
    const event = { id: 'x-1', account: 'acme', meter: basic, calls: 7 };
    await open.call('POST', '/v1/events', { ...event, time: '2026-01-09T10:00:00+08:00' });
    const unclosed = await archive('create');
    expect(unclosed).toMatchObject({ code: 3, err: expect.stringContaining('bill close 2026-01') });
    open.setClock('2026-02-05T00:00:00+08:00');
    await open.call('POST', '/v1/bills/close', { month });
    // The machine is months ahead of the sandbox, which still takes late events of January.
    expect(await archive('create')).toMatchObject({ code: 4, err: expect.stringContaining('PERIOD_OPEN') });
    open.setClock('2026-03-20T00:00:00+08:00');
    expect(await archive('create')).toMatchObject({ code: 0 });
    expect(await archive('create')).toMatchObject({ code: 3, err: expect.stringContaining('archived already') });
    expect((await open.call('GET', '/v1/events/x-1/receipt?account=acme')).json.detail).toContain(
      'suanpan archive restore',
    );

    await open.call('POST', '/v1/events', { ...event, time: '2026-03-19T10:00:00+08:00' });
    const { verdicts } = await verifyLedger(open.suanpan);
    expect(verdicts.find(({ invariant }) => invariant === 'I1')?.first).toMatchObject({
      table: 'events',
      key: expect.stringContaining('x-1'),
    });
    const before = await open.state();
    expect(await archive('restore')).toMatchObject({ code: 2, err: expect.stringContaining('acme x-1') });
    expect(await open.state()).toEqual(before);
  } finally {
    await open.close();
  }
}, 60_000);
