// Whatever a request may ask to have computed, it is computed beside the calls of others, within a time, and each caller has a
// share: the worst bodies that the limits allow, and how long the event loop stood still meanwhile.

import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { nobody } from '../../src/http/caller.ts';
import { shareOf } from '../../src/http/caller-share.ts';
import { addressOf } from '../../src/store/connection/connect.ts';
import { type RoomOptions, WorkRoom } from '../../src/threads/work-room.ts';
import { type OpenApp, openAccountWith, openApp, type Reply } from '../http/open-app.ts';
import { longestStandstill, standstill } from '../setup/standstill.ts';

let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-06-05T10:00:00+08:00', { trustedProxies: ['127.0.0.1'] });
  await openAccountWith(open, 'acme', '0.00');
  // The first of each kind compiles the code of its route, and starts the threads.
  await quote({});
}, 60_000);

afterAll(() => open.close());

const legacy = loadCatalog().get('faceid-legacy')?.document;
if (legacy === undefined) throw new Error('no book');
const sold = legacy.packProducts.flatMap(({ id, sizes }) => sizes.map(({ calls }) => ({ product: id, size: calls })));
const meters = legacy.meters.map(({ id }) => id);
const atIndex = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;

const quote = (more: object) =>
  open.call('POST', '/v1/quotes', { book: 'faceid-legacy', use: [{ of: 'identity', calls: 10 ** 12 }], ...more });

const shareNamed = (own: string, wider = own) => ({ own, wider });

/** As many packs, uses and gifts as a request may have. */
const mostPacks = Array.from({ length: 100 }, (_, index) => ({ ...atIndex(sold, index), count: 1000 }));
const mostUses = Array.from({ length: 100 }, (_, index) => ({ of: atIndex(meters, index), calls: 10 ** 12 }));
const mostGifts = Array.from({ length: 100 }, (_, index) => ({ product: atIndex(sold, index).product, calls: 7 }));

test('the worst quote holds nobody up', async () => {
  let status = 0;
  const stood = await standstill(async () => {
    ({ status } = await quote({ use: mostUses, packs: mostPacks, gifts: mostGifts }));
  });
  expect(status).toBe(200);
  expect(stood).toBeLessThan(longestStandstill);
}, 30_000);

test('the worst what-if and the worst price book neither', async () => {
  const codeTable = Array.from({ length: 500 }, () => ({
    actions: ['A'],
    from: null,
    until: null,
    charged: ['1'],
    notCharged: [],
  }));
  const book = { ...legacy, id: 'offer', codeTable };
  const stood = await standstill(async () => {
    const asked = await open.call('POST', '/v1/what-if', {
      account: 'acme',
      months: 24,
      packs: mostPacks,
      growth: 1000,
    });
    expect(asked).toMatchObject({ status: 422, json: { code: 'INVALID_INPUT' } });
    const offered = await open.call('POST', '/v1/what-if', { account: 'acme', months: 24, book });
    expect(offered).toMatchObject({ status: 422, json: { code: 'INVALID_BOOK' } });
    const added = await open.call('POST', '/v1/price-books', book);
    expect(added).toMatchObject({ status: 422, json: { code: 'INVALID_BOOK' } });
    expect(added.text.length).toBeLessThan(64 * 1024);
    expect((await open.call('GET', '/v1/accounts/acme/forecast')).status).toBe(200);
  });
  expect(stood).toBeLessThan(longestStandstill);
}, 30_000);

/** Overlapping packs of many sizes over two years: more plans than anybody can look through. */
const hardPlan = () => ({
  book: 'faceid-legacy',
  profile: Array.from({ length: 24 }, (_, month) =>
    meters.slice(0, 10).map((meter, index) => ({
      month: month + 1,
      meter,
      calls: 1_000_003 * (1 + ((month * 7 + index * 13) % 29)),
    })),
  ).flat(),
  start: '2026-01-01',
  have: mostGifts,
  gifts: mostGifts,
});

test('a plan that could be thought about for ever ends in time, and meanwhile others are served', async () => {
  const started = performance.now();
  const plan = open.call('POST', '/v1/plans', hardPlan(), { authorization: '' });
  const second = open.call('POST', '/v1/plans', hardPlan(), { authorization: '' });
  const third = await open.call('POST', '/v1/plans', hardPlan(), { authorization: '' });
  // One runs, one waits; the third is told when a place will be free.
  expect(third).toMatchObject({ status: 503, json: { code: 'OVERLOADED' } });
  const wait = Number(third.headers['retry-after']);
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(wait).toBeLessThanOrEqual(12);
  // The caller's own short work, and everybody else's, goes on.
  const other = await open.call('POST', '/v1/quotes', { book: 'faceid-legacy', use: [{ of: 'identity', calls: 1 }] });
  expect(other.status).toBe(200);
  // The best that was found, and how much cheaper another might be.
  const best = { status: 200, json: { best: { proof: { gap: expect.stringMatching(/^[1-9]\d*\.\d\d$/) } } } };
  expect(await plan).toMatchObject(best);
  // The second has its turn, unless the first took longer than one waits.
  const { status, json } = await second;
  expect({ status, json }).toMatchObject(status === 200 ? best : { status: 503, json: { code: 'OVERLOADED' } });
  expect(performance.now() - started).toBeLessThan(45_000);
}, 60_000);

test('callers are served in turn; long work leaves a thread to the short', async () => {
  const room = new WorkRoom(addressOf(open.suanpan.pool), { threads: 2, longThreads: 1, mostWaiting: 4 });
  try {
    const shelved = open.suanpan.books.shelved('faceid-legacy');
    if (shelved === undefined) throw new Error('no book');
    const book = { digest: shelved.digest, document: shelved.document };
    const ended: string[] = [];
    const run = async (name: string, caller: string, kind: 'quote' | 'plan') => {
      const request = { use: [{ of: 'identity', calls: 1000n as never }], packs: [], gifts: [] };
      const answer = await room.run(
        kind === 'quote' ? { kind, book, request } : { kind, book, request: { use: [{ of: 'identity', calls: 1 }] } },
        shareNamed(caller),
      );
      ended.push('refusal' in answer ? `${name} refused` : name);
    };
    await Promise.all([
      run('a1', 'a', 'plan'),
      run('a2', 'a', 'plan'),
      run('a3', 'a', 'plan'),
      run('b1', 'b', 'plan'),
      run('c1', 'c', 'quote'),
    ]);
    expect(ended[0]).toBe('a3 refused');
    expect(ended.toSorted()).toEqual(['a1', 'a2', 'a3 refused', 'b1', 'c1']);
    // Nobody's second before another's first.
    expect(ended.indexOf('b1')).toBeLessThan(ended.indexOf('a2'));
  } finally {
    await room.close();
  }
}, 30_000);

test('work that would not end is ended: its thread with it, and the next starts anew', async () => {
  const room = new WorkRoom(addressOf(open.suanpan.pool), { threads: 1, milliseconds: 1 });
  try {
    const work = { kind: 'forecast', account: 'acme', now: open.suanpan.clock() } as const;
    for (const _ of [1, 2]) {
      expect(await room.run(work, shareNamed('a'))).toMatchObject({
        refusal: { refused: 'TOO_MUCH_WORK', facts: { seconds: '0.001' } },
      });
    }
  } finally {
    await room.close();
  }
}, 30_000);

const easyPlan = { book: 'faceid-legacy', use: [{ of: 'identity', calls: 1000 }] };

/** A call without a key, as a proxy hands it on. */
const strange = (address: string, url: string, body: object) =>
  open.call('POST', url, body, { authorization: '', 'x-forwarded-for': address });

/** The same over a connection that can be cut; resolves once the request has been passed on to its work. */
async function openConnections(addresses: readonly string[], body: object): Promise<{ cut(): void }> {
  const arrived = new Promise<void>((all) => {
    let left = addresses.length;
    open.app.server.on('request', function count() {
      left -= 1;
      if (left > 0) return;
      open.app.server.off('request', count);
      // Bodies are read, and the work is in line, before a later request is.
      all();
    });
  });
  const { port } = open.app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: false });
  const text = JSON.stringify(body);
  const requests = addresses.map((address) => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
    const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/v1/plans', agent, headers });
    sent.on('error', () => {});
    sent.end(text);
    return sent;
  });
  await arrived;
  return { cut: () => void requests.map((sent) => sent.destroy()) };
}

test('plans of strangers take nothing from those who have a key, nor quotes from other strangers', async () => {
  await open.app.listen({ port: 0, host: '127.0.0.1' });
  const crowd = await openConnections(
    Array.from({ length: 160 }, (_, index) => `10.${index}.0.1`),
    hardPlan(),
  );
  const [refused, ...asked] = await Promise.all([
    strange('192.0.2.1', '/v1/plans', easyPlan),
    open.call('POST', '/v1/quotes', { book: 'faceid-legacy', use: [{ of: 'identity', calls: 1 }] }),
    open.call('GET', '/v1/accounts/acme/forecast'),
    open.call('POST', '/v1/plans', easyPlan, await open.keyOf('acme')),
    strange('192.0.2.1', '/v1/quotes', { book: 'faceid-legacy', use: [{ of: 'identity', calls: 1 }] }),
  ]);
  expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  // There is no place left for another stranger's plan, and the refusal has words for what has no id.
  expect(refused).toMatchObject({ status: 503, json: { code: 'OVERLOADED' } });
  expect(refused.json.detail).not.toMatch(/with the same id/);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(12);
  // Whoever hangs up leaves the line, and what was begun for them is ended.
  const cutAt = performance.now();
  crowd.cut();
  const again = await untilTaken(() => strange('192.0.2.1', '/v1/plans', easyPlan));
  expect(again.status).toBe(200);
  // Left in line, the crowd would have had two plans made before.
  expect(performance.now() - cutAt).toBeLessThan(6_000);
}, 60_000);

/** The server learns of cut connections one after another. */
async function untilTaken(call: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    const reply = await call();
    if (reply.status !== 503) return reply;
    await new Promise((later) => setImmediate(later));
  }
}

/** A room with one thread, and a plan that keeps it for as long as a plan may. */
function busyRoom(options: RoomOptions, gone?: AbortSignal) {
  const room = new WorkRoom(addressOf(open.suanpan.pool), { threads: 1, longThreads: 1, ...options });
  const shelved = open.suanpan.books.shelved('faceid-legacy');
  if (shelved === undefined) throw new Error('no book');
  const sent = { digest: shelved.digest, document: shelved.document };
  const { book: _, ...request } = hardPlan();
  const hard = { kind: 'plan', book: sent, request } as const;
  const easy = { kind: 'plan', book: sent, request: { use: [{ of: 'identity', calls: 1 }] } } as const;
  return { room, easy, hard, first: room.run(hard, shareNamed('first'), gone) };
}

test('patience in line has an end, and the refusal says when a place will be free', async () => {
  const { room, easy, first } = busyRoom({ patience: 100 });
  try {
    const waited = room.run(easy, shareNamed('other'));
    const ended: string[] = [];
    await Promise.all([waited.then(() => ended.push('waited')), first.then(() => ended.push('first'))]);
    expect(ended).toEqual(['waited', 'first']);
    const answer = await waited;
    expect(answer).toMatchObject({ refusal: { refused: 'OVERLOADED' } });
    const seconds = Number('refusal' in answer ? answer.refusal.facts.retryAfter : '');
    // The plan that runs has its twelve seconds, of which little has gone by.
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThanOrEqual(12);
    // The place is free again now.
    expect(await room.run(easy, shareNamed('other'))).toHaveProperty('body');
  } finally {
    await room.close();
  }
}, 30_000);

test('whoever hangs up leaves the line, and the thread', async () => {
  const [running, waiting] = [new AbortController(), new AbortController()];
  const { room, easy, hard, first } = busyRoom({ mostWaiting: 1 }, running.signal);
  try {
    const second = room.run(hard, shareNamed('second'), waiting.signal);
    expect(await room.run(easy, shareNamed('third'))).toMatchObject({ refusal: { refused: 'OVERLOADED' } });
    waiting.abort();
    expect(await second).toHaveProperty('refusal');
    // Its place in line is taken by another, who is served when the first has hung up too: long before that plan is made.
    const third = room.run(easy, shareNamed('third'));
    running.abort();
    expect(await first).toHaveProperty('refusal');
    expect(await third).toHaveProperty('body');
    expect(await room.run(easy, shareNamed('fourth'), AbortSignal.abort())).toHaveProperty('refusal');
  } finally {
    await room.close();
  }
}, 30_000);

test('neighbours in one network have its turn together, and bounded places in line', async () => {
  const { room, easy, first } = busyRoom({ patience: 60_000 }, AbortSignal.timeout(500));
  try {
    const ended: string[] = [];
    const run = async (own: string, wider: string) => {
      const answer = await room.run(easy, shareNamed(own, wider));
      ended.push('refusal' in answer ? `${own} refused` : own);
    };
    const crowd = [1, 2, 3, 4, 5].map((index) => run(`crowd ${index}`, 'crowd'));
    await Promise.all([...crowd, run('other', 'elsewhere'), first]);
    expect(ended).toEqual(['crowd 5 refused', 'crowd 1', 'other', 'crowd 2', 'crowd 3', 'crowd 4']);
  } finally {
    await room.close();
  }
}, 30_000);

test('a stranger is a network, which has its turn with those around it', () => {
  const at = (address: string) => shareOf(nobody, address);
  expect(at('2001:db8:7:1::1')).toEqual(at('2001:db8:7:1:ffff::2'));
  expect(at('2001:db8:7:2::1').own).not.toBe(at('2001:db8:7:1::1').own);
  expect(at('2001:db8:7:ffff::1').wider).toBe(at('2001:db8:7:1::1').wider);
  expect(at('2001:db8:8:1::1').wider).not.toBe(at('2001:db8:7:1::1').wider);
  expect(at('192.0.2.1').own).not.toBe(at('192.0.2.2').own);
  expect(at('192.0.2.1').wider).toBe(at('::ffff:192.0.2.2').wider);
  expect(at('192.0.3.1').wider).not.toBe(at('192.0.2.1').wider);
  const keyed = shareOf({ ...nobody, account: 'acme', prefix: 'abc' }, '192.0.2.1');
  expect(keyed).toEqual(shareOf({ ...nobody, account: 'acme', prefix: 'def' }, '198.51.100.1'));
  expect(keyed.wider).toBe(keyed.own);
});
