// Keys: what each may do, who made it, and that nobody is shut out by what others send.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildHttp } from '../../src/http/app.ts';
import { keyText } from '../../src/operations/api-keys.ts';
import {
  basic,
  instant,
  type Json,
  type Method,
  type OpenApp,
  openAccountWith,
  openApp,
  type Reply,
} from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;
beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '10000.00');
});
afterAll(() => open.close());

interface Made {
  readonly id: string;
  readonly key: string;
  readonly scopes: readonly string[];
}
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function make(body: Json, headers: Record<string, string> = {}): Promise<Made> {
  const reply = await open.call('POST', '/v1/keys', body, headers);
  expect(reply.status, reply.text).toBe(201);
  return reply.json as unknown as Made;
}

describe('what a key may do', () => {
  const asked: readonly (readonly [scope: string, method: Method, url: string, body?: Json])[] = [
    ['read', 'GET', '/v1/events?account=acme'],
    ['read', 'GET', '/v1/bills?account=acme'],
    ['read', 'POST', '/v1/what-if', { account: 'acme', months: 1 }],
    ['buy', 'POST', '/v1/packs', { account: 'acme', product: 'basic_authority', size: 1000 }],
    ['buy', 'POST', '/v1/packs/none/refund', { account: 'acme' }],
    ['meter', 'POST', '/v1/events', { id: 'e', account: 'acme', meter: basic, time: day }],
    ['meter', 'POST', '/v1/authorizations', { account: 'acme', meter: basic }],
    ['meter', 'POST', '/v1/authorizations/none/release', { account: 'acme' }],
  ];
  const everything = { account: ['read', 'buy', 'meter'], operator: ['read', 'meter', 'manage'] };

  test.each(['read', 'buy', 'meter'])('a key of an account for %s alone', async (only) => {
    const { key } = await make({ role: 'account', account: 'acme', scopes: [only] });
    for (const [scope, method, url, body] of asked) {
      const { json, status } = await open.once(method, url, body, bearer(key));
      if (scope === only) expect(status, url).not.toBe(403);
      else
        expect(json).toMatchObject({
          code: 'FORBIDDEN',
          detail: `This key may not do that: it takes the scope ${scope}.`,
        });
    }
    expect((await open.call('GET', '/v1/me', undefined, bearer(key))).json).toMatchObject({ scopes: [only] });
  });

  test('an operator without manage reads and meters, and buys or voids nothing', async () => {
    const { key } = await make({ role: 'operator', scopes: ['read', 'meter'] });
    for (const [scope, method, url, body] of asked) {
      const { json, status } = await open.once(method, url, body, bearer(key));
      if (scope !== 'buy') expect(status, url).not.toBe(403);
      else expect(json).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining('scope manage') });
    }
    for (const url of ['/v1/events/e/void', '/v1/events/e/review']) {
      const { json } = await open.once('POST', url, { account: 'acme', charge: true }, bearer(key));
      expect(json, url).toMatchObject({ status: 403, detail: expect.stringContaining('scope manage') });
    }
  });

  test.each(['account', 'operator'] as const)(
    'not said otherwise, %s keys may all that they ever may',
    async (role) => {
      const made = await make({ role, ...(role === 'account' ? { account: 'acme' } : {}) });
      expect(made.scopes).toEqual(everything[role]);
      expect((await open.call('GET', '/v1/me', undefined, bearer(made.key))).json).toMatchObject({
        role,
        scopes: everything[role],
      });
    },
  );

  test('the document says which scope each operation takes', async () => {
    const { paths } = (await open.call('GET', '/v1/openapi.json')).json as {
      paths: Record<string, Record<string, Json>>;
    };
    expect(paths['/v1/events']?.post).toMatchObject({ 'x-scope': 'meter' });
    expect(paths['/v1/events/{id}/void']?.post).toMatchObject({ 'x-scope': 'manage', 'x-role': 'operator' });
    for (const [path, methods] of Object.entries(paths)) {
      for (const operation of Object.values(methods)) {
        const { security } = operation as { security: Json[] };
        // Some take no key; others take one, or a signature in its place.
        const needsNone = security.length === 0 || security.some((each) => Object.keys(each).length === 0);
        // What one does for oneself takes no scope: by the key itself, or by whoever has signed in.
        const isOpen = needsNone || /^\/v1\/(?:me|sessions)/.test(path);
        expect(operation['x-scope'] === undefined, path).toBe(isOpen);
      }
    }
  });
});

describe('making a key', () => {
  test.each<[string, Json, string]>([
    ['no body', {}, '/role'],
    ['no role', { account: 'acme' }, '/role'],
    ['an account key of no account', { role: 'account' }, '/account'],
    ['an operator key of an account', { role: 'operator', account: 'acme' }, '/account'],
    ['an account key that may manage', { role: 'account', account: 'acme', scopes: ['read', 'manage'] }, '/scopes'],
    ['an operator key for buying', { role: 'operator', scopes: ['buy'] }, '/scopes'],
    ['a key for nothing', { role: 'operator', scopes: [] }, '/scopes'],
    ['an unknown scope', { role: 'operator', scopes: ['all'] }, '/scopes/0'],
  ])('%s is refused', async (_, body, pointer) => {
    const before = await open.state();
    const { json } = await open.call('POST', '/v1/keys', body);
    expect(json).toMatchObject({ status: 422, code: 'INVALID_INPUT' });
    expect((json.errors as Json[]).map((error) => error.pointer)).toContain(pointer);
    expect(await open.state()).toBe(before);
  });

  test('a key of an account that is not there', async () => {
    expect((await open.call('POST', '/v1/keys', { role: 'account', account: 'nobody' })).status).toBe(404);
    expect((await open.call('POST', '/v1/accounts/nobody/keys', {})).status).toBe(404);
  });

  test.each<[string, Json]>([
    ['/v1/keys', { role: 'account', account: 'acme', name: 'once' }],
    ['/v1/keys', { role: 'operator', name: 'once' }],
    ['/v1/accounts/acme/keys', { name: 'once' }],
  ])('%s %j: asked again with its Idempotency-Key it is the same key, and stored nowhere', async (url, body) => {
    const again = { 'idempotency-key': `make ${url} ${JSON.stringify(body)}` };
    const first = await open.call('POST', url, body, again);
    const { key, id } = first.json as unknown as Made;
    const second = await open.call('POST', url, body, again);
    expect(second.json).toEqual(first.json);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect((await open.call('GET', '/v1/me', undefined, bearer(key))).json).toMatchObject({ key: id });
    const { rows } = await open.suanpan.pool.query('select body from idempotency_keys');
    expect(JSON.stringify(rows)).not.toContain(key.split('_').slice(3).join('_'));
    // Another operator's request is another one, whatever it is called.
    const other = bearer((await make({ role: 'operator' })).key);
    const third = await open.call('POST', url, body, { ...again, ...other });
    expect((third.json as unknown as Made).id).not.toBe(id);
    expect((third.json as unknown as Made).key).not.toBe(key);
  });

  test('the scheme may be written in whatever case, and a repeat that writes it otherwise shows the same key', async () => {
    const maker = await make({ role: 'operator' });
    const once = { 'idempotency-key': 'written otherwise' };
    const written = ['Bearer', 'bearer', 'BEARER'].map((scheme) => ({
      ...once,
      authorization: `${scheme} ${maker.key}`,
    }));
    const shown: unknown[] = [];
    for (const headers of written) {
      expect((await open.call('GET', '/v1/me', undefined, headers)).json).toMatchObject({ key: maker.id });
      shown.push((await open.call('POST', '/v1/keys', { role: 'operator', name: 'once' }, headers)).json);
    }
    expect(shown[0]).toHaveProperty('key');
    expect(new Set(shown.map((each) => JSON.stringify(each))).size).toBe(1);
    const basic = await open.call('GET', '/v1/me', undefined, { authorization: `Basic ${maker.key}` });
    expect(basic.status).toBe(401);
  });

  test('without an Idempotency-Key each is a new one', async () => {
    const [first, second] = [await make({ role: 'operator' }), await make({ role: 'operator' })];
    expect(first.key).not.toBe(second.key);
  });
});

describe('Idempotency-Key', () => {
  test('two operators may use the same one for the same request', async () => {
    const headers = { 'idempotency-key': 'monday' };
    const other = bearer((await make({ role: 'operator' })).key);
    const pay = (more: Record<string, string>) =>
      open.call('POST', '/v1/accounts/acme/top-ups', { amount: '1.00' }, { ...headers, ...more });
    const [first, second] = [await pay({}), await pay(other)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers['idempotent-replayed']).toBeUndefined();
    expect(second.json.seq).not.toBe(first.json.seq);
    expect((await pay(other)).headers['idempotent-replayed']).toBe('true');
  });

  test('a request begun when all operators shared one is still done once', async () => {
    const headers = { 'idempotency-key': 'long ago' };
    const pay = () => open.call('POST', '/v1/accounts/acme/top-ups', { amount: '1.00' }, headers);
    const first = await pay();
    await open.suanpan.pool.query(`update idempotency_keys set scope = 'operator' where key = 'long ago'`);
    const again = await pay();
    expect(again.json).toEqual(first.json);
    expect(again.headers['idempotent-replayed']).toBe('true');
  });
});

describe('who did it', () => {
  test('is kept of keys, and of their end', async () => {
    const maker = await make({ role: 'operator' });
    const made = await make({ role: 'account', account: 'acme' }, bearer(maker.key));
    await open.call('DELETE', `/v1/keys/${made.id}`);
    const { keys } = (await open.call('GET', '/v1/keys')).json as { keys: Json[] };
    const own = (await open.call('GET', '/v1/me')).json.key;
    expect(keys.find(({ id }) => id === made.id)).toMatchObject({
      createdBy: maker.id,
      revokedBy: own,
      role: 'account',
    });
    expect(keys.find(({ id }) => id === own)).toMatchObject({ createdBy: 'local', revokedBy: null });
  });

  test('is kept of voids and reviews, and stands on the receipt', async () => {
    const own = (await open.call('GET', '/v1/me')).json.key;
    const event = (id: string, more: Json) =>
      open.call('POST', '/v1/events', { id, account: 'acme', time: day, ...more });
    await event('voided', { meter: basic });
    const voided = (await open.call('POST', '/v1/events/voided/void', { account: 'acme' })).json;
    expect(voided).toMatchObject({ voidedBy: own });
    const receipt = (await open.call('GET', '/v1/events/voided/receipt?account=acme')).json;
    expect(receipt).toMatchObject({ voidedBy: own });
    await event('held', { action: 'IdCardVerification', resultCode: '99' });
    expect((await open.call('POST', '/v1/events/held/review', { account: 'acme', charge: false })).status).toBe(200);
    expect((await open.call('GET', '/v1/events/held/receipt?account=acme')).json).toMatchObject({ reviewedBy: own });
  });

  test('is kept of what an account may spend', async () => {
    const own = (await open.call('GET', '/v1/me')).json.key;
    await openAccountWith(open, 'capped', '0.00', { cap: 5 });
    await open.call('PATCH', '/v1/accounts/capped', { cap: null, suspended: true });
    const { json } = await open.call('GET', '/v1/accounts/capped/changes');
    expect(json).toEqual({
      account: 'capped',
      changes: [
        {
          at: day,
          by: own,
          before: { postpaid: true, cap: 5, suspended: false },
          after: { postpaid: true, cap: null, suspended: true },
        },
        { at: day, by: own, before: null, after: { postpaid: true, cap: 5, suspended: false } },
      ],
      next: null,
    });
    const newest = (await open.call('GET', '/v1/accounts/capped/changes?limit=1')).json;
    const rest = (await open.call('GET', `/v1/accounts/capped/changes?limit=1&cursor=${newest.next}`)).json;
    expect([newest.changes, rest.changes].flat()).toEqual(json.changes);
    expect((await open.call('GET', '/v1/accounts/nobody/changes')).status).toBe(404);
    const { pool } = open.suanpan;
    await expect(pool.query('delete from account_changes')).rejects.toThrow('append-only');
  });

  test('is kept of price books', async () => {
    const { rows } = await open.suanpan.pool.query('select distinct added_by from price_books');
    expect(rows).toEqual([{ added_by: 'shipped' }]);
  });
});

describe('wrong keys', () => {
  const wrong = (key: string) => `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
  const unknown = (n: number) => keyText(null, n.toString(16).padStart(8, '0'), 'A'.repeat(32));
  const me = (key: string) => open.call('GET', '/v1/me', undefined, bearer(key));
  /** Sends until the answer is 429, and gives that. */
  async function untilLimited(next: (n: number) => string): Promise<Reply> {
    for (let n = 0; n < 100; n += 1) {
      const reply = await me(next(n));
      if (reply.status === 429) return reply;
      expect(reply.status).toBe(401);
    }
    throw new Error('never limited');
  }

  test('a valid key that was never used here is good, however many wrong ones came from the same address', async () => {
    const fresh = await open.keyOf('acme');
    const limited = await untilLimited(unknown);
    expect((await open.call('GET', '/v1/me', undefined, fresh)).status).toBe(200);
    const seconds = Number(limited.headers['retry-after']);
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(limited.json.detail).toContain(`${seconds} s`);
  });

  test('a key whose secret is guessed at is good for whoever has it, and the guesses are limited', async () => {
    const made = await make({ role: 'account', account: 'acme' });
    await untilLimited(() => wrong(made.key));
    expect((await me(made.key)).status).toBe(200);
  });

  test('the address is the proxy’s word where the proxy is trusted, and only there', async () => {
    const from = (app: typeof open.app, address: string, n: number) =>
      app.inject({ url: '/v1/me', headers: { ...bearer(unknown(n)), 'x-forwarded-for': address } });
    for (const [trustedProxies, last] of [
      [['127.0.0.0/8'], 401],
      [[], 429],
    ] as const) {
      const app = await buildHttp(open.suanpan, { pepper: 'pepper for tests', trustedProxies });
      for (let n = 0; n < 30; n += 1) await from(app, '192.0.2.1', n);
      expect((await from(app, '192.0.2.1', 30)).statusCode).toBe(429);
      expect((await from(app, '192.0.2.2', 31)).statusCode).toBe(last);
      await app.close();
    }
  });

  test('a flood of them shares its queries', async () => {
    const { pool } = open.suanpan;
    let taken = 0;
    const count = () => {
      taken += 1;
    };
    pool.on('acquire', count);
    const fresh = await open.keyOf('acme');
    const flood = Array.from({ length: 500 }, (_, n) => me(unknown(10_000 + n)));
    const good = open.call('GET', '/v1/me', undefined, fresh);
    await Promise.all(flood);
    expect((await good).status).toBe(200);
    pool.off('acquire', count);
    expect(taken).toBeLessThan(20);
  });
});

test('with another pepper than its keys were made with, a database’s keys are worth nothing: that is said', async () => {
  const { adoptPepper, changePepper, isPepperOfKeys } = await import('../../src/operations/api-keys.ts');
  const { inTransaction } = await import('../../src/store/connection/transaction.ts');
  const { pool } = open.suanpan;
  expect(await adoptPepper(pool, 'pepper for tests')).toBe(true);
  expect(await adoptPepper(pool, 'another')).toBe(false);
  expect(await isPepperOfKeys(pool, 'another')).toBe(false);
  const fresh = await openApp(day);
  try {
    // Keys from before the check was kept: the first that is used proves the pepper.
    await fresh.suanpan.pool.query('delete from pepper_check');
    expect(await isPepperOfKeys(fresh.suanpan.pool, 'another')).toBe(true);
    expect((await fresh.call('GET', '/v1/me')).status).toBe(200);
    expect(await isPepperOfKeys(fresh.suanpan.pool, 'another')).toBe(false);
    const revoked = await inTransaction(fresh.suanpan.pool, (tx) => changePepper(tx, 'another', 'local', instant(day)));
    expect(revoked).toBe(1);
    expect(await adoptPepper(fresh.suanpan.pool, 'another')).toBe(true);
  } finally {
    await fresh.close();
  }
});
