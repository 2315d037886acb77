// Many steps in one request: each is done or refused by itself, as a request of its own would be.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSound } from '../faults/agree.ts';
import { basic, type Json, type OpenApp, openApp } from '../http/open-app.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-06T10:00:00+08:00');
  for (const id of ['acme', 'globex']) await open.call('POST', '/v1/accounts', { id, book: 'faceid-legacy' });
});
afterAll(() => open.close());

const take = async (steps: readonly unknown[], key?: string) => {
  const { status, json } = await open.call(
    'POST',
    '/v1/authorizations/steps',
    { steps },
    key === undefined ? {} : { authorization: `Bearer ${key}` },
  );
  return { status, results: (json.results ?? []) as readonly Json[] };
};
const hold = (account: string, id: string, more: Json = {}) => ({ step: 'hold', account, id, meter: basic, ...more });
const told = (results: readonly Json[]) =>
  results.map(({ status, refusal }) => (refusal === undefined ? status : (refusal as Json).code));

test('holds, captures and releases of several accounts; asked again they say the same; the ledger is sound', async () => {
  expect(told((await take([hold('acme', 'a'), hold('globex', 'a'), hold('acme', 'b')])).results)).toEqual([
    ...['held', 'held', 'held'],
  ]);
  const steps = [
    { step: 'capture', account: 'acme', id: 'a', action: 'LivenessRecognition', resultCode: 'Success' },
    { step: 'release', account: 'acme', id: 'b' },
    { step: 'capture', account: 'globex', id: 'a' },
    hold('acme', 'c', { onExpiry: 'review', seconds: 90 }),
  ];
  for (const _ of [1, 2])
    expect(told((await take(steps)).results)).toEqual(['captured', 'released', 'captured', 'held']);
  const { json } = await open.call('GET', '/v1/events?account=acme');
  expect(json.events).toMatchObject([{ event: 'a', outcome: 'charged', calls: 1 }]);
  await expectSound(open.suanpan);
});

test('one that is malformed, or refused, or of nobody, spoils no other', async () => {
  const steps = [
    hold('acme', 'd'),
    hold('acme', 'e', { meter: 'none' }),
    { step: 'capture', account: 'acme', id: 'f', action: 'LivenessRecognition', resultCode: '\u0000' },
    { step: 'capture', account: 'acme', id: 'd', resultCode: '0' },
    { step: 'release', account: 'acme', id: 'nothing' },
    { step: 'drop', account: 'acme', id: 'd' },
    ...[null, 7, [], {}],
    hold('nobody', 'g'),
    { ...hold('acme', 'h'), account: undefined },
    { ...hold('acme', 'i'), id: undefined },
    { step: 'release', account: 'acme', id: 'd' },
  ];
  const { status, results } = await take(steps);
  expect([status, results.length]).toEqual([200, steps.length]);
  const codes = told(results);
  expect([codes[0], codes[1], codes[4], codes[10], codes.at(-1)]).toEqual([
    ...['held', 'UNKNOWN_METER', 'NOT_FOUND', 'NOT_FOUND', 'released'],
  ]);
  expect(codes.filter((code) => ['held', 'captured', 'released'].includes(String(code)))).toHaveLength(2);
  expect(results[3]).toMatchObject({
    ...{ id: 'd', status: 'refused' },
    refusal: { status: 422, pointer: '/resultCode', detail: expect.stringMatching(/./) },
  });
});

test('a key of an account takes its own steps alone; none, too many, or something else are refused as a whole', async () => {
  const { json } = await open.once('POST', '/v1/accounts/acme/keys', { name: 'own', scopes: ['meter'] });
  const own = String(json.key);
  expect(
    told((await take([{ step: 'hold', id: 'own', meter: basic }, hold('globex', 'theirs')], own)).results),
  ).toEqual(['held', 'NOT_FOUND']);
  expect((await open.call('GET', '/v1/accounts/globex')).json.holds ?? []).toEqual([]);
  for (const steps of [[], Array(101).fill(hold('acme', 'j')), {}, 'a', null]) {
    expect((await take(steps as unknown[])).status).toBe(422);
  }
  const reader = await open.once('POST', '/v1/accounts/acme/keys', { name: 'reads', scopes: ['read'] });
  expect((await take([hold('acme', 'k')], String(reader.json.key))).status).toBe(403);
});
