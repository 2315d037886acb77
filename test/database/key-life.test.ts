// The life of a key: it expires, is rotated with overlap, says when it was used; and what a browser gets for a while.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '10000.00');
});
afterAll(() => open?.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
async function make(body: Json): Promise<{ readonly id: string; readonly key: string }> {
  const { status, json, text } = await open.call('POST', '/v1/keys', body);
  expect(status, text).toBe(201);
  return json as unknown as { readonly id: string; readonly key: string };
}
const at = (time: string) => open.setClock(time);
const me = (key: string) => open.call('GET', '/v1/me', undefined, bearer(key));
const listed = async (id: string) =>
  ((await open.call('GET', '/v1/keys?limit=200')).json.keys as Json[]).find((each) => each.id === id);

test('it is good until it expires, and then refused with words of its own', async () => {
  const { id, key } = await make({ role: 'operator', expires: '2026-01-12T10:00:00+08:00' });
  at('2026-01-12T09:59:59.999+08:00');
  expect((await me(key)).status).toBe(200);
  expect(await listed(id)).toMatchObject({ expiresAt: '2026-01-12T02:00:00+00:00' });
  const { key: other } = await make({ role: 'operator', expires: '2026-01-12T10:00:00+08:00' });
  at('2026-01-12T10:00:00+08:00');
  expect((await me(other)).json).toMatchObject({ status: 401, code: 'KEY_EXPIRED' });
  const past = await open.call('POST', '/v1/keys', { role: 'operator', expires: day });
  expect(past.json).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ pointer: '/expires' }] });
});

test('it is rotated with overlap: the new one is as the former, which goes on for a while', async () => {
  at(day);
  const { id, key } = await make({ role: 'account', account: 'acme', name: 'gateway', scopes: ['meter'] });
  const once = { 'idempotency-key': 'rotate-once' };
  const rotate = () => open.call('POST', `/v1/keys/${id}/rotate`, { overlapHours: 2 }, once);
  const { json, status } = await rotate();
  expect(status).toBe(201);
  expect(json).toMatchObject({
    role: 'account',
    account: 'acme',
    name: 'gateway',
    scopes: ['meter'],
    formerUntil: '2026-01-12T03:00:00+00:00',
  });
  expect((await rotate()).json).toEqual(json);
  for (const each of [key, String(json.key)])
    expect((await me(each)).json).toMatchObject({ account: 'acme', scopes: ['meter'] });
  const again = await open.call('POST', `/v1/keys/${id}/rotate`, {});
  expect(again.json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(again.json.detail).toContain('not rotated before');
  at('2026-01-12T11:00:01+08:00');
  const later = await open.call('POST', `/v1/keys/${id}/rotate`, {});
  expect(later.json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect((await listed(id))?.expiresAt).toBe('2026-01-12T03:00:00+00:00');
  expect((await listed(String(json.id)))?.expiresAt).toBe(null);
});

test('a portal token reads its account for minutes, is shown again to a repeat alone, and is listed nowhere', async () => {
  at(day);
  await openAccountWith(open, 'globex', '0.00');
  const own = await open.keyOf('acme');
  const once = { 'idempotency-key': 'portal-once' };
  const ask = () => open.call('POST', '/v1/portal-tokens', { minutes: 15 }, { ...own, ...once });
  const { json, status } = await ask();
  expect(status).toBe(201);
  expect(json).toMatchObject({ account: 'acme', expiresAt: '2026-01-12T01:15:00+00:00' });
  expect((await ask()).json).toEqual(json);
  const token = bearer(String(json.key));
  expect((await open.call('GET', '/v1/accounts/acme', undefined, token)).status).toBe(200);
  expect((await open.call('GET', '/v1/accounts/globex', undefined, token)).status).toBe(404);
  const event = { id: 'x', meter: basic, time: day };
  expect((await open.call('POST', '/v1/events', event, token)).json).toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
  });
  expect((await open.call('POST', '/v1/portal-tokens', {}, token)).json).toMatchObject({ status: 403 });
  expect(await listed(String(json.id))).toBe(undefined);
  const another = await open.call('POST', '/v1/portal-tokens', { account: 'globex' }, own);
  expect(another.json).toMatchObject({ status: 404 });
  const short = await open.call('POST', '/v1/portal-tokens', { account: 'globex', minutes: 1 });
  at('2026-01-12T09:01:00+08:00');
  expect((await me(String(short.json.key))).json).toMatchObject({ status: 401, code: 'KEY_EXPIRED' });
});

test('when it was used last is noted, at most each minute', async () => {
  at(day);
  const { id, key } = await make({ role: 'operator' });
  expect((await listed(id))?.lastUsedAt).toBe(null);
  await me(key);
  await expect.poll(async () => (await listed(id))?.lastUsedAt).toBe('2026-01-12T01:00:00+00:00');
});
