// What is left of a used pack is paid back where its book says so: by price or by what was paid, once, within its window and life; a void
// afterwards brings nothing back to it; bills, balance and verify agree.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { dayBook } from '../setup/day-book.ts';

let open: OpenApp;
const [product] = dayBook.packProducts;
beforeAll(async () => {
  open = await openApp('2026-01-20T12:00:00+08:00');
  const sizes = [
    { calls: 7, price: '1', refundPart: 'paid' },
    { calls: 100, price: '50', refundPart: '0.625' },
    { calls: 200, price: '90', refundPart: '0.625', validity: 'P2D' },
    { calls: 300, price: '120' },
    { calls: 400, price: '10', validity: 'P2D', refundDays: 300 },
  ];
  const book = { ...dayBook, id: 'parts', packProducts: [{ ...product, sizes }] };
  const { status, text } = await open.call('POST', '/v1/price-books', book);
  expect(status, text).toBeLessThan(300);
  await openAccountWith(open, 'acme', '1000.00', { book: 'parts' });
});
afterAll(() => open?.close());

const buy = async (size: number, id: string) => {
  const { status, text } = await open.once('POST', '/v1/packs', { account: 'acme', product: 'scan', size, id });
  expect(status, text).toBe(201);
};
const use = async (id: string, calls: number) => {
  const event = { account: 'acme', id, meter: 'scan', calls, time: '2026-01-20T12:00:00+08:00' };
  expect((await open.call('POST', '/v1/events', event)).json).toMatchObject({ status: 'accepted' });
};
const refund = (id: string) => open.once('POST', `/v1/packs/${id}/refund`, { account: 'acme' });
const pack = async (id: string) => (await open.call('GET', `/v1/packs/${id}?account=acme`)).json;
const balance = async () => (await open.call('GET', '/v1/accounts/acme')).json.balance;
const findings = async () => {
  const { clean, verdicts } = await verifyLedger(open.suanpan);
  return clean ? [] : verdicts.flatMap(({ first }) => first ?? []);
};

test('by a price for each used unit; and once', async () => {
  await buy(100, 'p1');
  expect(await pack('p1')).toMatchObject({ refund: '50.00', refundableUntil: '2026-01-28T00:00:00+08:00' });
  await use('u1', 33);
  // 50 − 33 × 0.625 = 29.375.
  expect(await pack('p1')).toMatchObject({ refund: '29.38', refundableUntil: '2026-01-28T00:00:00+08:00' });
  expect((await refund('p1')).json).toMatchObject({ id: 'p1', state: 'refunded', remaining: 0, refund: null });
  expect(await balance()).toBe('979.38');
  expect((await refund('p1')).json).toMatchObject({ code: 'ALREADY_REFUNDED' });
  expect(await findings()).toEqual([]);
});

test('as much as its units cost; what a void brought back is unused', async () => {
  await buy(7, 'p2');
  await use('u2', 2);
  await use('u3', 3);
  await open.call('POST', '/v1/events/u3/void', { account: 'acme' });
  // 5 of 7 for 1.00: 0.714…
  expect((await refund('p2')).status).toBe(200);
  expect(await balance()).toBe('979.09');
});

test('with nothing left, nothing to pay, something held or its life over it is refused; others as ever', async () => {
  const refused = async (id: string, code: string) => expect((await refund(id)).json, id).toMatchObject({ code });
  await buy(100, 'all');
  await use('u4', 80);
  await refused('all', 'NOTHING_TO_REFUND');
  expect(await pack('all')).toMatchObject({ refund: null });
  await use('u5', 20);
  await refused('all', 'NOTHING_TO_REFUND');
  await buy(300, 'whole');
  await use('u6', 1);
  await refused('whole', 'PACK_IN_USE');
  await use('u6-rest', 299);
  await buy(200, 'short');
  await use('u7', 1);
  const hold = { account: 'acme', id: 'h', meter: 'scan', calls: 1 };
  expect((await open.call('POST', '/v1/authorizations', hold)).json).toMatchObject({ allowed: true });
  await refused('short', 'PACK_IN_USE');
  await open.call('POST', '/v1/authorizations/h/release', { account: 'acme' });
  expect(await pack('short')).toMatchObject({ refund: '89.38' });
  open.setClock('2026-01-23T00:00:00+08:00');
  await refused('short', 'PACK_EXPIRED');
});

test('a void afterwards: its units were charged for, and are lost; the bill says what was paid back', async () => {
  expect((await open.call('POST', '/v1/events/u1/void', { account: 'acme' })).status).toBe(200);
  expect(await pack('p1')).toMatchObject({ state: 'refunded', remaining: 0, forfeited: 33 });
  expect(await findings()).toEqual([]);
  open.setClock('2026-02-03T00:00:00+08:00');
  const { json: bill } = await open.call('POST', '/v1/bills/close', { account: 'acme', month: '2026-01' });
  const refunds = (bill.lines as Json[]).filter(({ kind }) => kind === 'pack_refund');
  expect(refunds.map(({ pack: id, price, amount }) => [id, price, amount])).toEqual([
    ['p1', '50.00', '-29.38'],
    ['p2', '1.00', '-0.71'],
  ]);
  expect(refunds[0]?.formula).toMatchObject({
    en: 'refund of what was left of the pack "scan", 100 calls: USD 50.00 less what was used, USD 29.38',
  });
  const { text } = await open.call('GET', '/v1/bills/acme:2026-01/export');
  expect(text).toContain('-(50.00 − 20.62) = -29.38');
  expect(await findings()).toEqual([]);
});

test('an untouched pack whose end is booked with the very refund is forfeited, not paid back as well', async () => {
  await buy(400, 'late');
  const before = await balance();
  // Its window is open still; it ended on 22 January, and no late call can reach it any more.
  open.setClock('2026-07-01T00:00:00+08:00');
  expect((await refund('late')).json).toMatchObject({ code: 'PACK_EXPIRED' });
  expect(await balance()).toBe(before);
  await buy(400, 'after');
  expect(await pack('late')).toMatchObject({ state: 'expired', forfeited: 400 });
  expect(await findings()).toEqual([]);
});
