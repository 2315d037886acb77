// Every form in which usage may arrive, and what becomes of it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, eventsAt, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '10000.00');
  await openAccountWith(open, 'globex', '0.00');
});
afterAll(() => open.close());

const event = eventsAt(day);
const cloudEvent = (id: string, more: Json = {}) => ({
  specversion: '1.0',
  type: 'cn.example.call',
  id,
  source: 'https://gateway.example/1',
  subject: 'acme',
  time: day,
  data: { meter: basic, calls: 2 },
  ...more,
});

test('one event: the receipt; again: a duplicate with the same receipt', async () => {
  const first = await open.call('POST', '/v1/events', event('one', { department: 'loans' }));
  expect(first.json).toEqual({
    id: 'one',
    status: 'accepted',
    receipt: {
      event: 'one',
      account: 'acme',
      seq: expect.any(Number),
      meter: basic,
      calls: 1,
      time: day,
      outcome: 'charged',
      draws: [],
      postpaid: 1,
      notCharged: 0,
      department: 'loans',
    },
  });
  const again = await open.call(
    'POST',
    '/v1/events',
    event('one', { department: 'loans', time: '2026-01-12T01:00:00Z' }),
  );
  expect(again.json).toEqual({ ...first.json, status: 'duplicate' });
  for (const other of [
    {},
    { department: 'cards' },
    { department: 'loans', calls: 2 },
    { department: 'loans', time: '2026-01-12T09:00:00.001+08:00' },
  ]) {
    const reply = await open.call('POST', '/v1/events', event('one', other));
    expect(reply.json).toMatchObject({ status: 409, code: 'EVENT_CONFLICT' });
  }
});

test('calls are 1 and the account the key’s own where none is given', async () => {
  const own = await open.keyOf('globex');
  const { json } = await open.call('POST', '/v1/events', { id: 'short', meter: basic, time: day }, own);
  expect(json).toMatchObject({ status: 'accepted', receipt: { account: 'globex', calls: 1 } });
  const nameless = await open.call('POST', '/v1/events', { id: 'short', meter: basic, time: day });
  expect(nameless.json).toMatchObject({ status: 422, errors: [{ pointer: '/account' }] });
});

test('10^12 calls are counted exactly', async () => {
  await openAccountWith(open, 'giant', '0.00');
  for (const n of [1, 2, 3]) {
    const { json } = await open.call(
      'POST',
      '/v1/events',
      event(`g${n}`, { account: 'giant', calls: 1_000_000_000_000 }),
    );
    expect(json).toMatchObject({ status: 'accepted', receipt: { postpaid: 1_000_000_000_000 } });
  }
  const usage = await open.call('GET', '/v1/accounts/giant/usage?month=2026-01');
  expect(usage.json.lines).toMatchObject([{ payer: 'postpaid', calls: 3_000_000_000_000 }]);
});

describe('NDJSON', () => {
  test.each(['application/x-ndjson', 'application/ndjson', 'application/jsonl'])(
    '%s, with an empty and a broken line',
    async (type) => {
      const id = type.replace('/', '-');
      const lines = [event(`${id}-1`), event(`${id}-2`, { account: 'globex' })].map((each) => JSON.stringify(each));
      const body = `${lines[0]}\r\n\n{"id":\n${lines[1]}`;
      const { status, json } = await open.call('POST', '/v1/events', body, { 'content-type': type });
      expect(status).toBe(200);
      expect(json.results).toMatchObject([
        { status: 'accepted' },
        { status: 'rejected', code: 'INVALID_INPUT' },
        { status: 'accepted' },
      ]);
    },
  );
});

describe('CloudEvents 1.0', () => {
  const single = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

  test('single: its id as sent, the source beside it', async () => {
    const { json } = await open.call('POST', '/v1/events', cloudEvent('ce-1'), single);
    expect(json).toMatchObject({
      id: 'ce-1',
      status: 'accepted',
      source: 'https://gateway.example/1',
      receipt: { event: 'ce-1', source: 'https://gateway.example/1', calls: 2 },
    });
    const again = await open.call('POST', '/v1/events', cloudEvent('ce-1', { type: 'another', extension: 1 }), single);
    expect(again.json).toMatchObject({ id: 'ce-1', status: 'duplicate' });
    const elsewhere = await open.call('POST', '/v1/events', cloudEvent('ce-1', { source: '/gateway/2' }), single);
    expect(elsewhere.json).toMatchObject({ status: 'accepted' });
    const found = await open.call(
      'GET',
      `/v1/events/ce-1/receipt?account=acme&source=${encodeURIComponent('https://gateway.example/1')}`,
    );
    expect(found.json).toMatchObject({ calls: 2 });
  });

  test('batch, beside plain events', async () => {
    const batch = [
      cloudEvent('ce-2'),
      cloudEvent('ce-2'),
      cloudEvent('ce-3', { subject: 'globex' }),
      cloudEvent('ce-4', { data: { meter: basic, calls: 0 } }),
      event('ce-2'),
    ];
    const { json } = await open.call('POST', '/v1/events', batch, {
      'content-type': 'application/cloudevents-batch+json',
    });
    expect(json.results).toMatchObject([
      { id: 'ce-2', status: 'accepted' },
      { id: 'ce-2', status: 'duplicate' },
      { id: 'ce-3', status: 'accepted', receipt: { account: 'globex' } },
      { id: 'ce-4', status: 'rejected', code: 'INVALID_QUANTITY' },
      { id: 'ce-2', status: 'accepted' },
    ]);
  });

  test('an unknown field in the data is refused, not stored', async () => {
    const reply = await open.call(
      'POST',
      '/v1/events',
      cloudEvent('ce-9', { data: { meter: basic, idCard: '110…' } }),
      single,
    );
    expect(reply.json).toMatchObject({ status: 422, code: 'INVALID_INPUT' });
  });
});

describe('events that carry facts', () => {
  const facts = (id: string, more: Json) => ({ id, account: 'acme', time: day, ...more });

  test('charged, not charged, held and reviewed', async () => {
    const send = async (id: string, resultCode: string, more: Json = {}) =>
      (
        await open.call(
          'POST',
          '/v1/events',
          facts(id, { action: 'IdCardVerification', resultCode, calls: 2, ...more }),
        )
      ).json;
    expect(await send('f1', '-1')).toMatchObject({
      status: 'accepted',
      receipt: { meter: 'identity', outcome: 'charged', postpaid: 2 },
    });
    expect(await send('f2', '-2')).toMatchObject({
      status: 'accepted',
      receipt: { outcome: 'not-charged', postpaid: 0, notCharged: 2 },
    });
    for (const id of ['f3', 'f4', 'f5']) {
      expect(await send(id, '99')).toMatchObject({
        status: 'held',
        receipt: { outcome: 'held', postpaid: 0, draws: [] },
      });
      expect(await send(id, '99')).toMatchObject({ status: 'duplicate' });
    }
    expect(await send('f3', '98')).toMatchObject({ status: 409 });

    const usage = async () => {
      const { json } = await open.call('GET', '/v1/accounts/acme/usage?month=2026-01');
      return (json.lines as Json[])
        .filter(({ meter }) => meter === 'identity')
        .map(({ payer, calls }) => `${payer} ${calls}`);
    };
    expect(await usage()).toEqual(['not-charged 2', 'postpaid 2']);
    const review = (id: string, charge: boolean) =>
      open.call('POST', `/v1/events/${id}/review`, { account: 'acme', charge });
    expect((await review('f3', true)).json).toMatchObject({ event: 'f3', outcome: 'charged', postpaid: 2 });
    expect((await review('f4', false)).json).toMatchObject({ event: 'f4', outcome: 'not-charged', notCharged: 2 });
    expect((await review('f3', false)).json).toMatchObject({ status: 409, code: 'ALREADY_REVIEWED' });
    expect(await usage()).toEqual(['not-charged 4', 'postpaid 4']);
    expect(await send('f3', '99')).toMatchObject({ status: 'duplicate', receipt: { outcome: 'charged', postpaid: 2 } });
    await open.call('POST', '/v1/events/f5/void', { account: 'acme' });
    expect((await review('f5', true)).json).toMatchObject({ status: 409, code: 'ALREADY_VOIDED' });
    const receipt = await open.call('GET', '/v1/events/f3/receipt?account=acme');
    expect(receipt.json).toMatchObject({ facts: { action: 'IdCardVerification', resultCode: '99' }, reviewedAt: day });
  });

  test('WeChat: which results are charged changes with the call’s date, 19 July 2021', async () => {
    await openAccountWith(open, 'wechat', '0.00');
    open.setClock('2021-07-19T12:00:00+08:00');
    const times = { before: '2021-07-18T23:59:59.999+08:00', after: '2021-07-19T00:00:00+08:00' };
    const outcome = async (when: 'before' | 'after', resultCode: string) => {
      const sent = {
        action: 'GetDetectInfo',
        channel: 'wechat_h5',
        library: 'authority',
        resultCode,
        time: times[when],
      };
      const { json } = await open.call('POST', '/v1/events', {
        ...facts(`w-${when}-${resultCode}`, sent),
        account: 'wechat',
      });
      const { outcome: found, meter } = json.receipt as Json;
      expect(meter).toBe('liveness.wechat.authority');
      return found;
    };
    for (const code of ['0', '2006', '2016']) {
      expect([await outcome('before', code), await outcome('after', code)], code).toEqual(['charged', 'charged']);
    }
    for (const code of ['2007', '2009', '2012', '2015']) {
      expect([await outcome('before', code), await outcome('after', code)], code).toEqual(['charged', 'not-charged']);
    }
    for (const code of ['1', '17', '204', '1000', '2005', '2008']) {
      expect([await outcome('before', code), await outcome('after', code)], code).toEqual([
        'not-charged',
        'not-charged',
      ]);
    }
    for (const code of ['18', '2017', 'x']) {
      expect([await outcome('before', code), await outcome('after', code)], code).toEqual(['held', 'held']);
    }
    open.setClock(day);
  });

  test('an action that is never charged belongs to no meter', async () => {
    const { json } = await open.call(
      'POST',
      '/v1/events',
      facts('token', { action: 'GetFaceIdToken', resultCode: '0' }),
    );
    expect(json).toMatchObject({ status: 'accepted', receipt: { meter: null, outcome: 'not-charged', notCharged: 1 } });
  });
});

test('events are read in order of call time, page by page, without gap or double', async () => {
  await openAccountWith(open, 'pages', '0.00');
  const minutes = Array.from({ length: 25 }, (_, n) => ((n * 7) % 25) % 10);
  const items = minutes.map((minute, n) =>
    event(`p${n}`, { account: 'pages', time: `2026-01-12T08:0${minute}:00+08:00` }),
  );
  await open.call('POST', '/v1/events', items);
  const seen: Json[] = [];
  let cursor: unknown = null;
  do {
    const { json } = await open.call(
      'GET',
      `/v1/events?account=pages&limit=4${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    seen.push(...(json.events as Json[]));
    cursor = json.next;
  } while (cursor !== null);
  expect(new Set(seen.map((each) => each.event)).size).toBe(25);
  const keys = seen.map(({ time, seq }) => `${time} ${String(seq).padStart(6, '0')}`);
  expect(keys).toEqual(keys.toSorted());
  const { json } = await open.call(
    'GET',
    `/v1/events?account=pages&from=${encodeURIComponent('2026-01-12T08:03:00+08:00')}&to=${encodeURIComponent('2026-01-12T08:05:00+08:00')}`,
  );
  const times = (json.events as Json[]).map(({ time }) => time);
  expect(new Set(times)).toEqual(new Set(['2026-01-12T08:03:00+08:00', '2026-01-12T08:04:00+08:00']));
});
