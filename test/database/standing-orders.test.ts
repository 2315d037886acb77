// Standing orders with a set clock: bought once for what made them due, by whichever server, within the month's limits; what cannot be
// bought is said once and tried again.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { runStandingOrders } from '../../src/operations/standing-orders.ts';
import { expectSound } from '../faults/agree.ts';
import { eventsAt, type Json, type OpenApp, openAccountWith, openApp, type Reply } from '../http/open-app.ts';

const account = 'acme';
const url = `/v1/accounts/${account}/standing-orders`;
const never = new AbortController().signal;
let open: OpenApp;
let own: { readonly authorization: string };

const rule = {
  name: 'basic',
  watch: { product: 'basic_authority' },
  below: { calls: 200 },
  buy: { product: 'basic_authority', size: 1_000 },
  mostPurchases: 2,
  mostMoney: '5000.00',
};

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  await openAccountWith(open, account, '2000.00');
  await openAccountWith(open, 'globex', '0.00');
  own = await open.keyOf(account);
  await sent(open.once('POST', '/v1/packs', { account, product: 'basic_authority', size: 1_000, id: 'first' }));
});
afterAll(() => open.close());

const sent = async (reply: Promise<Reply>): Promise<Json> => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const set = (more: Json = {}) => sent(open.call('POST', url, { ...rule, ...more }, own));
const use = (id: string, calls: number, time: string) =>
  sent(open.call('POST', '/v1/events', eventsAt(time)(id, { calls })));
/** Two servers look at once. */
const run = async () => {
  const results = await Promise.all([runStandingOrders(open.suanpan, never), runStandingOrders(open.suanpan, never)]);
  expect(results.map(({ failed }) => failed)).toEqual([0, 0]);
  return results.reduce((sum, { done }) => sum + done, 0);
};
const told = async () => {
  const { alerts } = await sent(open.call('GET', `/v1/alerts?account=${account}&kind=standing-order-refused`));
  return (alerts as Json[]).map(({ details }) => (details as Json).reason);
};

test('it is set by name, seen, and refused for what the book does not have', async () => {
  expect(await set({ daysBefore: 7 })).toMatchObject({ account, name: 'basic', daysBefore: 7 });
  await set();
  expect(await sent(open.call('GET', url, undefined, own))).toEqual({
    account,
    standingOrders: [{ ...rule, buy: { ...rule.buy, count: 1 }, daysBefore: null }],
  });
  expect((await open.call('POST', url, { ...rule, watch: { meter: 'none' } })).json).toMatchObject({
    code: 'UNKNOWN_METER',
  });
  expect((await open.call('POST', url, { ...rule, below: undefined })).status).toBe(422);
  expect((await open.call('DELETE', `${url}?name=none`)).status).toBe(404);
  expect((await open.call('GET', '/v1/accounts/globex/standing-orders', undefined, own)).status).toBe(404);
});

test('it buys once when less is left, whoever looks, and again only when what it bought runs low', async () => {
  expect(await run()).toBe(0);
  await use('u1', 801, '2026-01-12T10:00:00+08:00');
  expect(await run()).toBe(1);
  expect(await run()).toBe(0);
  const { orders } = await sent(open.call('GET', `/v1/orders?account=${account}`));
  expect(orders).toMatchObject([
    { state: 'delivered', pay: 'balance', amount: '930.00', madeBy: 'job:standing-orders' },
  ]);
  await use('u2', 200, '2026-01-12T10:00:00+08:00');
  expect(await run()).toBe(0);
});

test('what the balance cannot pay is said once, and bought after a top-up', async () => {
  await use('u3', 900, '2026-01-12T10:00:00+08:00');
  expect(await run()).toBe(0);
  expect(await run()).toBe(0);
  expect(await told()).toEqual(['INSUFFICIENT_BALANCE']);
  await sent(open.once('POST', `/v1/accounts/${account}/top-ups`, { amount: '9000.00' }));
  expect(await run()).toBe(1);
});

test('a month has its limits, of purchases and of money; the next one begins anew, after downtime too', async () => {
  await use('u4', 950, '2026-01-12T10:00:00+08:00');
  expect(await run()).toBe(0);
  expect(await told()).toEqual(['STANDING_ORDER_LIMIT', 'INSUFFICIENT_BALANCE']);
  await set({ mostPurchases: 9, mostMoney: '2789.99' });
  expect(await run()).toBe(0);
  open.setClock('2026-02-20T10:00:00+08:00');
  expect(await run()).toBe(1);
  expect(await run()).toBe(0);
});

test('it buys before the last pack ends, and of a meter all packs count', async () => {
  await set({ below: undefined, daysBefore: 10, watch: { meter: 'liveness.basic.authority' } });
  open.setClock('2027-02-09T10:00:00+08:00');
  expect(await run()).toBe(0);
  open.setClock('2027-02-11T10:00:00+08:00');
  expect(await run()).toBe(1);
  expect(await run()).toBe(0);
  await sent(open.call('DELETE', `${url}?name=basic`, undefined, own));
  open.setClock('2028-02-13T10:00:00+08:00');
  expect(await run()).toBe(0);
});

test('a kill before the commit leaves nothing, and the next run buys', async () => {
  await set({ name: 'killed', below: { percent: 50 } });
  const { pool } = open.suanpan;
  await pool.query('alter table standing_purchases add constraint broken check (order_no is null) not valid');
  const { failed } = await runStandingOrders(open.suanpan, never);
  expect(failed).toBe(1);
  await pool.query('alter table standing_purchases drop constraint broken');
  expect(await run()).toBe(1);
});

test('the ledger is sound', () => expectSound(open.suanpan));
