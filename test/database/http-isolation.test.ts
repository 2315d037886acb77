// A7 and I17: an account's key neither reads, infers nor changes anything of another. Operators only where it says so.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type Method, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
let acme: { readonly authorization: string };
let globex: { readonly authorization: string };

beforeAll(async () => {
  open = await openApp('2026-01-03T09:00:00+08:00');
  for (const id of ['acme', 'globex']) {
    await openAccountWith(open, id, '10000.00');
    await open.once('POST', '/v1/packs', { account: id, product: 'basic_authority', size: 1000, id: `pack-${id}` });
  }
  await open.call('POST', '/v1/events', {
    id: 'event-globex',
    account: 'globex',
    meter: basic,
    time: '2026-01-03T09:00:00+08:00',
  });
  await open.call('POST', '/v1/authorizations', {
    account: 'globex',
    id: 'hold-globex',
    meter: basic,
    seconds: 86_400,
  });
  open.setClock('2026-02-03T00:00:00+08:00');
  await open.call('POST', '/v1/bills/close', { account: 'globex', month: '2026-01' });
  open.setClock(day);
  acme = await open.keyOf('acme');
  globex = await open.keyOf('globex');
});
afterAll(() => open.close());

const body = (more: Json = {}) => ({ account: 'globex', ...more });

/** The compiler reads a row whose last part may be missing as a list of any of them. */
const rows = (calls: readonly (readonly [Method, string, Json?])[]) =>
  calls.map(([method, url, sent]) => [method, url, sent] as const);

const foreign: readonly (readonly [Method, string, Json?])[] = [
  ['GET', '/v1/accounts/globex'],
  ['GET', '/v1/accounts/globex/packs'],
  ['GET', '/v1/accounts/globex/usage'],
  ['GET', '/v1/accounts/globex/balance'],
  ['GET', '/v1/events?account=globex'],
  ['GET', '/v1/events/event-globex/receipt'],
  ['GET', '/v1/events/event-globex/receipt?account=globex'],
  ['GET', '/v1/bills?account=globex'],
  ['GET', '/v1/bills?account=globex&month=2026-01'],
  ['GET', '/v1/bills/globex:2026-01'],
  ['GET', '/v1/bills/globex:2026-02'],
  ['GET', '/v1/bills/globex-000001'],
  ['GET', '/v1/bills/globex-000001/export'],
  ['GET', '/v1/bills/globex:2026-01/export?detail=calls'],
  ['POST', '/v1/events', body({ id: 'x', meter: basic, time: day })],
  ['POST', '/v1/authorizations', body({ meter: basic })],
  ['POST', '/v1/authorizations/hold-globex/capture', {}],
  ['POST', '/v1/authorizations/hold-globex/capture', body()],
  ['POST', '/v1/authorizations/hold-globex/release', {}],
  ['POST', '/v1/authorizations/hold-globex/release', body()],
  ['POST', '/v1/packs', body({ product: 'basic_authority', size: 1000 })],
  ['POST', '/v1/packs/pack-globex/refund', {}],
  ['POST', '/v1/packs/pack-globex/refund', body()],
];

describe("A7: another account's ids", () => {
  test.each(rows(foreign))('%s %s %j: as if there were none', async (method, url, sent) => {
    const before = await open.state();
    const reply = await open.once(method, url, sent, acme);
    expect(reply.json, reply.text).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await open.state()).toBe(before);
    // The very words must be those for an id that is nobody's: anything else would tell that it exists.
    const rename = (text: string) => text.replaceAll('globex', 'nobody');
    const nobodys = await open.once(
      method,
      rename(url),
      sent && (JSON.parse(rename(JSON.stringify(sent))) as Json),
      acme,
    );
    expect(nobodys.status).toBe(404);
    expect(rename(String(reply.json.detail))).toBe(nobodys.json.detail);
  });

  test('in a batch: those items alone', async () => {
    const items = ['acme', 'globex'].map((account) => ({ id: 'mixed', account, meter: basic, time: day }));
    const { json } = await open.call('POST', '/v1/events', items, acme);
    expect(json.results).toMatchObject([{ status: 'accepted' }, { status: 'rejected', code: 'NOT_FOUND' }]);
  });

  test('lists hold the own account only', async () => {
    expect((await open.call('GET', '/v1/bills', undefined, acme)).json.bills).toEqual([]);
    expect((await open.call('GET', '/v1/bills', undefined, globex)).json.bills).toMatchObject([{ account: 'globex' }]);
    const { json } = await open.call('GET', '/v1/events', undefined, acme);
    expect((json.events as Json[]).every(({ account }) => account === 'acme')).toBe(true);
    expect((await open.call('GET', '/v1/me', undefined, acme)).json).toMatchObject({
      role: 'account',
      account: 'acme',
    });
  });

  test('the same ids in two accounts are two things', async () => {
    // Into globex's final month its own events would wait for review.
    const later = '2026-02-03T00:00:00+08:00';
    open.setClock(later);
    for (const key of [acme, globex]) {
      const sent = { id: 'same', meter: basic, calls: 1, time: later };
      expect((await open.call('POST', '/v1/events', sent, key)).json).toMatchObject({ status: 'accepted' });
      const bought = await open.once('POST', '/v1/packs', { product: 'basic_selfie', size: 1000, id: 'same' }, key);
      expect(bought.status).toBe(201);
    }
    open.setClock(day);
  });
});

const operatorsOnly: readonly (readonly [Method, string, Json?])[] = [
  ['POST', '/v1/accounts', { id: 'mine' }],
  ['GET', '/v1/accounts'],
  ['PATCH', '/v1/accounts/acme', { suspended: false }],
  ['POST', '/v1/accounts/acme/top-ups', { amount: '1.00' }],
  ['POST', '/v1/accounts/acme/keys', {}],
  ['POST', '/v1/keys', {}],
  ['GET', '/v1/keys'],
  ['DELETE', '/v1/keys/00000000'],
  ['POST', '/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 1_000_000 }],
  ['POST', '/v1/bills/close', { account: 'acme', month: '2025-12' }],
  ['POST', '/v1/events/mixed/void', {}],
  ['POST', '/v1/events/mixed/review', { charge: false }],
  ['POST', '/v1/price-books', { id: 'mine' }],
  ['POST', '/v1/clock', { now: day }],
];

describe('keys', () => {
  test.each(rows(operatorsOnly))('%s %s is for operators', async (method, url, sent) => {
    const before = await open.state();
    const reply = await open.once(method, url, sent, acme);
    expect(reply.json).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(reply.json.detail).toMatch(/scope (manage|read) on an operator’s key/);
    expect(await open.state()).toBe(before);
  });

  test('every route but the public ones asks for a key', async () => {
    const { json } = await open.call('GET', '/v1/openapi.json');
    for (const [path, methods] of Object.entries(
      json.paths as Record<string, Record<string, { security: readonly unknown[] }>>,
    )) {
      for (const [method, operation] of Object.entries(methods)) {
        const url = path.replace(/\{\w+\}/g, 'x');
        const upper = method.toUpperCase() as Method;
        const sent = upper === 'GET' || upper === 'DELETE' ? undefined : {};
        const reply = await open.once(upper, url, sent, { authorization: '' });
        const isOpen = operation.security.length === 0 || JSON.stringify(operation.security).includes('{}');
        if (isOpen) expect(reply.status, path).not.toBe(401);
        else {
          expect(reply.json, path).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
          expect(reply.headers['www-authenticate']).toBe('Bearer');
        }
      }
    }
  });

  test('a revoked key is worth nothing, at once', async () => {
    const made = await open.call('POST', '/v1/accounts/acme/keys', { name: 'short' });
    const { id, key } = made.json as { id: string; key: string };
    const own = { authorization: `Bearer ${key}` };
    expect((await open.call('GET', '/v1/me', undefined, own)).json).toMatchObject({ account: 'acme', key: id });
    expect((await open.call('DELETE', `/v1/keys/${id}`)).status).toBe(200);
    expect((await open.call('GET', '/v1/me', undefined, own)).json).toMatchObject({ status: 401 });
    expect((await open.call('POST', '/v1/events', {}, own)).json).toMatchObject({ status: 401 });
    expect((await open.call('DELETE', `/v1/keys/${id}`)).status).toBe(404);
  });

  test('A6: a key is shown once, stored as a keyed hash, and in no list', async () => {
    const { key } = (await open.call('POST', '/v1/keys', { role: 'account', account: 'acme' })).json as { key: string };
    const secret = key.split('_').slice(3).join('_');
    const { rows } = await open.suanpan.pool.query('select prefix, name, hash from api_keys');
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect((await open.call('GET', '/v1/keys')).text).not.toContain(secret);
    const other = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    expect((await open.call('GET', '/v1/me', undefined, { authorization: `Bearer ${other}` })).status).toBe(401);
  });

  test('A9: guessing is stopped, those who are in go on', async () => {
    await open.call('GET', '/v1/me', undefined, acme);
    const guess = (n: number) => ({
      authorization: `Bearer sk_op_${n.toString(16).padStart(8, '0')}_${'A'.repeat(32)}`,
    });
    const statuses: number[] = [];
    for (let n = 0; n < 25; n += 1) statuses.push((await open.call('GET', '/v1/me', undefined, guess(n))).status);
    expect(new Set(statuses.slice(0, 10))).toEqual(new Set([401]));
    expect(statuses.at(-1)).toBe(429);
    expect((await open.call('GET', '/v1/me', undefined, acme)).status).toBe(200);
  });
});
