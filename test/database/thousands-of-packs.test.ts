// An account with thousands of packs: bought together, listed page by page, looked at, never in the way of others.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { longestStandstill, standstill } from '../setup/standstill.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const now = '2026-01-12T10:00:00+08:00';
let open: OpenApp;
let url: string;

beforeAll(async () => {
  open = await openApp(now);
  url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  for (const id of ['crowd', 'other']) await openAccountWith(open, id, '100000000.00');
}, 60_000);
afterAll(() => open.close());

const buy = (account: string, id: string, count: number) =>
  open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, count, id });

let serial = 0;
const oneCall = async (account: string): Promise<number> => {
  serial += 1;
  const began = performance.now();
  const { status, text: body } = await open.call('POST', '/v1/events', {
    account,
    id: `c${serial}`,
    meter: basic,
    time: now,
  });
  expect(status, body).toBe(200);
  return performance.now() - began;
};

test('sixteen purchases of a thousand packs go one after the other, and another account’s calls and reads go on meanwhile', async () => {
  const began = performance.now();
  let under = 16;
  const purchases = Array.from({ length: 16 }, async (_, n) => {
    // On a slow machine the last in line are told to come again, and do.
    let bought = await buy('crowd', `p${n}`, 1_000);
    while (bought.status === 503) bought = await buy('crowd', `p${n}`, 1_000);
    under -= 1;
    return bought;
  });
  const waits: number[] = [];
  let mostBusy = 0;
  while (under > 0) {
    waits.push(await oneCall('other'));
    expect((await open.call('GET', '/v1/accounts/other')).status).toBe(200);
    const { pool } = open.suanpan;
    mostBusy = Math.max(mostBusy, pool.totalCount - pool.idleCount);
  }
  const taken = performance.now() - began;
  const statuses = (await Promise.all(purchases)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([201]));
  // One of the account's commands at a time, beside what this test asks.
  expect(mostBusy).toBeLessThanOrEqual(3);
  expect(Math.max(...waits)).toBeLessThan(taken / 4);
  const { json } = await open.call('GET', '/v1/accounts/crowd/balance?limit=1');
  expect(json.balance).toBe(`${100_000_000 - 16_000 * 930}.00`);
}, 120_000);

test('beyond its line a command is refused at once, in words and with the seconds to wait', async () => {
  const holder = await open.suanpan.pool.connect();
  let waiting: ReturnType<typeof buy>[] = [];
  try {
    await holder.query('begin');
    await holder.query(`select 1 from account_heads where account_id = 'crowd' for update`);
    const began = performance.now();
    waiting = Array.from({ length: 18 }, (_, n) => buy('crowd', `late-${n}`, 1));
    // Those in line are answered when they have the account, or have waited five seconds for it.
    const first = await Promise.race(waiting);
    expect(performance.now() - began).toBeLessThan(4_500);
    expect(first).toMatchObject({ status: 503, json: { code: 'OVERLOADED' } });
    expect(Number(first?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(await oneCall('other')).toBeLessThan(5_000);
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  const statuses = (await Promise.all(waiting)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([201, 503]));
  expect(await buy('crowd', 'after', 1)).toMatchObject({ status: 201 });
}, 60_000);

test('a bill, its files, a receipt and lists of thousands of packs hold nobody up', async () => {
  await openAccountWith(open, 'large', '100000000.00');
  for (let n = 0; n < 3; n += 1) expect(await buy('large', `l${n}`, 1_000)).toMatchObject({ status: 201 });
  await oneCall('large');
  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${open.operator}` };
    const response = await open.app.inject({ url: path, headers });
    expect(response.statusCode, path).toBe(200);
  };
  for (const path of [
    '/v1/accounts/large/packs?limit=200',
    '/v1/accounts/large/packs?limit=200&state=expired',
    '/v1/accounts/large/usage',
    '/v1/bills?account=large&month=2026-01',
    '/v1/bills/large:2026-01',
    '/v1/bills/large:2026-01/export?format=xlsx',
    '/v1/bills/large:2026-01/export?detail=calls',
    '/v1/bills/large:2026-01/departments',
    `/v1/events/c${serial}/receipt?account=large`,
  ]) {
    expect(await standstill(() => get(path)), path).toBeLessThan(longestStandstill);
  }
}, 120_000);

test('packs come page by page in order of delivery, of one state if asked, and nothing is lost or doubled', async () => {
  await openAccountWith(open, 'pages', '1000000.00');
  expect(await buy('pages', 'm', 250)).toMatchObject({ status: 201, json: { packs: { length: 250 } } });
  expect(await open.once('POST', '/v1/packs/m-7/refund', { account: 'pages' })).toMatchObject({ status: 200 });
  expect(await open.once('POST', '/v1/packs/m-200/refund', { account: 'pages' })).toMatchObject({ status: 200 });
  await open.once('POST', '/v1/gifts', { account: 'pages', product: 'basic_authority', calls: 5, months: 3, id: 'g' });
  const all = async (query: string): Promise<{ ids: unknown[]; sizes: number[] }> => {
    const [ids, sizes]: [unknown[], number[]] = [[], []];
    for (let cursor = ''; ; ) {
      const { json } = await open.call('GET', `/v1/accounts/pages/packs?${query}${cursor}`);
      const packs = json.packs as Json[];
      ids.push(...packs.map(({ id }) => id));
      sizes.push(packs.length);
      if (json.next === null) return { ids, sizes };
      cursor = `&cursor=${json.next}`;
    }
  };
  const bought = ['m', ...Array.from({ length: 249 }, (_, n) => `m-${n + 2}`)];
  const whole = [...bought, 'g-1', 'g-2', 'g-3'];
  expect((await all('limit=7')).ids).toEqual(whole);
  expect(await all('')).toMatchObject({ ids: whole, sizes: [50, 50, 50, 50, 50, 3] });
  expect((await all('state=refunded')).ids).toEqual(['m-7', 'm-200']);
  expect((await all('state=pending&limit=1')).ids).toEqual(['g-2', 'g-3']);
  expect((await all('state=active&limit=200')).ids).toEqual([
    ...bought.filter((id) => id !== 'm-7' && id !== 'm-200'),
    'g-1',
  ]);
  expect(await open.call('GET', '/v1/accounts/pages/packs?limit=201')).toMatchObject({ status: 422 });
  expect(await open.call('GET', '/v1/accounts/pages/packs?cursor=x')).toMatchObject({ status: 422 });

  const child = spawn(process.execPath, [program, 'pack', 'list', '--account', 'pages', '--json'], {
    env: { PATH: process.env.PATH ?? '', LANG: 'C', SUANPAN_URL: url, SUANPAN_API_KEY: open.operator },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const listed = JSON.parse(await text(child.stdout)) as { packs: { id: string }[] };
  expect(listed.packs.map(({ id }) => id)).toEqual(whole);
}, 60_000);

test('a HEAD of what is long to make makes nothing of it', async () => {
  let queries = 0;
  const { pool } = open.suanpan;
  const original = pool.query.bind(pool);
  const connect = pool.connect.bind(pool);
  let connections = 0;
  pool.query = ((...given: unknown[]) => {
    queries += 1;
    return Reflect.apply(original, pool, given);
  }) as typeof pool.query;
  pool.connect = ((...given: unknown[]) => {
    connections += 1;
    return Reflect.apply(connect, pool, given);
  }) as typeof pool.connect;
  try {
    for (const [path, type, most] of [
      ['accounts/crowd/packs', 'application/json', 1],
      ['accounts/crowd/usage', 'application/json', 1],
      ['accounts/crowd/forecast', 'application/json', 1],
      ['bills/crowd:2026-01', 'application/json', 1],
      ['bills/crowd:2026-01/departments', 'application/json', 2],
      ['bills/crowd:2026-01/export', 'text/csv', 1],
      ['bills/crowd:2026-01/export?format=xlsx', 'spreadsheetml', 1],
      ['bills/crowd:2026-01/export?detail=calls&format=json', 'application/x-ndjson', 2],
    ] as const) {
      [queries, connections] = [0, 0];
      const headers = { authorization: `Bearer ${open.operator}` };
      const answer = await open.app.inject({ method: 'HEAD', url: `/v1/${path}`, headers });
      expect([answer.statusCode, answer.payload], path).toEqual([200, '']);
      expect(answer.headers['content-type'], path).toContain(type);
      // Looking whether it is there, and whether its calls are; the pool counts the connection of a query too.
      expect(queries, path).toBe(most);
      expect(connections, path).toBeLessThanOrEqual(most);
      const missing = await open.app.inject({
        method: 'HEAD',
        url: `/v1/${String(path).replace('crowd', 'nobody')}`,
        headers,
      });
      expect(missing.statusCode, path).toBe(404);
    }
  } finally {
    pool.query = original as typeof pool.query;
    pool.connect = connect as typeof pool.connect;
  }
});
