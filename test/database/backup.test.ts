// A backup that is made while calls are taken holds one moment of the ledger, and comes back whole or not at all.

import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { buildHttp } from '../../src/http/app.ts';
import { archiveMonth } from '../../src/operations/archive-events.ts';
import { type BackupManifest, createBackup, readBackup, restoreBackup } from '../../src/operations/back-up.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-backups-'));
const of = (name: string) => join(folder, name);
const day = '2026-04-10T10:00:00+08:00';
let open: OpenApp;
let manifest: BackupManifest;
const targets: FreshDatabase[] = [];

const send = async (id: string) => {
  const { status } = await open.call('POST', '/v1/events', { account: 'acme', id, meter: basic, time: day });
  expect(status).toBe(200);
};
const target = async () => {
  const database = await freshDatabase();
  targets.push(database);
  return database;
};
const whole = async (name: string): Promise<BackupManifest> => {
  const read = await readBackup(of(name));
  if (isRefusal(read)) throw new Error(JSON.stringify(read));
  return read;
};

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  await openAccountWith(open, 'acme', '10000.00');
  await open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1_000, id: 'p' });
  await open.call('POST', '/v1/events', {
    account: 'acme',
    id: 'old',
    meter: basic,
    calls: 1_200,
    time: '2026-01-12T10:00:00+08:00',
  });
  open.setClock('2026-04-10T10:00:00+08:00');
  await open.call('POST', '/v1/bills/close', { month: '2026-01' });
});
afterAll(async () => {
  await open?.close();
  for (const each of targets) await each.drop();
  rmSync(folder, { recursive: true });
});

test('made under load: what was acknowledged before it began is there, and all of one moment', {
  timeout: 60_000,
}, async () => {
  const archived = await archiveMonth(open.suanpan, { month: '2026-01' as never, folder: of('archive') });
  expect(isRefusal(archived)).toBe(false);
  for (let index = 0; index < 50; index += 1) await send(`before-${index}`);
  let running = true;
  let sent = 0;
  const load = (async () => {
    while (running) {
      await send(`during-${sent}`);
      sent += 1;
    }
  })();
  while (sent < 5) await new Promise((done) => setImmediate(done));
  const made = await createBackup(open.suanpan.pool, of('one'), sending.pepper);
  running = false;
  await load;
  if (isRefusal(made)) throw new Error(JSON.stringify(made));
  manifest = made;
  expect(await readBackup(of('one'))).toEqual(made);
  expect(statSync(join(of('one'), 'pepper')).mode & 0o777).toBe(0o600);
  const database = await target();
  expect(await restoreBackup(database.pool, of('one'), await whole('one'), of('archive-restored'))).toBe(undefined);
  const suanpan = await openSuanpan(database, open.suanpan.clock);
  const report = await verifyLedger(suanpan);
  expect(report.verdicts.flatMap(({ first }) => first ?? [])).toEqual([]);
  const { rows } = await database.pool.query<{ before: bigint; during: bigint }>(
    `select count(*) filter (where event_id like 'before-%') as before, count(*) filter (where event_id like 'during-%') as during from events`,
  );
  expect(Number(rows[0]?.before)).toBe(50);
  expect(Number(rows[0]?.during)).toBeGreaterThanOrEqual(5);
  expect(Number(rows[0]?.during)).toBeLessThanOrEqual(sent);
  // Its keys are good, and life goes on: what is sent again is a repeat, what is new gets a number of its own.
  const app = await buildHttp(suanpan, { pepper: sending.pepper });
  const call = (payload: object) =>
    app.inject({ method: 'POST', url: '/v1/events', headers: { authorization: `Bearer ${open.operator}` }, payload });
  const again = { account: 'acme', id: 'before-1', meter: basic, time: day };
  expect((await call(again)).json()).toMatchObject({ status: 'duplicate' });
  expect((await call({ ...again, id: 'after' })).json()).toMatchObject({ status: 'accepted' });
  const opened = await app.inject({
    method: 'POST',
    url: '/v1/accounts/acme/top-ups',
    headers: { authorization: `Bearer ${open.operator}`, 'idempotency-key': 'a' },
    payload: { amount: '1.00' },
  });
  expect(opened.statusCode).toBe(201);
  expect((await verifyLedger(suanpan)).clean).toBe(true);
  await app.close();
  await suanpan.ledger.drain();
});

test('the same rows in every table', async () => {
  const database = await target();
  await restoreBackup(database.pool, of('one'), manifest, of('archive-2'));
  const again = await createBackup(database.pool, of('two'), null);
  if (isRefusal(again)) throw new Error(JSON.stringify(again));
  const rowsOf = ({ tables }: BackupManifest) => tables.map(({ table, rows }) => `${table} ${rows}`);
  expect(rowsOf(again)).toEqual(rowsOf(manifest));
  expect(manifest.tables.length).toBeGreaterThan(25);
});

const copied = (name: string): string => {
  mkdirSync(of(name));
  for (const file of [
    ...manifest.tables.map(({ table }) => `${table}.copy.gz`),
    'manifest.json',
    'pepper',
    ...manifest.archives.map((each) => each.name),
  ])
    copyFileSync(join(of('one'), file), join(of(name), file));
  return of(name);
};

test('one that is damaged, cut off, newer or in use is refused, and the file is named', async () => {
  const refusal = async (name: string) => JSON.stringify(await readBackup(of(name)));
  const events = join(copied('damaged'), 'events.copy.gz');
  const bytes = readFileSync(events);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(events, bytes);
  expect(await refusal('damaged')).toContain('events.copy.gz is not as it was written');
  rmSync(join(copied('missing'), 'packs.copy.gz'));
  expect(await refusal('missing')).toContain('packs.copy.gz is not as it was written, or missing');
  rmSync(join(copied('cut'), 'manifest.json'));
  expect(await refusal('cut')).toContain('cut off');
  writeFileSync(join(copied('newer'), 'manifest.json'), JSON.stringify({ ...manifest, schema: 9_999 }));
  expect(await refusal('newer')).toContain('newer than this program');
  expect(JSON.stringify(await createBackup(open.suanpan.pool, of('one'), null))).toContain('not empty');
  expect(JSON.stringify(await restoreBackup(open.suanpan.pool, of('one'), manifest, of('x')))).toContain('in use');
});

test('a restore that breaks off leaves a database that can be restored into', async () => {
  const database = await target();
  const last = manifest.tables.at(-1);
  if (last === undefined) throw new Error('no tables');
  const broken = { ...manifest, tables: [...manifest.tables.slice(0, -1), { ...last, columns: ['no_such_column'] }] };
  await expect(restoreBackup(database.pool, of('one'), broken, of('archive-3'))).rejects.toThrow(/no_such_column/);
  expect(await restoreBackup(database.pool, of('one'), manifest, of('archive-3'))).toBe(undefined);
});

test('from the command line: create beside a server, verify in a temporary folder, restore into a new one', {
  timeout: 120_000,
}, async () => {
  const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const run = async (data: string, ...given: string[]) => {
    const clean = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(SUANPAN_|DATABASE_URL|PG)/.test(name)),
    );
    const env = { ...clean, SUANPAN_DATA: data, LANG: 'en_US.UTF-8' };
    return (await promisify(execFile)(process.execPath, [program, ...given], { env })).stdout;
  };
  const data = of('data');
  await run(data, 'backup', 'restore', of('one'));
  expect(readFileSync(join(data, 'pepper'), 'utf8')).toBe(sending.pepper);
  await run(data, 'backup', 'create', of('three'));
  expect(await run(data, 'backup', 'verify', of('three'))).toMatch(/the backup is sound: 1 accounts/);
  await expect(run(data, 'backup', 'restore', of('three'))).rejects.toThrow(/in use/);
});
