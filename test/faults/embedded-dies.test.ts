// F14: the embedded PostgreSQL dies alone: its postmaster is killed, or its disk is full until it gives up. The server's own process
// lives on, starts it again, and loses nothing that it acknowledged. F4: the disk full at the start, and freed.

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { processStart, readRun } from '../../src/store/connection/server-lock.ts';
import { expectSound, tally } from './agree.ts';
import { Load } from './load.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const accounts = ['acme', 'globex'];
const folder = mkdtempSync(join(tmpdir(), 'suanpan-dies-'));
const servers: ServerProcess[] = [];
const mounts: string[] = [];

afterAll(async () => {
  for (const server of servers) server.signal('SIGKILL');
  await Promise.all(servers.map(({ gone }) => gone));
  for (const place of mounts) spawnSync('umount', ['--lazy', place]);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function serve(dataFolder: string): Promise<ServerProcess> {
  const server = await startServer({ SUANPAN_DATA: dataFolder });
  servers.push(server);
  return server;
}

const postmaster = (dataFolder: string): number =>
  Number(readFileSync(join(dataFolder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);

const isReady = async ({ url }: ServerProcess): Promise<boolean> =>
  (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(15_000) })).ok;

function loadOn(server: ServerProcess): { readonly load: Load; readonly answered: (more: number) => Promise<number> } {
  const load = new Load({
    seed,
    accounts,
    urls: () => [server.url],
    key: () => server.firstKey ?? '',
    workers: 8,
    timeout: 30_000,
    commands: true,
  });
  const good = () => load.answers.filter(({ status }) => status < 300).length;
  return {
    load,
    answered: (more) => {
      const before = good();
      return until('the server acknowledges', () => good() > before + more);
    },
  };
}

/** What a careful client was told, against the ledger of a folder whose server is gone. */
async function expectNothingLost(dataFolder: string, load: Load): Promise<void> {
  const database = await openDatabase({ dataFolder });
  try {
    const suanpan = await openSuanpan(database, () => instantOf(Date.now()));
    await expectSound(suanpan);
    const found = await tally(suanpan, load);
    console.log(`F14: SUANPAN_SEED=${seed} ${JSON.stringify(found)}`);
    expect(load.surprises).toEqual([]);
    expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
  } finally {
    await database.close();
  }
}

test('its postmaster is killed under load, three times: back within 10 s, in the same process, nothing lost', {
  timeout: 120_000,
}, async () => {
  const dataFolder = join(folder, 'killed');
  const server = await serve(dataFolder);
  await prepareAccounts(server.url, server.firstKey ?? '', accounts);
  const { load, answered } = loadOn(server);
  load.start();
  const recoveries: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    await answered(100);
    const before = postmaster(dataFolder);
    process.kill(before, 'SIGKILL');
    const began = performance.now();
    await until('another is there', async () => {
      try {
        return postmaster(dataFolder) !== before && (await isReady(server));
      } catch {
        return false;
      }
    });
    await answered(1);
    recoveries.push(Math.round(performance.now() - began));
  }
  await answered(50);
  await load.stop();
  await load.settle();
  console.log(`F14: recoveries ${recoveries} ms`);
  expect(Math.max(...recoveries)).toBeLessThan(10_000);
  expect(readRun(dataFolder)?.pid).toBe(server.pid);
  expect(server.words()).toContain('PostgreSQL ended by itself (SIGKILL) and is started again');
  expect(server.words()).toContain('PostgreSQL runs again');
  server.signal('SIGTERM');
  expect(await server.gone).toEqual({ code: 0, signal: null });
  await expectNothingLost(dataFolder, load);
});

// Those from here on wait for most of their time, and all at once: each has a folder and a server of its own.

/** The processes of a server, the postmaster first. */
function processesOf(dataFolder: string): number[] {
  const first = postmaster(dataFolder);
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(first)], { encoding: 'utf8' });
  return [first, ...stdout.trim().split(/\s+/).map(Number)];
}

test.concurrent('its processes stand still: told to stop the server ends within 25 s, and the next one starts', {
  timeout: 120_000,
}, async () => {
  const dataFolder = join(folder, 'still');
  const server = await serve(dataFolder);
  await prepareAccounts(server.url, server.firstKey ?? '', accounts);
  const { load, answered } = loadOn(server);
  load.start();
  await answered(50);
  const still = processesOf(dataFolder);
  for (const pid of still) process.kill(pid, 'SIGSTOP');
  const began = performance.now();
  server.signal('SIGTERM');
  const end = await server.gone;
  console.log(`F14: told to stop while PostgreSQL stood still: ${Math.round(performance.now() - began)} ms`);
  expect(performance.now() - began, server.words()).toBeLessThan(25_000);
  expect(end.signal).toBeNull();
  await load.stop();
  for (const pid of still) expect(processStart(pid), `process ${pid} of PostgreSQL`).toBeUndefined();
  const again = await serve(dataFolder);
  expect(again.firstKey).toBeNull();
  again.signal('SIGTERM');
  expect(await again.gone).toEqual({ code: 0, signal: null });
});

test.concurrent('it cannot be started again: the server ends, with words', { timeout: 120_000 }, async () => {
  const dataFolder = join(folder, 'damaged');
  const server = await serve(dataFolder);
  renameSync(join(dataFolder, 'postgres/global/pg_control'), join(dataFolder, 'pg_control'));
  process.kill(postmaster(dataFolder), 'SIGKILL');
  await until('it is away', async () => !(await isReady(server)));
  expect(await server.gone).toEqual({ code: 1, signal: null });
  expect(server.words()).toContain('PostgreSQL could not be started again in 10 tries');
  expect(server.words()).toContain('pg_control');
  renameSync(join(dataFolder, 'pg_control'), join(dataFolder, 'postgres/global/pg_control'));
  const again = await serve(dataFolder);
  again.signal('SIGTERM');
  expect(await again.gone).toEqual({ code: 0, signal: null });
});

/** A file system of its own; undefined where the machine allows no mount. */
function smallDisk(megabytes: number): string | undefined {
  const place = mkdtempSync(join(folder, 'disk-'));
  if (process.getuid?.() !== 0) return undefined;
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', place]);
  if (status !== 0) return undefined;
  mounts.push(place);
  return place;
}

const noMount = 'this machine allows no mount, so there is no small disk to fill';
const freeBytes = (place: string): number => {
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
};

/** Fills a disk to its last page. Gives the way to free it. */
function fill(place: string): () => void {
  const ballast = join(place, `ballast-${Math.round(performance.now())}`);
  const file = openSync(ballast, 'w');
  const chunk = Buffer.alloc(65_536, 1);
  try {
    while (freeBytes(place) > 0) writeSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
  return () => unlinkSync(ballast);
}

test.concurrent('its disk is full until it gives up, then freed: 503 meanwhile, back by itself, nothing lost', {
  timeout: 180_000,
}, async (context) => {
  const disk = smallDisk(200);
  if (disk === undefined) return context.skip(noMount);
  const dataFolder = join(disk, 'data');
  const server = await serve(dataFolder);
  await prepareAccounts(server.url, server.firstKey ?? '', accounts);
  const { load, answered } = loadOn(server);
  load.start();
  await answered(100);
  const free = fill(disk);
  // The log's present piece is filled, so that PostgreSQL needs another, has no room for it, and panics.
  const { socketFolder: host, port } = readRun(dataFolder) ?? { socketFolder: '', port: 0 };
  const writer = new pg.Client({ host, port, user: 'suanpan', database: 'postgres' });
  writer.on('error', () => undefined);
  await writer.connect();
  for (let n = 0; n < 100; n += 1) {
    const written = await writer
      .query(`select pg_logical_emit_message(false, 'x', repeat('x', 1000000))`)
      .catch(() => undefined);
    if (written === undefined) break;
  }
  await writer.end().catch(() => undefined);
  await until('PostgreSQL has given up', () => server.words().includes('PostgreSQL ended by itself'), 60_000);
  await until('the server says why', () => /The database's disk is full/.test(server.words()), 60_000);
  const since = load.answers.length;
  const refused = () => load.answers.slice(since).filter(({ status }) => status === 503);
  await until('events are refused', () => refused().some(({ path }) => path === '/v1/events'), 30_000);
  for (const { retryAfter } of refused()) expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  expect(await isReady(server)).toBe(false);

  free();
  const took = await until('it is back', () => isReady(server), 30_000);
  await answered(100);
  await load.stop();
  await load.settle();
  console.log(`F14: ${Math.round(took)} ms after the disk was freed; ${refused().length} refused`);
  expect(took).toBeLessThan(15_000);
  expect(readRun(dataFolder)?.pid).toBe(server.pid);
  server.signal('SIGTERM');
  expect(await server.gone, server.words()).toEqual({ code: 0, signal: null });
  await expectNothingLost(dataFolder, load);
});

test.concurrent('a start on a full disk says so, whatever it fails at, and leaves the folder as good as before', {
  timeout: 120_000,
}, async (context) => {
  const disk = smallDisk(150);
  if (disk === undefined) return context.skip(noMount);
  const dataFolder = join(disk, 'data');
  const words = /ended with 1: .*The database's disk is full: .*free some space[\s\S]*磁盘已满/s;
  // There is no room for a cluster, nor for the smallest file.
  const free = fill(disk);
  await expect(serve(dataFolder)).rejects.toThrow(words);
  free();
  const first = await serve(dataFolder);
  first.signal('SIGTERM');
  expect(await first.gone).toEqual({ code: 0, signal: null });
  // There is a cluster, and no room to start it.
  const freeAgain = fill(disk);
  await expect(serve(dataFolder)).rejects.toThrow(words);
  freeAgain();
  const again = await serve(dataFolder);
  expect(again.firstKey).toBeNull();
  expect(readFileSync(join(dataFolder, 'postgres.log'), 'utf8')).not.toBe('');
  again.signal('SIGTERM');
  expect(await again.gone).toEqual({ code: 0, signal: null });
});
