// Every refusal: a stable code, the field that is to blame, a text in both languages, and nothing changed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { buy, cases, day, use } from './refusal-cases.ts';
import { eventCases } from './refusal-cases-events.ts';

let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-01-02T10:00:00+08:00');
  await openAccountWith(open, 'acme', '100000.00');
  await openAccountWith(open, 'poor', '0.00');
  await openAccountWith(open, 'big', '0.00');
  await openAccountWith(open, 'arrears', '0.00');
  await openAccountWith(open, 'off', '0.00', { postpaid: false });
  await openAccountWith(open, 'capped', '0.00', { cap: 5 });
  await openAccountWith(open, 'suspended', '0.00');
  await openAccountWith(open, 'holding', '0.00');
  await open.call('PATCH', '/v1/accounts/suspended', { suspended: true });
  const ok = async (reply: Promise<{ readonly status: number; readonly text: string }>) => {
    const { status, text } = await reply;
    if (status >= 300) throw new Error(text);
  };
  await ok(open.once('POST', '/v1/packs', buy({ id: 'old' })));
  open.setClock(day);
  await ok(open.once('POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 50, id: 'gift' }));
  await ok(open.once('POST', '/v1/packs', buy({ id: 'refunded', product: 'basic_selfie' })));
  await ok(open.once('POST', '/v1/packs/refunded/refund', { account: 'acme' }));
  await ok(open.once('POST', '/v1/packs', buy({ id: 'used', product: 'basic_selfie' })));
  await ok(open.call('POST', '/v1/events', use('e1', 1, day, { meter: 'liveness.basic.selfie' })));
  await ok(open.call('POST', '/v1/events', use('voided', 1, day)));
  await ok(open.call('POST', '/v1/events/voided/void', { account: 'acme' }));
  await ok(open.call('POST', '/v1/events', { ...use('many', 200_000, day), account: 'big' }));
  await ok(open.call('POST', '/v1/authorizations', { account: 'acme', id: 'ended', meter: basic }));
  await ok(open.call('POST', '/v1/authorizations/ended/release', { account: 'acme' }));
  await ok(open.call('POST', '/v1/authorizations', { account: 'holding', id: 'open', meter: basic }));
});
afterAll(() => open.close());

describe('is refused, in both languages, and changes nothing', () => {
  test.each([...cases, ...eventCases])(
    '$name: $code',
    async ({ call: [method, url, body], status, code, pointer, en, zh, at }) => {
      open.setClock(at ?? day);
      const before = await open.state();
      const english = await open.once(method, url, body, { 'accept-language': 'en', 'x-request-id': 'r-1' });
      const chinese = await open.once(method, url, body, { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' });
      expect(await open.state()).toBe(before);
      for (const reply of [english, chinese]) {
        expect(reply.json, reply.text).toMatchObject({ status, code });
        expect(reply.status).toBe(status);
        expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(reply.json.type).toBe(`urn:suanpan:problem:${code.toLowerCase().replaceAll('_', '-')}`);
        expect(reply.json.errors).toEqual(
          pointer === undefined ? expect.any(Array) : [expect.objectContaining({ pointer, code })],
        );
        // A dash stands where a text lacks a fact.
        expect(reply.json.detail).not.toMatch(/[–{}]/);
      }
      expect(english.json.request_id).toBe('r-1');
      expect(english.headers['content-language']).toBe('en');
      expect(english.json.title).not.toMatch(/\p{Script=Han}/u);
      expect(english.json.detail).not.toMatch(/\p{Script=Han}/u);
      expect(english.json.detail).toContain(en);
      expect(chinese.headers['content-language']).toBe('zh');
      expect(chinese.json.title).toMatch(/\p{Script=Han}/u);
      expect(chinese.json.detail).toMatch(/\p{Script=Han}/u);
      expect(chinese.json.detail).toContain(zh);
    },
  );

  test('arrears: authorisation refuses, with the way back', async () => {
    open.setClock('2026-01-20T00:00:00+08:00');
    await open.call('POST', '/v1/events', { ...use('a1', 5, '2026-01-20T00:00:00+08:00'), account: 'arrears' });
    open.setClock('2026-02-03T00:00:00+08:00');
    await open.call('POST', '/v1/bills/close', { account: 'arrears', month: '2026-01' });
    open.setClock('2026-02-04T00:00:00+08:00');
    const before = await open.state();
    const refused = await open.call('POST', '/v1/authorizations', { account: 'arrears', meter: basic });
    expect(refused.json).toMatchObject({ status: 402, code: 'ARREARS' });
    expect(refused.json.detail).toContain('top-up');
    expect(await open.state()).toBe(before);
  });
});

test('a malformed price book: every problem points at its field, in the language asked for', async () => {
  const { document } = open.suanpan.books.shelved('faceid-legacy') ?? {};
  const book = structuredClone(document) as unknown as {
    id: string;
    tariffs: { tiers: { price: unknown }[] }[];
    meters: { tariff: string | null }[];
  };
  book.id = 'broken';
  book.tariffs[0]!.tiers[1]!.price = 0.85;
  book.meters[2]!.tariff = 'nothing';
  const before = await open.state();
  const [english, chinese] = [
    await open.call('POST', '/v1/price-books', book),
    await open.call('POST', '/v1/price-books', book, { 'accept-language': 'zh' }),
  ];
  expect(english.json).toMatchObject({ status: 422, code: 'INVALID_BOOK' });
  const errors = english.json.errors as { pointer: string; detail: string }[];
  expect(errors.map(({ pointer }) => pointer)).toContain('/tariffs/0/tiers/1/price');
  for (const { detail } of errors) expect(detail).not.toMatch(/\p{Script=Han}/u);
  for (const { detail } of chinese.json.errors as { detail: string }[]) expect(detail).toMatch(/\p{Script=Han}/u);
  expect(await open.state()).toBe(before);
});

test('a changed book under the id of one in use is refused', async () => {
  const { document } = open.suanpan.books.shelved('faceid-legacy') ?? {};
  const book = structuredClone(document) as unknown as { title: { en: string } };
  book.title.en = 'Another';
  const before = await open.state();
  const reply = await open.call('POST', '/v1/price-books', book);
  expect(reply.json).toMatchObject({ status: 409, code: 'BOOK_IN_USE' });
  expect(await open.state()).toBe(before);
});

test('a batch with bad items: they alone are rejected, each with its reason', async () => {
  open.setClock(day);
  const items = [
    use('b1', 1, day),
    use('b2', 0, day),
    use('b3', 1, day, { meter: 'no.such' }),
    null,
    use('b1', 1, day),
    use('b1', 2, day),
    use('b4', 1, day, { account: 'nobody' }),
    'text',
    use('b5', 1, day, { account: 'poor' }),
  ];
  const { status, json } = await open.call('POST', '/v1/events', items, { 'accept-language': 'zh' });
  expect(status).toBe(200);
  expect(json.results).toMatchObject([
    { id: 'b1', status: 'accepted', receipt: { calls: 1 } },
    { id: 'b2', status: 'rejected', code: 'INVALID_QUANTITY', pointer: '/calls' },
    { id: 'b3', status: 'rejected', code: 'UNKNOWN_METER', pointer: '/meter' },
    { id: '', status: 'rejected', code: 'INVALID_INPUT' },
    { id: 'b1', status: 'duplicate', receipt: { calls: 1 } },
    { id: 'b1', status: 'conflict', code: 'EVENT_CONFLICT' },
    { id: 'b4', status: 'rejected', code: 'NOT_FOUND' },
    { id: '', status: 'rejected', code: 'INVALID_INPUT' },
    { id: 'b5', status: 'accepted' },
  ]);
  for (const result of json.results as Json[])
    if (result.code !== undefined) expect(result.detail).toMatch(/\p{Script=Han}/u);
});
