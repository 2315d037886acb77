// What operators' people do beside money: notes that no customer sees, a look at who is ready before a month is closed, names where people
// acted.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { invite } from '../http/people.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2025-12-01T09:00:00+08:00');
  for (const id of ['acme', 'globex', 'initech']) await openAccountWith(open, id, '1000.00', { postpaid: true });
}, 60_000);
afterAll(() => open.close());

test('a note stays with the operator: its account sees neither it nor the act of writing it', async () => {
  const note = '约定：三月起新价格 secret-word';
  const written = await open.call('POST', '/v1/accounts/acme/notes', { note });
  expect(written.status, written.text).toBe(201);
  for (let at = 0; at < 4; at += 1) await open.call('POST', '/v1/accounts/acme/notes', { note: `more ${at}` });
  const seen: string[] = [];
  for (let next: unknown = ''; next !== null; ) {
    const { json } = await open.call('GET', `/v1/accounts/acme/notes?limit=2${next === '' ? '' : `&cursor=${next}`}`);
    seen.push(...(json.notes as { note: string }[]).map((each) => each.note));
    ({ next } = json);
  }
  expect(seen).toEqual(['more 3', 'more 2', 'more 1', 'more 0', note]);
  const own = await open.keyOf('acme');
  for (const [method, url] of [
    ['GET', '/v1/accounts/acme/notes'],
    ['POST', '/v1/accounts/acme/notes'],
  ] as const) {
    const { status, json } = await open.call(method, url, method === 'POST' ? { note: 'x' } : undefined, own);
    expect([status, json.code]).toEqual([403, 'FORBIDDEN']);
  }
  const ofAccount = await open.call('GET', '/v1/audit?account=acme', undefined, own);
  expect(ofAccount.status).toBe(200);
  expect(ofAccount.text).not.toContain('secret-word');
  expect((await open.call('GET', '/v1/audit?limit=200')).text).toContain('secret-word');
  const missing = await open.call('POST', '/v1/accounts/nobody/notes', { note: 'x' });
  expect(missing.json).toMatchObject({ code: 'NOT_FOUND' });
  expect((await open.call('POST', '/v1/accounts/acme/notes', { note: '' })).status).toBe(422);
  await expect(open.suanpan.pool.query('delete from account_notes')).rejects.toThrow();
});

test('who is ready is who closing closes; who is blocked is who it refuses; nothing is changed by looking', async () => {
  open.setClock('2025-12-20T09:00:00+08:00');
  const use = (account: string, calls: number) =>
    open.call('POST', '/v1/events', { id: 'e1', account, meter: basic, calls, time: '2025-12-10T10:00:00+08:00' });
  await use('acme', 10);
  // Beyond the last tier with a public price.
  await use('globex', 300_000);
  const readiness = async () => {
    const all = { ready: 0, looked: 0, blocked: [] as Json[] };
    for (let next: unknown = ''; next !== null; ) {
      const { json, text } = await open.call(
        'GET',
        `/v1/bills/readiness?month=2025-12&limit=1${next === '' ? '' : `&cursor=${next}`}`,
      );
      expect(json, text).toHaveProperty('ready');
      all.ready += Number(json.ready);
      all.looked += Number(json.looked);
      all.blocked.push(...(json.blocked as Json[]));
      ({ next } = json);
    }
    return all;
  };
  const early = await readiness();
  expect(early).toMatchObject({ ready: 0, looked: 3 });
  expect(early.blocked.map(({ code }) => code)).toEqual(['PERIOD_OPEN', 'PERIOD_OPEN', 'PERIOD_OPEN']);
  open.setClock('2026-01-03T09:00:00+08:00');
  await open.suanpan.pool.query(`update account_heads set state = '{"seq":1}' where account_id = 'initech'`);
  open.suanpan.ledger.forget('initech');
  const before = await open.state();
  const now = await readiness();
  expect(now).toMatchObject({ ready: 1, looked: 3 });
  expect(now.blocked.map(({ account, code }) => `${account} ${code}`)).toEqual([
    'globex QUOTE_REQUIRED',
    'initech INTERNAL_ERROR',
  ]);
  expect(await open.state()).toBe(before);
  const { json: closed } = await open.call('POST', '/v1/bills/close', { month: '2025-12' });
  expect(closed).toMatchObject({ closed: now.ready });
  expect((closed.refused as Json[]).map(({ account, code }) => `${account} ${code}`)).toEqual(
    now.blocked.map(({ account, code }) => `${account} ${code}`),
  );
  expect(await readiness()).toMatchObject({ ready: 0, looked: 2 });
});

test('accounts are found by their state, page by page', async () => {
  await open.call('PATCH', '/v1/accounts/globex', { suspended: true });
  const states: Record<string, string[]> = {};
  for (const state of ['ok', 'arrears', 'stopped', 'suspended', 'damaged']) {
    const found: string[] = [];
    for (let next: unknown = ''; next !== null; ) {
      const { json } = await open.call(
        'GET',
        `/v1/accounts?state=${state}&limit=1${next === '' ? '' : `&cursor=${next}`}`,
      );
      found.push(...(json.accounts as Json[]).map(({ id }) => String(id)));
      ({ next } = json);
    }
    states[state] = found;
  }
  expect(states).toEqual({ ok: ['acme'], arrears: [], stopped: [], suspended: ['globex'], damaged: ['initech'] });
  await open.call('PATCH', '/v1/accounts/globex', { suspended: false });
});

test('the month in figures is the sum over all accounts, written out or still on heads', async () => {
  open.setClock('2026-01-01T09:00:00+08:00');
  await open.suanpan.pool.query(`delete from account_heads where account_id = 'initech'`);
  for (const id of ['umbrella', 'wayne']) await openAccountWith(open, id, '5000.00', { postpaid: true });
  await open.once('POST', '/v1/packs', { account: 'wayne', product: 'basic_authority', size: 1_000, id: 'w' });
  await open.once('POST', '/v1/packs', { account: 'umbrella', product: 'basic_authority', size: 1_000, id: 'u' });
  await open.once('POST', '/v1/packs/u/refund', { account: 'umbrella' });
  open.setClock('2026-01-10T09:00:00+08:00');
  const events = Array.from({ length: 300 }, (_, at) => ({
    ...{ id: `f-${at}`, account: at % 3 === 0 ? 'umbrella' : 'wayne', meter: basic, calls: 5 },
    time: `2026-01-0${1 + (at % 9)}T10:00:00+08:00`,
  }));
  expect((await open.call('POST', '/v1/events', events)).status).toBe(200);
  const { json } = await open.call('GET', '/v1/bills/figures?month=2026-01');
  expect(json).toMatchObject({
    accounts: 5,
    calls: { packs: 1_000, postpaid: 500, notCharged: 0 },
    money: [{ currency: 'CNY', packsSold: 1, packs: '930.00', bills: 1, charged: '10.00' }],
  });
  const own = await open.keyOf('acme');
  expect((await open.call('GET', '/v1/bills/figures?month=2026-01', undefined, own)).status).toBe(403);
});

test('people have names in what they did, as far as whoever asks may know them', async () => {
  const { browser, id } = await invite(open, { email: 'su@operator.example', role: 'support' });
  await browser.call('POST', '/v1/accounts/acme/notes', { note: 'by a person' });
  const { json } = await open.call('GET', '/v1/accounts/acme/notes?limit=1');
  expect((json.notes as Json[])[0]).toMatchObject({ by: id, byName: expect.stringMatching(/./) });
  await browser.call('POST', '/v1/events/e1/void', { account: 'acme' });
  const acts = async (headers?: Record<string, string>) =>
    (await open.call('GET', '/v1/audit?account=acme&limit=1', undefined, headers)).json.acts as Json[];
  expect((await acts())[0]).toMatchObject({ by: id, byName: expect.stringMatching(/./) });
  expect((await acts(await open.keyOf('acme')))[0]).toMatchObject({ by: id, byName: null });
});
