// A2, A3, A4: bodies and parameters meant to break something. Refused with a problem document, never 500, nothing changed.

import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '10000.00');
});
afterAll(() => open.close());

const good = JSON.stringify({ id: 'x', account: 'acme', meter: basic, calls: 1, time: day });
const withCalls = (text: string) => good.replace('"calls":1', `"calls":${text}`);
const withId = (text: string) => good.replace('"id":"x"', `"id":${text}`);

const bodies: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['truncated', good.slice(0, -5)],
  ['no JSON', 'id=1&calls=2'],
  ['two values', `${good}${good}`],
  ['duplicate keys', good.replace('"calls":1', '"calls":1,"calls":1000')],
  ['duplicate keys, one escaped', good.replace('"calls":1', '"calls":1,"\\u0063alls":1000')],
  [
    'duplicate keys deep inside',
    `{"specversion":"1.0","id":"x","source":"s","type":"t","subject":"acme","time":"${day}","data":{"meter":"${basic}","meter":"photo.authority"}}`,
  ],
  ['a NUL in an id', withId('"a\\u0000b"')],
  ['a NUL in a department', good.replace('"calls":1', '"department":"a\\u0000"')],
  ['a raw NUL', good.replace('"x"', '"x\u0000"')],
  ['a lone surrogate', withId('"\\ud800"')],
  ['a lone low surrogate', withId('"\\udc00x"')],
  ['a line break in an id', withId('"a\\nb"')],
  ['__proto__', good.replace('{', '{"__proto__":{"calls":5},')],
  ['constructor.prototype', good.replace('{', '{"constructor":{"prototype":{"calls":5}},')],
  ['1e999', withCalls('1e999')],
  ['-1e999', withCalls('-1e999')],
  ['2^53+1', withCalls('9007199254740993')],
  ['a fraction', withCalls('1.0000000001')],
  ['a text for a number', withCalls('"1"')],
  ['NaN', withCalls('NaN')],
  ['a number for an id', withId('5')],
  ['an object for an id', withId('{"a":1}')],
  ['a long id', withId(JSON.stringify('x'.repeat(201)))],
  ['a list for an account', good.replace('"acme"', '["acme"]')],
  ['null', 'null'],
  ['a number', '5'],
  ['a text', '"text"'],
  ['deep nesting', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['deep nesting in an event', good.replace('"calls":1', `"calls":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)],
];

const isProblem = (reply: { readonly status: number; readonly json: Json; readonly text: string }, status?: number) => {
  expect(reply.status, reply.text.slice(0, 300)).toBeGreaterThanOrEqual(400);
  expect(reply.status, reply.text.slice(0, 300)).toBeLessThan(500);
  if (status !== undefined) expect(reply.status).toBe(status);
  expect(reply.json).toMatchObject({ status: reply.status, code: expect.any(String), request_id: expect.any(String) });
  expect(reply.json.errors).toEqual(expect.any(Array));
};

describe('A2: as an event', () => {
  test.each(bodies)('%s', async (_, body) => {
    const before = await open.state();
    const reply = await open.call('POST', '/v1/events', body);
    isProblem(reply);
    expect(await open.state()).toBe(before);
  });

  test.each(bodies.filter(([name]) => !['nothing', 'two values'].includes(name)))(
    'as a line of NDJSON: %s',
    async (_, body) => {
      const before = await open.state();
      const { status, json } = await open.call('POST', '/v1/events', body.replaceAll('\n', ' '), {
        'content-type': 'application/x-ndjson',
      });
      expect(status).toBe(200);
      expect(json.results).toMatchObject([{ status: 'rejected', code: expect.any(String) }]);
      expect(await open.state()).toBe(before);
    },
  );
});

const commands: readonly (readonly [Method, string, Json])[] = [
  ['POST', '/v1/accounts', { id: 'new' }],
  ['PATCH', '/v1/accounts/acme', { cap: 5 }],
  ['POST', '/v1/accounts/acme/top-ups', { amount: '1.00' }],
  ['POST', '/v1/accounts/acme/keys', { name: 'k' }],
  ['POST', '/v1/keys', { role: 'operator', name: 'k', scopes: ['read'] }],
  ['POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1000 }],
  ['POST', '/v1/packs/x/refund', { account: 'acme' }],
  ['POST', '/v1/packs/x/freeze', { account: 'acme' }],
  ['POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 5 }],
  ['POST', '/v1/events/x/void', { account: 'acme' }],
  ['POST', '/v1/events/x/review', { account: 'acme', charge: true }],
  ['POST', '/v1/authorizations', { account: 'acme', meter: basic }],
  ['POST', '/v1/authorizations/x/capture', { account: 'acme' }],
  ['POST', '/v1/authorizations/x/release', { account: 'acme' }],
  ['POST', '/v1/bills/close', { account: 'acme', month: '2026-01' }],
  ['POST', '/v1/quotes', { book: 'faceid-legacy', use: [{ of: basic, calls: 5 }] }],
  ['POST', '/v1/price-books', { id: 'mine' }],
  ['POST', '/v1/clock', { now: '2026-01-12T09:00:00' }],
];

/** The body with each field in turn, and one more, holding each of these. */
const poison = ['a\u0000b', '\ud800', 'x'.repeat(300), 1.5, -1, 2 ** 53, null, [], {}, [{}], true];

describe('A2: every command', () => {
  test.each(commands)('%s %s: fields of every wrong kind', async (method, url, body) => {
    const before = await open.state();
    for (const field of [...Object.keys(body), 'more']) {
      for (const value of poison) {
        const reply = await open.once(method, url, { ...body, [field]: value });
        const isMeant =
          (field === 'charge' && value === true) ||
          (field === 'cap' && value === null) ||
          (field === 'more' && url.endsWith('price-books'));
        if (!isMeant) isProblem(reply);
      }
    }
    if (!url.endsWith('/acme')) expect(await open.state()).toBe(before);
  });

  test.each(commands)('%s %s: bodies that are none', async (method, url, body) => {
    const before = await open.state();
    const text = JSON.stringify(body);
    for (const broken of [
      text.slice(0, -1),
      text.replace('{', '{"__proto__":{},'),
      text.replace('{', `${text.slice(0, -1)},`),
      '[]',
      '5',
      '"x"',
      '{"a":'.repeat(5_000),
    ]) {
      isProblem(await open.once(method, url, broken));
    }
    isProblem(await open.once(method, url, `{"a":"${'x'.repeat(70_000)}"}`), 413);
    isProblem(await open.once(method, url, text, { 'content-type': 'text/plain' }));
    isProblem(await open.once(method, url, text, { 'content-type': 'application/xml' }));
    expect(await open.state()).toBe(before);
  });

  test('a deep price book', async () => {
    const deep = `{"id":"deep","title":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    isProblem(await open.call('POST', '/v1/price-books', deep), 422);
  });

  test('events: 8 MiB is too large, 10,001 items too many', async () => {
    isProblem(await open.call('POST', '/v1/events', `[${' '.repeat(8 * 1024 * 1024)}]`), 413);
    const items = Array.from({ length: 10_001 }, (_, n) => ({ id: `n${n}`, account: 'acme', meter: basic, time: day }));
    isProblem(await open.call('POST', '/v1/events', items), 413);
    expect((await open.call('POST', '/v1/events', [])).json).toEqual({ results: [] });
  });
});

const injections = [
  "'",
  "'; drop table events; --",
  "' or '1'='1",
  '" or ""="',
  '$1',
  '\\',
  "\\'; select 1; --",
  '%',
  '_',
  '{}',
  '{NULL}',
  ');--',
  "a'||pg_sleep(5)||'",
  '%00',
  '\u0000',
  '../../etc/passwd',
  '＇',
];
const encoded = (text: string) => (text === '%00' ? '%00' : encodeURIComponent(text));

describe('A3: SQL in every parameter', () => {
  const routes = [
    'GET /v1/accounts/:p',
    'GET /v1/accounts/:p/packs',
    'GET /v1/accounts/:p/usage',
    'GET /v1/accounts/:p/balance',
    'GET /v1/accounts/acme/usage?month=:p',
    'GET /v1/accounts/acme/balance?cursor=:p',
    'GET /v1/accounts/acme/balance?limit=:p',
    'GET /v1/accounts?cursor=:p',
    'GET /v1/accounts?cursor=:b',
    'GET /v1/events?account=:p',
    'GET /v1/events?account=acme&from=:p',
    'GET /v1/events?account=acme&cursor=:p',
    'GET /v1/events?account=acme&cursor=:b',
    'GET /v1/events/:p/receipt?account=acme',
    'GET /v1/events/x/receipt?account=:p',
    'GET /v1/bills?account=:p',
    'GET /v1/bills?month=:p',
    'GET /v1/bills?cursor=:p',
    'GET /v1/bills?cursor=:b',
    'GET /v1/bills/:p',
    'GET /v1/bills/acme::p',
    'GET /v1/bills/:p-000001',
    'GET /v1/bills/:p::2026-01',
    'GET /v1/bills/acme-99999999999999999999',
    'GET /v1/bills/acme-2147483648',
    'GET /v1/bills/:p/export',
    'GET /v1/bills/acme:2026-01/export?format=:p',
    'GET /v1/keys?account=:p',
    'DELETE /v1/keys/:p',
    'GET /v1/price-books/:p',
    'PATCH /v1/accounts/:p',
    'POST /v1/accounts/:p/top-ups',
    'POST /v1/accounts/:p/keys',
    'POST /v1/packs/:p/refund',
    'POST /v1/events/:p/void',
    'POST /v1/events/:p/review',
    'POST /v1/authorizations/:p/capture',
    'POST /v1/authorizations/:p/release',
  ];
  const bodyFor = (url: string): Json | undefined =>
    url.includes('top-ups')
      ? { amount: '1.00' }
      : url.includes('/keys')
        ? {}
        : url.startsWith('PATCH')
          ? { cap: 5 }
          : url.includes('review')
            ? { account: 'acme', charge: true }
            : { account: 'acme' };

  test.each(routes)('%s', async (route) => {
    const before = await open.state();
    const [method = 'GET', template = ''] = route.split(' ');
    for (const text of injections) {
      const url = template
        .replaceAll(':p', () => encoded(text))
        .replaceAll(':b', () => Buffer.from(`${text}|${text}`).toString('base64url'));
      const reply = await open.once(
        method as Method,
        url,
        method === 'POST' || method === 'PATCH' ? bodyFor(route) : undefined,
      );
      expect(reply.status, `${url}: ${reply.text.slice(0, 200)}`).toBeLessThan(500);
      if (reply.status >= 400) isProblem(reply);
    }
    expect(await open.state()).toBe(before);
  });

  test('stored as they are, found as they are', async () => {
    for (const text of injections.filter((each) => !each.includes('\u0000'))) {
      const sent = { id: text, account: 'acme', meter: basic, time: day, department: text };
      expect((await open.call('POST', '/v1/events', sent)).json, text).toMatchObject({ id: text, status: 'accepted' });
      const found = await open.call('GET', `/v1/events/${encodeURIComponent(text)}/receipt?account=acme`);
      expect(found.json, text).toMatchObject({ event: text, department: text });
    }
  });
});

test('A4: formulas in the export are text, amounts stay numbers', async () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '＝1', '＋1', '－1', '＠x', '=cmd|" /C calc"!A0'];
  await openAccountWith(open, 'cells', '0.00');
  for (const [index, text] of formulas.entries()) {
    const gift = { account: 'cells', product: 'basic_authority', calls: 1, id: text };
    expect((await open.once('POST', '/v1/gifts', gift)).status).toBe(201);
    const sent = { id: text, account: 'cells', meter: basic, calls: 1 + index, time: day, department: text };
    expect((await open.call('POST', '/v1/events', sent)).json).toMatchObject({ status: 'accepted' });
  }
  for (const detail of ['lines', 'calls']) {
    const { text, headers } = await open.call('GET', `/v1/bills/cells:2026-01/export?detail=${detail}&bom=1`);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toContain('attachment');
    expect(text.charCodeAt(0)).toBe(0xfeff);
    expect(text.charCodeAt(1)).not.toBe(0xfeff);
    const cells = text
      .split('\n')
      .flatMap((line) =>
        [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((found) => found[1] ?? found[2] ?? ''),
      );
    for (const cell of cells) if (/^[=+\-@\t\r＝＋－＠]/.test(cell)) expect(cell).toMatch(/^-?\d+(\.\d+)?$/);
  }
});

test('A8: a header that never ends and a body that drips do not stay', { timeout: 60_000 }, async () => {
  // What Fastify is told; its checks run each second.
  const { server } = open.app;
  expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
  expect(server.requestTimeout).toBeLessThanOrEqual(30_000);
  server.headersTimeout = 1_000;
  server.requestTimeout = 1_500;
  await open.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as { port: number };
  const ends = [
    'POST /v1/events HTTP/1.1\r\nhost: x\r\nx-slow: ',
    `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${open.operator}\r\ncontent-length: 500\r\ncontent-type: application/json\r\n\r\n{`,
  ].map(
    (opening) =>
      new Promise<string>((done) => {
        const socket = connect(port, '127.0.0.1');
        let heard = '';
        socket.on('data', (chunk) => {
          heard += chunk;
        });
        const drip = setInterval(() => socket.write(' '), 100);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          clearInterval(drip);
          done(heard);
        });
        socket.write(opening);
      }),
  );
  for (const heard of await Promise.all(ends)) expect(heard === '' || heard.startsWith('HTTP/1.1 408')).toBe(true);
});
