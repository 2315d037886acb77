// F17: the primary is lost under load, its standby is promoted, and one and the same server process goes on with it, by the
// addresses in DATABASE_URL. With a synchronous standby nothing acknowledged is lost and nothing counts twice; without one rows
// are lost, which shows that the test can tell. FAULT_ROUNDS sets how many primaries are lost; SUANPAN_SEED what is sent.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { openDatabase } from '../../src/store/connection/connect.ts';
import { expectSound, tally } from './agree.ts';
import { Load } from './load.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { Replica, urlOf } from './replica.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

const rounds = Number(process.env.FAULT_ROUNDS ?? 5);
const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const accounts = ['acme', 'globex', 'initech'];
let [primary, standby]: (Replica | undefined)[] = [];
let server: ServerProcess | undefined;
let databaseUrl = '';

beforeAll(async () => {
  primary = await Replica.primary();
  await primary.await('*');
  standby = await primary.follower('a');
  databaseUrl = urlOf(standby, primary);
  server = await startServer({ DATABASE_URL: databaseUrl });
  await prepareAccounts(server.url, server.firstKey ?? '', accounts);
}, 60_000);
afterAll(async () => {
  server?.signal('SIGTERM');
  await server?.gone;
  await standby?.remove();
  await primary?.remove();
}, 60_000);

const there = <T>(what: T | undefined): T => {
  if (what === undefined) throw new Error('the set-up failed');
  return what;
};

const loadOf = (own: number, commands: boolean) =>
  new Load({
    ...{ seed: own, accounts, commands, workers: 16, timeout: 30_000 },
    urls: () => [there(server).url],
    key: () => there(server).firstKey ?? '',
  });

const busy = (load: Load, more: number) => {
  const answered = () => load.answers.filter(({ status }) => status < 300).length;
  const before = answered();
  return until('the server answers', () => answered() >= before + more, 30_000);
};

const residentBytes = async () => {
  const { url, firstKey } = there(server);
  const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${firstKey}` } });
  return Number(/suanpan_resident_bytes (\d+)/.exec(await metrics.text())?.[1]);
};

/** What the ledger on the servers says of what the client was told. */
async function examine(load: Load) {
  const database = await openDatabase({ databaseUrl, dataFolder: '' });
  try {
    const suanpan = await openSuanpan(database, () => instantOf(Date.now()));
    await expectSound(suanpan);
    const { rows } = await suanpan.pool.query<{ id: string }>('select event_id as id from events');
    const stored = new Set(rows.map(({ id }) => id));
    const lost = [...load.acknowledged.values()].filter(({ id }) => !stored.has(id));
    return { found: await tally(suanpan, load), lost };
  } finally {
    await database.close();
  }
}

test(`the primary lost in ${rounds} rounds`, { timeout: 60_000 + rounds * 20_000 }, async () => {
  console.log(`F17: SUANPAN_SEED=${seed}, ${rounds} rounds`);
  const load = loadOf(seed, true);
  load.start();
  await busy(load, 100);
  const before = await residentBytes();
  const recoveries: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await busy(load, 50);
    const [lost, next] = [there(primary), there(standby)];
    await lost.remove();
    const answers = load.answers.length;
    // Once for so long that callers are told; else as quickly as it goes, in the middle of their tries.
    if (round === 0) {
      await until('callers are refused', () => load.answers.slice(answers).some(({ status }) => status === 503));
    }
    primary = next;
    await next.promote();
    // Commits wait until somebody follows it: the machine that was lost, set up anew.
    standby = await next.follower(`round-${round}`, lost.port);
    recoveries.push(Math.round(await busy(load, 1)));
  }
  await busy(load, 100);
  await load.stop();
  await load.settle();
  const grown = (await residentBytes()) - before;
  const { found } = await examine(load);
  const refused = load.answers.filter(({ status }) => status === 503);
  const slowest = Math.round(Math.max(...load.answers.map(({ milliseconds }) => milliseconds)));
  console.log(
    `F17: ${JSON.stringify({ ...found, refused: refused.length, slowest, recoveries, grownMegabytes: Math.round(grown / 1e6) })}`,
  );
  expect(load.surprises).toEqual([]);
  expect(found).toMatchObject({ lost: 0, doubled: 0, acknowledged: found.sent });
  for (const { retryAfter } of refused) expect(retryAfter).toBe('1');
  expect(Math.max(...recoveries)).toBeLessThan(10_000);
  expect(slowest).toBeLessThan(15_000);
  expect(grown).toBeLessThan(150e6);
});

test('without a synchronous standby rows are lost, and none of them is remembered', { timeout: 60_000 }, async () => {
  const [lost, next] = [there(primary), there(standby)];
  await lost.await('');
  await next.leave();
  const load = loadOf(seed + 1, false);
  load.start();
  await busy(load, 50);
  await load.stop();
  await load.settle();
  await lost.remove();
  primary = next;
  await next.await('');
  await next.promote();
  const { url, firstKey } = there(server);
  const ask = (path: string, more: RequestInit = {}) =>
    fetch(`${url}${path}`, {
      ...more,
      headers: { authorization: `Bearer ${firstKey}`, 'content-type': 'application/json' },
    });
  await until('the server is there again', async () => (await ask('/readyz')).status === 200);
  const gone = await examine(load);
  console.log(`F17, not synchronous: ${JSON.stringify(gone.found)}`);
  expect(gone.lost.length).toBeGreaterThan(0);
  const again = await ask('/v1/events', { method: 'POST', body: JSON.stringify(gone.lost) });
  const { results } = (await again.json()) as { readonly results: readonly { readonly status: string }[] };
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['accepted']));
  expect((await examine(load)).lost).toEqual([]);
});

/** Which server the connections of a pool lead to. */
async function portOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ port: string }>(`select current_setting('port') as port`);
  return Number(rows[0]?.port);
}

test('a primary that was promoted past and comes back is not used again', { timeout: 60_000 }, async () => {
  // Two that take writes, as after a loss that the first one slept through.
  const [old, next] = [there(primary), await there(primary).follower('b')];
  standby = next;
  const log: string[] = [];
  const database = await openDatabase({ databaseUrl: urlOf(old, next), dataFolder: '', log: (line) => log.push(line) });
  try {
    await openSuanpan(database, () => instantOf(Date.now()));
    const portNow = () => portOf(database.pool);
    expect(await portNow()).toBe(old.port);
    await old.kill();
    await next.promote();
    await until('it has moved', async () => (await portNow().catch(() => 0)) === next.port);
    await old.start();
    await next.kill();
    await until(
      'the old one was looked at',
      () => log.some((line) => /does not answer/.test(line)) && !database.watch.isOpen,
    );
    await expect(portNow()).rejects.toThrow(/away/);
    await next.start();
    await until('it is back', async () => (await portNow().catch(() => 0)) === next.port);
  } finally {
    await database.close();
  }
});

test('behind one address another server takes over: no connection stays with the one before', {
  timeout: 60_000,
}, async () => {
  const [old, next] = [there(standby), await there(standby).follower('c')];
  await next.promote();
  let target = old.port;
  const proxy = createServer((socket) => {
    const through = connect(target, '127.0.0.1');
    socket.pipe(through).pipe(socket);
    for (const end of [socket, through]) end.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const databaseUrl = urlOf(old).replace(String(old.port), String(port));
  const database = await openDatabase({ databaseUrl, dataFolder: '', connections: 1 });
  try {
    await openSuanpan(database, () => instantOf(Date.now()));
    const portNow = () => portOf(database.pool);
    expect(await portNow()).toBe(old.port);
    target = next.port;
    // The watch alone loses its connection; the pool's is as good as before, and leads to the past.
    await old.as(
      'postgres',
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7280002`,
    );
    await until('all has moved', async () => (await portNow().catch(() => 0)) === next.port);
  } finally {
    await database.close();
    proxy.close();
    await next.remove();
  }
});
