// The second person: what waits above the limit, who may approve it, and that it is done once.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseMoney } from '../../src/core/units.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { type Browser, invite } from '../http/people.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
const people: Record<string, Browser> = {};
const ids: Record<string, string> = {};
let serial = 0;
beforeAll(async () => {
  open = await openApp(day, { secondPersonAbove: parseMoney('1000.00', 'CNY') ?? null });
  await openAccountWith(open, 'acme', '0.00');
  for (const [name, role] of Object.entries({ wang: 'finance', li: 'finance', zhao: 'support', chen: 'admin' })) {
    const { browser, id } = await invite(open, { email: `${name}@example.com`, role });
    [people[name], ids[name]] = [browser, id];
  }
});
afterAll(() => open?.close());

const by = (name: string): Browser => people[name] as Browser;
const once = () => {
  serial += 1;
  return { 'idempotency-key': `k${serial}` };
};
const credit = (amount: string, headers = once()) =>
  ['POST', '/v1/accounts/acme/credits', { amount, reason: 'outage' }, headers] as const;
const balance = async () => (await open.call('GET', '/v1/accounts/acme')).json.balance;
const approve = (name: string, id: unknown) => by(name).call('POST', `/v1/approvals/${id}/approve`);

test('a credit up to the limit is given at once, one above it waits for another person', async () => {
  expect((await by('wang').call(...credit('1000.00'))).json).toMatchObject({
    kind: 'credit',
    amount: '1000.00',
    reference: 'outage',
  });
  expect(await balance()).toBe('1000.00');
  const headers = once();
  const asked = await by('wang').call(...credit('1000.01', headers));
  expect(asked.status).toBe(202);
  expect(asked.json).toMatchObject({ act: 'credit', amount: '1000.01', state: 'waiting', askedBy: ids.wang });
  expect((await by('wang').call(...credit('1000.01', headers))).json).toEqual(asked.json);
  expect(await balance()).toBe('1000.00');
  const id = asked.json.approval;
  expect((await approve('wang', id)).json).toMatchObject({ status: 409, code: 'SECOND_PERSON' });
  expect((await approve('zhao', id)).json).toMatchObject({ status: 403, code: 'DUTY_REQUIRED' });
  expect((await open.call('POST', `/v1/approvals/${id}/approve`)).json).toMatchObject({
    status: 403,
    code: 'PERSON_REQUIRED',
  });
  const both = await Promise.all([approve('li', id), approve('chen', id)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(await balance()).toBe('2000.01');
  expect((await approve('li', id)).json).toMatchObject({ status: 409, code: 'APPROVAL_ENDED' });
  const { acts } = (await open.call('GET', '/v1/audit?account=acme')).json as { acts: Json[] };
  const decided = both[0]?.status === 200 ? ids.li : ids.chen;
  expect(acts.find(({ operation }) => operation === 'POST /v1/approvals/{id}/approve')).toMatchObject({ by: decided });
});

test('a key waits as well, and whoever made it cannot approve for it', async () => {
  const { json: key } = await by('chen').call('POST', '/v1/keys', { role: 'operator', name: 'mine' });
  const { json: made } = await open.call(
    'POST',
    '/v1/keys',
    { role: 'operator' },
    { authorization: `Bearer ${key.key}` },
  );
  const asked = await open.call(...credit('5000.00', { ...once(), authorization: `Bearer ${made.key}` } as never));
  expect(asked.status).toBe(202);
  expect((await approve('chen', asked.json.approval)).json).toMatchObject({ code: 'SECOND_PERSON' });
  expect((await by('chen').call('POST', `/v1/approvals/${asked.json.approval}/reject`)).json).toMatchObject({
    state: 'rejected',
  });
  expect((await approve('li', asked.json.approval)).json.code).toBe('APPROVAL_ENDED');
});

describe('money that was paid in', () => {
  test('a program’s top-up is done at once, a person’s above the limit waits', async () => {
    const topUp = { amount: '3000.00', reference: 'bank 1' };
    expect((await open.once('POST', '/v1/accounts/acme/top-ups', topUp)).status).toBe(201);
    const asked = await by('wang').call('POST', '/v1/accounts/acme/top-ups', topUp, once());
    expect(asked).toMatchObject({ status: 202, json: { act: 'top-up', details: topUp } });
    const before = Number(await balance());
    await approve('li', asked.json.approval);
    expect(Number(await balance())).toBe(before + 3000);
  });

  test('so does an order that a person confirms', async () => {
    const packs = [{ product: 'basic_authority', size: 10_000 }];
    const { json: order } = await open.once('POST', '/v1/orders', { account: 'acme', packs, pay: 'transfer' });
    const payment = { reference: 'ICBC-1', amount: '8000.00' };
    const asked = await by('wang').call('POST', `/v1/orders/${order.id}/confirm`, payment);
    expect(asked.status).toBe(202);
    expect((await approve('li', asked.json.approval)).status).toBe(200);
    expect((await open.call('GET', `/v1/orders/${order.id}`)).json).toMatchObject({
      state: 'delivered',
      endedBy: ids.li,
    });
  });
});

describe('an exception of the refund window', () => {
  const buy = async (size: number, product = 'basic_authority') => {
    const { json } = await open.once('POST', '/v1/packs', { account: 'acme', product, size });
    return String(json.id);
  };
  const refund = (name: string, pack: string, exception?: string) =>
    by(name).call(
      'POST',
      `/v1/packs/${pack}/refund`,
      { account: 'acme', ...(exception === undefined ? {} : { exception }) },
      once(),
    );

  test('a finance person pays a small pack back, another approves a large one, and verify agrees', async () => {
    open.setClock(day);
    await open.once('POST', '/v1/accounts/acme/top-ups', { amount: '20000.00' });
    const [small, large, owners] = [await buy(1_000), await buy(10_000), await buy(1_000)];
    open.setClock('2026-01-13T01:00:00+08:00');
    open.setClock('2026-01-25T09:00:00+08:00');
    for (const name of ['wang', 'li']) await by(name).signIn(`${name}@example.com`, 'correct horse battery');
    expect((await refund('wang', small)).json.code).toBe('REFUND_WINDOW_CLOSED');
    expect((await refund('wang', small, 'bought twice')).json).toMatchObject({ id: small, state: 'refunded' });
    const asked = await refund('wang', large, 'bought twice');
    expect(asked).toMatchObject({ status: 202, json: { act: 'refund', amount: '8000.00', details: { pack: large } } });
    expect((await approve('li', asked.json.approval)).status).toBe(200);
    const own = await open.keyOf('acme');
    const asOwner = await open.once('POST', `/v1/packs/${owners}/refund`, { exception: 'please' }, own);
    expect(asOwner.json).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    const { verdicts } = await verifyLedger(open.suanpan);
    expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
  });

  test('what cannot be done any more goes on waiting, and lapses after a week', async () => {
    open.setClock(day);
    await open.once('POST', '/v1/accounts/acme/top-ups', { amount: '50000.00' });
    const pack = await buy(100_000, 'basic_selfie');
    open.setClock('2026-01-26T09:00:00+08:00');
    for (const name of ['wang', 'li']) await by(name).signIn(`${name}@example.com`, 'correct horse battery');
    const asked = await refund('wang', pack, 'wrong product');
    const used = { account: 'acme', id: 'used', meter: 'liveness.basic.selfie', time: '2026-01-26T09:00:00+08:00' };
    expect((await open.call('POST', '/v1/events', used)).status).toBe(200);
    expect((await approve('li', asked.json.approval)).json.code).toBe('PACK_IN_USE');
    const list = async () => (await open.call('GET', '/v1/approvals?state=waiting')).json.approvals as Json[];
    expect((await list()).map(({ approval }) => approval)).toEqual([asked.json.approval]);
    open.setClock('2026-02-02T09:00:01+08:00');
    await by('li').signIn('li@example.com', 'correct horse battery');
    expect((await approve('li', asked.json.approval)).json.code).toBe('APPROVAL_ENDED');
    expect(await list()).toEqual([]);
  });
});
