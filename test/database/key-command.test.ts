// suanpan key, and what a machine with the wrong pepper is told: on a real database, without and with a server.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from '../../src/operations/api-keys.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;

let open: OpenApp;
let folder: string;
let server: Record<string, string>;
/** The database itself, with the pepper of its keys. */
let machine: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-key-'));
  open = await openApp(new Date().toISOString());
  await openAccountWith(open, 'acme', '0.00');
  const url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  server = { SUANPAN_URL: url, SUANPAN_API_KEY: open.operator };
  machine = { DATABASE_URL: open.connectionString, SUANPAN_DATA: folder, SUANPAN_PEPPER: 'pepper for tests' };
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], environment: Record<string, string>) {
  const env = { PATH: process.env.PATH ?? '', LANG: 'C', HOME: folder, PORT: '0', ...environment };
  return new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: out.trim(), err }),
    );
  });
}

const me = async (key: string) =>
  (await open.call('GET', '/v1/me', undefined, { authorization: `Bearer ${key}` })).json;

test('a key is made for whom it is said, with the scopes that are said', async () => {
  const account = await run(['key', 'create', '--account', 'acme', '--scopes', 'read,meter'], server);
  expect(await me(account.out)).toMatchObject({ role: 'account', account: 'acme', scopes: ['read', 'meter'] });
  const operator = await run(['key', 'create', '--operator', '--idempotency-key', 'one'], server);
  expect(await me(operator.out)).toMatchObject({ role: 'operator', scopes: ['read', 'meter', 'manage'] });
  expect((await run(['key', 'create', '--operator', '--idempotency-key', 'one'], server)).out).toBe(operator.out);
  const listed = await run(['key', 'list', '--json'], server);
  expect(JSON.parse(listed.out)).toMatchObject({
    keys: expect.arrayContaining([
      expect.objectContaining({ scopes: ['read', 'meter'], createdBy: expect.any(String) }),
    ]),
  });
});

test('more keys than a page holds are listed to the last', async () => {
  const order = { account: 'acme', name: 'one of many', by: 'local' };
  for (let made = 0; made < 201; made += 1)
    await createKey(open.suanpan.pool, order, 'pepper for tests', open.suanpan.clock());
  const { keys } = JSON.parse((await run(['key', 'list', '--account', 'acme', '--json'], server)).out) as {
    keys: Json[];
  };
  expect(keys.filter(({ name }) => name === 'one of many')).toHaveLength(201);
  expect(new Set(keys.map(({ id }) => id)).size).toBe(keys.length);
});

test('who changed what an account may spend', async () => {
  await run(['account', 'set', 'acme', '--cap', '500'], server);
  const { out } = await run(['account', 'changes', 'acme'], server);
  expect(out).toMatch(new RegExp(`${open.operator.split('_')[2]}.*cap –.*cap 500`));
});

test.each([
  [['--name', 'whose'], 'say whose key it is'],
  [['--account', 'acme', '--operator'], 'either --account or --operator'],
  [['--operator', '--new-pepper'], 'goes with --local'],
  [['--local', '--scopes', 'buy'], 'takes some of read,meter,manage'],
])('key create %j is refused', async (args, words) => {
  const { code, err, out } = await run(['key', 'create', ...args], { ...server, ...machine });
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(words);
});

test('straight into the database: an operator’s, or an account’s', async () => {
  const operator = await run(['key', 'create', '--local'], machine);
  expect(await me(operator.out)).toMatchObject({ role: 'operator' });
  const account = await run(['key', 'create', '--local', '--account', 'acme', '--scopes', 'meter'], machine);
  expect(await me(account.out)).toMatchObject({ account: 'acme', scopes: ['meter'] });
  expect((await run(['key', 'create', '--local', '--account', 'nobody'], machine)).code).toBe(3);
});

test('another pepper: no server starts and no key is made, in words; doctor says it; it can be changed on purpose', async () => {
  const other = { ...machine, SUANPAN_PEPPER: 'another pepper' };
  const served = await run(['serve'], other);
  expect(served.code).toBe(2);
  expect(served.err).toContain('were made with another pepper');
  expect(served.err).toContain('另一个 pepper');
  expect(served.err).toContain('--new-pepper');
  expect((await run(['key', 'create', '--local'], other)).err).toContain('were made with another pepper');
  const healthy = JSON.parse((await run(['doctor', '--json'], machine)).out);
  expect(healthy.facts.pepper).toBe(true);
  const doctor = await run(['doctor', '--json'], other);
  expect(doctor.code).toBe(1);
  expect(JSON.parse(doctor.out).problems).toContainEqual({
    name: 'pepper',
    detail: expect.objectContaining({ en: expect.stringContaining('were made with another pepper') }),
  });
  // A lost file is as good as another pepper.
  const { SUANPAN_PEPPER: _, ...without } = machine;
  expect((await run(['serve'], without)).err).toContain(join(folder, 'pepper'));
  writeFileSync(join(folder, 'pepper'), 'pepper for tests');
  expect((await run(['key', 'create', '--local'], without)).code).toBe(0);
  const needless = await run(['key', 'create', '--local', '--new-pepper'], machine);
  expect([needless.code, needless.out]).toEqual([4, '']);
  expect(needless.err).toMatch(/would revoke every one.*suanpan key create --local/);
  expect((await me(open.operator)).role).toBe('operator');
  const changed = await run(['key', 'create', '--local', '--new-pepper'], other);
  expect(changed.code).toBe(0);
  expect(changed.err).toMatch(/\d+ key\(s\) revoked/);
  expect(JSON.parse((await run(['doctor', '--json'], other)).out)).toMatchObject({ healthy: true });
  const { rows } = await open.suanpan.pool.query('select prefix from api_keys where revoked_ms is null');
  expect(rows).toEqual([{ prefix: changed.out.split('_')[2] }]);
});
