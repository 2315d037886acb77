// New prices of a book from a month on: announced, tried beforehand, charged for that month's calls and packs alone, with contracts over them.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { buildHttp } from '../../src/http/app.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp, type Reply } from '../http/open-app.ts';

const legacy = loadCatalog().get('faceid-legacy')?.document as { tariffs: Json[]; packProducts: Json[] };
/** Every tier a tenth dearer, every pack a hundred. */
const dearer = {
  ...legacy,
  id: 'legacy-2026-03',
  tariffs: legacy.tariffs.map((tariff) => ({
    ...tariff,
    tiers: (tariff.tiers as Json[]).map((tier) => ({
      ...tier,
      price: tier.price === null ? null : (Number(tier.price) * 1.1).toFixed(4),
    })),
  })),
  packProducts: legacy.packProducts.map((product) => ({
    ...product,
    sizes: (product.sizes as Json[]).map((size) => ({ ...size, price: String(Number(size.price) + 100) })),
  })),
};
let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-05T09:00:00+08:00');
  for (const id of ['acme', 'globex']) await openAccountWith(open, id, '100000.00', { opened: '2025-12-01' });
  expect((await open.call('POST', '/v1/price-books', dearer)).status).toBe(201);
});
afterAll(() => open?.close());

const refusal = ({ status, json }: Reply) => ({ status, code: json.code });
const versions = '/v1/price-books/faceid-legacy/versions';
const announce = (from: string, pricesOf = 'legacy-2026-03') => open.call('POST', versions, { from, pricesOf });
const use = async (account: string, id: string, calls: number, time: string) => {
  open.setClock(time);
  const { status, text } = await open.call('POST', '/v1/events', { account, id, meter: basic, calls, time });
  expect(status, text).toBe(200);
};
const close = (month: string) => open.call('POST', '/v1/bills/close', { month });
const bill = async (account: string, month: string) => (await open.call('GET', `/v1/bills/${account}:${month}`)).json;
const price = async () => {
  const { json } = await open.once('POST', '/v1/packs', { account: 'acme', product: 'basic_selfie', size: 1_000 });
  return Number((json as { price: string }).price);
};

test('it is announced a day before its month begins anywhere, and nothing but prices and result codes may differ', async () => {
  open.setClock('2026-01-30T17:59:00+08:00');
  expect(refusal(await announce('2026-01'))).toEqual({ status: 409, code: 'TOO_LATE' });
  expect((await announce('2026-02')).status).toBe(201);
  expect((await open.call('DELETE', `${versions}?from=2026-02`)).status).toBe(200);
  // In the zone that is furthest ahead it begins within a day.
  open.setClock('2026-01-30T18:00:00+08:00');
  expect(refusal(await announce('2026-02'))).toEqual({ status: 409, code: 'TOO_LATE' });
  expect(refusal(await announce('2026-03', 'none'))).toEqual({ status: 404, code: 'UNKNOWN_BOOK' });
  const other = await announce('2026-03', 'faceid-2021');
  expect(refusal(other)).toEqual({ status: 422, code: 'BOOK_DIFFERS' });
  expect(other.json.detail).toContain('meters');
  expect((await announce('2026-03')).json).toMatchObject({
    book: 'faceid-legacy',
    from: '2026-03',
    pricesOf: 'legacy-2026-03',
  });
  expect((await announce('2026-02')).status).toBe(409);
});

test('the preview says whom it affects, and by how much', async () => {
  open.setClock('2026-01-12T09:00:00+08:00');
  await use('acme', 'jan', 2_000, '2026-01-12T09:00:00+08:00');
  open.setClock('2026-02-05T09:00:00+08:00');
  const { json } = await open.call('GET', `${versions}/preview?pricesOf=legacy-2026-03&limit=1`);
  expect(json).toMatchObject({
    accountsOfBook: 2,
    accounts: [{ account: 'acme', month: '2026-01', before: '1700.00', after: '1870.00', difference: '170.00' }],
  });
  const rest = await open.call('GET', `${versions}/preview?pricesOf=legacy-2026-03&cursor=${json.next}`);
  expect(rest.json).toMatchObject({ accounts: [{ account: 'globex', difference: '0.00' }], next: null });
});

test('calls and packs of that month and later have the new prices, those before keep theirs', async () => {
  await use('acme', 'feb', 2_000, '2026-02-20T09:00:00+08:00');
  const before = await price();
  await use('acme', 'mar', 2_000, '2026-03-01T00:00:00+08:00');
  expect(await price()).toBe(before + 100);
  // Late: it is February's.
  open.setClock('2026-03-01T10:00:00+08:00');
  await open.call('POST', '/v1/events', {
    account: 'acme',
    id: 'late',
    meter: basic,
    calls: 1_000,
    time: '2026-02-28T23:59:59+08:00',
  });
  open.setClock('2026-04-05T00:00:00+08:00');
  for (const month of ['2026-01', '2026-02', '2026-03']) expect((await close(month)).status).toBe(200);
  expect((await bill('acme', '2026-02')).postpaid).toBe('2550.00');
  expect((await bill('acme', '2026-03')).postpaid).toBe('1870.00');
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});

test('a contract lies over it: what it names stands, what it leaves costs what the book says then', async () => {
  const terms = { from: '2026-05', tariffs: { liveness_verification: [{ from: 1_000, price: '0.50' }] } };
  expect((await open.once('POST', '/v1/accounts/globex/contracts', terms)).status).toBe(201);
  await use('globex', 'may', 2_000, '2026-05-10T09:00:00+08:00');
  await use('globex', 'may-few', 1, '2026-05-11T09:00:00+08:00');
  await use('acme', 'may', 2_000, '2026-05-12T09:00:00+08:00');
  open.setClock('2026-06-05T00:00:00+08:00');
  for (const month of ['2026-04', '2026-05']) await close(month);
  expect((await bill('globex', '2026-05')).postpaid).toBe('1000.50');
  expect((await bill('acme', '2026-05')).postpaid).toBe('1870.00');
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});

test('one account alone gets the prices of another book by a contract', async () => {
  await openAccountWith(open, 'hooli', '100000.00', { opened: '2025-12-01' });
  const doubled = {
    ...dearer,
    id: 'legacy-hooli',
    tariffs: dearer.tariffs.map((tariff) => ({
      ...tariff,
      tiers: (tariff.tiers as Json[]).map((tier) => ({ ...tier, price: tier.price === null ? null : '2' })),
    })),
  };
  await open.call('POST', '/v1/price-books', doubled);
  const contract = { from: '2026-07', pricesOf: 'legacy-hooli' };
  const both = { ...contract, tariffs: { liveness_verification: [{ from: 1_000, price: '0.50' }] } };
  expect((await open.once('POST', '/v1/accounts/hooli/contracts', both)).status).toBe(422);
  expect(
    refusal(await open.once('POST', '/v1/accounts/hooli/contracts', { from: '2026-07', pricesOf: 'faceid-2021' })),
  ).toEqual({ status: 422, code: 'BOOK_DIFFERS' });
  expect((await open.call('POST', '/v1/accounts/hooli/contracts/preview', contract)).status).toBe(200);
  expect((await open.once('POST', '/v1/accounts/hooli/contracts', contract)).status).toBe(201);
  await use('hooli', 'july', 2_000, '2026-07-10T09:00:00+08:00');
  await use('acme', 'july', 2_000, '2026-07-10T09:00:00+08:00');
  expect((await bill('hooli', '2026-07')).postpaid).toBe('4000.00');
  expect((await bill('acme', '2026-07')).postpaid).toBe('1870.00');
  open.setClock('2026-06-05T00:00:00+08:00');
});

test('another server has it as soon as it prices something', async () => {
  const now = instant('2026-06-05T00:00:00+08:00');
  const other = await openSuanpan({ ...open.suanpan, ledgerPool: open.suanpan.pool } as never, () => now, {});
  const app = await buildHttp(other, { pepper: 'pepper for tests' });
  const cheaper = { ...dearer, id: 'legacy-2026-07', tariffs: legacy.tariffs };
  await open.call('POST', '/v1/price-books', cheaper);
  expect((await announce('2026-07', 'legacy-2026-07')).status).toBe(201);
  const headers = { authorization: `Bearer ${open.operator}` };
  const seen = await app.inject({ method: 'GET', url: '/v1/bills/acme:2026-06', headers });
  expect(seen.statusCode).toBe(200);
  expect(other.books.find('faceid-legacy')?.versions?.map(({ from }) => from)).toEqual(['2026-03', '2026-07']);
  await app.close();
});

test('what has not begun is taken back, what has begun stays', async () => {
  expect((await open.call('DELETE', `${versions}?from=2026-07`)).status).toBe(200);
  expect(refusal(await open.call('DELETE', `${versions}?from=2026-07`))).toEqual({ status: 404, code: 'NOT_FOUND' });
  expect(refusal(await open.call('DELETE', `${versions}?from=2026-03`))).toEqual({ status: 409, code: 'TOO_LATE' });
  const { json } = await open.call('GET', versions);
  expect((json.versions as Json[]).map(({ from }) => from)).toEqual(['2026-03']);
});

test('result codes too: calls are judged by the table of their own month, by every server', async () => {
  open.setClock('2026-08-20T09:00:00+08:00');
  const rows = (legacy as unknown as { codeTable: Json[] }).codeTable.map((row) =>
    (row.actions as string[]).includes('IdCardVerification')
      ? { ...row, charged: [...(row.charged as string[]), '99'], notCharged: ['-7..-2', '88'] }
      : row,
  );
  await open.call('POST', '/v1/price-books', { ...dearer, id: 'legacy-codes', codeTable: rows });
  const contract = { from: '2026-09', pricesOf: 'legacy-codes' };
  expect(refusal(await open.once('POST', '/v1/accounts/hooli/contracts', contract))).toEqual({
    status: 422,
    code: 'BOOK_DIFFERS',
  });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const other = await openSuanpan({ ...open.suanpan, ledgerPool: open.suanpan.pool } as never, open.suanpan.clock, {});
  const app = await buildHttp(other, { pepper: 'pepper for tests' });
  expect((await announce('2026-09', 'legacy-codes')).status).toBe(201);
  expect(other.books.find('faceid-legacy')?.versions?.at(-1)?.from).not.toBe('2026-09');
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
  await expect.poll(() => other.books.find('faceid-legacy')?.versions?.at(-1)?.from).toBe('2026-09');
  await app.close();
  const outcome = async (id: string, resultCode: string, time: string) => {
    const call = { account: 'acme', id, action: 'IdCardVerification', resultCode, time };
    const { status, json } = await open.call('POST', '/v1/events', call);
    expect(status).toBe(200);
    return json.status;
  };
  open.setClock('2026-09-01T00:00:00+08:00');
  expect(await outcome('august', '99', '2026-08-31T23:59:59+08:00')).toBe('held');
  expect(await outcome('september', '99', '2026-09-01T00:00:00+08:00')).toBe('accepted');
  expect(await outcome('free', '88', '2026-09-01T00:00:00+08:00')).toBe('accepted');
  const receipt = async (id: string) => (await open.call('GET', `/v1/events/${id}/receipt?account=acme`)).json;
  expect(await receipt('september')).toMatchObject({ postpaid: 1 });
  expect(await receipt('free')).toMatchObject({ postpaid: 0 });
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});

test('a book that a version leads to, or from, stays as it is', async () => {
  const changed = { ...dearer, title: { zh: '改过', en: 'changed' } };
  expect(refusal(await open.call('POST', '/v1/price-books', changed))).toEqual({ status: 409, code: 'BOOK_IN_USE' });
  const own = { ...legacy, id: 'unused-base' };
  await open.call('POST', '/v1/price-books', own);
  await open.call('POST', '/v1/price-books/unused-base/versions', { from: '2027-03', pricesOf: 'legacy-codes' });
  const meterless = await open.call('POST', '/v1/price-books', { ...own, title: changed.title });
  expect(refusal(meterless)).toEqual({ status: 409, code: 'BOOK_IN_USE' });
});

test('an account is opened with the book as it is now, though another server has put it there', async () => {
  const draft = { ...legacy, id: 'draft-book' };
  await open.call('POST', '/v1/price-books', draft);
  const other = await openSuanpan({ ...open.suanpan, ledgerPool: open.suanpan.pool } as never, open.suanpan.clock, {});
  const app = await buildHttp(other, { pepper: 'pepper for tests' });
  await open.call('POST', '/v1/price-books', { ...draft, timeZone: 'Asia/Tokyo' });
  const opened = await app.inject({
    method: 'POST',
    url: '/v1/accounts',
    headers: { authorization: `Bearer ${open.operator}` },
    payload: { id: 'umbrella', book: 'draft-book' },
  });
  expect(opened.statusCode).toBe(201);
  expect(opened.json()).toMatchObject({ timeZone: 'Asia/Tokyo' });
  await app.close();
});
