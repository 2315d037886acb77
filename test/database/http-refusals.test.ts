// Every refusal: a stable code, the field that is to blame, a text in both languages, and nothing changed.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;

const use = (id: string, calls: unknown, time: string, more: Json = {}) => ({
  id,
  account: 'acme',
  meter: basic,
  calls,
  time,
  ...more,
});
const day = '2026-01-12T09:00:00+08:00';
const buy = (more: Json = {}) => ({ account: 'acme', product: 'basic_authority', size: 1000, ...more });

beforeAll(async () => {
  open = await openApp('2026-01-02T10:00:00+08:00');
  await openAccountWith(open, 'acme', '100000.00');
  await openAccountWith(open, 'poor', '0.00');
  await openAccountWith(open, 'big', '0.00');
  await openAccountWith(open, 'arrears', '0.00');
  await openAccountWith(open, 'off', '0.00', { postpaid: false });
  await openAccountWith(open, 'capped', '0.00', { cap: 5 });
  await openAccountWith(open, 'suspended', '0.00');
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
});
afterAll(() => open.close());

interface Case {
  readonly name: string;
  readonly call: readonly [Method, string, unknown?];
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
  /** A part of the text that says what to do, in each language. */
  readonly en: string;
  readonly zh: string;
  readonly at?: string;
}

const post = (url: string, body: unknown): readonly [Method, string, unknown] => ['POST', url, body];
const event = (body: unknown) => post('/v1/events', body);
const badQuantity = { status: 422, code: 'INVALID_QUANTITY', pointer: '/calls', en: 'from 1 to 1,000,000,000,000', zh: '1 到' };
const badTime = { status: 422, code: 'INVALID_TIME', pointer: '/time', en: 'RFC 3339 with offset', zh: '带时区偏移' };

const cases: readonly Case[] = [
  { name: 'unknown meter', call: event(use('n1', 1, day, { meter: 'no.such' })), status: 422, code: 'UNKNOWN_METER', pointer: '/meter', en: 'no.such', zh: '没有计量项 no.such' },
  { name: 'unknown product', call: post('/v1/packs', buy({ product: 'nothing' })), status: 422, code: 'UNKNOWN_PRODUCT', pointer: '/product', en: 'known are', zh: '可选' },
  { name: 'gift of an unknown product', call: post('/v1/gifts', { account: 'acme', product: 'nothing', calls: 5 }), status: 422, code: 'UNKNOWN_PRODUCT', pointer: '/product', en: 'known are', zh: '可选' },
  { name: 'size not sold', call: post('/v1/packs', buy({ size: 1234 })), status: 422, code: 'SIZE_NOT_SOLD', pointer: '/size', en: 'choose one of 1000', zh: '可选：1000' },
  ...[0, -1, 1.5, 1_000_000_000_001, '1e3', null, true, [1], {}, ''].map((calls) => ({
    name: `quantity ${JSON.stringify(calls)}`,
    call: event(use('n1', calls, day)),
    ...badQuantity,
  })),
  { name: 'gift of 0 calls', call: post('/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 0 }), ...badQuantity },
  { name: 'pack of 1.5', call: post('/v1/packs', buy({ size: 1.5 })), ...badQuantity, pointer: '/size' },
  { name: 'negative purchase', call: post('/v1/packs', buy({ count: -1 })), ...badQuantity, pointer: '/count' },
  { name: 'hold of 1e12+1', call: post('/v1/authorizations', { account: 'acme', meter: basic, calls: 1_000_000_000_001 }), ...badQuantity },
  { name: 'event in the future', call: event(use('n1', 1, '2026-01-12T09:05:00.001+08:00')), status: 422, code: 'EVENT_IN_FUTURE', pointer: '/time', en: 'at most 5 minutes', zh: '5 分钟' },
  { name: 'event too old', call: event(use('n1', 1, '2025-12-09T08:59:59.999+08:00')), status: 422, code: 'EVENT_TOO_OLD', pointer: '/time', en: '34 days', zh: '34 天' },
  ...['2026-01-12', '2026-01-12T09:00:00', '2026-02-30T09:00:00+08:00', '2026-01-12T24:00:00+08:00', 'now', 5, null].map((time) => ({
    name: `time ${JSON.stringify(time)}`,
    call: event({ ...use('n1', 1, day), time }),
    ...badTime,
  })),
  { name: 'same id with other content', call: event(use('e1', 2, day, { meter: 'liveness.basic.selfie' })), status: 409, code: 'EVENT_CONFLICT', pointer: '/id', en: 'its own id', zh: '不同的调用须用不同的 id' },
  { name: 'refund of a used pack', call: post('/v1/packs/used/refund', { account: 'acme' }), status: 409, code: 'PACK_IN_USE', en: 'cannot be refunded', zh: '不能退款' },
  { name: 'refund of a gift', call: post('/v1/packs/gift/refund', { account: 'acme' }), status: 409, code: 'GIFT_NOT_REFUNDABLE', en: 'was a gift', zh: '赠送' },
  { name: 'refund of a refunded pack', call: post('/v1/packs/refunded/refund', { account: 'acme' }), status: 409, code: 'ALREADY_REFUNDED', en: 'refunded before', zh: '已经退过款' },
  { name: 'refund of an old pack', call: post('/v1/packs/old/refund', { account: 'acme' }), status: 409, code: 'REFUND_WINDOW_CLOSED', en: 'until the end of day 7', zh: '7 天内' },
  { name: 'refund of no pack', call: post('/v1/packs/nothing/refund', { account: 'acme' }), status: 404, code: 'NOT_FOUND', en: 'nothing', zh: '没有 nothing' },
  { name: 'freezing', call: post('/v1/packs/old/freeze', { account: 'acme' }), status: 409, code: 'NOT_FREEZABLE', en: 'cannot be paused', zh: '不能暂停' },
  { name: 'closing an open period', call: post('/v1/bills/close', { account: 'acme', month: '2026-01' }), status: 409, code: 'PERIOD_OPEN', en: '2026-02-03', zh: '2026-02-03' },
  { name: 'closing an unpriced period', call: post('/v1/bills/close', { account: 'big', month: '2026-01' }), at: '2026-02-03T00:00:00+08:00', status: 409, code: 'QUOTE_REQUIRED', en: 'contract price', zh: '商务定价' },
  { name: 'closing a month that is none', call: post('/v1/bills/close', { month: '2026-13' }), status: 422, code: 'INVALID_INPUT', pointer: '/month', en: '2026-01', zh: '输入有误' },
  { name: 'closing for nobody', call: post('/v1/bills/close', { account: 'nobody', month: '2026-01' }), status: 404, code: 'NOT_FOUND', en: 'nobody', zh: '没有 nobody' },
  { name: 'a purchase without money', call: post('/v1/packs', buy({ account: 'poor' })), status: 402, code: 'INSUFFICIENT_BALANCE', en: 'top up', zh: '请先充值' },
  { name: 'a pack id taken', call: post('/v1/packs', buy({ id: 'old' })), status: 409, code: 'ID_TAKEN', pointer: '/id', en: 'choose another', zh: '请换一个' },
  { name: 'a gift id taken', call: post('/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 5, id: 'gift' }), status: 409, code: 'ID_TAKEN', pointer: '/id', en: 'choose another', zh: '请换一个' },
  { name: 'void of nothing', call: post('/v1/events/nothing/void', { account: 'acme' }), status: 404, code: 'NOT_FOUND', en: 'nothing', zh: '没有 nothing' },
  { name: 'void twice', call: post('/v1/events/voided/void', { account: 'acme' }), status: 409, code: 'ALREADY_VOIDED', en: 'voided once', zh: '只能撤销一次' },
  { name: 'review of what is not held', call: post('/v1/events/e1/review', { account: 'acme', charge: true }), status: 409, code: 'NOT_HELD_FOR_REVIEW', en: 'not held', zh: '没有待复核' },
  { name: 'an account twice', call: post('/v1/accounts', { id: 'acme' }), status: 409, code: 'ACCOUNT_EXISTS', pointer: '/id', en: 'acme exists', zh: '账户 acme 已存在' },
  { name: 'an account in no zone', call: post('/v1/accounts', { id: 'x', timeZone: 'Mars/Base' }), status: 422, code: 'INVALID_INPUT', pointer: '/timeZone', en: 'Mars/Base', zh: 'Mars/Base' },
  { name: 'an account with no such book', call: post('/v1/accounts', { id: 'x', book: 'nothing' }), status: 404, code: 'UNKNOWN_BOOK', pointer: '/book', en: 'nothing', zh: '没有价目表 nothing' },
  ...['0.00', '-1.00', '1.234', '1e3', 5, ''].map((amount) => ({
    name: `a top-up of ${JSON.stringify(amount)}`,
    call: post('/v1/accounts/acme/top-ups', { amount }),
    status: 422, code: 'INVALID_AMOUNT', pointer: '/amount', en: 'above zero', zh: '大于零',
  })),
  { name: 'postpaid off', call: post('/v1/authorizations', { account: 'off', meter: basic }), status: 402, code: 'POSTPAID_OFF', en: 'buy a pack', zh: '请购买资源包' },
  { name: 'the cap', call: post('/v1/authorizations', { account: 'capped', meter: basic, calls: 6 }), status: 402, code: 'CAP_REACHED', en: 'cap of 5', zh: '上限 5 次' },
  { name: 'suspended', call: post('/v1/authorizations', { account: 'suspended', meter: basic }), status: 403, code: 'SUSPENDED', en: 'suspended', zh: '已停用' },
  { name: 'a capture of nothing', call: post('/v1/authorizations/nothing/capture', { account: 'acme' }), status: 404, code: 'NOT_FOUND', en: 'nothing', zh: '没有 nothing' },
  { name: 'a capture of what was released', call: post('/v1/authorizations/ended/capture', { account: 'acme' }), status: 409, code: 'HOLD_ENDED', en: 'authorise again', zh: '请重新授权' },
  { name: 'an unknown field', call: event({ ...use('n1', 1, day), idCard: '1' }), status: 422, code: 'INVALID_INPUT', pointer: '/idCard', en: 'unknown field idCard', zh: '输入有误' },
  { name: 'meter and action', call: event({ ...use('n1', 1, day), action: 'LivenessRecognition', resultCode: 'Success' }), status: 422, code: 'INVALID_INPUT', pointer: '/meter', en: 'either meter', zh: '输入有误' },
  { name: 'facts that decide no meter', call: event({ id: 'n1', account: 'acme', action: 'Unheard', resultCode: '0', time: day }), status: 422, code: 'UNKNOWN_ACTION', pointer: '/action', en: 'Unheard', zh: 'Unheard' },
  { name: 'a quote by no book', call: post('/v1/quotes', { book: 'nothing', use: [{ of: basic, calls: 1 }] }), status: 404, code: 'UNKNOWN_BOOK', pointer: '/book', en: 'faceid-legacy', zh: 'faceid-legacy' },
  { name: 'a quote of no tariff', call: post('/v1/quotes', { book: 'faceid-legacy', use: [{ of: 'nothing', calls: 1 }] }), status: 422, code: 'UNKNOWN_METER', en: 'nothing', zh: 'nothing' },
  { name: 'a route that is none', call: ['GET', '/v1/nothing'], status: 404, code: 'NOT_FOUND', en: '/v1/nothing', zh: '/v1/nothing' },
  { name: 'a bill of nobody', call: ['GET', '/v1/bills/nobody:2026-01'], status: 404, code: 'NOT_FOUND', en: 'nobody', zh: 'nobody' },
  { name: 'a limit of 201', call: ['GET', '/v1/events?account=acme&limit=201'], status: 422, code: 'INVALID_INPUT', pointer: '/limit', en: '/limit', zh: '输入有误' },
  { name: 'no cursor of ours', call: ['GET', '/v1/events?account=acme&cursor=zzz'], status: 422, code: 'INVALID_INPUT', pointer: '/cursor', en: 'cursor', zh: '输入有误' },
];

describe('is refused, in both languages, and changes nothing', () => {
  test.each(cases)('$name: $code', async ({ call: [method, url, body], status, code, pointer, en, zh, at }) => {
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
  });

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
  for (const result of json.results as Json[]) if (result.code !== undefined) expect(result.detail).toMatch(/\p{Script=Han}/u);
});
