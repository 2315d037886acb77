// Packs that pay for the calls before them, on the ledger: receipts, lists, bills, caps, voids, refunds, archives, two servers, and what
// `verify` finds.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parsePeriod } from '../../src/core/calendar.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { archiveMonth, restoreMonth } from '../../src/operations/archive-events.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const morning = '2026-01-15T08:00:00+08:00';
const wish = { product: 'basic_authority', size: 1000 };
const folder = mkdtempSync(join(tmpdir(), 'suanpan-earlier-'));
let open: OpenApp;
let account = '';
let serial = 0;

beforeAll(async () => {
  open = await openApp(morning);
  const { document } = open.suanpan.books.shelved('faceid-legacy') ?? {};
  for (const packCovers of ['day', 'month']) {
    const policies = { ...document?.policies, packCovers };
    const book = { ...document, id: `covers-${packCovers}`, policies, accounts: null };
    const { status, text } = await open.call('POST', '/v1/price-books', book);
    expect(status, text).toBe(201);
  }
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  open.setClock('2026-01-15T10:00:00+08:00');
  serial += 1;
  account = `acme-${serial}`;
});

const opened = (covers: 'day' | 'month' = 'day') =>
  openAccountWith(open, account, '100000.00', { book: `covers-${covers}`, gifts: false, opened: '2020-03-01' });
const send = async (id: string, calls: number, more: Json = {}) => {
  const { json, text } = await open.call('POST', '/v1/events', {
    ...{ account, id, meter: basic, calls, time: morning },
    ...more,
  });
  expect(json.status, text).toBe('accepted');
  return json.receipt as Json;
};
const buy = async (id: string, more: Json = {}) => {
  const { status, json, text } = await open.once('POST', '/v1/packs', { account, id, ...wish, ...more });
  expect(status, text).toBe(201);
  return json.packs as Json[];
};
const receipt = async (id: string) => (await open.call('GET', `/v1/events/${id}/receipt?account=${account}`)).json;
const draft = async (month = '2026-01') => (await open.call('GET', `/v1/bills/${account}:${month}`)).json;
const list = async (payer: string) =>
  ((await open.call('GET', `/v1/events?account=${account}&payer=${payer}`)).json.events as Json[]).map(
    (row) => row.event,
  );
const verified = async () => {
  const { verdicts } = await verifyLedger(open.suanpan);
  return verdicts.flatMap(({ first }) => (first === null ? [] : [first]));
};

test('is foretold, then done: the receipt says by what, and everything that reads a call agrees', async () => {
  await opened();
  const sent = await send('e0', 10);
  expect(sent).toMatchObject({ postpaid: 10, draws: [] });
  const asked = await open.call('POST', '/v1/packs/preview', { account, ...wish });
  expect(asked.json).toMatchObject({ earlierCalls: 10, before: { postpaid: '10.00' }, after: { postpaid: '0.00' } });
  expect(await draft()).toMatchObject({ postpaid: '10.00' });
  expect(await buy('p')).toMatchObject([{ id: 'p', remaining: 990, effectiveAt: '2026-01-15T00:00:00+08:00' }]);
  const whole = await receipt('e0');
  const time = '2026-01-15T10:00:00+08:00';
  const draws = [{ pack: 'p', calls: 10, drawnLater: { seq: 3, time } }];
  expect(whole).toMatchObject({ postpaid: 0, draws, unused: [] });
  const again = await open.call('POST', '/v1/events', { account, id: 'e0', meter: basic, calls: 10, time: morning });
  expect(again.json).toMatchObject({ status: 'duplicate', receipt: { postpaid: 0, draws } });
  expect(await draft()).toMatchObject({ prepaid: '930.00', postpaid: '0.00', total: asked.json.after && '930.00' });
  expect([await list('p'), await list('postpaid')]).toEqual([['e0'], []]);
  const { json: usage } = await open.call('GET', `/v1/accounts/${account}/usage?month=2026-01`);
  expect(usage.lines).toEqual([{ day: '2026-01-15', meter: basic, payer: 'p', gift: false, calls: 10 }]);
  const calls = await open.call('GET', `/v1/bills/${account}:2026-01/export?format=csv&detail=calls`);
  expect(calls.text, calls.text).toMatch(/e0.*,10,10,p:10,0,/);
  expect((await open.once('POST', '/v1/packs/p/refund', { account })).json.code).toBe('PACK_IN_USE');
  const voided = await open.call('POST', '/v1/events/e0/void', { account });
  expect(voided.status, voided.text).toBe(200);
  expect((await open.call('GET', `/v1/packs/p?account=${account}`)).json).toMatchObject({ remaining: 1000 });
  expect(await verified()).toEqual([]);
});

test('in ledger order, over several packs, beside what other packs had paid; news of a pack that is used up', async () => {
  await opened('month');
  await send('first', 300, { time: '2026-01-02T08:00:00+08:00' });
  await open.once('POST', '/v1/gifts', { account, id: 'g', product: 'basic_authority', calls: 400 });
  await send('second', 500);
  await send('third', 1500);
  expect(await receipt('first')).toMatchObject({ postpaid: 0, draws: [{ pack: 'g', calls: 300 }] });
  expect(await receipt('second')).toMatchObject({ postpaid: 400, draws: [{ pack: 'g', calls: 100 }] });
  const packs = await buy('p', { count: 2 });
  expect(packs).toMatchObject([{ remaining: 0, state: 'exhausted' }, { remaining: 100 }]);
  expect(await receipt('second')).toMatchObject({
    postpaid: 0,
    draws: [
      { pack: 'g', calls: 100 },
      { pack: 'p', calls: 400 },
    ],
  });
  expect(await receipt('third')).toMatchObject({
    postpaid: 0,
    draws: [
      { pack: 'p', calls: 600 },
      { pack: 'p-2', calls: 900 },
    ],
    unused: [{ pack: 'g', reason: 'exhausted' }],
  });
  expect(await list('p-2')).toEqual(['third']);
  const { rows } = await open.suanpan.pool.query('select kind from outbox where account_id = $1 order by seq', [
    account,
  ]);
  expect(rows.map(({ kind }) => kind)).toEqual(['pack-exhausted', 'pack-exhausted', 'pack-low']);
  expect(await verified()).toEqual([]);
});

test('a cap of postpaid calls counts what is left; what was voided before is not paid', async () => {
  await opened();
  await open.call('POST', `/v1/accounts/${account}/caps`, { name: 'c', per: 'day', of: 'postpaid', most: 5000 });
  await open.call('POST', `/v1/accounts/${account}/caps`, {
    ...{ name: 'all', per: 'day', of: 'all', most: 5000, department: 'loans' },
  });
  await send('e1', 700, { department: 'loans' });
  await send('gone', 100);
  await open.call('POST', '/v1/events/gone/void', { account });
  await send('e2', 700);
  const used = async () => {
    const { json } = await open.call('GET', `/v1/accounts/${account}/caps`);
    return (json.caps as Json[]).map((cap) => cap.used);
  };
  expect(await used()).toEqual([1400, 700]);
  await buy('p');
  expect(await used()).toEqual([400, 700]);
  expect(await verified()).toEqual([]);
});

test('once, however often the purchase is asked for, and beside a server that still believes its head', async () => {
  await opened();
  const { pool, books, meters, clock } = open.suanpan;
  const other = new Ledger({ pool, books, meters, clock, lanes: 1 });
  const call = (id: string) => ({
    ...{ id, meter: basic, calls: callsOf(10), at: instant(morning), department: null, facts: null },
  });
  await other.record(account, [call('a')], { byOperator: true });
  const body = { account, id: 'p', ...wish };
  const key = { 'idempotency-key': `retried-${account}` };
  const bought = await Promise.all([
    open.call('POST', '/v1/packs', body, key),
    other.record(account, [call('b'), call('c')], { byOperator: true }),
    open.call('POST', '/v1/packs', body, key),
  ]);
  expect(bought[0].status, bought[0].text).toBe(201);
  expect((await open.call('POST', '/v1/packs', body, key)).status).toBe(201);
  await other.record(account, [call('d')], { byOperator: true });
  const shown = await open.call('GET', `/v1/packs/p?account=${account}`);
  expect(shown.json).toMatchObject({ remaining: 960 });
  for (const id of ['a', 'b', 'c', 'd']) expect(await receipt(id)).toMatchObject({ postpaid: 0 });
  await other.drain();
  expect(await verified()).toEqual([]);
});

test('a final month stays as it is; one whose calls are in files verifies, and comes back', async () => {
  await opened('month');
  await send('e1', 40);
  await buy('p');
  await send('e2', 2000);
  open.setClock('2026-02-03T00:00:00+08:00');
  expect((await open.call('POST', '/v1/bills/close', { account, month: '2026-01' })).status).toBe(200);
  const final = await draft();
  expect(final).toMatchObject({ state: 'final', postpaid: '884.00' });
  await send('late', 5, { time: '2026-01-20T08:00:00+08:00' });
  await buy('february');
  expect(await receipt('late')).toMatchObject({ postpaid: 5 });
  expect(await verified()).toEqual([]);
  open.setClock('2026-03-20T00:00:00+08:00');
  const month = parsePeriod('2026-01');
  if (month === undefined) throw new Error('no month');
  expect(isRefusal(await archiveMonth(open.suanpan, { month, folder }))).toBe(false);
  expect(await verified()).toEqual([]);
  await restoreMonth(open.suanpan, { month });
  expect(await receipt('e1')).toMatchObject({ postpaid: 0, draws: [{ pack: 'p', calls: 40 }] });
  expect(await draft()).toEqual(final);
});

test.each([
  ['a later draw deleted', 'delete from event_draws where place = 1', ['I4', 'I5', 'I6']],
  ['of fewer calls', 'update event_draws set calls = calls - 1 where place = 1', ['I4', 'I5']],
  ['of another pack', 'update event_draws set pack_no = 7 where place = 1', ['I4', 'I5']],
  ['of more than was postpaid', 'update event_draws set calls = calls + 1 where place = 1', ['I3', 'I4', 'I5']],
])('%s is found', async (_, sql, broken) => {
  await opened();
  await send('e0', 10);
  await buy('p');
  await open.suanpan.pool.query(`${sql} and account_id = $1`, [account]);
  const found = (await verified()).filter((each) => each.account === account);
  expect(found.map(({ invariant }) => invariant)).toEqual(
    expect.arrayContaining(broken.filter((each) => each !== 'I6')),
  );
  await open.suanpan.pool.query('delete from event_draws where account_id = $1', [account]);
  await open.suanpan.pool.query(
    'insert into event_draws (account_id, seq, place, pack_no, calls) values ($1, 2, 1, 1, 10)',
    [account],
  );
  expect(await verified()).toEqual([]);
});
