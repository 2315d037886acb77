// Standing orders with a set clock: bought once for what made them due, by whichever server, within the month's limits; what cannot be
// bought is said once and tried again.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Advise, runStandingOrders } from '../../src/operations/standing-orders.ts';
import { addressOf } from '../../src/store/connection/connect.ts';
import { Adviser } from '../../src/threads/adviser.ts';
import { expectSound } from '../faults/agree.ts';
import { basic, eventsAt, type Json, type OpenApp, openAccountWith, openApp, type Reply } from '../http/open-app.ts';

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

test('as the planner advises: the size for a year like the last weeks, once; nothing while there is too little to go by', async () => {
  open.setClock('2026-03-01T09:00:00+08:00');
  await openAccountWith(open, 'hooli', '100000.00', { opened: '2025-12-01' });
  const adviser = new Adviser(addressOf(open.suanpan.pool));
  const advise: Advise = (of, product, now) => adviser.size(of, product, now);
  const look = () => runStandingOrders(open.suanpan, never, advise);
  const hooli = '/v1/accounts/hooli/standing-orders';
  const advised = { ...rule, buy: { product: 'basic_authority', size: 'advised' }, mostMoney: '90000.00' };
  expect(await sent(open.call('POST', hooli, advised))).toMatchObject({ buy: { size: 'advised' } });
  const day = (index: number) => new Date(Date.UTC(2026, 2, 1 + index, 4)).toISOString();
  const use30 = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1) {
      open.setClock(day(index));
      const event = { account: 'hooli', id: `d${index}`, meter: basic, calls: 300, time: day(index) };
      await sent(open.call('POST', '/v1/events', event));
    }
  };
  await use30(0, 5);
  expect(await look()).toMatchObject({ failed: 0, waiting: 1 });
  expect(await look()).toMatchObject({ failed: 0, waiting: 0 });
  const { alerts } = await sent(open.call('GET', '/v1/alerts?account=hooli&kind=standing-order-refused'));
  expect(alerts).toMatchObject([{ details: { reason: 'NO_ADVICE', size: 'advised' } }]);
  await use30(5, 40);
  // The same by hand: 300 a day are 9,000 a month.
  const profile = Array.from({ length: 12 }, (_, month) => ({ month: month + 1, meter: basic, calls: 9_000 }));
  const plan = await sent(open.call('POST', '/v1/plans', { book: 'faceid-legacy', profile, start: '2026-04-10' }));
  const best = (plan.best as { purchases: { product: string; size: number }[] }).purchases;
  const size = Math.max(...best.flatMap((each) => (each.product === 'basic_authority' ? [each.size] : [])));
  expect(size).toBeGreaterThan(1_000);
  expect(await look()).toMatchObject({ done: 1, failed: 0 });
  expect(await look()).toMatchObject({ done: 0, failed: 0 });
  const { packs } = await sent(open.call('GET', '/v1/accounts/hooli/packs'));
  expect((packs as Json[]).map(({ calls }) => calls)).toEqual([size]);
  await adviser.close();
});
