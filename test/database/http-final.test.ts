// What an account may not do to what an operator keeps: a bill that was sent, and holds that the operator made.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const inMonth = '2026-01-31T23:00:00+08:00';
const afterClosing = '2026-02-03T10:00:00+08:00';
let open: OpenApp;
let own: { readonly authorization: string };

beforeAll(async () => {
  open = await openApp('2026-01-31T23:30:00+08:00');
  await openAccountWith(open, 'acme', '100000.00');
  own = await open.keyOf('acme');
  await send('first', 100);
  open.setClock('2026-02-03T09:00:00+08:00');
  expect((await open.call('POST', '/v1/bills/close', { account: 'acme', month: '2026-01' })).status).toBe(200);
  open.setClock(afterClosing);
});
afterAll(async () => {
  expect(await verifyLedger(open.suanpan)).toMatchObject({ clean: true });
  await open.close();
});

const late = (id: string, calls: number, more: Json = {}) => ({
  id,
  account: 'acme',
  meter: basic,
  calls,
  time: inMonth,
  ...more,
});
const send = async (id: string, calls: number, key: Record<string, string> = {}) =>
  (await open.call('POST', '/v1/events', late(id, calls), key)).json;
const bill = async (month: string): Promise<Json> => (await open.call('GET', `/v1/bills/acme:${month}`)).json;
const receipt = async (id: string): Promise<Json> =>
  (await open.call('GET', `/v1/events/${id}/receipt?account=acme`)).json;

describe('an event into a final month', () => {
  test('from the account is held for review, with its own reason, and costs nothing', async () => {
    const [before, next] = [await bill('2026-01'), await bill('2026-02')];
    const held = await send('mine', 50, own);
    expect(held).toMatchObject({
      id: 'mine',
      status: 'held',
      code: 'LATE_INTO_FINAL',
      detail: expect.stringContaining('an operator decides'),
      receipt: { outcome: 'held', reason: 'LATE_INTO_FINAL', postpaid: 0, draws: [], notCharged: 0 },
    });
    expect(await receipt('mine')).toMatchObject(held.receipt as Json);
    // At once from memory, and later from the ledger, in the very words.
    expect(await send('mine', 50, own)).toEqual({ id: 'mine', status: 'duplicate', receipt: held.receipt });
    open.suanpan.ledger.forget('acme');
    expect(await send('mine', 50, own)).toEqual({ id: 'mine', status: 'duplicate', receipt: held.receipt });
    expect([await bill('2026-01'), await bill('2026-02')]).toEqual([before, next]);
    const chinese = await open.call('POST', '/v1/events', [late('mine too', 1)], { ...own, 'accept-language': 'zh' });
    expect(chinese.json.results).toMatchObject([{ status: 'held', detail: expect.stringContaining('运营方') }]);
  });

  test('an operator’s review charges it, as an adjustment, or lets it go', async () => {
    await send('reviewed', 40, own);
    await send('let go', 40, own);
    for (const [id, charge] of [
      ['reviewed', true],
      ['let go', false],
    ] as const) {
      const url = `/v1/events/${encodeURIComponent(id)}/review`;
      expect((await open.call('POST', url, { account: 'acme', charge }, own)).status).toBe(403);
      expect((await open.call('POST', url, { account: 'acme', charge })).status).toBe(200);
    }
    expect(await receipt('reviewed')).toMatchObject({ outcome: 'charged', postpaid: 40 });
    expect(await receipt('reviewed')).not.toHaveProperty('reason');
    expect(await receipt('let%20go')).toMatchObject({ outcome: 'not-charged', postpaid: 0 });
    expect(await bill('2026-02')).toMatchObject({ adjustments: '40.00' });
  });

  test('from an operator is entered at once; what is never charged is entered whoever sends it', async () => {
    expect(await send('theirs', 10)).toMatchObject({
      status: 'accepted',
      receipt: { outcome: 'charged', postpaid: 10 },
    });
    const free = { id: 'free', action: 'IdCardVerification', resultCode: '-4', time: inMonth };
    const { json } = await open.call('POST', '/v1/events', free, own);
    expect(json).toMatchObject({ receipt: { outcome: 'not-charged' } });
    const unclear = { id: 'unclear', action: 'IdCardVerification', resultCode: '99', time: inMonth };
    expect((await open.call('POST', '/v1/events', unclear, own)).json).toMatchObject({
      status: 'held',
      code: 'EVENT_HELD',
      receipt: { reason: 'EVENT_HELD' },
    });
  });

  test('in one batch with events of the running month: those alone are held', async () => {
    const items = [late('b1', 1), late('b2', 1, { time: afterClosing }), late('b1', 1)];
    const { json } = await open.call('POST', '/v1/events', items, own);
    expect(json.results).toMatchObject([{ status: 'held' }, { status: 'accepted' }, { status: 'duplicate' }]);
  });
});

describe('holds', () => {
  const hold = (id: string, key: Record<string, string> = {}) =>
    open.call('POST', '/v1/authorizations', { account: 'acme', id, meter: basic, seconds: 3_600 }, key);
  const end = (id: string, how: 'capture' | 'release', key: Record<string, string> = {}) =>
    open.call('POST', `/v1/authorizations/${id}/${how}`, { account: 'acme' }, key);

  test('end at a time in the account’s zone, said first and again', async () => {
    for (const [account, timeZone, offset] of [
      ['new-york', 'America/New_York', '-05:00'],
      ['kathmandu', 'Asia/Kathmandu', '+05:45'],
    ] as const) {
      await openAccountWith(open, account, '0.00', { timeZone, postpaid: true });
      const authorize = () => open.call('POST', '/v1/authorizations', { account, id: 'h', meter: basic, seconds: 60 });
      const [first, again] = [await authorize(), await authorize()];
      expect([first.status, again.status], first.text).toEqual([201, 200]);
      const { expiresAt } = first.json;
      expect(expiresAt).toMatch(new RegExp(`\\${offset}$`));
      expect(again.json.expiresAt).toBe(expiresAt);
      expect(Date.parse(String(expiresAt)) - open.suanpan.clock()).toBe(60_000);
    }
  });

  test.each(['capture', 'release'] as const)('that an operator made are not the account’s to %s', async (how) => {
    const id = `operators-${how}`;
    expect((await hold(id)).status).toBe(201);
    const before = await open.state();
    for (const reply of [await end(id, how, own), await hold(id, own)]) {
      expect(reply.json).toMatchObject({ status: 403, code: 'HOLD_OF_OPERATOR', detail: expect.stringContaining(id) });
    }
    expect(await open.state()).toBe(before);
    // Also by a server that reads it from the database.
    open.suanpan.ledger.forget('acme');
    expect((await end(id, how, own)).json).toMatchObject({ code: 'HOLD_OF_OPERATOR' });
    expect((await end(id, how)).status).toBe(200);
  });

  test.each(['capture', 'release'] as const)('that the account made: it and the operator may %s them', async (how) => {
    for (const [id, key] of [
      [`own-${how}`, own],
      [`by-operator-${how}`, {}],
    ] as const) {
      expect((await hold(id, own)).status).toBe(201);
      expect((await end(id, how, key)).status).toBe(200);
    }
    const another = await open.keyOf('acme');
    await hold(`shared-${how}`, own);
    expect((await end(`shared-${how}`, how, another)).status).toBe(200);
  });

  test('verify knows whose an open hold is', async () => {
    await hold('stays');
    await hold('stays too', own);
    const turn = (id: string) =>
      open.suanpan.pool.query('update holds set by_operator = not by_operator where hold_id = $1', [id]);
    expect(await verifyLedger(open.suanpan)).toMatchObject({ clean: true });
    await turn('stays');
    expect(await verifyLedger(open.suanpan)).toMatchObject({ clean: false });
    await turn('stays');
  });
});
