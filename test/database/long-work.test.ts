// Whatever a request may ask to have computed, it is computed beside the calls of others, within a time, and each caller has a
// share: the worst bodies that the limits allow, and how long the event loop stood still meanwhile.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { addressOf } from '../../src/store/connect.ts';
import { WorkRoom } from '../../src/threads/work-room.ts';
import { type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { longestStandstill, standstill } from '../setup/standstill.ts';

let open: OpenApp;

beforeAll(async () => {
  open = await openApp('2026-06-05T10:00:00+08:00');
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
  for (const { status, json } of [await plan, await second]) {
    // The best that was found, and how much cheaper another might be.
    expect(status).toBe(200);
    expect(json).toMatchObject({ best: { proof: { gap: expect.stringMatching(/^[1-9]\d*\.\d\d$/) } } });
  }
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
        caller,
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
      expect(await room.run(work, 'a')).toMatchObject({
        refusal: { refused: 'TOO_MUCH_WORK', facts: { seconds: '0.001' } },
      });
    }
  } finally {
    await room.close();
  }
}, 30_000);
