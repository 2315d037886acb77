// doctor says when the role that a server connects as may do more than it needs.

import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const { administratorString } = inject('postgres');
let database: FreshDatabase;
let role: string;
let administrator: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  role = new URL(database.connectionString.replace('@/', '@localhost/')).username;
  administrator = new pg.Client({ connectionString: database.connectionString.replace(/\/\/\w+@/, '//suanpan@') });
  await administrator.connect();
});
afterAll(async () => {
  await administrator.end();
  await database.drop();
});

interface Diagnosis {
  readonly facts: { readonly role: string };
  readonly problems: readonly {
    readonly name: string;
    readonly detail: { readonly zh: string; readonly en: string };
  }[];
}

async function diagnose(databaseUrl: string) {
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl, SUANPAN_DATA: join(tmpdir(), 'no-such-folder') };
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'doctor', '--json'], { env }).catch(
    (error: { readonly stdout: string }) => error,
  );
  const { facts, problems } = JSON.parse(stdout) as Diagnosis;
  return { role: facts.role, problem: problems.find(({ name }) => name === 'role')?.detail };
}

test('nothing of a role that owns its database alone', async () => {
  expect(await diagnose(database.connectionString)).toEqual({ role, problem: undefined });
});

test('a superuser', async () => {
  const { problem } = await diagnose(administratorString);
  expect(problem?.en).toMatch(/^may do more than it needs: .*superuser.*; use an ordinary role/);
  expect(problem?.zh).toMatch(/^权限超出所需：.*超级用户.*；请换用/);
});

test.each([
  ['createrole', 'may create roles', '可创建角色'],
  ['createdb', 'may create databases', '可创建数据库'],
  ['replication', 'may replicate', '可复制'],
  ['bypassrls', 'bypasses row-level security', '绕过行级安全'],
])('%s', async (power, en, zh) => {
  await administrator.query(`alter role ${role} ${power}`);
  const { problem } = await diagnose(database.connectionString);
  await administrator.query(`alter role ${role} no${power}`);
  expect(problem?.en).toContain(`needs: ${en};`);
  expect(problem?.zh).toContain(`所需：${zh}；`);
});

test('what it may become: a role that may create databases, and one that reads the server’s files', async () => {
  const group = `${role}_group`;
  await administrator.query(
    `create role ${group} createdb; grant ${group}, pg_read_server_files, pg_monitor to ${role}`,
  );
  const { problem } = await diagnose(database.connectionString);
  await administrator.query(`revoke pg_read_server_files, pg_monitor from ${role}; drop role ${group}`);
  expect(problem?.en).toContain(`needs: may create databases (${group}), member of pg_read_server_files;`);
});

test('other schemas and databases', async () => {
  await administrator.query(`create schema foreign_to_us authorization ${role}`);
  await administrator.query(`create database ${role}_more owner ${role}`);
  const { problem } = await diagnose(database.connectionString);
  await administrator.query(`drop database ${role}_more`);
  await administrator.query('drop schema foreign_to_us');
  expect(problem?.en).toContain(`needs: owns the database ${role}_more, owns the schema foreign_to_us;`);
});
