// F10, what clients and operators see of it: a server that is told to stop answers what is under way, refuses the rest in the
// contract's form, ends at once when told again, and says with its exit code how it ended.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic } from '../http/open-app.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { type ServerProcess, startServer, until } from './server-process.ts';

let database: FreshDatabase;
let key = '';
const servers: ServerProcess[] = [];
const serve = async (environment: Record<string, string> = {}) => {
  const server = await startServer({
    DATABASE_URL: database.connectionString,
    SUANPAN_DATA: '/nonexistent',
    ...environment,
  });
  servers.push(server);
  key = server.firstKey ?? key;
  return server;
};

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  for (const server of servers) server.signal('SIGKILL');
  await Promise.all(servers.map(({ gone }) => gone));
  await database.drop();
});

/** A connection whose request has begun: the server has read the head and waits for the body. */
async function beginEvent(server: ServerProcess, body: string): Promise<{ socket: Socket; told: () => string }> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  let told = '';
  socket.on('data', (chunk) => {
    told += chunk;
  });
  const head = ['POST /v1/events HTTP/1.1', 'host: x', `authorization: Bearer ${key}`, 'expect: 100-continue'];
  socket.write(
    `${head.join('\r\n')}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`,
  );
  await until('the server asks for the body', () => told.includes('100 Continue'));
  return { socket, told: () => told };
}

const listens = (server: ServerProcess) =>
  fetch(`${server.url}/livez`)
    .then(({ ok }) => ok)
    .catch(() => false);

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s, once or passed on twice: what has begun is answered, what comes after it is a problem document',
  { timeout: 60_000 },
  async (signal) => {
    const server = await serve();
    if (server.firstKey !== null) await prepareAccounts(server.url, key, ['acme']);
    const event = { account: 'acme', id: `under-way-${signal}`, meter: basic, time: new Date().toISOString() };
    const body = JSON.stringify(event);
    const { socket, told } = await beginEvent(server, body);
    server.signal(signal);
    server.signal(signal);
    await until('the server listens no more', async () => !(await listens(server)));
    socket.write(
      `${body}GET /v1/accounts/acme HTTP/1.1\r\nhost: x\r\naccept-language: zh\r\nx-request-id: late\r\n\r\n`,
    );
    await once(socket, 'close');
    const [, first = '', second = ''] = told().split(/HTTP\/1\.1 (?=[2-5])/);
    expect(first).toMatch(/^200 [\s\S]*"status":"accepted"/);
    expect(second).toMatch(/^503 /);
    expect(second.toLowerCase()).toContain('content-type: application/problem+json');
    expect(second.toLowerCase()).toContain('retry-after: 1\r\n');
    expect(second.toLowerCase()).toContain('connection: close');
    expect(JSON.parse(second.slice(second.indexOf('\r\n\r\n')))).toMatchObject({
      ...{ code: 'STOPPING', status: 503, request_id: 'late', detail: expect.stringContaining('正在停止') },
    });
    expect(await server.gone, server.words()).toEqual({ code: 0, signal: null });
  },
);

test('a signal that comes again ends the server at once, with words', { timeout: 60_000 }, async () => {
  const server = await serve();
  const { socket } = await beginEvent(server, '{}');
  const began = performance.now();
  server.signal('SIGTERM');
  await until('it stops', () => server.words().includes('Stopping'));
  let end: Awaited<ServerProcess['gone']> | undefined;
  void server.gone.then((ended) => {
    end = ended;
  });
  await until('it is gone', async () => {
    server.signal('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    return end !== undefined;
  });
  // The open request alone would have kept it for ten seconds.
  expect(performance.now() - began).toBeLessThan(9_000);
  expect(end, server.words()).toEqual({ code: 143, signal: null });
  expect(server.words()).toContain('SIGTERM again');
  socket.destroy();
});

test('a server that cannot start says why, and how it ended', { timeout: 60_000 }, async () => {
  await expect(serve({ SUANPAN_TYPO: '1' })).rejects.toThrow(/ended with 2: Unknown setting SUANPAN_TYPO/);
  await expect(serve({ SUANPAN_HOST: '203.0.113.7' })).rejects.toThrow(
    /ended with 1: Cannot listen there.*SUANPAN_HOST/,
  );
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(serve({ PORT: String(port) })).rejects.toThrow(/ended with 1: The port is in use; set PORT/);
  other.close();
});

test('a first start that cannot listen says so once, and leaves the first key to the next', {
  timeout: 60_000,
}, async () => {
  const empty = await freshDatabase();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const where = { DATABASE_URL: empty.connectionString, PORT: String(port) };
  const refused = await serve(where).catch((error: Error) => error.message);
  expect(String(refused).match(/The port is in use/g)).toHaveLength(1);
  other.close();
  const server = await serve(where);
  expect(server.firstKey).not.toBeNull();
  expect(server.told()).toContain(`export SUANPAN_URL=http://127.0.0.1:${port}\n`);
  const headers = { authorization: `Bearer ${server.firstKey}` };
  expect((await fetch(`${server.url}/v1/me`, { headers })).status).toBe(200);
  server.signal('SIGTERM');
  await server.gone;
  await empty.drop();
});
