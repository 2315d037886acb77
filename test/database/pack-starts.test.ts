// A day to start on, over HTTP: seen before it is bought, stored, shown, and what `verify` lives through again.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
const wish = { product: 'basic_authority', size: 1000 };

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  const { document } = open.suanpan.books.shelved('faceid-legacy') ?? {};
  for (const packStart of ['chosen', 'next-day']) {
    const policies = { ...document?.policies, packStart };
    const { status, text } = await open.call('POST', '/v1/price-books', {
      ...document,
      id: packStart,
      policies,
      accounts: null,
    });
    expect(status, text).toBe(201);
    await openAccountWith(open, packStart, '10000.00', { book: packStart });
  }
  await openAccountWith(open, 'acme', '10000.00');
});
afterAll(() => open.close());

const buy = (account: string, more: Json = {}, path = '/v1/packs') =>
  open.once('POST', path, { account, ...wish, ...more });
const postpaid = async (account: string, id: string, time: string) => {
  const { json, text } = await open.call('POST', '/v1/events', { account, id, meter: basic, calls: 10, time });
  expect(json.status, text).toBe('accepted');
  return (json.receipt as Json).postpaid;
};

test('the day is kept: a pack pends until then, and pays from its midnight on', async () => {
  expect(
    await open.call('POST', '/v1/packs/preview', { account: 'chosen', ...wish, startsOn: '2026-01-20' }),
  ).toMatchObject({
    status: 200,
  });
  const { status, json, text } = await buy('chosen', { count: 2, startsOn: '2026-01-20' });
  expect(status, text).toBe(201);
  const life = { state: 'pending', effectiveAt: '2026-01-20T00:00:00+08:00', expiresAt: '2027-01-21T00:00:00+08:00' };
  expect(json.packs).toMatchObject([life, life]);
  expect((await buy('chosen')).json.packs).toMatchObject([{ effectiveAt: '2026-01-12T10:00:00+08:00' }]);
  expect((await buy('next-day')).json.packs).toMatchObject([{ effectiveAt: '2026-01-13T00:00:00+08:00' }]);
  open.setClock('2026-01-20T09:00:00+08:00');
  expect(await postpaid('next-day', 'e1', '2026-01-12T23:59:59+08:00')).toBe(10);
  expect(await postpaid('next-day', 'e2', '2026-01-13T00:00:00+08:00')).toBe(0);
  expect(await postpaid('chosen', 'e1', '2026-01-12T09:59:59+08:00')).toBe(10);
  expect(await postpaid('chosen', 'e2', '2026-01-20T00:00:00+08:00')).toBe(0);
});

test.each([
  ['chosen', '2026-01-19', '2026-01-20 to 2027-01-21'],
  ['chosen', '2027-01-22', '2026-01-20 to 2027-01-21'],
  ['next-day', '2026-01-25', 'with the day after its delivery, without a choice'],
  ['acme', '2026-01-25', 'at its delivery, without a choice'],
])('of %s: %s is refused, and nothing is bought', async (account, startsOn, told) => {
  const before = await open.state();
  for (const path of ['/v1/packs', '/v1/packs/preview']) {
    const { status, json, text } = await buy(account, { startsOn }, path);
    expect([status, json.code], text).toEqual([422, 'START_NOT_FREE']);
    expect(json.detail).toContain(told);
    expect(json.errors).toMatchObject([{ pointer: '/startsOn' }]);
  }
  expect(await open.state()).toBe(before);
});

test('the ledger is sound by every check', async () => {
  const { clean, verdicts } = await verifyLedger(open.suanpan);
  expect(clean, JSON.stringify(verdicts)).toBe(true);
});
