// Connections that are kept: used again, found closed before anything is sent, and nothing sent twice.

import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createRaw, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Wire } from '../../src/gateway/wire.ts';
import { portOf } from './world.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

interface Neighbour {
  readonly url: URL;
  readonly sockets: Socket[];
  /** Bodies as they arrived. */
  readonly seen: string[];
}

async function open(answer: (response: ServerResponse, socket: Socket) => void): Promise<Neighbour> {
  const [sockets, seen]: [Socket[], string[]] = [[], []];
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    seen.push(Buffer.concat(parts).toString());
    answer(response, request.socket);
  });
  server.on('connection', (socket) => sockets.push(socket));
  return { url: await listen(server), sockets, seen };
}

async function listen(server: Server | ReturnType<typeof createRaw>): Promise<URL> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  return new URL(`http://127.0.0.1:${portOf(server as Server)}`);
}

const send = (wire: Wire, body = 'call', patience = 2_000) =>
  wire.send({ method: 'POST', path: '/', headers: { 'content-length': body.length }, body, patience });
const wireTo = (url: URL, most = 8): Wire => new Wire(url, { most, kept: 8 });
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a connection is used again, and no more are open than may be', async () => {
  const { url, sockets, seen } = await open((response) => response.end('done'));
  const wire = wireTo(url, 2);
  for (const body of ['a', 'b', 'c']) expect(await send(wire, body)).toMatchObject({ kind: 'answer', status: 200 });
  expect(sockets).toHaveLength(1);
  await Promise.all(['d', 'e', 'f', 'g'].map((body) => send(wire, body)));
  expect(sockets).toHaveLength(2);
  expect(seen.toSorted().join('')).toBe('abcdefg');
});

test('one that the neighbour closed, unseen as yet: found out before a byte is sent, and another is made', async () => {
  const { url, sockets, seen } = await open((response, socket) => {
    response.end('done');
    response.once('finish', () => socket.end());
  });
  const wire = wireTo(url);
  await send(wire, 'first');
  // The loop of this process stands still while the end arrives, as it does under load.
  await turn();
  const until = performance.now() + 30;
  while (performance.now() < until);
  expect(await send(wire, 'second')).toMatchObject({ kind: 'answer', status: 200 });
  expect(seen).toEqual(['first', 'second']);
  expect(sockets).toHaveLength(2);
});

test('a kept connection that ends once the call is on it: nobody knows, and it is not sent again', async () => {
  const { url, seen } = await open((response, socket) =>
    seen.length === 1 ? void response.end('done') : void socket.destroy(),
  );
  const wire = wireTo(url);
  await send(wire, 'first');
  expect(await send(wire, 'second')).toMatchObject({ kind: 'lost' });
  expect(await send(wire, 'third')).toMatchObject({ kind: 'lost' });
  expect(seen).toEqual(['first', 'second', 'third']);
});

test('an answer that is cut short, late or no HTTP is lost; what found no connection is unsent', async () => {
  const cut = await open((response, socket) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
    setImmediate(() => socket.destroy());
  });
  expect(await send(wireTo(cut.url))).toMatchObject({ kind: 'lost' });
  const silent = await open((_, socket) => ends.push(() => socket.destroy()));
  const wire = wireTo(silent.url, 1);
  const waits = [send(wire, 'under way', 200), send(wire, 'in line', 100)];
  expect(await Promise.all(waits)).toMatchObject([{ kind: 'lost' }, { kind: 'unsent' }]);
  expect(silent.seen).toEqual(['under way']);
  const babble = createRaw((socket) => void socket.end('SSH-2.0\r\n'));
  expect(await send(wireTo(await listen(babble)))).toMatchObject({ kind: 'lost' });
  expect(await send(wireTo(new URL('http://127.0.0.1:1')))).toMatchObject({ kind: 'unsent' });
});

test('a neighbour that takes a connection and does not speak TLS: unsent, in the time for connecting', async () => {
  const mute = createRaw((socket) => void ends.push(() => socket.destroy()));
  const { port } = await listen(mute);
  const wire = new Wire(new URL(`https://127.0.0.1:${port}`), { most: 1, kept: 1, connectFor: 50 });
  expect(await send(wire, 'call', 10_000)).toMatchObject({ kind: 'unsent' });
});

test('more than 32 MiB is no answer', async () => {
  const { url } = await open((response) => response.end(Buffer.alloc(32 * 1024 * 1024 + 1)));
  expect(await send(wireTo(url), 'call', 10_000)).toMatchObject({ kind: 'lost' });
});
