// POST /v1/gate: what a gateway asks before a call, and nginx asking it by the configuration that the guide shows.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLedger, portOf } from '../gateway/world.ts';
import type { OpenApp } from '../http/open-app.ts';
import { program } from '../setup/machine.ts';

const nginx = program('nginx');
let open: OpenApp;
let url: string;
let customer: { readonly authorization: string };

beforeAll(async () => {
  ({ open, url } = await openLedger());
  await open.call('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy', postpaid: false });
  await open.once('POST', '/v1/gifts', { account: 'acme', product: 'identity', calls: 3, id: 'gift' });
  customer = await open.keyOf('acme');
});
afterAll(() => open.close());

const gate = (query: string) => open.call('POST', `/v1/gate?${query}`, undefined, customer);

test('open: held, by a hold that the customer’s own key can neither capture nor take back', async () => {
  const { status, json, headers } = await gate('meter=identity&id=call-1');
  expect([status, json]).toMatchObject([200, { id: 'call-1', account: 'acme', allowed: true, payer: 'pack' }]);
  expect(headers).toMatchObject({ 'x-suanpan-authorization': 'call-1', 'x-suanpan-account': 'acme' });
  for (const end of ['capture', 'release']) {
    const refused = await open.call('POST', `/v1/authorizations/call-1/${end}`, {}, customer);
    expect(refused.json.code).toBe('HOLD_OF_OPERATOR');
  }
  const facts = { account: 'acme', action: 'IdCardVerification', resultCode: '-2' };
  const captured = await open.call('POST', '/v1/authorizations/call-1/capture', facts);
  expect(captured.json).toMatchObject({ receipt: { outcome: 'not-charged' } });
});

test('closed: 403, and why in a header; no key: 401; another account: not there', async () => {
  await open.call('PATCH', '/v1/accounts/acme', { suspended: true });
  const { status, json, headers } = await gate('meter=identity');
  expect([status, json.code, headers['x-suanpan-code']]).toEqual([403, 'GATE_CLOSED', 'SUSPENDED']);
  await open.call('PATCH', '/v1/accounts/acme', { suspended: false });
  expect((await gate('meter=nothing')).json.code).toBe('UNKNOWN_METER');
  expect((await open.call('POST', '/v1/gate?meter=identity', undefined, { authorization: 'Bearer x' })).status).toBe(
    401,
  );
  expect((await gate('meter=identity&account=globex')).status).toBe(404);
});

/** The configuration of deploy/ on ports of this test; resolves when it answers. */
async function startNginx(application: Server, folder: string): Promise<{ child: ChildProcess; at: string }> {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const port = portOf(free);
  await new Promise((resolve) => free.close(resolve));
  const server = readFileSync(fileURLToPath(new URL('../../deploy/nginx-gate.conf', import.meta.url)), 'utf8')
    .replace('listen 8091', `listen 127.0.0.1:${port}`)
    .replace('http://127.0.0.1:9000', `http://127.0.0.1:${portOf(application)}`)
    .replace('http://127.0.0.1:8080', url);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const http = `http { access_log off; ${temporary.join(' ')}\n${server} }`;
  writeFileSync(join(folder, 'nginx.conf'), `pid ${folder}/pid; error_log stderr; events {}\n${http}`);
  const words = ['-c', join(folder, 'nginx.conf'), '-g', 'daemon off; master_process off;'];
  const child = spawn(nginx ?? '', words, { stdio: 'ignore' });
  const at = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(at).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  return { child, at };
}

test.skipIf(nginx === undefined)('nginx lets through what is held, and nothing else', async () => {
  const seen: unknown[] = [];
  const application = createServer((request, response) => {
    const { 'x-suanpan-authorization': id, 'x-suanpan-account': account, authorization } = request.headers;
    seen.push({ id, account, authorization });
    response.end('done');
  });
  await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'gate-'));
  const { child, at } = await startNginx(application, folder);
  try {
    const ask = (headers: Record<string, string>) =>
      fetch(`${at}/identity`, { method: 'POST', headers, body: '{"a":1}' });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await ask(customer)).status);
    expect(statuses).toEqual([200, 200, 200, 403]);
    expect((await ask({})).status).toBe(401);
    expect(seen).toHaveLength(3);
    for (const each of seen) expect(each).toEqual({ id: expect.stringMatching(/.{20}/), account: 'acme' });
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
    application.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
