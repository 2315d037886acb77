// Idempotency-Key, and A1: every mutating call replayed, in sequence and in parallel, has one effect.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, eventsAt, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
let open: OpenApp;

beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '100000.00');
});
afterAll(() => open.close());

const order = { account: 'acme', product: 'basic_authority', size: 1000 };
const once = (key: string) => ({ 'idempotency-key': key });

describe('a command that moves money', () => {
  test.each([
    ['/v1/accounts/acme/top-ups', { amount: '5.00' }],
    ['/v1/packs', order],
    ['/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 5 }],
    ['/v1/packs/any/refund', { account: 'acme' }],
  ])('%s needs a key', async (url, body) => {
    const before = await open.state();
    for (const headers of [{}, once(''), once('x'.repeat(201))]) {
      const { json } = await open.call('POST', url, body, headers);
      expect(json).toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_REQUIRED' });
    }
    expect(await open.state()).toBe(before);
  });

  test('repeated: the same answer, marked; another body: 422; a refusal does not use the key up', async () => {
    const first = await open.call('POST', '/v1/packs', order, once('buy'));
    expect(first.status).toBe(201);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    const before = await open.state();
    const again = await open.call('POST', '/v1/packs', order, once('buy'));
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    const { size, ...rest } = order;
    const reordered = await open.call('POST', '/v1/packs', { size, ...rest }, once('buy'));
    expect(reordered.text).toBe(first.text);
    for (const [url, body] of [
      ['/v1/packs', { ...order, size: 10000 }],
      ['/v1/gifts', { account: 'acme', product: 'basic_authority', calls: 5 }],
      [`/v1/packs/${(first.json as { id: string }).id}/refund`, { account: 'acme' }],
    ] as const) {
      const other = await open.call('POST', url, body, once('buy'));
      expect(other.json).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    }
    expect(await open.state()).toBe(before);
    await openAccountWith(open, 'later', '0.00');
    const own = { ...order, account: 'later' };
    expect((await open.call('POST', '/v1/packs', own, once('poor'))).status).toBe(402);
    await open.once('POST', '/v1/accounts/later/top-ups', { amount: '10000.00' });
    const rich = await open.call('POST', '/v1/packs', own, once('poor'));
    expect(rich.status).toBe(201);
    expect(rich.headers['idempotent-replayed']).toBeUndefined();
  });

  test('keys of two callers never meet', async () => {
    await openAccountWith(open, 'one', '10000.00');
    await openAccountWith(open, 'two', '10000.00');
    const [one, two] = [await open.keyOf('one'), await open.keyOf('two')];
    const body = { product: 'basic_authority', size: 1000 };
    const bought = await Promise.all(
      [one, two].map((key) => open.call('POST', '/v1/packs', body, { ...once('k'), ...key })),
    );
    expect(bought.map(({ status, json }) => [status, json.account])).toEqual([
      [201, 'one'],
      [201, 'two'],
    ]);
  });

  test('a key on a command that takes one by choice obeys the same limit', async () => {
    const { json } = await open.call('POST', '/v1/accounts', { id: 'long' }, once('x'.repeat(5_000)));
    expect(json).toMatchObject({ status: 422, code: 'INVALID_INPUT' });
    expect((await open.call('GET', '/v1/accounts/long')).status).toBe(404);
  });
});

interface Mutation {
  readonly name: string;
  /** Makes what the call needs, and gives the call. `n` makes its ids unique. */
  readonly prepare: (n: string) => Promise<readonly [string, Json | Json[]]>;
  /** How each of the calls after the first is answered. */
  readonly again: (reply: { readonly status: number; readonly json: Json }) => boolean;
  readonly withKey: boolean;
}

const prepared = async (url: string, body: Json): Promise<string> => {
  const { status, json, text } = await open.once('POST', url, body);
  if (status >= 300) throw new Error(text);
  return String(json.id);
};

const event = eventsAt(day);
const refused = (code: string) => (reply: { readonly json: Json }) => reply.json.code === code;
const sameAgain = (reply: { readonly status: number }) => reply.status < 300;

const mutations: readonly Mutation[] = [
  {
    name: 'top-up',
    withKey: true,
    again: sameAgain,
    prepare: async (n) => ['/v1/accounts/acme/top-ups', { amount: `${n.length}.00` }],
  },
  { name: 'purchase', withKey: true, again: sameAgain, prepare: async () => ['/v1/packs', { ...order, count: 2 }] },
  {
    name: 'gift',
    withKey: true,
    again: sameAgain,
    prepare: async () => ['/v1/gifts', { account: 'acme', product: 'basic_selfie', calls: 5, months: 2 }],
  },
  {
    name: 'refund',
    withKey: true,
    again: sameAgain,
    prepare: async () => [
      `/v1/packs/${await prepared('/v1/packs', { ...order, product: 'basic_selfie' })}/refund`,
      { account: 'acme' },
    ],
  },
  { name: 'account', withKey: true, again: sameAgain, prepare: async (n) => ['/v1/accounts', { id: `acc-${n}` }] },
  {
    name: 'account without a key',
    withKey: false,
    again: ({ status, json }) => status === 200 && String(json.id).startsWith('acc-'),
    prepare: async (n) => ['/v1/accounts', { id: `acc-${n}` }],
  },
  {
    name: 'event',
    withKey: false,
    again: ({ json }) => json.status === 'duplicate',
    prepare: async (n) => ['/v1/events', event(n)],
  },
  {
    name: 'batch',
    withKey: false,
    again: ({ json }) => (json.results as Json[]).every(({ status }) => status === 'duplicate'),
    prepare: async (n) => ['/v1/events', [event(`${n}-1`), event(`${n}-2`), event(`${n}-3`)]],
  },
  {
    name: 'void',
    withKey: true,
    again: sameAgain,
    prepare: async (n) => {
      await open.call('POST', '/v1/events', event(n));
      return [`/v1/events/${n}/void`, { account: 'acme' }];
    },
  },
  {
    name: 'void without a key',
    withKey: false,
    again: refused('ALREADY_VOIDED'),
    prepare: async (n) => {
      await open.call('POST', '/v1/events', event(n));
      return [`/v1/events/${n}/void`, { account: 'acme' }];
    },
  },
  {
    name: 'review',
    withKey: false,
    again: refused('ALREADY_REVIEWED'),
    prepare: async (n) => {
      const held = { id: n, account: 'acme', action: 'IdCardVerification', resultCode: '99', time: day };
      const { json } = await open.call('POST', '/v1/events', held);
      if (json.status !== 'held') throw new Error(JSON.stringify(json));
      return [`/v1/events/${n}/review`, { account: 'acme', charge: true }];
    },
  },
  {
    name: 'authorization',
    withKey: false,
    again: ({ status }) => status === 200,
    prepare: async (n) => ['/v1/authorizations', { account: 'acme', id: n, meter: basic }],
  },
  {
    name: 'capture',
    withKey: false,
    again: ({ json }) => json.status === 'duplicate',
    prepare: async (n) => {
      await open.call('POST', '/v1/authorizations', { account: 'acme', id: n, meter: basic });
      return [`/v1/authorizations/${n}/capture`, { account: 'acme' }];
    },
  },
  {
    name: 'release',
    withKey: false,
    again: sameAgain,
    prepare: async (n) => {
      await open.call('POST', '/v1/authorizations', { account: 'acme', id: n, meter: basic });
      return [`/v1/authorizations/${n}/release`, { account: 'acme' }];
    },
  },
  {
    name: 'account settings',
    withKey: false,
    again: sameAgain,
    prepare: async (n) => ['PATCH /v1/accounts/acme', { cap: 1_000_000 + n.length }],
  },
];

/** The ledger without the versions of heads: a change that sets what is set already counts as none. */
const effects = async () => (await open.state()).replace(/ v\d+/g, '').replace(/^account_heads.*$/m, '');

describe.each(mutations)('A1: $name', ({ name, prepare, again, withKey }) => {
  const send = ([url, body]: readonly [string, Json | Json[]], key: string) => {
    const headers = withKey ? once(key) : {};
    return url.startsWith('PATCH ')
      ? open.call('PATCH', url.slice(6), body, headers)
      : open.call('POST', url, body, headers);
  };

  test('in sequence', async () => {
    const call = await prepare(`${name.replaceAll(' ', '-')}-s`);
    const first = await send(call, `${name} s`);
    expect(first.status, first.text).toBeLessThan(300);
    const before = await effects();
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const reply = await send(call, `${name} s`);
      expect(again(reply), reply.text).toBe(true);
    }
    expect(await effects()).toBe(before);
  });

  test('in parallel', async () => {
    const call = await prepare(`${name.replaceAll(' ', '-')}-p`);
    const replies = await Promise.all(Array.from({ length: 8 }, () => send(call, `${name} p`)));
    const others = replies.filter((reply) => again(reply));
    expect(others.length, replies.map(({ text }) => text).join('\n')).toBeGreaterThanOrEqual(7);
    const before = await effects();
    await send(call, `${name} p`);
    expect(await effects()).toBe(before);
    if (withKey) {
      expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
      expect(replies.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(7);
    }
  });
});

test('A1: closing, in parallel and again', async () => {
  await openAccountWith(open, 'closer', '0.00');
  await open.call('POST', '/v1/events', { ...event('c1'), account: 'closer' });
  open.setClock('2026-02-03T00:00:00+08:00');
  const close = () => open.call('POST', '/v1/bills/close', { account: 'closer', month: '2026-01' });
  const replies = await Promise.all(Array.from({ length: 8 }, close));
  expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  expect(replies[0]?.json).toMatchObject({ number: 'closer-000001', total: '1.00' });
  const before = await effects();
  await close();
  expect(await effects()).toBe(before);
  open.setClock(day);
});
