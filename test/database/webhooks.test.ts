// Alerts are delivered to webhooks: signed, tried again, given up visibly; nobody waits for a receiver that is slow or down.

import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantOf } from '../../src/core/units.ts';
import { isPublic, maySendTo } from '../../src/deliveries/addresses.ts';
import { nextTry, waits } from '../../src/deliveries/back-off.ts';
import { deliver } from '../../src/deliveries/deliver.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { insertAlerts } from '../../src/store/ledger/alerts.ts';
import { instant, type Json, type OpenApp, openAccountWith, openApp, sending } from '../http/open-app.ts';
import { Receiver } from '../http/receiver.ts';

const start = '2026-01-12T10:00:00+08:00';
let open: OpenApp;
let receiver: Receiver;
let url = '';
let nobody: AbortSignal;

beforeAll(async () => {
  open = await openApp(start);
  for (const id of ['acme', 'globex']) await openAccountWith(open, id, '10000.00');
  receiver = new Receiver();
  url = await receiver.open();
  nobody = new AbortController().signal;
});
afterAll(async () => {
  await receiver?.close();
  await open?.close();
});

const sent = async (reply: Promise<{ readonly status: number; readonly json: Json; readonly text: string }>) => {
  const { status, json, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return json as Record<string, string>;
};
const text = (value: string | undefined): string => value ?? '';
const add = (path: string, more: Json = {}) =>
  sent(open.call('POST', '/v1/webhooks', { url: `${url}${path}`, account: 'acme', ...more }));
const run = () => deliver(open.suanpan, sending, nobody);
let serial = 0;
/** Something happened to an account. */
const happen = async (account: string, kind: 'pack-exhausted' | 'bill-final' = 'pack-exhausted') => {
  serial += 1;
  const alert = { account, kind, at: instant(start), details: { pack: `p${serial}` }, once: `${kind}:${serial}` };
  await inTransaction(open.suanpan.pool, (tx) => insertAlerts(tx, [alert]));
};
const shown = (id: string) => sent(open.call('GET', `/v1/webhooks/${id}`));
const deliveriesOf = async (id: string) =>
  (await sent(open.call('GET', `/v1/webhooks/${id}/deliveries`))).deliveries as unknown as Json[];
const after = (milliseconds: number) =>
  open.setClock(new Date(open.suanpan.clock() + milliseconds).toISOString().replace('Z', '+00:00'));

test('an alert arrives once, signed; a receiver checks it with the library of the standard', async () => {
  const { id, secret } = await add('/ok');
  const elsewhere = await add('/globex', { account: 'globex' });
  const other = await add('/bills', { kinds: ['bill-final'] });
  await happen('acme');
  expect(await run()).toMatchObject({ done: 1, failed: 0, waiting: 0 });
  const [got, ...more] = receiver.of('/ok');
  expect(more).toEqual([]);
  expect(receiver.got.length).toBe(1);
  const read = new Webhook(text(secret)).verify(got?.body ?? '', got?.headers ?? {}) as Json;
  expect(read).toEqual({
    type: 'pack-exhausted',
    timestamp: start,
    data: (await sent(open.call('GET', '/v1/alerts?account=acme'))).alerts?.[0],
  });
  expect(() =>
    new Webhook(`whsec_${Buffer.from('another secret').toString('base64')}`).verify(
      got?.body ?? '',
      got?.headers ?? {},
    ),
  ).toThrow();
  expect(await deliveriesOf(text(id))).toMatchObject([
    { id: got?.headers['webhook-id'], alert: 'acme:1', state: 'delivered', tries: 1, problem: null },
  ]);
  expect(await run()).toMatchObject({ done: 0, failed: 0, waiting: 0 });
  for (const each of [elsewhere, other, { id }]) await sent(open.call('DELETE', `/v1/webhooks/${each.id}`));
});

test('receivers that are down, slow, broken, redirecting or that never end: others are undisturbed', {
  timeout: 60_000,
}, async () => {
  const paths = ['/ok2', '/500', '/moved', '/huge', '/slow', '/410', '/101'];
  const hooks = new Map<string, string>();
  for (const path of paths) hooks.set(path, text((await add(path)).id));
  hooks.set(
    'down',
    text((await sent(open.call('POST', '/v1/webhooks', { account: 'acme', url: 'http://127.0.0.1:9/' }))).id),
  );
  const id = (path: string): string => hooks.get(path) ?? '';
  const before = receiver.got.length;
  await happen('acme');
  await happen('acme');
  const began = performance.now();
  const total = run();
  // What is well is served while the slow one is waited for.
  while (receiver.of('/ok2').length < 2 || receiver.of('/huge').length < 2)
    await new Promise((done) => setImmediate(done));
  expect(performance.now() - began).toBeLessThan(1_400);
  expect(receiver.of('/slow').length).toBeLessThanOrEqual(1);
  expect(await total).toMatchObject({ done: 4 });
  expect(receiver.of('/ok-after-a-redirect')).toEqual([]);
  const states = async () =>
    Object.fromEntries(
      await Promise.all(
        [...hooks].map(async ([path, hook]) => {
          const rows = await deliveriesOf(hook);
          return [path, rows.map(({ state, problem }) => `${state} ${problem}`).toSorted()] as const;
        }),
      ),
    );
  expect(await states()).toEqual({
    '/ok2': ['delivered null', 'delivered null'],
    '/huge': ['delivered null', 'delivered null'],
    '/500': ['waiting status 500', 'waiting status 500'],
    '/moved': ['waiting status 307', 'waiting status 307'],
    '/slow': ['waiting timeout', 'waiting timeout'],
    '/410': ['dead status 410', 'dead status 410'],
    '/101': ['waiting NO_STATUS', 'waiting NO_STATUS'],
    down: ['waiting ECONNREFUSED', 'waiting ECONNREFUSED'],
  });
  expect(await shown(id('/410'))).toMatchObject({ state: 'gone', lastProblem: 'status 410' });
  expect(receiver.of('/410').length).toBe(1);
  expect(await shown(id('/500'))).toMatchObject({ state: 'active', failuresInARow: 2, lastSuccessAt: null });
  await sent(open.call('DELETE', `/v1/webhooks/${id('/slow')}`));
  // Three days later all that failed is given up, visibly, each after eleven tries under one id.
  for (const wait of waits) {
    after(wait * 1.1 + 1_000);
    await run();
  }
  expect(await states().catch(() => undefined)).toBeUndefined();
  hooks.delete('/slow');
  expect(await states()).toMatchObject({
    '/500': ['dead status 500', 'dead status 500'],
    down: ['dead ECONNREFUSED', 'dead ECONNREFUSED'],
  });
  const ids = new Map<string, number>();
  for (const { headers } of receiver.of('/500')) {
    const key = headers['webhook-id'] ?? '';
    ids.set(key, (ids.get(key) ?? 0) + 1);
  }
  expect([...ids.values()]).toEqual([11, 11]);
  expect(receiver.got.length).toBeGreaterThan(before);
  // On again, and all that was given up once more.
  expect((await open.call('POST', `/v1/webhooks/${id('/410')}/replay`, { since: start })).json).toMatchObject({
    status: 409,
    code: 'WEBHOOK_ENDED',
  });
  const on = { active: true, url: `${url}/410-no-more`.replace('410-', 'mended-') };
  expect(await sent(open.call('PATCH', `/v1/webhooks/${id('/410')}`, on))).toMatchObject({ state: 'active' });
  expect(await sent(open.call('POST', `/v1/webhooks/${id('/410')}/replay`, { since: start }))).toEqual({ replayed: 2 });
  await run();
  expect(
    receiver
      .of('/mended-no-more')
      .map(({ headers }) => headers['webhook-id'])
      .toSorted(),
  ).toEqual((await deliveriesOf(id('/410'))).map((row) => row.id).toSorted());
  for (const hook of hooks.values()) await sent(open.call('DELETE', `/v1/webhooks/${hook}`));
});

test('a secret is shown once and rotated with overlap; none lies in clear in the database', async () => {
  const asked = { account: 'acme', url: `${url}/secret` };
  const once = { 'idempotency-key': 'one-webhook' };
  const made = await sent(open.call('POST', '/v1/webhooks', asked, once));
  expect(await sent(open.call('POST', '/v1/webhooks', asked, once))).toEqual(made);
  const { id, secret } = made;
  expect(JSON.stringify(await shown(text(id)))).not.toContain('whsec_');
  const { secret: second, formerUntil } = await sent(open.call('POST', `/v1/webhooks/${id}/rotate`, {}));
  expect(second).not.toBe(secret);
  await sent(open.call('POST', `/v1/webhooks/${id}/test`, {}));
  await run();
  const [got] = receiver.of('/secret');
  for (const each of [secret, second]) {
    expect(new Webhook(text(each)).verify(got?.body ?? '', got?.headers ?? {})).toMatchObject({
      type: 'test',
      data: { webhook: id },
    });
  }
  open.setClock(text(formerUntil));
  await sent(open.call('POST', `/v1/webhooks/${id}/test`, {}));
  await run();
  const last = receiver.of('/secret').at(-1);
  expect(() => new Webhook(text(secret)).verify(last?.body ?? '', last?.headers ?? {})).toThrow();
  new Webhook(text(second)).verify(last?.body ?? '', last?.headers ?? {});
  const { rows } = await open.suanpan.pool.query<{ all: string }>(
    `select (select string_agg(w::text, '') from webhooks w) || (select string_agg(i::text, '') from idempotency_keys i) as all`,
  );
  for (const each of [secret, second]) {
    expect(rows[0]?.all).not.toContain(String(each));
    expect(rows[0]?.all).not.toContain(String(each).slice('whsec_'.length));
  }
  await sent(open.call('DELETE', `/v1/webhooks/${id}`));
});

test('another’s webhooks are not there; a key that may only read makes none', async () => {
  const acme = await open.keyOf('acme');
  const globex = await open.keyOf('globex');
  const { id } = await sent(open.call('POST', '/v1/webhooks', { url: `${url}/own` }, acme));
  expect(await sent(open.call('GET', '/v1/webhooks', undefined, acme))).toMatchObject({
    webhooks: [{ id, account: 'acme' }],
  });
  expect(await sent(open.call('GET', '/v1/webhooks', undefined, globex))).toMatchObject({ webhooks: [] });
  const all = await add('/all', { account: undefined });
  for (const [key, which] of [
    [globex, id],
    [acme, all.id],
  ] as const) {
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { active: false }],
      ['DELETE', '', undefined],
      ['POST', '/rotate', {}],
      ['POST', '/test', {}],
      ['POST', '/replay', { since: start }],
      ['GET', '/deliveries', undefined],
    ] as const) {
      expect((await open.call(method, `/v1/webhooks/${which}${path}`, body, key)).status).toBe(404);
    }
  }
  for (const each of [id, all.id]) await sent(open.call('DELETE', `/v1/webhooks/${each}`));
});

test('two servers deliver at once, one stops in the middle: nothing is lost, what comes twice has its id', async () => {
  const { id } = await add('/both');
  for (let each = 0; each < 30; each += 1) await happen('acme');
  const stopping = new AbortController();
  const first = deliver(open.suanpan, sending, stopping.signal);
  const second = run();
  while (receiver.of('/both').length < 5) await new Promise((done) => setImmediate(done));
  stopping.abort();
  await Promise.all([first, second]);
  while ((await run()).waiting > 0);
  expect(new Set(receiver.of('/both').map(({ headers }) => headers['webhook-id'])).size).toBe(30);
  expect((await deliveriesOf(text(id))).every(({ state }) => state === 'delivered')).toBe(true);
  await sent(open.call('DELETE', `/v1/webhooks/${id}`));
});

test('no address of one’s own network, in whatever form it is written', () => {
  const hidden = [
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1'],
    ...['255.255.255.255', '192.0.2.1', '198.18.0.1', '::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1'],
    ...['::ffff:10.0.0.1', '::ffff:a00:1', '64:ff9b::a00:1', '2002:a00:1::', '2001:0:a00:1::', '2001:db8::1', 'name'],
    ...['::a00:1', '::7f00:1', '4000::1', '100:0:0:1::1'],
  ];
  expect(hidden.filter(isPublic)).toEqual([]);
  expect(['1.1.1.1', '2606:4700:4700::1111'].filter(isPublic).length).toBe(2);
  const urls = [
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::ffff:127.0.0.1]/',
    'https://127.1/',
    'http://example.com/',
  ];
  expect(urls.filter((each) => maySendTo(new URL(each)))).toEqual([]);
  expect(maySendTo(new URL('https://example.com:8443/hooks?x=1'))).toBe(true);
});

test('a name that leads inside is refused when it is sent to, and such a URL when it is given', async () => {
  const strict = await openApp(start, { webhooksAnywhere: false });
  try {
    await openAccountWith(strict, 'acme', '0.00');
    for (const [given, pointer] of [
      ['http://example.com/', '/url'],
      ['https://10.0.0.1/', '/url'],
      ['https://user:word@example.com/', '/url'],
      ['ftp://example.com/', '/url'],
    ]) {
      const { json } = await strict.call('POST', '/v1/webhooks', { account: 'acme', url: given });
      expect(json).toMatchObject({ status: 422, code: 'INVALID_INPUT', errors: [{ pointer }] });
    }
    const { json } = await strict.call('POST', '/v1/webhooks', { account: 'acme', url: 'https://localhost:9/' });
    await strict.call('POST', `/v1/webhooks/${json.id}/test`, {});
    await deliver(strict.suanpan, { ...sending, anywhere: false }, nobody);
    expect((await strict.call('GET', `/v1/webhooks/${json.id}`)).json).toMatchObject({
      lastProblem: 'private-address',
    });
  } finally {
    await strict.close();
  }
});

test('three days of tries, each later than the one before', () => {
  const now = instantOf(0);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(2.9 * 86_400_000);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(3.1 * 86_400_000);
  expect(nextTry(waits.length + 1, now, 0.5)).toBe(null);
  expect(nextTry(1, now, 0)).toBe(4_500);
  expect(nextTry(1, now, 0.999_999)).toBe(5_500);
});
