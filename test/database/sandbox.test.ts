// A real ledger's clock is nobody's to set: the flag is refused on a ledger that was not begun as a sandbox.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readConfiguration } from '../../src/configuration.ts';
import { start } from '../../src/main.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const dataFolder = mkdtempSync(join(tmpdir(), 'suanpan-sandbox-'));
afterAll(() => rmSync(dataFolder, { recursive: true }));

let database: FreshDatabase;
let key = '';
beforeEach(async () => {
  database = await freshDatabase();
  return () => database.drop();
});

/** Starts a server, does something, stops it; what it said. */
async function run(
  sandbox: boolean,
  work: (url: string) => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const environment = {
    PORT: '0',
    SUANPAN_DATA: dataFolder,
    DATABASE_URL: database.connectionString,
    SUANPAN_SANDBOX: sandbox ? '1' : '0',
    SUANPAN_JOBS: '0',
  };
  const said: string[] = [];
  const running = await start(readConfiguration(environment), environment, (line) => said.push(line));
  try {
    key = running.firstKey ?? key;
    await work(running.url);
  } finally {
    await running.stop();
  }
  return said;
}

const post = (url: string, path: string, body: unknown) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const openAccount = (url: string) => post(url, '/v1/accounts', { id: 'acme', book: 'faceid-legacy' });

test('a ledger with accounts stays what it was begun as', async () => {
  await run(false, openAccount);
  await expect(run(true)).rejects.toThrow(/This ledger is no sandbox’s.*\n.*不是沙箱的/s);
  await run(false, async (url) =>
    expect((await post(url, '/v1/clock', { now: '2030-01-01T00:00:00Z' })).status).toBe(405),
  );
});

test('one without accounts may become either; a sandbox that goes on in real time is told so', async () => {
  await run(false);
  await run(true, async (url) => {
    await openAccount(url);
    expect((await post(url, '/v1/clock', { now: '2030-01-01T00:00:00Z' })).status).toBe(200);
  });
  expect((await run(false)).join(' ')).toContain('is a sandbox’s and now runs in real time');
  await run(true);
});
