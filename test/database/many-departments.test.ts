// Departments are named by whoever sends the events: of an account that names tens of thousands of them no answer holds anybody up.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { longestStandstill, standstill } from '../setup/standstill.ts';

const now = '2026-01-12T10:00:00+08:00';
const count = 64_000;
let open: OpenApp;

beforeAll(async () => {
  open = await openApp(now);
  for (const id of ['crowd', 'other']) await openAccountWith(open, id, '100000.00');
  expect(
    await open.once('POST', '/v1/packs', { account: 'crowd', product: 'basic_authority', size: 1_000, count: 3 }),
  ).toMatchObject({ status: 201 });
  const { status } = await open.call('POST', '/v1/events', {
    account: 'crowd',
    id: 'e',
    meter: basic,
    time: now,
    department: 'd0',
  });
  expect(status).toBe(200);
  // As if it had been sent one by one.
  await open.suanpan.pool.query(
    `insert into events (seq, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count, account_id, event_id, department)
     select seq + n, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count, account_id, 'e' || n,
       rpad('d' || n, 100, '部')
     from events, generate_series(1, $1::integer) as n where account_id = 'crowd'`,
    [count - 1],
  );
}, 60_000);
afterAll(() => open.close());

test('a bill by tens of thousands of departments is whole, and holds nobody up', async () => {
  const headers = { authorization: `Bearer ${open.operator}` };
  const get = async () => {
    const response = await open.app.inject({ url: '/v1/bills/crowd:2026-01/departments', headers });
    expect(response.statusCode).toBe(200);
    return response;
  };
  // A client's reading of the answer is none of the server's work.
  const response = await get();
  expect(response.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  const { departments } = response.json<{ departments: Json[] }>();
  expect(departments).toHaveLength(count);
  const fen = departments.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
  expect(fen).toBe(3 * 930_00);
  const url = await open.app.listen({ port: 0, host: '127.0.0.1' });
  const download = async () => {
    const { status, body } = await fetch(`${url}/v1/bills/crowd:2026-01/departments`, { headers });
    expect(status).toBe(200);
    await body?.cancel();
  };
  expect(await standstill(download)).toBeLessThan(longestStandstill);
}, 120_000);

test('every other answer of such an account holds nobody up either', async () => {
  for (const path of [
    '/v1/accounts/crowd',
    '/v1/accounts/crowd/usage',
    '/v1/accounts/crowd/balance?limit=200',
    '/v1/accounts/crowd/forecast',
    '/v1/events?account=crowd&limit=200',
    '/v1/bills?account=crowd&month=2026-01',
    '/v1/bills/crowd:2026-01',
    '/v1/bills/crowd:2026-01/export?format=xlsx',
    '/v1/events/e/receipt?account=crowd',
  ]) {
    const get = async () => expect((await open.call('GET', path)).status, path).toBe(200);
    expect(await standstill(get), path).toBeLessThan(longestStandstill);
  }
}, 60_000);
