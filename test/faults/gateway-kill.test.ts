// kill -9 of the gateway between the provider's answer and the capture: every call that was passed on is charged once, or waits for a person.
// A few rounds; GATEWAY_ROUNDS=50 for as many.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLedger, openProvider, type Provider, result, signedCall, startGatewayProcess } from '../gateway/world.ts';
import type { Json, OpenApp } from '../http/open-app.ts';
import { expectSound } from './agree.ts';

const rounds = Number(process.env.GATEWAY_ROUNDS ?? 3);
const callsOfRound = 4;
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

test(`${rounds} rounds: none is lost, none is charged twice`, { timeout: rounds * 8_000 + 20_000 }, async () => {
  const seed = process.env.SUANPAN_SEED ?? String(Date.now());
  const chance = (round: number): number => createHmac('sha256', seed).update(String(round)).digest()[0] ?? 0;
  let answered = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { child, url: gateway } = await startGatewayProcess(open.operator, url, provider.url);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let passed = 0;
    provider.answer = () => {
      passed += 1;
      // Some rounds die with the answer on its way, others while what it says is being charged.
      if (passed === callsOfRound) setTimeout(() => child.kill('SIGKILL'), chance(round) / 25);
      return result({ Result: '0' });
    };
    const answers = await Promise.all(
      Array.from({ length: callsOfRound }, () =>
        signedCall(gateway, signer)
          .then((answer) => answer.json())
          .catch(() => 'cut off'),
      ),
    );
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
