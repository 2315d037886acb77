// F1 on the engine: a server killed at random moments under load, and another one started. Nothing acknowledged is lost.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { expectSound, tally } from '../faults/agree.ts';
import { Load } from '../faults/load.ts';
import { prepareAccounts } from '../faults/prepare-accounts.ts';
import { startServer, until } from '../faults/server-process.ts';
import { mulberry32 } from '../naive/random-scenario.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

const rounds = Number(process.env.FAULT_ROUNDS ?? 5);
const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const accounts = ['acme', 'globex', 'initech'];
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

test(`kill -9 of the server, ${rounds} rounds`, { timeout: 60_000 + rounds * 20_000 }, async () => {
  console.log(`SUANPAN_SEED=${seed}`);
  const random = mulberry32(seed);
  let server = await startServer({ DATABASE_URL: database.connectionString });
  const key = server.firstKey ?? '';
  let urls = [server.url];
  await prepareAccounts(server.url, key, accounts);
  const load = new Load({ seed, accounts, urls: () => urls, key: () => key, workers: 8, commands: true });
  for (let round = 0; round < rounds; round += 1) {
    load.start();
    const [answers, more] = [load.answers.length, Math.floor(random() * 200)];
    await until('the server answers', () => load.answers.length > answers + more);
    server.signal('SIGKILL');
    await server.gone;
    urls = [];
    await load.stop();
    server = await startServer({ DATABASE_URL: database.connectionString });
    urls = [server.url];
    await load.settle();
  }
  server.signal('SIGTERM');
  await server.gone;
  const suanpan = await openSuanpan(database, () => instantOf(Date.now()));
  await expectSound(suanpan);
  const found = await tally(suanpan, load);
  console.log(JSON.stringify(found));
  expect(load.surprises).toEqual([]);
  expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
});
