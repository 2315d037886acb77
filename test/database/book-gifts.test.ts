// Gifts of a price book: once at the opening, each month a month ahead, by any server, after any downtime, never twice.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { loadCatalog } from '../../src/book/shelf.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type Json, type OpenApp, openApp } from '../http/open-app.ts';

const legacy = loadCatalog().get('faceid-legacy')?.document as object;
const gifts = [
  { product: 'basic_authority', calls: 50, every: 'once', life: 'P6M' },
  { product: 'basic_selfie', calls: 20, every: 'once' },
  { product: 'basic_authority', calls: 100, every: 'month' },
];
let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-30T15:00:00+08:00');
  const { status, text } = await open.call('POST', '/v1/price-books', { ...legacy, id: 'giving', gifts });
  expect(status, text).toBeLessThan(300);
});
afterAll(() => open?.close());

const openAccount = (id: string, more: Json = {}) =>
  open.call('POST', '/v1/accounts', { id, book: 'giving', opened: '2026-01-30', ...more });
const packs = async (account: string) => {
  const { json } = await open.call('GET', `/v1/accounts/${account}/packs?limit=200`);
  return (json.packs as Json[]).map(({ id, calls, effectiveAt, expiresAt, gift }) => ({
    id,
    calls,
    effectiveAt,
    expiresAt,
    gift,
  }));
};
const run = async () => (await open.call('POST', '/v1/jobs/monthly-gifts/run', {})).json;

test('a new account has them when it is opened, and the next month’s beforehand', async () => {
  expect((await openAccount('acme')).status).toBe(201);
  const at = '2026-01-30T15:00:00+08:00';
  expect(await packs('acme')).toEqual([
    { id: 'book-gift-1', calls: 50, effectiveAt: at, expiresAt: '2026-07-31T00:00:00+08:00', gift: true },
    { id: 'book-gift-2', calls: 20, effectiveAt: at, expiresAt: '2027-01-31T00:00:00+08:00', gift: true },
    { id: 'book-gift-3-2026-01', calls: 100, effectiveAt: at, expiresAt: '2026-02-01T00:00:00+08:00', gift: true },
    {
      id: 'book-gift-3-2026-02',
      calls: 100,
      effectiveAt: '2026-02-01T00:00:00+08:00',
      expiresAt: '2026-03-01T00:00:00+08:00',
      gift: true,
    },
  ]);
  expect((await openAccount('acme')).status).toBe(200);
  expect((await packs('acme')).length).toBe(4);
  expect(await run()).toMatchObject({ done: 0, failed: 0 });
});

test('whoever brings a past along gets the monthly ones alone', async () => {
  await openAccount('moved', { gifts: false });
  expect((await packs('moved')).map(({ id }) => id)).toEqual(['book-gift-3-2026-01', 'book-gift-3-2026-02']);
});

test('the first call of a month is paid by that month’s gift, whenever the job runs', async () => {
  open.setClock('2026-02-01T00:00:00+08:00');
  const event = { account: 'moved', id: 'midnight', meter: basic, time: '2026-02-01T00:00:00+08:00' };
  const { json } = await open.call('POST', '/v1/events', event);
  expect(json.receipt).toMatchObject({ postpaid: 0, draws: [{ pack: 'book-gift-3-2026-02', calls: 1 }] });
  expect((await run()).done).toBe(2);
  expect((await run()).done).toBe(0);
});

test('months that no job saw are given as far as late calls reach, in their own zone', async () => {
  await openAccount('santiago', { timeZone: 'America/Santiago', gifts: false });
  open.setClock('2026-05-20T12:00:00+08:00');
  expect((await run()).failed).toBe(0);
  const given = (await packs('santiago')).map(({ id }) => id);
  // 34 days back lies 16 April.
  expect(given).toEqual(['2026-01', '2026-02', '2026-04', '2026-05', '2026-06'].map((month) => `book-gift-3-${month}`));
  // Midnight in Santiago, told by the book's clock.
  const june = (await packs('santiago')).find(({ id }) => id === 'book-gift-3-2026-06');
  expect(june).toMatchObject({ effectiveAt: '2026-06-01T12:00:00+08:00', expiresAt: '2026-07-01T12:00:00+08:00' });
});

test('two servers at once give each gift once, and verify agrees', async () => {
  open.setClock('2026-06-02T12:00:00+08:00');
  await Promise.all([run(), run(), run()]);
  const ids = (await packs('acme')).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('book-gift-3-2026-07');
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});

test.each([
  [{ product: 'none', calls: 1, every: 'once' }, 'UNKNOWN_PRODUCT'],
  [{ product: 'basic_authority', calls: 1, every: 'month', life: 'P1Y' }, 'GIFT_LIFE'],
])('%j is no gift: %s', (gift, code) => {
  const parsed = parsePriceBook({ ...legacy, id: 'bad', gifts: [gift] });
  expect(hasProblems(parsed) && parsed.problems.map((each) => each.code)).toEqual([code]);
});
