// The life of orders: paid at once or by a transfer, at the prices of their day; confirmed once, whoever else wants to end them; told;
// and known to `verify` and the naive implementation.

import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal, type Refusal } from '../../src/core/refusal.ts';
import { type Instant, moneyOf } from '../../src/core/units.ts';
import { cancelOrder, confirmOrder, lapseOrders } from '../../src/operations/orders.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { expectSound } from '../faults/agree.ts';
import { instant, type Json, type OpenApp, openAccountWith, openApp, type Reply } from '../http/open-app.ts';
import { Listener } from '../http/told.ts';

const account = 'acme';
const paymentSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const never = new AbortController().signal;
let open: OpenApp;
let own: { readonly authorization: string };
let listener: Listener;

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00', { paymentSecret });
  await openAccountWith(open, account, '2000.00');
  await openAccountWith(open, 'globex', '0.00');
  own = await open.keyOf(account);
  listener = new Listener(open, '2026-01-12T10:00:00+08:00');
});
afterAll(() => open.close());

const sent = async (reply: Promise<Reply>): Promise<Json> => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json;
};
const packs = (count = 1) => [{ product: 'basic_authority', size: 1_000, count }];
const place = (body: Json, headers?: Record<string, string>) =>
  sent(open.once('POST', '/v1/orders', { account, packs: packs(), pay: 'transfer', ...body }, headers));
const confirm = (id: unknown, reference: string, amount: string, headers?: Record<string, string>) =>
  open.call('POST', `/v1/orders/${id}/confirm`, { reference, amount }, headers);
const show = (id: unknown) => sent(open.call('GET', `/v1/orders/${id}`));
const balance = async (of = account) => (await sent(open.call('GET', `/v1/accounts/${of}/balance`))).balance;
const delivered = async () =>
  ((await sent(open.call('GET', `/v1/accounts/${account}/packs?limit=200`))).packs as Json[]).length;

test('paid from the balance it is delivered at once', async () => {
  const order = await place({ packs: packs(2), pay: 'balance' }, own);
  expect(order).toMatchObject({
    id: 'acme:order-1',
    state: 'delivered',
    amount: '1860.00',
    received: null,
    lapsesAt: null,
  });
  expect(order.delivered).toHaveLength(2);
  expect(await balance()).toBe('140.00');
  const short = await open.once('POST', '/v1/orders', { account, packs: packs(), pay: 'balance' });
  expect(short.json).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
  expect(await delivered()).toBe(2);
});

test('by transfer it waits, costs what it did on its day, and lives from its delivery on', async () => {
  const order = await place({ packs: packs(2) }, own);
  expect(order).toMatchObject({
    state: 'pending',
    amount: '1860.00',
    lapsesAt: '2026-01-27T00:00:00+08:00',
    delivered: [],
  });
  await sent(
    open.once('POST', `/v1/accounts/${account}/contracts`, {
      from: '2026-02',
      packs: { basic_authority: [{ size: 1_000, price: '1.00' }] },
    }),
  );
  listener.at('2026-01-20T10:00:00+08:00');
  expect((await confirm(order.id, 'ICBC-1', '1860.00', own)).json).toMatchObject({ code: 'FORBIDDEN' });
  const short = await confirm(order.id, 'ICBC-1', '1859.99');
  expect(short.json).toMatchObject({ code: 'PAYMENT_SHORT', detail: expect.stringContaining('0.01 is missing') });
  const done = await sent(confirm(order.id, 'ICBC-1', '1900.00'));
  expect(done).toMatchObject({
    state: 'delivered',
    received: '1900.00',
    reference: 'ICBC-1',
    endedAt: '2026-01-20T10:00:00+08:00',
  });
  expect(await balance()).toBe('180.00');
  const [pack] = (done.delivered as string[]).slice(-1);
  const { packs: all } = await sent(open.call('GET', `/v1/accounts/${account}/packs`));
  expect((all as Json[]).find(({ id }) => id === pack)).toMatchObject({
    price: '930.00',
    boughtAt: '2026-01-20T10:00:00+08:00',
  });
});

test('the same reference again changes nothing; another one, or one that has paid, is refused', async () => {
  const before = await open.state();
  expect(await sent(confirm('acme:order-2', 'ICBC-1', '1900.00'))).toMatchObject({ state: 'delivered' });
  expect((await confirm('acme:order-2', 'ICBC-2', '1900.00')).json).toMatchObject({ code: 'ORDER_ENDED' });
  expect((await confirm('acme:order-2', 'ICBC-1', '1901.00')).json).toMatchObject({ code: 'ORDER_ENDED' });
  expect(await open.state()).toBe(before);
  const other = await place({ account: 'globex' });
  expect(other).toMatchObject({ id: 'globex:order-1' });
  const used = await confirm(other.id, 'ICBC-1', '930.00');
  expect(used.json).toMatchObject({ code: 'REFERENCE_USED', detail: expect.stringContaining('acme:order-2') });
});

test('an account in arrears pays what it owes first', async () => {
  await sent(
    open.call('POST', '/v1/events', {
      account: 'globex',
      id: 'g1',
      meter: 'liveness.basic.authority',
      calls: 100,
      time: '2026-01-13T10:00:00+08:00',
    }),
  );
  listener.at('2026-02-03T10:00:00+08:00');
  await sent(open.call('POST', '/v1/bills/close', { account: 'globex', month: '2026-01' }));
  const order = await place({ account: 'globex' });
  const owed = String(await balance('globex'));
  expect(owed).toBe('-100.00');
  const short = await confirm(order.id, 'ICBC-3', '930.00');
  expect(short.json).toMatchObject({ code: 'PAYMENT_SHORT', detail: expect.stringContaining('100.00 is missing') });
  expect(await sent(confirm(order.id, 'ICBC-3', '1030.00'))).toMatchObject({ state: 'delivered' });
  expect(await balance('globex')).toBe('0.00');
});

test('a top-up is ordered and confirmed the same way', async () => {
  const order = await place({ packs: undefined, topUp: '500.00' }, own);
  expect(order).toMatchObject({ state: 'pending', topUp: '500.00', amount: '500.00' });
  expect(await sent(confirm(order.id, 'ICBC-4', '500.00'))).toMatchObject({ state: 'delivered', delivered: [] });
  expect(await balance()).toBe('680.00');
  const { entries } = await sent(open.call('GET', `/v1/accounts/${account}/balance`));
  expect((entries as Json[])[0]).toMatchObject({ kind: 'top-up', amount: '500.00', reference: 'ICBC-4' });
});

test('an order that is not paid in time lapses, whether or not anybody looks; one may be cancelled before', async () => {
  const [late, given] = [await place({}), await place({}, own)];
  expect(await sent(open.call('POST', `/v1/orders/${given.id}/cancel`, {}, own))).toMatchObject({ state: 'cancelled' });
  listener.at('2026-02-18T00:00:00+08:00');
  expect(await show(late.id)).toMatchObject({ state: 'lapsed', endedAt: '2026-02-18T00:00:00+08:00', endedBy: null });
  expect((await confirm(late.id, 'ICBC-5', '1.00')).json).toMatchObject({ code: 'ORDER_ENDED' });
  expect(await lapseOrders(open.suanpan, never)).toMatchObject({ done: 2 });
  expect(await lapseOrders(open.suanpan, never)).toMatchObject({ done: 0 });
  expect(await show(late.id)).toMatchObject({ state: 'lapsed', endedBy: 'job:lapse-orders' });
  expect((await confirm(late.id, 'ICBC-5', '1.00')).json).toMatchObject({ code: 'ORDER_ENDED' });
  expect((await open.call('POST', `/v1/orders/${late.id}/cancel`, {})).json).toMatchObject({ code: 'ORDER_ENDED' });
});

test('each change is told', async () => {
  expect(await listener.kinds(account)).toEqual([
    'order-delivered',
    'order-made',
    'order-delivered',
    'order-made',
    'order-delivered',
    'order-made',
    'order-made',
    'order-cancelled',
    'order-lapsed',
    'bill-final',
  ]);
});

test('an account sees its own orders alone; lists go by state, page by page', async () => {
  const mine = await sent(open.call('GET', '/v1/orders', undefined, own));
  expect((mine.orders as Json[]).map(({ id }) => id)).toEqual([5, 4, 3, 2, 1].map((no) => `acme:order-${no}`));
  expect((await open.call('GET', '/v1/orders/globex:order-1', undefined, own)).status).toBe(404);
  expect((await open.call('POST', '/v1/orders/globex:order-2/cancel', {}, own)).status).toBe(404);
  const lapsed = await sent(open.call('GET', '/v1/orders?state=lapsed&limit=1'));
  const rest = await sent(open.call('GET', `/v1/orders?state=lapsed&cursor=${lapsed.next}`));
  expect([lapsed, rest].flatMap(({ orders }) => (orders as Json[]).map(({ id }) => id))).toEqual([
    'acme:order-4',
    'globex:order-1',
  ]);
});

interface Signing {
  readonly secret?: string;
  readonly secondsAgo?: number;
  /** The body that is sent, where it is not the one that was signed. */
  readonly sent?: Json;
}

/** What a payment system sends; its clock is the machine's. */
async function notify(id: unknown, body: Json, { secret = paymentSecret, secondsAgo = 0, sent: other }: Signing = {}) {
  // Whole seconds, of what is to come the next: the clock may pass a second before the server looks at it.
  const whole = secondsAgo < 0 ? Math.ceil : Math.floor;
  const at = new Date(whole(Date.now() / 1000 - secondsAgo) * 1000);
  const text = JSON.stringify(body);
  const response = await open.app.inject({
    method: 'POST',
    url: `/v1/orders/${id}/confirm`,
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at.getTime() / 1000),
      'webhook-signature': new Webhook(secret).sign('msg_1', at, text),
    },
    payload: other === undefined ? text : JSON.stringify(other),
  });
  return { status: response.statusCode, json: JSON.parse(response.payload) as Json };
}

test('a list goes either way through time, page by page', async () => {
  const walk = async (sort: string): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = await sent(open.call('GET', `/v1/orders?sort=${sort}&limit=2${cursor}`));
      found.push(...(page.orders as Json[]).map(({ id }) => id));
      if (page.next === null) return found;
      cursor = `&cursor=${page.next}`;
    }
  };
  const newest = await walk('newest');
  expect(newest.length).toBeGreaterThan(4);
  expect(await walk('oldest')).toEqual(newest.toReversed());
  expect((await open.call('GET', '/v1/orders?sort=cheapest')).json.code).toBe('INVALID_INPUT');
});

test('a payment system confirms by its signature, once, in time, and the order that it names', async () => {
  listener.at('2026-02-18T09:00:00+08:00');
  const [order, other] = [await place({}), await place({})];
  const paid = { order: order.id, reference: 'PAY-1', amount: '1.00' };
  const wrong = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  const refused: readonly Signing[] = [
    { secret: wrong },
    { secondsAgo: 301 },
    { secondsAgo: -301 },
    { sent: { ...paid, amount: '9.00' } },
  ];
  for (const signing of refused) expect(await notify(order.id, paid, signing)).toMatchObject({ status: 401 });
  expect(await notify(other.id, paid)).toMatchObject({ status: 422, json: { errors: [{ pointer: '/order' }] } });
  const { order: _, ...unnamed } = paid;
  expect((await notify(order.id, unnamed)).status).toBe(422);
  expect(await show(order.id)).toMatchObject({ state: 'pending' });
  expect(await notify(order.id, paid)).toMatchObject({ status: 200, json: { state: 'delivered', endedBy: 'payment' } });
  const before = await open.state();
  expect(await notify(order.id, paid)).toMatchObject({ status: 200, json: { state: 'delivered' } });
  expect(await open.state()).toBe(before);
  expect(
    (
      await open.app.inject({
        method: 'POST',
        url: `/v1/orders/${other.id}/cancel`,
        headers: { 'webhook-signature': 'v1,x' },
      })
    ).statusCode,
  ).toBe(401);
  await sent(open.call('POST', `/v1/orders/${other.id}/cancel`, {}));
});

test('two that end an order at once: exactly one wins', async () => {
  const now = instant('2026-02-18T10:00:00+08:00');
  listener.at('2026-02-18T10:00:00+08:00');
  const { pool } = open.suanpan;
  const key = (order: Json) => ({ account, no: Number(String(order.id).split('-')[1]) });
  const paid = (order: Json, reference: string) =>
    inTransaction(pool, (tx) =>
      confirmOrder(tx, open.suanpan, { ...key(order), reference, received: moneyOf(100) }, 'local', now),
    );
  const given = (order: Json) => inTransaction(pool, (tx) => cancelOrder(tx, open.suanpan, key(order), 'local', now));
  const lapsed = (round: number) =>
    lapseOrders({ ...open.suanpan, clock: () => (now + (round + 1) * 16 * 86_400_000) as Instant }, never);
  for (let round = 0; round < 6; round += 1) {
    const count = await delivered();
    const orders = [await place({}), await place({}), await place({})] as const;
    const outcomes = await Promise.all([
      Promise.all([paid(orders[0], `R-${round}-a`), paid(orders[0], `R-${round}-b`)]),
      Promise.all([paid(orders[1], `R-${round}-c`), given(orders[1])]),
    ]);
    const won = (pair: readonly (object | Refusal)[]) => pair.filter((each) => !isRefusal(each)).length;
    expect(outcomes.map(won)).toEqual([1, 1]);
    const [last] = await Promise.all([paid(orders[2], `R-${round}-d`), lapsed(round)]);
    const states = await Promise.all(orders.map(async ({ id }) => (await show(id)).state));
    expect(states[2]).toBe(isRefusal(last) ? 'lapsed' : 'delivered');
    expect(await delivered()).toBe(count + states.filter((state) => state === 'delivered').length);
    // The same reference for two orders of two accounts.
    const twins = [await place({}), await place({ account: 'globex' })] as const;
    const [first, second] = twins.map((order) => ({ account: String(order.account), no: key(order).no }));
    const pays = (to: typeof first) =>
      inTransaction(pool, (tx) =>
        confirmOrder(
          tx,
          open.suanpan,
          { account: '', no: 0, ...to, reference: `R-${round}-e`, received: moneyOf(93_000) },
          'local',
          now,
        ),
      );
    expect(won(await Promise.all([pays(first), pays(second)]))).toBe(1);
  }
  open.suanpan.ledger.forget(account);
});

test('the ledger is sound, and the naive implementation agrees', () => expectSound(open.suanpan));

const of = (no: number) => `where account_id = 'acme' and order_no = ${no}`;

test.each([
  [
    'a pack that no order named',
    'packs',
    "pack_id = pack_id || 'x'",
    "pack_id = rtrim(pack_id, 'x')",
    "where account_id = 'acme' and pack_no = 3",
    'I21',
  ],
  ['an order delivered without its packs', 'order_ends', "how = 'delivered'", "how = 'cancelled'", of(5), 'I21'],
  ['an order that lapsed too early', 'orders', 'lapses_ms = lapses_ms + 1', 'lapses_ms = lapses_ms - 1', of(4), 'I21'],
  ['an amount that is no sum', 'orders', 'amount = amount + 1', 'amount = amount - 1', of(2), 'I21'],
  ['a receipt that is too small', 'order_ends', 'received = received - 1', 'received = received + 1', of(3), 'I21'],
  [
    'a reference that pays again',
    'order_references',
    "reference = reference || 'x'",
    "reference = rtrim(reference, 'x')",
    of(3),
    'I21',
  ],
  [
    'a price that was not of its day',
    'orders',
    "goods = replace(goods, '930.00', '929.00')",
    "goods = replace(goods, '929.00', '930.00')",
    of(2),
    'I5',
  ],
])('verify finds %s', async (_, table, change, undo, where, invariant) => {
  const { pool } = open.suanpan;
  const set = async (to: string) => {
    await pool.query(`alter table ${table} disable trigger user`);
    const { rowCount } = await pool.query(`update ${table} set ${to} ${where}`);
    await pool.query(`alter table ${table} enable trigger user`);
    return rowCount;
  };
  const broken = async () => {
    const { verdicts } = await verifyLedger(open.suanpan);
    return verdicts.flatMap((verdict) => (verdict.broken > 0 ? [verdict.invariant] : []));
  };
  expect(await set(change)).toBe(1);
  expect(await broken()).toContain(invariant);
  expect(await set(undo)).toBe(1);
  expect(await broken()).toEqual([]);
});
