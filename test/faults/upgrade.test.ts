// F16: old and new programs on one database while it is upgraded. A newer program is one with one more migration.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrate, newestMigration } from '../../src/store/connection/migrate.ts';
import { readSchemaNumber } from '../../src/store/connection/safeguards.ts';
import { basic } from '../http/open-app.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const newer = 9_999;
let folder: URL;
let ours: number;
let database: FreshDatabase;
const servers: ServerProcess[] = [];
const strangers: pg.Client[] = [];

const migrations = fileURLToPath(new URL('../../src/store/migrations', import.meta.url));

/** The folder of a program with one more migration. */
function folderWith(sql: string): URL {
  const path = mkdtempSync(join(tmpdir(), 'suanpan-migrations-'));
  cpSync(migrations, path, { recursive: true });
  writeFileSync(join(path, `${newer}-more.sql`), sql);
  return pathToFileURL(`${path}/`);
}

beforeAll(async () => {
  folder = folderWith('create table added_by_a_newer_program (id integer)');
  ours = await newestMigration();
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  for (const { signal } of servers) signal('SIGKILL');
  await Promise.all(servers.splice(0).map(({ gone }) => gone));
  await Promise.all(strangers.splice(0).map((client) => client.end()));
  await database.drop();
});

async function serve(): Promise<ServerProcess> {
  const server = await startServer({ DATABASE_URL: database.connectionString });
  servers.push(server);
  return server;
}

async function countEvent(server: ServerProcess): Promise<number> {
  const response = await fetch(`${server.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.firstKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'acme', id: `${performance.now()}`, meter: basic, calls: 1, time: new Date() }),
  });
  await response.text();
  return response.status;
}

/** Breaks the connections on which processes hold the schema. */
const breakWatches = (client: pg.ClientBase) =>
  client.query(
    `select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and classid = 7280002 and mode = 'ShareLock' and granted
       and database = (select oid from pg_database where datname = current_database())`,
  );

/** A connection that no migration takes for one of ours. */
async function stranger(name = 'psql'): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.connectionString, application_name: name });
  await client.connect();
  strangers.push(client);
  return client;
}

test('a newer program does not migrate beside an older one; when that has ended it does', {
  timeout: 60_000,
}, async () => {
  const server = await serve();
  await prepareAccounts(server.url, server.firstKey ?? '', ['acme']);
  await expect(migrate(database.pool, folder)).rejects.toThrow(
    new RegExp(
      `brought up to schema ${newer}.*\\(1 × suanpan/${ours}\\).*Stop all of them.*upgrading.md.\\n数据库需要升级.*`,
    ),
  );
  expect(await readSchemaNumber(database.pool)).toBe(ours);
  expect(await countEvent(server)).toBe(200);
  const version = async () =>
    (await database.pool.query<{ version: bigint }>('select version from account_heads')).rows[0]?.version ?? 0n;
  server.signal('SIGTERM');
  await server.gone;
  const before = await version();
  expect(await migrate(database.pool, folder)).toBe(newer);
  expect(await version(), 'no head that anybody has in memory wins over a migrated one').toBe(before + 1n);
});

test('a program from before there was a lock keeps the schema too', { timeout: 30_000 }, async () => {
  await migrate(database.pool);
  const old = await stranger('suanpan');
  await expect(migrate(database.pool, folder)).rejects.toThrow(/\(1 × suanpan\)/);
  await old.end();
  expect(await migrate(database.pool, folder)).toBe(newer);
});

test('an older program on a newer schema: refused in words, without a trace of the stack', {
  timeout: 30_000,
}, async () => {
  await migrate(database.pool, folder);
  const starting = startServer({ DATABASE_URL: database.connectionString });
  await expect(starting).rejects.toThrow(
    new RegExp(
      `ended with 1: The database has schema ${newer}, and this program knows only ${ours}[^\\n]*\\n数据库结构为[^\\n]*\\n$`,
    ),
  );
});

test('a server whose own connection breaks takes the schema again and goes on', { timeout: 30_000 }, async () => {
  const server = await serve();
  await prepareAccounts(server.url, server.firstKey ?? '', ['acme']);
  const breaking = await stranger();
  for (let times = 0; times < 3; times += 1) {
    await until('the server holds the schema', async () => (await breakWatches(breaking)).rowCount === 1);
    await until('it counts again', async () => (await countEvent(server)) === 200);
  }
  await expect(migrate(database.pool, folder)).rejects.toThrow(/other Suanpan processes still use it/);
});

const isStillUsed = (error: Error): false => {
  if (!/other Suanpan processes still use it/.test(error.message)) throw error;
  return false;
};

test('a server whose schema was changed while its own connection was broken stops, in words', {
  timeout: 60_000,
}, async () => {
  const server = await serve();
  await prepareAccounts(server.url, server.firstKey ?? '', ['acme']);
  const breaking = await stranger();
  let migrated = false;
  const migrating = (async () => {
    // It waits for ten seconds at a time: on a busy machine it may meet no such moment in them.
    while (!migrated) migrated = await migrate(database.pool, folder).then(() => true, isStillUsed);
  })();
  // A moment without the lock is enough for a migration that waits; some moments are too short.
  while (!migrated) {
    await breakWatches(breaking);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await migrating;
  expect(await server.gone).toEqual({ code: 1, signal: null });
  expect(server.words()).toMatch(new RegExp(`The database has schema ${newer}, and this program knows only ${ours}`));
  expect(server.words()).toMatch(/请启动更新版本/);
});

test('a migration that finds the disk full says so, and changes nothing', async () => {
  await migrate(database.pool);
  const full = folderWith(
    `do $$ begin raise exception 'could not extend file: No space left' using errcode = '53100'; end $$`,
  );
  await expect(migrate(database.pool, full)).rejects.toThrow(/disk is full: .*free some space.*\n数据库磁盘已满/);
  rmSync(full, { recursive: true });
  expect(await readSchemaNumber(database.pool)).toBe(ours);
});
