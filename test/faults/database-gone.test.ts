// F3: PostgreSQL crashes under load and comes back. Nobody is told yes without a commit, everybody is told no in bounded time
// with Retry-After, memory stays flat, and the server recovers by itself.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { expectSound, tally } from './agree.ts';
import { DatabaseProcess } from './database-process.ts';
import { Load } from './load.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const accounts = ['acme', 'globex', 'initech'];
const database = new DatabaseProcess();
let server: ServerProcess;

beforeAll(async () => {
  await database.start();
  server = await startServer({ DATABASE_URL: database.connectionString });
}, 60_000);
afterAll(async () => {
  server?.signal('SIGTERM');
  await server?.gone;
  await database.stop();
}, 60_000);

const residentBytes = async () =>
  Number(/suanpan_resident_bytes (\d+)/.exec(await (await get('/metrics')).text())?.[1]);

const get = (path: string) =>
  fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${server.firstKey}` },
    signal: AbortSignal.timeout(30_000),
  });

test('F3: PostgreSQL crashes and comes back, three times', { timeout: 120_000 }, async () => {
  console.log(`F3: SUANPAN_SEED=${seed}`);
  await prepareAccounts(server.url, server.firstKey ?? '', accounts);
  const load = new Load({
    seed,
    accounts,
    urls: () => [server.url],
    key: () => server.firstKey ?? '',
    workers: 16,
    timeout: 30_000,
    commands: true,
  });
  const busy = (more: number) => {
    const answers = load.answers.filter(({ status }) => status < 300).length;
    return until('the server answers', () => load.answers.filter(({ status }) => status < 300).length > answers + more);
  };
  load.start();
  await busy(100);
  const before = await residentBytes();
  const recoveries: number[] = [];
  for (const outage of [100, 7_500, 1_000]) {
    await busy(50);
    const [answers, began] = [load.answers.length, performance.now()];
    await database.crash();
    if (outage > 5_000) {
      await until(
        'events are refused',
        () => load.answers.slice(answers).some(({ status, path }) => status === 503 && path === '/v1/events'),
        20_000,
      );
      const reads = await Promise.all(
        ['/readyz', '/v1/accounts/acme', '/v1/bills/acme:2026-01', '/v1/events?account=acme'].map(get),
      );
      for (const read of reads) {
        expect(read.status, `${read.url} ${await read.clone().text()}`).toBe(503);
        expect(read.headers.get('retry-after')).toBe('1');
        expect(read.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      }
      expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    }
    await until('the outage is over', () => performance.now() - began > outage);
    await database.start();
    const since = performance.now();
    await busy(1);
    recoveries.push(Math.round(performance.now() - since));
  }
  await busy(100);
  await load.stop();
  await load.settle();
  const grown = (await residentBytes()) - before;
  const refused = load.answers.filter(({ status }) => status === 503);
  const slowest = Math.round(Math.max(...load.answers.map(({ milliseconds }) => milliseconds)));

  const opened = await openDatabase({ databaseUrl: database.connectionString, dataFolder: '' });
  const suanpan = await openSuanpan(opened, () => instantOf(Date.now()));
  const found = await tally(suanpan, load);
  console.log(
    `F3: ${JSON.stringify({ ...found, refused: refused.length, slowest, recoveries, grownMegabytes: Math.round(grown / 1e6) })}`,
  );
  await expectSound(suanpan).finally(opened.close);
  expect(load.surprises).toEqual([]);
  expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
  expect(refused.length).toBeGreaterThan(0);
  for (const { retryAfter } of refused) expect(retryAfter).toBe('1');
  expect(slowest).toBeLessThan(15_000);
  expect(Math.max(...recoveries)).toBeLessThan(10_000);
  expect(grown).toBeLessThan(150e6);
});
