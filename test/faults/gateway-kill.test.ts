// kill -9 of the gateway between the provider's answer and the capture: every call that was passed on is charged once, or waits for a person.
// A few rounds; GATEWAY_ROUNDS=50 for as many.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorizationOf, sha256, signatureOf, signingKey } from '../../src/tc3.ts';
import { openLedger, openProvider, operator, type Provider, result } from '../gateway/world.ts';
import type { Json, OpenApp } from '../http/open-app.ts';
import { expectSound } from './agree.ts';

const rounds = Number(process.env.GATEWAY_ROUNDS ?? 3);
const callsOfRound = 4;
const root = fileURLToPath(new URL('../..', import.meta.url));
let open: OpenApp;
let provider: Provider;
let url: string;
let signer: Json;

beforeAll(async () => {
  ({ open, url } = await openLedger());
  provider = await openProvider();
  await open.call('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy' });
  signer = (await open.call('POST', '/v1/accounts/acme/credentials', {})).json;
});
afterAll(async () => {
  await provider.close();
  await open.close();
});

async function startChild(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['src/cli/main.ts', 'gateway', '--port', '0', '--upstream', provider.url], {
    cwd: root,
    env: {
      ...{ PATH: process.env.PATH, LANG: 'en_US.UTF-8', SUANPAN_URL: url, SUANPAN_API_KEY: open.operator },
      ...{ TENCENTCLOUD_SECRET_ID: operator.secretId, TENCENTCLOUD_SECRET_KEY: operator.secretKey },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => child.stdout?.once('data', (text) => resolve(String(text))));
  return { child, url: /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '' };
}

function call(gateway: string): Promise<unknown> {
  const body = '{"IdCard":"1","Name":"王"}';
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const date = new Date(Number(timestamp) * 1_000).toISOString().slice(0, 10);
  const headers = { 'content-type': 'application/json', host: new URL(gateway).host };
  const scope = { secretId: String(signer.secretId), date, service: 'faceid' };
  const signed = ['content-type', 'host'];
  const request = { method: 'POST', query: '', headers, payloadHash: sha256(body), timestamp };
  const signature = signatureOf(signingKey(String(signer.secretKey), date, 'faceid'), request, scope, signed);
  return fetch(gateway, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', authorization: authorizationOf(scope, signed, signature) },
      ...{ 'x-tc-action': 'IdCardVerification', 'x-tc-version': '2018-03-01', 'x-tc-timestamp': timestamp },
    },
    body,
  }).then(
    (answer) => answer.json(),
    () => 'cut off',
  );
}

test(`${rounds} rounds: none is lost, none is charged twice`, { timeout: rounds * 8_000 + 20_000 }, async () => {
  const seed = process.env.SUANPAN_SEED ?? String(Date.now());
  const chance = (round: number): number => createHmac('sha256', seed).update(String(round)).digest()[0] ?? 0;
  let answered = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { child, url: gateway } = await startChild();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let passed = 0;
    provider.answer = () => {
      passed += 1;
      // Some rounds die with the answer on its way, others while what it says is being charged.
      if (passed === callsOfRound) setTimeout(() => child.kill('SIGKILL'), chance(round) / 25);
      return result({ Result: '0' });
    };
    const answers = await Promise.all(Array.from({ length: callsOfRound }, () => call(gateway)));
    answered += answers.filter((each) => each !== 'cut off').length;
    await ended;
  }
  open.setClock(new Date(Date.now() + 100_000).toISOString());
  await open.call('PATCH', '/v1/accounts/acme', { suspended: false });
  const found: Json[] = [];
  for (let next: unknown = ''; next !== null; ) {
    const cursor = next === '' ? '' : `&cursor=${next}`;
    const { json } = await open.call('GET', `/v1/events?account=acme&limit=200${cursor}`);
    found.push(...(json.events as Json[]));
    next = json.next;
  }
  const count = (outcome: string): number => found.filter((each) => each.outcome === outcome).length;
  expect(provider.seen, `seed ${seed}`).toHaveLength(rounds * callsOfRound);
  expect(count('charged') + count('held'), `seed ${seed}`).toBe(rounds * callsOfRound);
  expect(count('charged'), `seed ${seed}`).toBeGreaterThanOrEqual(answered);
  await expectSound(open.suanpan);
});
