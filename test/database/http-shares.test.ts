// No caller holds more than its share, of connections to the database or of memory, whatever it sends: the others are answered.

import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

let open: OpenApp;
let acme: { readonly authorization: string };
let beta: { readonly authorization: string };
const day = '2026-01-12T09:00:00+08:00';
const mebibytes = 1024 * 1024;

beforeAll(async () => {
  open = await openApp('2026-01-12T12:00:00+08:00');
  for (const id of ['acme', 'beta']) await openAccountWith(open, id, '10.00');
  [acme, beta] = [await open.keyOf('acme'), await open.keyOf('beta')];
  await open.app.listen({ host: '127.0.0.1', port: 0 });
}, 60_000);
afterAll(() => open.close());

/** A connection to the server, and what has come on it. */
async function dial(): Promise<{ readonly socket: Socket; readonly come: () => string }> {
  const socket = connect((open.app.server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return { socket, come: () => text };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const began = performance.now(); !(await isSo()); ) {
    if (performance.now() - began > 15_000) throw new Error('it never became so');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const countOf = (text: string, piece: string): number => text.split(piece).length - 1;
const head = (method: string, url: string, more: readonly string[], key = acme): string =>
  `${[`${method} ${url} HTTP/1.1`, 'host: x', `authorization: ${key.authorization}`, ...more].join('\r\n')}\r\n\r\n`;

const event = (account: string, id: string) => ({ id, account, meter: basic, calls: 1, time: day });

test('hundreds of reads of one caller leave connections to the others', async () => {
  const { socket, come } = await dial();
  const other = new Client({ connectionString: open.connectionString });
  await other.connect();
  await other.query('begin');
  await other.query('lock table account_changes in access exclusive mode');
  const reads = Array.from({ length: 500 }, (_, n) =>
    head(n % 2 === 0 ? 'GET' : 'HEAD', '/v1/accounts/acme/changes', []),
  );
  socket.write(reads.join(''));
  await until(() => open.suanpan.pool.totalCount - open.suanpan.pool.idleCount >= 3);
  const fresh = await open.keyOf('beta');
  expect(await open.call('GET', '/v1/accounts/beta/balance', undefined, beta)).toMatchObject({ status: 200 });
  expect(await open.call('GET', '/v1/me', undefined, fresh)).toMatchObject({ status: 200 });
  expect(await open.call('POST', '/v1/events', event('beta', 'beside'), beta)).toMatchObject({ status: 200 });
  expect(open.suanpan.pool.totalCount - open.suanpan.pool.idleCount).toBe(3);
  expect(come()).toBe('');
  await other.query('rollback');
  await other.end();
  await until(() => countOf(come(), 'HTTP/1.1 ') === 500);
  expect(countOf(come(), 'HTTP/1.1 200 ')).toBe(103);
  expect(countOf(come(), 'HTTP/1.1 503 ')).toBe(397);
  expect(countOf(come(), 'retry-after: 8')).toBe(397);
  socket.destroy();
});

test('a key is looked up while every connection for reads and commands is taken', async () => {
  const { pool } = open.suanpan;
  const fresh = await open.keyOf('beta');
  const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  try {
    expect(await open.call('GET', '/v1/me', undefined, fresh)).toMatchObject({ status: 200 });
    expect(await open.call('POST', '/v1/events', event('beta', 'while'), fresh)).toMatchObject({ status: 200 });
  } finally {
    for (const client of taken) client.release();
  }
});

test('bodies that are begun and never ended fill the share of their sender alone', async () => {
  const endless = async (more: string, key = acme) => {
    const dialled = await dial();
    dialled.socket.write(head('POST', '/v1/events', ['content-type: application/x-ndjson', more], key));
    dialled.socket.write(more.startsWith('transfer') ? '1\r\n{\r\n' : '{');
    return dialled;
  };
  const lengths = Array.from({ length: 20 }, (_, n) =>
    n % 2 === 0 ? `content-length: ${8 * mebibytes}` : 'transfer-encoding: chunked',
  );
  const begun = await Promise.all(lengths.map((more) => endless(more)));
  const refused = () => begun.filter(({ come }) => come().startsWith('HTTP/1.1 503 '));
  await until(() => refused().length === 12);
  for (const { come } of refused()) {
    expect(come()).toMatch(/retry-after: [1-9]/);
    expect(come()).toContain('connection: close');
    expect(come()).toContain('"code":"OVERLOADED"');
  }
  const batch = (account: string, name: string) =>
    JSON.stringify(Array.from({ length: 1_000 }, (_, n) => event(account, `${name}${n}`)));
  expect(await open.call('POST', '/v1/events', batch('beta', 'b'), beta)).toMatchObject({ status: 200 });
  // Small ones pass, whoever sends them.
  expect(await open.call('POST', '/v1/events', event('acme', 'small'), acme)).toMatchObject({ status: 200 });
  expect(await open.call('POST', '/v1/events', batch('acme', 'full'), acme)).toMatchObject({ status: 503 });
  for (const { socket } of begun) socket.destroy();
  await until(async () => (await open.call('POST', '/v1/events', batch('acme', 'free'), acme)).status === 200);
  // What broke off, what was answered and what was refused are all given back.
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 9; n += 1) {
      expect(await open.call('POST', '/v1/events', batch('acme', `r${round}`), acme)).toMatchObject({ status: 200 });
    }
    const again = await Promise.all(lengths.slice(0, 9).map((more) => endless(more)));
    const turnedAway = () => again.filter(({ come }) => come().startsWith('HTTP/1.1 503 ')).length;
    await until(() => turnedAway() > 0);
    expect(await open.call('POST', '/v1/events', batch('acme', `full${round}`), acme)).toMatchObject({ status: 503 });
    expect(turnedAway()).toBe(1);
    for (const { socket } of again) socket.destroy();
    await until(async () => (await open.call('POST', '/v1/events', batch('acme', 'free'), acme)).status === 200);
    const count = () => new Promise<number>((done) => open.app.server.getConnections((_, all) => done(all)));
    await until(async () => (await count()) === 0);
    await new Promise(setImmediate);
  }
});
