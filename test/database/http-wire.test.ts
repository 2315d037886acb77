// What happens before a route is reached, and the words it is refused with: bytes, paths, queries, keys, both languages.

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, eventsAt, type Json, type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
let acme: { readonly authorization: string };
beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '10000.00');
  acme = await open.keyOf('acme');
});
afterAll(() => open.close());

const event = eventsAt(day);
const ndjson = { 'content-type': 'application/x-ndjson' };
const cloud = { 'content-type': 'application/cloudevents+json' };

describe('bytes', () => {
  const broken = (bytes: number[]) => {
    const [before = '', after = ''] = JSON.stringify(event('#')).split('#');
    return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
  };

  // Read leniently all of these would be one id, U+FFFD, and the second event would count as a repetition of the first.
  test.each([[[0xff]], [[0xfe]], [[0xc3]], [[0xed, 0xa0, 0x80]], [[0xc0, 0xaf]], [[0xf4, 0x90, 0x80, 0x80]]])(
    '%j is not UTF-8',
    async (bytes) => {
      const before = await open.state();
      for (const type of ['application/json', 'application/x-ndjson', 'application/cloudevents+json']) {
        const reply = await open.call('POST', '/v1/events', broken(bytes), { 'content-type': type });
        expect(reply.json).toMatchObject({ status: 422, code: 'INVALID_INPUT' });
        expect(reply.json.detail).toContain('UTF-8');
      }
      expect(await open.state()).toBe(before);
    },
  );

  test('a byte order mark is no part of the text', async () => {
    const json = await open.call('POST', '/v1/events', `\uFEFF${JSON.stringify(event('bom'))}`);
    expect(json.json).toMatchObject({ id: 'bom', status: 'accepted' });
    const lines = await open.call('POST', '/v1/events', `\uFEFF${JSON.stringify(event('bom-line'))}\r\n`, ndjson);
    expect(lines.json.results).toMatchObject([{ id: 'bom-line', status: 'accepted' }]);
  });

  test.each(['\u2028', '\u2029', '\u00a0', '\u3000', '\u000b', '\f', '\u0085', '\ufeff\ufeff'])(
    '%j is no white space of JSON: its line is rejected, the others are recorded',
    async (sign) => {
      const id = `white-${sign.codePointAt(0)}`;
      const line = (name: string) => JSON.stringify(event(`${id}-${name}`));
      const rejected = { status: 'rejected', code: 'INVALID_INPUT', detail: expect.stringContaining('not JSON') };
      const alone = await open.call('POST', '/v1/events', sign, ndjson);
      expect(alone.json.results).toMatchObject([rejected]);
      const text = [`${sign}${line('before')}`, `${line('after')}${sign}`, ` \t${line('sound')} \r`, '\t \r', ''].join(
        '\n',
      );
      const { json } = await open.call('POST', '/v1/events', text, ndjson);
      expect(json.results).toMatchObject([rejected, rejected, { id: `${id}-sound`, status: 'accepted' }]);
      const wide = `${' '.repeat(70_000)}[${sign}]`;
      expect((await open.call('POST', '/v1/events', wide)).status).toBe(422);
      expect((await open.call('POST', '/v1/events', `${' '.repeat(70_000)}[]${sign}`)).status).toBe(422);
    },
  );

  test('a byte order mark alone is an empty body', async () => {
    for (const type of ['application/json', 'application/x-ndjson']) {
      const marked = await open.call('POST', '/v1/events', '\ufeff', { 'content-type': type });
      const empty = await open.call('POST', '/v1/events', '', { 'content-type': type });
      expect(marked.json).toMatchObject({ status: 422, code: 'INVALID_INPUT', detail: empty.json.detail });
    }
  });

  test('a broken line says what is broken; the others are recorded', async () => {
    const text = [
      JSON.stringify(event('n1')),
      '{"id":"n2",',
      '{"id":"n3","id":"n4"}',
      JSON.stringify(event('n5')),
    ].join('\n');
    const { json } = await open.call('POST', '/v1/events', text, ndjson);
    expect(json.results).toMatchObject([
      { id: 'n1', status: 'accepted' },
      { status: 'rejected', code: 'INVALID_INPUT', detail: expect.stringContaining('not JSON') },
      { status: 'rejected', code: 'INVALID_INPUT', detail: expect.stringContaining('twice') },
      { id: 'n5', status: 'accepted' },
    ]);
  });

  test('broken JSON is told in our own words, in the language asked for', async () => {
    const chinese = { 'accept-language': 'zh' };
    const cloudEvents = { 'content-type': 'application/cloudevents+json' };
    for (const headers of [{}, cloudEvents]) {
      const one = async (text: string, more: Record<string, string>) =>
        (await open.call('POST', '/v1/events', text, { ...headers, ...more })).json;
      expect(await one('{"a"', chinese)).toMatchObject({
        status: 422,
        code: 'INVALID_INPUT',
        detail: '输入有误：不是有效的 JSON：在第 5 列就结束了，没有写完。',
      });
      expect((await one('{\n"a" 1}', {})).detail).toBe(
        'The input is not valid: not JSON: at line 2, column 5, "1}" does not belong.',
      );
    }
    const lines = await open.call('POST', '/v1/events', `{"a" 1}\n${'{"a"'}`, { ...ndjson, ...chinese });
    expect((lines.json.results as Json[]).map(({ detail }) => detail)).toEqual([
      '输入有误：不是有效的 JSON：第 6 列不应是 "1}"。',
      '输入有误：不是有效的 JSON：在第 5 列就结束了，没有写完。',
    ]);
    const many = Array.from({ length: 1_000 }, (_, at) => JSON.stringify(event(`long${at}`))).join(',\n');
    const long = await open.call('POST', '/v1/events', `[${many},\n{"id":x}]`, chinese);
    expect(long.json.detail).toBe('输入有误：不是有效的 JSON：第 1001 行第 7 列不应是 "x}]"。');
    const book = await open.call('POST', '/v1/price-books', '{"id": "a",}', chinese);
    expect(book.json.detail).toBe('输入有误：不是有效的 JSON：第 12 列不应是 "}"。');
  });

  test('a command whose fields are all optional takes an empty body', async () => {
    await open.call('POST', '/v1/authorizations', { id: 'empty', meter: basic }, acme);
    const reply = await open.call('POST', '/v1/authorizations/empty/release', '', acme);
    expect(reply.status, reply.text).toBe(200);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    '%s is not read',
    async (type) => {
      const reply = await open.call('POST', '/v1/events', 'id=1', { 'content-type': type });
      expect(reply.json).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
      expect(reply.json.detail).toContain('application/json, application/x-ndjson');
    },
  );

  test('the limit is named', async () => {
    const { json } = await open.call('POST', '/v1/accounts', `{"id":"${'x'.repeat(70_000)}"}`);
    expect(json).toMatchObject({ status: 413, code: 'TOO_LARGE', detail: expect.stringContaining('65536') });
  });
});

describe('paths and queries', () => {
  test.each([
    '/v1/accounts/%',
    '/v1/accounts/%E4%ZZ',
    '/v1/accounts/%ED%A0%80',
    '/%',
    `/v1/events/${'x'.repeat(900)}/receipt?account=acme`,
  ])('%s is no path: a problem document all the same', async (url) => {
    const reply = await open.call('GET', url, undefined, { 'x-request-id': 'r-1' });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(reply.json).toMatchObject({ status: reply.status, request_id: 'r-1' });
  });

  test.each([
    '/v1/accounts?limt=5',
    '/v1/accounts/acme/usage?mouth=2026-01',
    '/v1/accounts/acme/balance?page=2',
    '/v1/events?account=acme&form=2026-01-01T00:00:00Z',
    '/v1/bills?moth=2026-01',
    '/v1/keys?acount=acme',
  ])('%s: a misspelt parameter is not passed over', async (url) => {
    const name = /[?&](?!account=)(\w+)=/.exec(url)?.[1];
    const { json } = await open.call('GET', url);
    expect(json).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ pointer: `/${name}` }] });
  });
});

describe('a CloudEvent points at the field the caller wrote', () => {
  const envelope = {
    specversion: '1.0',
    id: '1',
    source: '/app',
    type: 'call',
    subject: 'acme',
    time: day,
    data: { meter: basic },
  };
  test.each([
    [{ time: 'now' }, 'INVALID_TIME', '/time'],
    [{ time: undefined }, 'INVALID_TIME', '/time'],
    [{ source: 'a b' }, 'INVALID_INPUT', '/source'],
    [{ subject: 'a b' }, 'INVALID_INPUT', '/subject'],
    [{ data: { meter: basic, calls: 0 } }, 'INVALID_QUANTITY', '/data/calls'],
    [{ data: { meter: basic, calls: '1e3' } }, 'INVALID_QUANTITY', '/data/calls'],
    [{ data: { meter: basic, face: 'x' } }, 'INVALID_INPUT', '/data/face'],
    [{ data: { meter: basic, id: 'x' } }, 'INVALID_INPUT', '/data/id'],
    [{ data: {} }, 'INVALID_INPUT', '/data/meter'],
  ])('%j: %s at %s', async (change, code, pointer) => {
    const before = await open.state();
    const { json } = await open.call('POST', '/v1/events', { ...envelope, ...change }, cloud);
    expect(json).toMatchObject({ status: 422, code, errors: [{ pointer, code }] });
    expect(await open.state()).toBe(before);
  });
});

describe('keys come before bodies', () => {
  const fresh = { authorization: `Bearer sk_op_00000000_${'A'.repeat(32)}` };
  test('a stranger’s body is not even parsed', async () => {
    for (const url of ['/v1/events', '/v1/packs', '/v1/accounts']) {
      for (const headers of [{ authorization: '' }, { authorization: 'Basic eDp5' }]) {
        const reply = await open.call('POST', url, '{"broken', headers);
        expect(reply.json, url).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
      }
    }
  });

  test('nor is that of a caller who may not', async () => {
    const reply = await open.call('POST', '/v1/accounts', '{"broken', acme);
    expect(reply.json).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  });

  test('A9: who repeats a dead key is stopped alone; others behind the same address come in', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 15; n += 1) statuses.push((await open.call('GET', '/v1/me', undefined, fresh)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), ...Array.from({ length: 5 }, () => 429)]);
    const neighbour = await open.keyOf('acme');
    expect((await open.call('GET', '/v1/me', undefined, neighbour)).status).toBe(200);
  });

  test('a revoked key is worth nothing on the next call, the others stay', async () => {
    const made = await open.call('POST', '/v1/keys', { role: 'account', account: 'acme' });
    const own = { authorization: `Bearer ${made.json.key}` };
    expect((await open.call('POST', '/v1/events', event('own'), own)).status).toBe(200);
    expect((await open.call('DELETE', `/v1/keys/${made.json.id}`)).status).toBe(200);
    expect((await open.call('POST', '/v1/events', event('own'), own)).status).toBe(401);
    expect((await open.call('POST', '/v1/events', event('own'), acme)).json).toMatchObject({ status: 'duplicate' });
  });
});

describe('words', () => {
  const bodies: readonly (readonly [Method, string, unknown])[] = [
    ['POST', '/v1/accounts', { id: '!', name: 5, opened: 'x', postpaid: 1, cap: 0, more: 1 }],
    ['POST', '/v1/accounts', []],
    ['POST', '/v1/accounts/acme/top-ups', { amount: 'x', reference: 'a\nb' }],
    ['POST', '/v1/packs', { product: '', size: 1.5, count: 0 }],
    ['POST', '/v1/gifts', { account: 'acme', product: 'p', calls: 1, months: 99 }],
    ['POST', '/v1/quotes', { book: 'faceid-legacy', use: [] }],
    ['POST', '/v1/bills/close', { month: 'x' }],
    ['GET', '/v1/events?account=acme&limit=900&cursor=%00&from=x', undefined],
    ['GET', '/v1/bills/acme:2026-01/export?format=doc', undefined],
    ['POST', '/v1/events', { ...event('w'), action: 'a' }],
    ['POST', '/v1/events', { ...event('w'), department: '' }],
    ['POST', '/v1/events', 'broken'],
  ];
  test.each(bodies)('%s %s %j: every field in the language asked for', async (method, url, body) => {
    for (const [language, wanted] of [
      ['en', false],
      ['zh-CN', true],
    ] as const) {
      const { json } = await open.once(method, url, body, { 'accept-language': language });
      expect(json.status).toBe(422);
      const details = [json.detail, ...(json.errors as { detail: string }[]).map(({ detail }) => detail)];
      for (const detail of details) expect(/\p{Script=Han}/u.test(String(detail)), String(detail)).toBe(wanted);
    }
  });

  test('an answer does not grow with the name of an unknown field', async () => {
    for (const [url, body] of [
      ['/v1/events', { ...event('w'), ['a/b~'.repeat(5_000)]: 1 }],
      ['/v1/accounts', { id: 'w', ['a/b~'.repeat(5_000)]: 1 }],
    ] as const) {
      const { json, text } = await open.call('POST', url, body);
      expect(json.errors).toMatchObject([{ pointer: `/${'a~1b~0'.repeat(25)}` }]);
      expect(text.length).toBeLessThan(1_500);
    }
  });
});

test('answers to events are what the document says', async () => {
  const { json: document } = await open.call('GET', '/v1/openapi.json');
  const { schemas } = document.components as { schemas: Record<string, Json> };
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: 'api', components: { schemas } });
  const validate = (name: string, value: unknown) => {
    const matches = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    expect(matches(value), JSON.stringify([value, matches.errors])).toBe(true);
  };
  const single = await open.call('POST', '/v1/events', event('d1', { department: 'loans', calls: 2_000 }));
  validate('EventResult', single.json);
  expect(single.json).toMatchObject({ receipt: { department: 'loans' } });
  const held = { id: 'd2', account: 'acme', action: 'IdCardVerification', resultCode: '99', time: day };
  const batch = await open.call('POST', '/v1/events', [event('d1'), held, event('d3', { calls: 0 }), null]);
  validate('EventResults', batch.json);
  expect((batch.json.results as Json[]).map(({ status }) => status)).toEqual([
    'conflict',
    'held',
    'rejected',
    'rejected',
  ]);
  const paths = document.paths as Record<string, Record<string, { responses: Json; requestBody: { content: Json } }>>;
  expect(Object.keys(paths['/v1/events']?.post?.requestBody.content ?? {})).toContain('application/x-ndjson');
  expect(Object.keys(paths['/v1/packs']?.post?.responses ?? {})).toContain('201');
});
