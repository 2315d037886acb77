// Bytes that are no call, sent to a gateway's port as they are: each answered as calls are, none by Node.

import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningGateway, startGateway } from '../../src/gateway/gateway.ts';
import { LedgerClient } from '../../src/gateway/ledger.ts';
import { readMap } from '../../src/gateway/map.ts';
import { openUpstream } from '../../src/gateway/upstream.ts';
import { operator } from './world.ts';

let gateway: RunningGateway;
beforeAll(async () => {
  const nowhere = 'http://127.0.0.1:1';
  gateway = await startGateway(
    {
      map: readMap(undefined),
      ledger: new LedgerClient({ url: nowhere, key: 'k' }),
      upstream: openUpstream({ url: new URL(nowhere), service: 'faceid', ...operator, patience: 400 }),
      clock: Date.now,
    },
    {
      ...{ port: 0, host: '127.0.0.1' },
      times: { headersTimeout: 500, requestTimeout: 600, connectionsCheckingInterval: 20 },
    },
  );
});
afterAll(() => gateway.stop());

/** All that comes back until the connection ends; `then` is sent once something is there. */
const sent = (bytes: string, then?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (part) => {
      if (text === '' && then !== undefined) socket.write(then);
      text += part;
    });
    socket.on('end', () => resolve(text)).on('error', reject);
  });

const answers = (text: string) =>
  text.split(/(?=HTTP\/1\.1 )/).map((answer) => {
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    const [status, ...headers] = head.split('\r\n');
    const types = headers.filter((line) => /^content-type:/i.test(line));
    const { Response } = JSON.parse(body) as { Response: { Error: { Code: string }; RequestId: string } };
    expect(Response.RequestId).toMatch(/.{30}/);
    return [status, ...types, Response.Error.Code];
  });
const told = (code: string) => ['HTTP/1.1 200 OK', 'content-type: application/json', code];

const head = 'POST / HTTP/1.1\r\nhost: a\r\n';
const close = 'connection: close\r\n';

test.each([
  ['no HTTP', 'SSH-2.0-client\r\n\r\n', 'UnsupportedProtocol'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'UnsupportedProtocol'],
  ['a header that is none', `${head}a b\r\n\r\n`, 'UnsupportedProtocol'],
  ['two lengths', `${head}content-length: 1\r\ncontent-length: 2\r\n\r\nab`, 'UnsupportedProtocol'],
  ['a chunk that is none', `${head}transfer-encoding: chunked\r\n\r\nxyz\r\n`, 'UnsupportedProtocol'],
  ['a head beyond 16 KiB', `${head}a: ${'b'.repeat(20_000)}\r\n\r\n`, 'RequestSizeLimitExceeded'],
  ['a head that does not end', `${head}a: b`, 'UnsupportedProtocol'],
  ['a body that does not end', `${head}content-length: 9\r\n\r\nabc`, 'UnsupportedProtocol'],
  ['no host', `POST / HTTP/1.1\r\n${close}content-length: 2\r\n\r\n{}`, 'AuthFailure.InvalidAuthorization'],
  ['an expectation', `${head}expect: tea\r\n${close}content-length: 2\r\n\r\n{}`, 'AuthFailure.InvalidAuthorization'],
  ['an upgrade', `${head}upgrade: websocket\r\nconnection: upgrade, close\r\n\r\n`, 'AuthFailure.InvalidAuthorization'],
])('%s', async (_name, bytes, code) => {
  expect(answers(await sent(bytes))).toEqual([told(code)]);
});

test('what comes behind a call spoils nothing of it; a connection on which nothing was asked is told nothing', async () => {
  const call = `${head}content-length: 2\r\n\r\n{}`;
  expect(answers(await sent(`${call}nonsense\r\n\r\n`))).toEqual([told('AuthFailure.InvalidAuthorization')]);
  expect(answers(await sent(call, 'nonsense\r\n\r\n'))).toEqual([
    told('AuthFailure.InvalidAuthorization'),
    told('UnsupportedProtocol'),
  ]);
  expect(await sent('')).toBe('');
  expect(await sent(`GET /metrics HTTP/1.1\r\nhost: a\r\n${close}\r\n`)).toContain(
    '{action="other",outcome="UnsupportedProtocol"}',
  );
});
