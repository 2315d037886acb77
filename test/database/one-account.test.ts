// One account's trouble stays its own: the others are closed and archived, and the one is named.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { buildHttp } from '../../src/http/app.ts';
import { createKey } from '../../src/operations/api-keys.ts';
import { archiveMonth } from '../../src/operations/archive-events.ts';
import { instant, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { dearBook } from './dear-book.ts';

const month = '2026-11' as Period;
let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-11-05T10:00:00+08:00');
  expect(await open.call('POST', '/v1/price-books', dearBook)).toMatchObject({ status: 201 });
  for (const id of ['beyond', 'bookless', 'broken', 'fine', 'sound']) {
    await openAccountWith(open, id, '0.00', { book: dearBook.id });
    const calls = id === 'beyond' ? 10 ** 12 : 3;
    const event = { account: id, id: 'e', meter: 'call', calls, time: '2026-11-05T10:00:00+08:00' };
    expect(await open.call('POST', '/v1/events', event)).toMatchObject({ status: 200 });
  }
  open.setClock('2026-12-05T10:00:00+08:00');
}, 60_000);
afterAll(() => open.close());

const setHead = (account: string, column: 'fixed' | 'state', from: string, to: string) =>
  open.suanpan.pool.query(
    `update account_heads set ${column} = replace(${column}, $2, $3), version = version + 1 where account_id = $1`,
    [account, from, to],
  );

test('a bill that does not fit is refused by its own account: draft, list, forecast and close say so', async () => {
  const refused = { status: 422, json: { code: 'INVALID_AMOUNT' } };
  for (const url of [
    '/v1/bills/beyond:2026-11',
    '/v1/bills?account=beyond&month=2026-11',
    '/v1/bills/beyond:2026-11/export',
  ]) {
    expect(await open.call('GET', url), url).toMatchObject(refused);
  }
  const closed = await open.call('POST', '/v1/bills/close', { month, account: 'beyond' });
  expect(closed).toMatchObject(refused);
  expect(closed.json.detail).toContain('100000000000000000.00; correct the calls or the prices');
  // Nobody pays an amount that was computed.
  expect(closed.json.detail).not.toContain('above zero');
  const zh = await open.call('POST', '/v1/bills/close', { month, account: 'beyond' }, { 'accept-language': 'zh' });
  expect(zh.json.detail).toContain('请更正用量或价格');
  expect(zh.json.detail).not.toContain('大于零');
});

test('closing all closes the others and names each with a code; what broke is logged with its account', async () => {
  await setHead('broken', 'state', '"seq"', '"seek"},{"');
  await setHead('bookless', 'fixed', `"${dearBook.id}"`, '"gone"');
  const lines: string[] = [];
  const app = await buildHttp(open.suanpan, { pepper: 'another', logTo: { write: (line) => lines.push(line) } });
  const { key } = await createKey(
    open.suanpan.pool,
    { account: null, name: 'closing', by: 'local' },
    'another',
    instant('2026-12-05T10:00:00+08:00'),
  );
  const headers = { authorization: `Bearer ${key}` };
  const answer = await app.inject({ method: 'POST', url: '/v1/bills/close', headers, payload: { month } });
  await app.close();
  expect(answer.json()).toMatchObject({ month, closed: 2, alreadyFinal: 0 });
  const { refused } = answer.json() as { refused: Json[] };
  expect(refused.map(({ account, code }) => [account, code])).toEqual([
    ['beyond', 'INVALID_AMOUNT'],
    ['bookless', 'INTERNAL_ERROR'],
    ['broken', 'INTERNAL_ERROR'],
  ]);
  // Above warnings: of a console that is not built, for one.
  const errors = lines.map((line) => JSON.parse(line)).filter(({ level }) => level > 40);
  expect(errors.map(({ account }) => account).toSorted()).toEqual(['bookless', 'broken']);
  expect((await open.call('GET', '/v1/bills/fine:2026-11')).json).toMatchObject({ state: 'final', total: '300000.00' });
});

test('a list of accounts shows the others, and of those that cannot be read that they cannot', async () => {
  const { status, json } = await open.call('GET', '/v1/accounts');
  expect(status).toBe(200);
  const accounts = json.accounts as Json[];
  expect(accounts.map(({ id, damaged = false }) => [id, damaged])).toEqual([
    ['beyond', false],
    ['bookless', true],
    ['broken', true],
    ['fine', false],
    ['sound', false],
  ]);
  expect(accounts.find(({ id }) => id === 'fine')).toMatchObject({ balance: '-300000.00' });
});

test('an account whose lock is not to be had in time is named too, and closed the next time', async () => {
  for (const id of ['locked', 'free'])
    await openAccountWith(open, id, '0.00', { book: dearBook.id, opened: '2026-11-01' });
  const holder = await open.suanpan.pool.connect();
  const close = async () => (await open.call('POST', '/v1/bills/close', { month })).json;
  try {
    await holder.query('begin');
    await holder.query(`select 1 from account_heads where account_id = 'locked' for update`);
    const { closed, refused } = await close();
    expect(closed).toBe(1);
    expect(refused).toContainEqual(expect.objectContaining({ account: 'locked', code: 'OVERLOADED' }));
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  expect(await close()).toMatchObject({ closed: 1 });
}, 60_000);

test('an archive leaves out the account whose head cannot be read, and takes the others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-one-'));
  await setHead('sound', 'state', '"seq"', '"seek"},{"');
  open.setClock('2027-03-01T10:00:00+08:00');
  const archive = await archiveMonth(open.suanpan, { month, folder });
  rmSync(folder, { recursive: true });
  if (isRefusal(archive)) throw new Error(archive.refused);
  expect(archive.leftOut.map(({ account }) => account)).toEqual(['sound']);
  expect(archive.events.rows).toBe(1);
});

test('money that comes in fits the ledger or is refused: top-ups, balances, prices', async () => {
  await openAccountWith(open, 'rich', '0.00');
  const topUp = (amount: string) => open.once('POST', '/v1/accounts/rich/top-ups', { amount });
  const refused = { status: 422, json: { code: 'INVALID_AMOUNT', errors: [{ pointer: '/amount' }] } };
  expect(await topUp('92233720368547758.08')).toMatchObject(refused);
  expect(await topUp('92233720368547758.06')).toMatchObject({ status: 201 });
  expect(await topUp('0.02')).toMatchObject(refused);
  expect(await topUp('0.01')).toMatchObject({ status: 201, json: { balance: '92233720368547758.07' } });
  expect((await topUp('0.01')).json.detail).toContain('a balance of 92233720368547758.08');

  const [product] = dearBook.packProducts;
  const dear = {
    ...dearBook,
    id: 'dearer',
    packProducts: [{ ...product, sizes: [{ calls: 1, price: '92233720368547758.08' }] }],
  };
  expect(await open.call('POST', '/v1/price-books', dear)).toMatchObject({
    status: 422,
    json: { code: 'INVALID_BOOK' },
  });
});

test('a refund that would take the balance beyond is refused, and possible again later', async () => {
  await openAccountWith(open, 'returning', '50.00', { book: dearBook.id });
  const pack = { account: 'returning', product: 'pool', size: 100, id: 'p' };
  expect(await open.once('POST', '/v1/packs', pack)).toMatchObject({ status: 201 });
  expect(await open.once('POST', '/v1/accounts/returning/top-ups', { amount: '92233720368547758.07' })).toMatchObject({
    status: 201,
  });
  const refund = () => open.once('POST', '/v1/packs/p/refund', { account: 'returning' });
  expect(await refund()).toMatchObject({ status: 422, json: { code: 'INVALID_AMOUNT' } });
  expect(await open.once('POST', '/v1/packs', { ...pack, id: 'q' })).toMatchObject({ status: 201 });
  expect(await refund()).toMatchObject({ status: 200, json: { state: 'refunded' } });
});

test('quotes, plans and what-ifs of amounts that no bill can hold are refused in words', async () => {
  const use = [{ of: 'call', calls: 10 ** 12 }];
  const refused = { status: 422, json: { code: 'INVALID_AMOUNT' } };
  expect(await open.call('POST', '/v1/quotes', { book: dearBook.id, use })).toMatchObject(refused);
  const [tariff] = dearBook.tariffs;
  const dearest = {
    ...dearBook,
    id: 'dearest',
    tariffs: [{ ...tariff, tiers: [{ from: 0, to: null, price: '999999999999' }] }],
    packProducts: [],
  };
  expect(await open.call('POST', '/v1/price-books', dearest)).toMatchObject({ status: 201 });
  const plan = { book: 'dearest', use: [{ of: 'call', calls: 10 ** 9 }] };
  expect(await open.call('POST', '/v1/plans', plan)).toMatchObject(refused);
  const ask = { account: 'beyond', months: 6 };
  expect(await open.call('POST', '/v1/what-if', ask)).toMatchObject(refused);
  expect(await open.call('POST', '/v1/what-if', { ...ask, account: 'fine', growth: 1000 })).toMatchObject({
    status: 200,
  });
});
