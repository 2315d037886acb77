// What a client gets that does not speak as it should: broken HTTP, methods, forms and encodings of bodies that nobody reads.

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildHttp } from '../../src/http/app.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
let port: number;

beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '10000.00');
  await open.app.listen({ port: 0, host: '127.0.0.1' });
  port = (open.app.server.address() as AddressInfo).port;
});
afterAll(() => open.close());

/** All that the server answers to these bytes, until it closes the connection. */
async function sent(bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return Buffer.concat(pieces).toString();
}

function read(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = Object.fromEntries(fields.map((field) => [field.split(':')[0]?.toLowerCase(), field.split(': ')[1]]));
  return { status: Number(line.split(' ')[1]), headers, json: JSON.parse(body || '{}') as Json };
}

function isProblem(answer: string, status: number, code: string): void {
  const { headers, json, ...rest } = read(answer);
  expect(rest.status, answer).toBe(status);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(headers['x-request-id']).toBe(json.request_id);
  expect(Number(headers['content-length'])).toBe(Buffer.byteLength(answer.split('\r\n\r\n')[1] ?? ''));
  expect(json).toMatchObject({ status, code, type: expect.any(String), detail: expect.any(String), errors: [] });
}

describe('bytes that are no HTTP get a problem document', () => {
  const host = 'Host: a\r\n';
  test.each([
    ['no method', 'HELLO\r\n\r\n', 400],
    ['a method of no one', `FOO /livez HTTP/1.1\r\n${host}\r\n`, 400],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]), 400],
    ['a header without a colon', `GET /livez HTTP/1.1\r\n${host}nothing\r\n\r\n`, 400],
    ['a space in a header name', `GET /livez HTTP/1.1\r\n${host}a b: 1\r\n\r\n`, 400],
    ['two lengths', `POST /v1/quotes HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
    [
      'length and chunks',
      `POST /v1/quotes HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    [
      'a broken chunk',
      `POST /v1/quotes HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
    ],
    ['no Host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ])('%s', async (_name, bytes, status) => isProblem(await sent(bytes), status, 'MALFORMED_REQUEST'));

  test.each([
    ['one header', `GET /livez HTTP/1.1\r\n${host}X-A: ${'a'.repeat(70_000)}\r\n\r\n`],
    ['many headers', `GET /livez HTTP/1.1\r\n${host}${`X-A: ${'a'.repeat(100)}\r\n`.repeat(700)}\r\n`],
    ['the address', `GET /v1/events?account=${'a'.repeat(70_000)} HTTP/1.1\r\n${host}\r\n`],
  ])('%s too large', async (_name, bytes) => {
    const answer = await sent(bytes);
    isProblem(answer, 431, 'HEADERS_TOO_LARGE');
    expect(read(answer).json.detail).toContain('16384');
  });

  test('and whoever asked properly before them has an answer too', async () => {
    const asked = (path: string) => `GET ${path} HTTP/1.1\r\n${host}\r\n`;
    const answers = (await sent(`${asked('/readyz')}${asked('/livez')}HELLO\r\n\r\n`)).split(/(?=HTTP\/1\.1 )/);
    expect(answers.map((answer) => read(answer).status)).toEqual([200, 200, 400]);
    isProblem(answers[2] ?? '', 400, 'MALFORMED_REQUEST');
  });

  test.each([
    ['a head', `GET /livez HTTP/1.1\r\n${host}X-A: `],
    ['a body', `POST /v1/quotes HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{`],
  ])('%s that never ends', async (_name, bytes) => {
    const { server } = open.app;
    const { headersTimeout, requestTimeout } = server;
    Object.assign(server, { headersTimeout: 100, requestTimeout: 200 });
    const answer = await sent(bytes);
    Object.assign(server, { headersTimeout, requestTimeout });
    isProblem(answer, 408, 'REQUEST_TIMEOUT');
  });

  test('HTTP/1.0 needs no Host, and an expectation of no one is passed over', async () => {
    expect(read(await sent('GET /livez HTTP/1.0\r\n\r\n')).status).toBe(200);
    const expecting = `GET /livez HTTP/1.1\r\n${host}Expect: miracles\r\nConnection: close\r\n\r\n`;
    expect(read(await sent(expecting)).status).toBe(200);
  });

  test('CONNECT is no method of ours', async () => {
    isProblem(await sent(`CONNECT a:1 HTTP/1.1\r\n${host}\r\n`), 405, 'METHOD_NOT_ALLOWED');
  });
});

describe('an address with another method', () => {
  test.each([
    ['DELETE', '/v1/events', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/v1/quotes', 'OPTIONS, POST'],
    ['GET', '/v1/quotes?a=1', 'OPTIONS, POST'],
    ['POST', '/v1/accounts/acme', 'GET, HEAD, OPTIONS, PATCH'],
    ['GET', '/v1/events/x/void', 'OPTIONS, POST'],
    ['DELETE', '/', 'GET, HEAD, OPTIONS'],
  ] as const)('%s %s: 405 with what it takes', async (method, url, allow) => {
    const { status, json, headers } = await open.call(method, url, undefined, { authorization: '' });
    expect({ status, code: json.code, allow: headers.allow }).toEqual({
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
      allow,
    });
    expect(json.detail).toContain(allow);
  });

  test('is refused before its body is read, whatever that is', async () => {
    const huge = Buffer.alloc(1_000_000, 'x');
    const { json } = await open.call('PATCH', '/v1/quotes', huge, { 'content-type': 'text/plain' });
    expect(json).toMatchObject({ status: 405 });
  });

  test.each(['/v1/events', '/v1/accounts/acme'])('OPTIONS %s says what it takes', async (url) => {
    const { status, headers, text } = await open.call('OPTIONS', url, undefined, { authorization: '' });
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(headers.allow).toMatch(/GET, HEAD, OPTIONS/);
  });

  test('HEAD has the head of GET and no body', async () => {
    const { status, headers, text } = await open.call('HEAD', '/v1/accounts/acme');
    expect({ status, text, type: headers['content-type'] }).toEqual({
      status: 200,
      text: '',
      type: 'application/json; charset=utf-8',
    });
    expect((await open.call('HEAD', '/v1/quotes')).status).toBe(405);
  });

  test.each(['/v1/nothing', '/v1/events/', '/v1/events/x', '/V1/events'])('%s is no address', async (url) => {
    expect((await open.call('POST', url, {})).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });
});

describe('the form of a body', () => {
  const event = { id: 'e', account: 'acme', meter: basic, time: day };
  const quote = { book: 'faceid-legacy', use: [{ of: basic, calls: 1 }] };

  test.each([
    ['/v1/events', event, 'text/plain'],
    ['/v1/events', event, 'application/json; charset=gbk'],
    ['/v1/events', event, 'application/problem+json'],
    ['/v1/events', event, 'application/json, text/plain'],
    ['/v1/events', event, ''],
    ['/v1/quotes', quote, 'application/x-ndjson'],
    ['/v1/quotes', quote, 'application/cloudevents+json'],
    ['/v1/quotes', quote, 'application/x-www-form-urlencoded'],
    ['/v1/quotes', quote, 'nonsense'],
  ])('%s %j as "%s" is not read', async (url, body, type) => {
    const before = await open.state();
    const { status, json } = await open.call('POST', url, body, { 'content-type': type });
    expect({ status, code: json.code }, JSON.stringify(json)).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(json.detail).toContain('application/json');
    expect(await open.state()).toBe(before);
  });

  test.each([
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'APPLICATION/JSON',
    'application/json; v=1',
  ])('%s is JSON', async (type) => {
    expect((await open.call('POST', '/v1/quotes', quote, { 'content-type': type })).status).toBe(200);
  });

  test.each(['gzip', 'br', 'deflate', 'identity, gzip', 'x'])(
    'Content-Encoding %s is refused in words',
    async (encoding) => {
      const body = gzipSync(JSON.stringify(event));
      const { status, json, headers } = await open.call('POST', '/v1/events', body, { 'content-encoding': encoding });
      expect({ status, code: json.code }).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
      expect(json.detail).toContain('without compression');
      expect(headers['accept-encoding']).toBe('identity');
      const chinese = await open.call('POST', '/v1/events', body, {
        'content-encoding': encoding,
        'accept-language': 'zh',
      });
      expect(chinese.json.detail).toContain('不压缩');
    },
  );

  test('Content-Encoding identity is none', async () => {
    const reply = await open.call('POST', '/v1/quotes', quote, { 'content-encoding': 'identity' });
    expect(reply.status).toBe(200);
  });

  test('a stray type on a request without a body does no harm', async () => {
    expect((await open.call('GET', '/v1/accounts/acme', undefined, { 'content-type': 'text/plain' })).status).toBe(200);
  });

  test('a stranger hears of the key first', async () => {
    const headers = { authorization: '', 'content-type': 'text/plain' };
    expect((await open.call('POST', '/v1/events', 'x', headers)).status).toBe(401);
  });
});

describe('/metrics', () => {
  test('is for operators’ keys', async () => {
    expect((await open.call('GET', '/metrics')).headers['content-type']).toBe(
      'text/plain; version=0.0.4; charset=utf-8',
    );
    expect((await open.call('GET', '/metrics', undefined, { authorization: '' })).status).toBe(401);
    expect((await open.call('GET', '/metrics', undefined, await open.keyOf('acme'))).status).toBe(403);
  });

  test('or for what runs on the same machine, but not for what a proxy there passes on; or for anybody', async () => {
    const ask = async (metrics: 'loopback' | 'open', remoteAddress: string, headers = {}) => {
      const app = await buildHttp(open.suanpan, { pepper: 'another', metrics });
      const { statusCode, payload } = await app.inject({ url: '/metrics', remoteAddress, headers });
      await app.close();
      if (statusCode === 200) expect(payload).toContain('suanpan_events_total');
      return statusCode;
    };
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) expect(await ask('loopback', address)).toBe(200);
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1']) expect(await ask('loopback', address)).toBe(404);
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
      expect(await ask('loopback', '127.0.0.1', { [name]: '127.0.0.1' })).toBe(404);
    }
    expect(await ask('open', '10.0.0.1')).toBe(200);
  });
});
