// Prices that depend on the order of calls, or on which meter is called, without a database: worked examples of price pages, voids, late
// calls and corrections, and what is refused where only sums are known.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { monthsApart } from '../../src/book/compare.ts';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { lintBook } from '../../src/book/lint.ts';
import { catalogFolder } from '../../src/book/shelf.ts';
import { differencesOf } from '../../src/core/book-version.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { planMonth } from '../../src/plan/plan.ts';
import { quote } from '../../src/scenario/quote.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { orderBook } from '../setup/order-book.ts';

type Tariffs = Record<string, unknown>[];
const changed = (index: number, change: object) => ({
  ...orderBook,
  tariffs: (orderBook.tariffs as Tariffs).map((tariff, at) => (at === index ? { ...tariff, ...change } : tariff)),
});
function bookOf(document: unknown) {
  const parsed = parsePriceBook(document);
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.book;
}
const book = bookOf(orderBook);

/** Steps as "day verb words…"; a step of another month says it: "02-04 close 2026-01". */
function live(...steps: string[]) {
  const run = simulate(
    {
      book: orderBook,
      account: { id: 'a', balance: '100000.00', opened: '2020-01-01' },
      steps: steps.map((text) => {
        const [day = '', verb = '', one = '', two = '', three = ''] = text.split(' ');
        const at = `2026-${day}T10:00:00+08:00`;
        if (verb === 'buy') return { at, do: 'buy', id: one, product: two, size: Number(three) };
        if (verb === 'void') return { at, do: 'void', id: one };
        if (verb === 'close') return { at, do: 'close', month: one };
        const [calls = '', time = day] = three.split('@');
        return { at, do: 'use', id: one, meter: two, calls: Number(calls), time: `2026-${time}T10:00:00+08:00` };
      }),
    },
    new Map(),
  );
  if (isRefusal(run) || 'problems' in run) throw new Error(JSON.stringify(run));
  expect(run.results.filter(({ ok }) => !ok)).toEqual([]);
  return run.bills.map(({ postpaid, adjustments }) => (adjustments === '0.00' ? postpaid : adjustments));
}

test('calls before a pack was bought stand in the tiers of their own place', () => {
  expect(
    live('01-10 use e sms 1000', '01-11 buy p sms_pack 500', '01-12 use e2 sms 500', '02-04 close 2026-01'),
  ).toEqual(['65.00']);
  // The other way round the pack's calls come first: 500 at 0.065, then 500 at 0.06.
  expect(live('01-09 buy p sms_pack 500', '01-10 use e sms 1500', '02-04 close 2026-01')).toEqual(['62.50']);
});

test('one counter, a price for each meter, each call by the tier of its place', () => {
  const calls = ['01-10 use a in 200', '01-11 use b out 200', '01-12 use c in 100', '01-13 use d in 100'];
  expect(live(...calls, '02-04 close 2026-01')).toEqual(['7.90']);
  // Late calls stand where they arrived, not where they were made; a void lets those behind it move up.
  expect(live(...calls, '01-20 use late out 100@01-09', '02-04 close 2026-01')).toEqual(['9.40']);
  expect(live(...calls, '01-20 use late out 100@01-09', '01-21 void b', '02-04 close 2026-01')).toEqual(['6.00']);
});

test('a correction of a final month prices the whole month again in its order', () => {
  const calls = ['01-10 use a in 500', '01-11 use b out 100', '02-04 close 2026-01'];
  expect(live(...calls, '02-05 void a', '03-04 close 2026-02')).toEqual(['6.50', '-4.50']);
  // The same sums, another order: 100 go out in the first tier now, and 100 come in behind all.
  const moved = ['02-05 void a', '02-06 use c in 500@01-30', '03-04 close 2026-02'];
  expect(live(...calls, ...moved)).toEqual(['6.50', '0.40']);
});

test('in volume tiers the tier that all reach prices all, each meter at its own price', () => {
  expect(live('01-10 use a voice 50', '01-11 use b video 49', '02-04 close 2026-01')).toEqual(['197.00']);
  expect(live('01-10 use a voice 50', '01-11 use b video 50', '02-04 close 2026-01')).toEqual(['165.00']);
  expect(
    live('01-09 buy p voice_pack 50', '01-10 use a voice 60', '01-11 use b video 50', '02-04 close 2026-01'),
  ).toEqual(['133.00']);
});

test('a quote takes its rows in the order in which they stand', () => {
  const asked = (...rows: [string, number][]) =>
    quote(book, { use: rows.map(([of, calls]) => ({ of, calls: callsOf(calls) })), packs: [], gifts: [] });
  expect(asked(['in', 500], ['out', 100])).toMatchObject({ total: '6.50' });
  expect(asked(['out', 100], ['in', 500])).toMatchObject({
    total: '6.90',
    lines: [
      {
        slices: [
          { tier: 0, meter: 'in', calls: 400, unitPrice: '0.01' },
          { tier: 0, meter: 'out', calls: 100, unitPrice: '0.02' },
          { tier: 1, meter: 'in', calls: 100, unitPrice: '0.009' },
        ],
      },
    ],
  });
});

test('a tariff whose meters have prices of their own is asked for by meter: which is meant would decide the amount', () => {
  const asked = { use: [{ of: 'lines', calls: callsOf(800) }], packs: [], gifts: [] };
  expect(quote(book, asked)).toMatchObject({ refused: 'AMBIGUOUS_METER' });
});

test('what knows only sums refuses', async () => {
  for (const of of ['sms', 'in', 'voice'])
    expect(await planMonth(book, { use: [{ of, calls: 5000 }] })).toMatchObject({ refused: 'PRICED_BY_PLACE' });
});

test.each([
  [0, { mode: 'volume' }, 'NOT_IN_ORDER', '/tariffs/0/basis'],
  [0, { counter: 'day' }, 'NOT_IN_ORDER', '/tariffs/0/counter'],
  [1, { basis: 'gross' }, 'NOT_IN_ORDER', '/tariffs/1/basis'],
  [1, { tiers: [{ from: 0, to: null }] }, 'MISSING', '/tariffs/1/tiers/0/price'],
  [
    1,
    { tiers: [{ from: 0, to: null, price: '1', prices: { in: '1', out: '1' } }] },
    'METER_PRICES',
    '/tariffs/1/tiers/0/price',
  ],
  [1, { tiers: [{ from: 0, to: null, prices: { in: '1' } }] }, 'METER_PRICES', '/tariffs/1/tiers/0/prices'],
  [
    1,
    {
      tiers: [
        { from: 0, to: 10, prices: { in: '1', out: '1' } },
        { from: 10, to: null, price: '1', per: 2, part: 'up' },
      ],
    },
    'METER_PRICES',
    '/tariffs/1/tiers/1/per',
  ],
  [
    1,
    { tiers: [{ from: 0, to: null, prices: { in: '1', out: '1', sms: '1' } }] },
    'METER_PRICES',
    '/tariffs/1/tiers/0/prices/sms',
  ],
] as const)('tariff %i with %j is refused: %s', (index, change, code, pointer) => {
  expect(parsePriceBook(changed(index, change))).toMatchObject({ problems: [{ code, pointer }] });
});

test('packs that pay for earlier calls do not go with it: who pays must be known as each call comes', () => {
  const policies = { ...(orderBook.policies as object), packCovers: 'day' };
  expect(parsePriceBook({ ...orderBook, policies })).toMatchObject({
    problems: [{ code: 'COVERS_IN_ORDER', pointer: '/policies/packCovers' }],
  });
});

test('a version keeps the order and the prices by meter; two books are compared meter by meter', () => {
  const gross = bookOf(changed(0, { basis: 'gross' }));
  expect(differencesOf(book, gross)).toEqual(['tariffs']);
  const plain = bookOf(changed(2, { tiers: [{ from: 0, to: null, price: '2' }] }));
  expect(differencesOf(book, plain)).toEqual(['meterPrices']);
  const dearer = bookOf(changed(2, { tiers: [{ from: 0, to: null, prices: { voice: '1', video: '5' } }] }));
  const months = monthsApart(book, dearer).map(({ meters, calls }) => `${meters.map(({ id }) => id)} ${calls}`);
  expect(months).toEqual(['voice 100', 'voice 1000', 'video 1', 'video 99', 'video 100', 'video 1000']);
});

test('the linter looks at the prices of each meter by itself', () => {
  const rising = changed(2, {
    tiers: [
      { from: 0, to: 100, prices: { voice: '1', video: '3' } },
      { from: 100, to: null, prices: { voice: '1.2', video: '2.9' } },
    ],
  });
  const found = lintBook(bookOf(rising)).map(({ code, pointer }) => `${code} ${pointer}`);
  expect(found).toContain('TIER_PRICE_RISES /tariffs/2/tiers/1/prices/voice');
  expect(found.join()).not.toContain('prices/video');
});

test('the example of a page: 500,000 calls of three meters, then the cheaper price', () => {
  // What a call of the other two costs above 500,000 plays no part.
  const phone = {
    ...orderBook,
    meters: ['inbound', 'outbound', 'toll_free'].map((id) => ({ id, title: { zh: id, en: id }, tariff: 'lines' })),
    tariffs: [
      {
        ...(orderBook.tariffs as Tariffs)[1],
        tiers: [
          { from: 0, to: 500_000, prices: { inbound: '0.01', outbound: '0.02', toll_free: '0.03' } },
          { from: 500_000, to: null, prices: { inbound: '0.009', outbound: '0.02', toll_free: '0.03' } },
        ],
      },
    ],
    packProducts: [],
  };
  const use = (['inbound 200000', 'outbound 200000', 'toll_free 100000', 'inbound 1000'] as const).map((row) => {
    const [of = '', calls = ''] = row.split(' ');
    return { of, calls: callsOf(BigInt(calls)) };
  });
  expect(quote(bookOf(phone), { use, packs: [], gifts: [] })).toMatchObject({ total: '9009.00' });
});

test('the example of a page: a pack bought behind a million calls pays cheaper ones', () => {
  const at = (day: string) => `2026-01-${day}T00:00:00+08:00`;
  const document = JSON.parse(readFileSync(new URL('examples/huawei-sms.json', catalogFolder), 'utf8')) as object;
  const run = simulate(
    {
      book: document,
      account: { id: 'a', balance: '100000.00', opened: '2020-01-01' },
      steps: [
        { at: at('10'), do: 'use', id: 'e', meter: 'm', calls: 1_000_000 },
        { at: at('11'), do: 'buy', id: 'p', product: 'sms', size: 5_000 },
        { at: at('12'), do: 'use', id: 'e2', meter: 'm', calls: 5_000 },
        { at: '2026-02-04T00:00:00+08:00', do: 'close', month: '2026-01' },
      ],
    },
    new Map(),
  );
  expect(isRefusal(run) || 'problems' in run ? run : run.bills).toMatchObject([{ postpaid: '65000.00' }]);
});
