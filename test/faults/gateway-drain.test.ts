// SIGTERM of the gateway while calls are under way: each is answered whole and charged. And the largest bodies pass byte for byte.

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Act,
  openLedger,
  openProvider,
  type Provider,
  result,
  signedCall,
  startGatewayProcess,
} from '../gateway/world.ts';
import type { Json, OpenApp } from '../http/open-app.ts';
import { expectSound } from './agree.ts';

const calls = 8;
const mebibyte = 1024 * 1024;
let open: OpenApp;
let provider: Provider;
let url: string;
let signer: Json;
let gateway: Awaited<ReturnType<typeof startGatewayProcess>>;

beforeAll(async () => {
  ({ open, url } = await openLedger());
  provider = await openProvider();
  await open.call('POST', '/v1/accounts', { id: 'acme', book: 'faceid-legacy' });
  signer = (await open.call('POST', '/v1/accounts/acme/credentials', {})).json;
  gateway = await startGatewayProcess(open.operator, url, provider.url);
});
afterAll(async () => {
  gateway.child.kill('SIGKILL');
  await provider.close();
  await open.close();
});

/** JSON of exactly so many bytes, with spaces and letters that a rewriting would change. */
function jsonOf(begin: string, end: string, size: number): string {
  const head = `{ "${begin}" :{"Name":"\\u738b王\\/ ", "Image":"`;
  const tail = `"${end}`;
  return `${head}${'Ab9+/'.repeat(size / 5).slice(0, size - Buffer.byteLength(head) - Buffer.byteLength(tail))}${tail}`;
}
const digestOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const outcomes = async (): Promise<unknown[]> =>
  ((await open.call('GET', '/v1/events?account=acme&limit=200')).json.events as Json[]).map(({ outcome }) => outcome);

test('12 MiB of a request and 32 MiB of an answer arrive as they were sent; of a larger answer the fate is unknown', {
  timeout: 60_000,
}, async () => {
  const body = jsonOf('Request', '}}', 12 * mebibyte);
  const answers = [32 * mebibyte, 32 * mebibyte + 1].map((size) => jsonOf('Response', ',"Result":"0"}}', size));
  expect([body, ...answers].map((text) => Buffer.byteLength(text) / mebibyte)).toEqual([12, 32, 32 + 1 / mebibyte]);
  provider.answer = () => answers[0] ?? '';
  const answer = new Uint8Array(await (await signedCall(gateway.url, signer, body)).arrayBuffer());
  expect(digestOf(answer)).toBe(digestOf(answers[0] ?? ''));
  expect(provider.seen.map((each) => digestOf(each.body))).toEqual([digestOf(body)]);
  expect(await outcomes()).toEqual(['charged']);
  provider.answer = () => answers[1] ?? '';
  const lost = await signedCall(gateway.url, signer);
  expect(await lost.json()).toMatchObject({ Response: { Error: { Code: 'InternalError' } } });
  expect(await outcomes()).toEqual(['charged']);
});

test('SIGTERM: what is under way is answered whole and charged, callers are told to leave, and it ends', async () => {
  const waiting: ((act: Act) => void)[] = [];
  provider.answer = () => new Promise((resolve) => waiting.push(resolve));
  const answers = Array.from({ length: calls }, () => signedCall(gateway.url, signer));
  await expect.poll(() => waiting.length).toBe(calls);
  const ended = new Promise((resolve) => gateway.child.once('exit', (code, signal) => resolve({ code, signal })));
  gateway.child.kill('SIGTERM');
  const live = () => fetch(`${gateway.url}/livez`).then(({ headers }) => headers.get('connection'));
  await expect.poll(() => live().catch(() => 'refused')).not.toBe('keep-alive');
  // One that comes now is served, or not taken.
  provider.answer = () => result({ Result: '0' });
  const late = await signedCall(gateway.url, signer).catch(() => undefined);
  for (const answer of waiting) answer(result({ Result: '0' }));
  const whole = [...(await Promise.all(answers)), ...(late === undefined ? [] : [late])];
  for (const answer of whole) {
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toMatchObject({ Response: { Result: '0' } });
  }
  const began = performance.now();
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - began, 'no connection is waited for that nobody uses').toBeLessThan(4_000);
  const charged = (await outcomes()).filter((outcome) => outcome === 'charged');
  expect(charged).toHaveLength(1 + whole.length);
  await expectSound(open.suanpan);
});
