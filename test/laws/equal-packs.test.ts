// Law: equal packs that stand as one with a count settle, cost and are left as the same packs one by one.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buy, factsOf, gift, openLedger, use } from '../../src/account/memory-ledger.ts';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { makeBill } from '../../src/core/bill.ts';
import { startOfPeriod } from '../../src/core/calendar.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Money, noCalls } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';
import { quoteMonth } from '../../src/scenario/quote-month.ts';

const period = '2026-01' as Parameters<typeof startOfPeriod>[1];

/** Pools at several ratios that overlap: which pack pays, and what is too little for a call, then matters. */
function pooledBook(): PriceBook {
  const legacy = JSON.parse(readFileSync(new URL('../../catalog/faceid-legacy.json', import.meta.url), 'utf8'));
  const title = { zh: '测试', en: 'test' };
  const meter = (id: string, tariff: string | null) => ({ id, title, tariff, facts: [] });
  const pool = (id: string, covers: object, sizes: readonly number[]) => ({
    id,
    title,
    covers: Object.entries(covers).map(([of, ratio]) => ({ meter: of, ratio })),
    sizes: sizes.map((calls) => ({ calls, price: `${calls}.00` })),
  });
  const parsed = parsePriceBook({
    ...legacy,
    id: 'pooled',
    codeTable: [],
    meters: [meter('a', 'flat'), meter('b', 'volume'), meter('c', null)],
    tariffs: [
      {
        id: 'flat',
        title,
        mode: 'flat',
        bound: 'lower-inclusive',
        basis: 'gross',
        tiers: [{ from: 0, to: null, price: '0.7' }],
      },
      {
        id: 'volume',
        title,
        mode: 'volume',
        bound: 'lower-inclusive',
        basis: 'after-packs',
        tiers: [
          { from: 0, to: 50, price: '2' },
          { from: 50, to: null, price: '1' },
        ],
      },
    ],
    packProducts: [
      pool('narrow', { a: 3 }, [10, 20]),
      pool('wide', { a: 1, b: 4, c: 7 }, [15, 100]),
      pool('other', { b: 5, c: 2, a: 6 }, [33, 64]),
    ],
  });
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.book;
}

const book = pooledBook();

const request = fc.record({
  use: fc.array(fc.record({ of: fc.constantFrom('a', 'b', 'c'), calls: fc.integer({ min: 1, max: 400 }) }), {
    minLength: 1,
    maxLength: 8,
  }),
  packs: fc.array(
    fc.record({
      wish: fc.constantFrom(
        ...[...book.packProducts.values()].flatMap(({ id, sizes }) =>
          sizes.map(({ calls }) => ({ product: id, size: calls })),
        ),
      ),
      count: fc.integer({ min: 1, max: 12 }),
    }),
    { maxLength: 5 },
  ),
  gifts: fc.array(
    fc.record({ product: fc.constantFrom('narrow', 'wide', 'other'), calls: fc.integer({ min: 1, max: 50 }) }),
    {
      maxLength: 2,
    },
  ),
});

type Asked = typeof request extends fc.Arbitrary<infer Value> ? Value : never;

/** The packs one by one, each with an id of its own; ids sort in the order given. */
function oneByOne({ use: uses, packs, gifts }: Asked) {
  const at = startOfPeriod(book.timeZone, period);
  const ledger = openLedger(book, { id: 'one-by-one', balance: (10n ** 30n) as Money });
  gifts.forEach(({ product, calls }, index) => {
    gift(ledger, { id: `gift-${index}`, product, calls: callsOf(calls), months: null }, at);
  });
  packs.forEach(({ wish, count }, index) => {
    for (let copy = 100; copy < 100 + count; copy += 1) buy(ledger, { ...wish, id: `pack-${index}-${copy}` }, at);
  });
  uses.forEach(({ of, calls }, index) => {
    const report = { id: `use-${index}`, meter: of, facts: null, calls: callsOf(calls), at, department: null };
    const used = use(ledger, report, at);
    if (isRefusal(used)) throw new Error(used.refused);
  });
  const bill = makeBill(factsOf(ledger, period), book);
  if (isRefusal(bill)) throw new Error(bill.refused);
  return { ledger, bill };
}

test('a quote of counted packs is the month of the same packs one by one', () => {
  fc.assert(
    fc.property(request, (asked) => {
      const counted = quoteMonth(book, {
        use: asked.use.map(({ of, calls }) => ({ of, calls: callsOf(calls) })),
        packs: asked.packs.map(({ wish, count }) => ({ ...wish, count })),
        gifts: asked.gifts.map(({ product, calls }) => ({ product, calls: callsOf(calls) })),
      });
      if (isRefusal(counted)) throw new Error(counted.refused);
      const single = oneByOne(asked);
      const { prepaid, postpaid, total, estimate } = single.bill;
      expect(counted.bill).toMatchObject({ prepaid, postpaid, total, estimate });
      const drawn = (bill: typeof single.bill) =>
        bill.usage.map(({ meter, calls, postpaid: unpaid, draws }) => ({
          meter,
          calls,
          unpaid,
          // Of the copies of one wish: gift-1, pack-2-105 and pack-3 are the wishes gift-1, pack-2 and pack-3.
          draws: [...Map.groupBy(draws, ({ pack }) => pack.split('-').slice(0, 2).join('-'))].map(([, of]) =>
            of.reduce((sum, draw) => sum + draw.calls, 0n),
          ),
        }));
      expect(drawn(counted.bill)).toEqual(drawn(single.bill));
      // Every copy has what it would have alone: a heap of rests that are too small for a call is not one pack that is not.
      const rests = (packs: typeof single.ledger.head.packs) =>
        packs
          .flatMap(({ product, runs, remaining }) => runs ?? [{ packs: 1n, remaining, product }])
          .flatMap((run) => Array.from({ length: Number(run.packs) }, () => run.remaining))
          .filter((remaining) => remaining > noCalls);
      expect(rests(counted.ledger.head.packs)).toEqual(rests(single.ledger.head.packs));
    }),
    { numRuns: 500 },
  );
});

test('a thousand packs are one line and one draw, and the work is that of one', () => {
  const packs = Array.from({ length: 100 }, (_, index) => ({
    product: ['narrow', 'wide', 'other'][index % 3] ?? '',
    size: callsOf([10, 15, 33][index % 3] ?? 0),
    count: 1000,
  }));
  const started = process.cpuUsage();
  const quoted = quote(book, { use: [{ of: 'a', calls: callsOf(10 ** 12) }], packs, gifts: [] });
  const { user } = process.cpuUsage(started);
  if (isRefusal(quoted)) throw new Error(quoted.refused);
  expect(quoted.lines.filter(({ kind }) => kind === 'pack')).toHaveLength(100);
  expect(quoted.lines[0]).toMatchObject({ pack: 'pack-001', count: 1000, amount: '10000.00' });
  expect(quoted.lines[0]?.formula.en).toBe('1,000 × pack "test", 10 calls, ¥10.00 each, ¥10,000.00 in all');
  expect(quoted.usage[0]?.draws).toHaveLength(100);
  // One by one this took minutes.
  expect(user / 1000).toBeLessThan(2_000);
});
