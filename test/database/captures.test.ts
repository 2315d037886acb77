// A capture that says how the call went: charged as it was authorised, free, or held for a person (billing rules 7).

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '../faults/agree.ts';
import { type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const account = 'acme';
const meter = 'identity';
const result = (resultCode: string): Json => ({ account, action: 'IdCardVerification', resultCode });
let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-01-12T10:00:00+08:00');
  await openAccountWith(open, account, '1000.00');
  await open.once('POST', '/v1/packs', { account, product: 'identity', size: 1_000, id: 'pack' });
});
afterAll(() => open.close());

const authorize = async (id: string, calls = 1) => {
  const { status, text } = await open.call('POST', '/v1/authorizations', { account, id, meter, calls });
  expect(status, text).toBe(201);
};
const capture = (id: string, body: Json) => open.call('POST', `/v1/authorizations/${id}/capture`, body);
const left = async (): Promise<unknown> => {
  const { json } = await open.call('GET', `/v1/accounts/${account}/packs`);
  return (json.packs as Json[])[0]?.remaining;
};

test('a result that is charged is paid as it was authorised, and kept', async () => {
  await authorize('charged', 10);
  const { status, json } = await capture('charged', result('0'));
  expect([status, json]).toMatchObject([
    200,
    { status: 'accepted', receipt: { outcome: 'charged', meter, draws: [{ pack: 'pack', calls: 10 }] } },
  ]);
  expect(await left()).toBe(990);
  const receipt = await open.call('GET', `/v1/events/charged/receipt?account=${account}`);
  expect(receipt.json).toMatchObject({ facts: { action: 'IdCardVerification', resultCode: '0' } });
});

test('a result that is not charged gives the calls back', async () => {
  await authorize('free', 10);
  expect(await left()).toBe(990);
  const { json } = await capture('free', result('-2'));
  expect(json).toMatchObject({ status: 'accepted', receipt: { outcome: 'not-charged', draws: [], notCharged: 10 } });
  const { json: again } = await capture('free', result('-2'));
  expect(again).toMatchObject({ status: 'duplicate', receipt: { outcome: 'not-charged' } });
  await authorize('all', 990);
  expect((await capture('all', result('-2'))).json).toMatchObject({
    receipt: { outcome: 'not-charged', notCharged: 990 },
  });
  expect(await left()).toBe(990);
});

test('a result that the code table does not know waits for a person, and is settled when it is decided', async () => {
  await authorize('odd', 5);
  expect((await capture('odd', result('99'))).json).toMatchObject({
    status: 'held',
    receipt: { outcome: 'held', reason: 'EVENT_HELD' },
  });
  expect(await left()).toBe(990);
  const { json } = await open.call('POST', '/v1/events/odd/review', { account, charge: true });
  expect(json).toMatchObject({ outcome: 'charged', draws: [{ pack: 'pack', calls: 5 }] });
  expect(await left()).toBe(985);
});

test('the same again is a duplicate, another result a conflict, another meter and an unknown action are refused', async () => {
  await authorize('again', 1);
  const other = { account, action: 'MobileStatus', resultCode: '0' };
  expect((await capture('again', other)).json).toMatchObject({ status: 409, code: 'OTHER_METER' });
  expect((await capture('again', { account, action: 'Fly', resultCode: '0' })).json).toMatchObject({
    code: 'UNKNOWN_ACTION',
  });
  expect((await capture('again', { account, action: 'IdCardVerification' })).json).toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect((await capture('again', result('0'))).json).toMatchObject({ status: 'accepted' });
  expect((await capture('again', result('0'))).json).toMatchObject({ status: 'duplicate' });
  expect((await capture('again', result('-2'))).json).toMatchObject({ status: 409, code: 'EVENT_CONFLICT' });
  expect((await capture('again', { account })).json).toMatchObject({ status: 409, code: 'EVENT_CONFLICT' });
});

test.each([
  ['by the next call', () => authorize('next')],
  ['by a command', () => open.call('PATCH', `/v1/accounts/${account}`, { suspended: false })],
])(
  'a hold of unknown fate is held for review when its time is out, noticed %s; it is never captured then',
  async (_how, notice) => {
    const id = `unknown ${_how}`;
    const before = await left();
    const hold = { account, id, meter, calls: 3, seconds: 60, onExpiry: 'review' };
    expect((await open.call('POST', '/v1/authorizations', hold)).status).toBe(201);
    expect((await open.call('POST', '/v1/authorizations', hold)).status).toBe(200);
    const other = await open.call('POST', '/v1/authorizations', { ...hold, onExpiry: 'release' });
    expect(other.json.code).toBe('ID_TAKEN');
    const now = (await open.call('GET', '/v1/clock')).json.now;
    open.setClock(new Date(Date.parse(String(now)) + 61_000).toISOString());
    await notice();
    const receipt = await open.call('GET', `/v1/events/${encodeURIComponent(id)}/receipt?account=${account}`);
    expect(receipt.json).toMatchObject({ outcome: 'held', calls: 3, draws: [], meter });
    const late = await open.call('POST', `/v1/authorizations/${encodeURIComponent(id)}/capture`, result('0'));
    expect(late.json.code).toBe('EVENT_CONFLICT');
    const review = { account, charge: true };
    expect((await open.call('POST', `/v1/events/${encodeURIComponent(id)}/review`, review)).status).toBe(200);
    await open.call('POST', '/v1/authorizations/next/release', { account });
    expect(await left()).toBe(Number(before) - 3);
  },
);

test('verify is clean, also where captures of one hold race', async () => {
  await authorize('raced', 3);
  const codes = ['0', '-2', '99', '0', '-2'];
  const replies = await Promise.all(codes.map((code) => capture('raced', result(code))));
  const first = replies.filter(({ json }) => json.status === 'accepted' || json.status === 'held');
  expect(first).toHaveLength(1);
  for (const { status } of replies) expect([200, 409]).toContain(status);
  await expectSound(open.suanpan);
});
