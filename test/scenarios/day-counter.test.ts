// Tiers counted by the day without a database: quotes of days, what is refused, notices with their day, what plans and comparisons do not say.

import { expect, test } from 'vitest';
import { monthsApart } from '../../src/book/compare.ts';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { differencesOf } from '../../src/core/book-version.ts';
import type { Period } from '../../src/core/calendar.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { planMonth } from '../../src/plan/plan.ts';
import { linesOf } from '../../src/reconcile/figures.ts';
import { rightReading } from '../../src/reconcile/reading.ts';
import { quote, type UseWish } from '../../src/scenario/quote.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { dayBook } from '../setup/day-book.ts';

function bookOf(document: unknown): PriceBook {
  const parsed = parsePriceBook(document);
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.book;
}
const book = bookOf(dayBook);
const asked = (...rows: readonly (readonly [of: string, calls: number, days?: number])[]) =>
  quote(book, {
    use: rows.map(
      ([of, calls, days]): UseWish => ({ of, calls: callsOf(calls), ...(days === undefined ? {} : { days }) }),
    ),
    packs: [],
    gifts: [],
  });

test.each([
  ['check', [['check', 200, 2]], '1.40'],
  [
    'days that differ',
    [
      ['check', 100, 10],
      ['check', 300, 20],
    ],
    '23.00',
  ],
  [
    'a day with a cheaper tier',
    [
      ['scan', 999, 1],
      ['scan', 1000, 1],
    ],
    '1799.00',
  ],
  ['days of a tariff counted by the month', [['month', 500, 2]], '80.00'],
  ['no calls', [['check', 0, 31]], '0.00'],
] as const)('a quote of days: %s', (_, rows, total) => {
  const answer = asked(...rows);
  expect(isRefusal(answer) ? answer : answer.total).toBe(total);
});

test.each([
  [[['check', 6000]], 'DAYS_NEEDED', '/use/0/days'],
  [
    [
      ['month', 5],
      ['scan', 5, 32],
    ],
    'INVALID_INPUT',
    '/use/1/days',
  ],
  [
    [
      ['scan', 5, 20],
      ['scan', 6, 12],
    ],
    'INVALID_INPUT',
    '/use/1/days',
  ],
  [[['scan', 5, 0.5]], 'INVALID_INPUT', '/use/0/days'],
] as const)('%j is refused with %s', (rows, refused, pointer) => {
  expect(asked(...rows)).toMatchObject({ refused, pointer });
});

test('a bound is told of with its day, a cliff is not: no call can be added to a day that is over', () => {
  const answer = asked(['scan', 900, 1], ['scan', 1000, 1]);
  expect(isRefusal(answer) ? [] : answer.notices.map(({ code, facts }) => [code, facts.day])).toEqual([
    ['ON_BOUND', '2026-01-02'],
  ]);
  expect(isRefusal(answer) ? '' : answer.lines[0]).toMatchObject({
    day: '2026-01-01',
    formula: { en: expect.stringContaining('2026-01-01: 900 × USD 1.00 = USD 900.00 (volume: n = 900') },
  });
});

test('plans are made by the month: calls counted by the day are refused, others planned', async () => {
  const plan = (of: string) => planMonth(book, { use: [{ of, calls: 5000 }] });
  expect(await plan('scan')).toMatchObject({ refused: 'COUNTED_BY_DAY', pointer: '/use/0/of' });
  expect(await plan('month')).toMatchObject({ best: { total: '400.00' } });
});

test('fees and limits are of months: with days they are refused', () => {
  const [check, ...others] = dayBook.tariffs;
  for (const terms of [{ fee: '5' }, { minimum: '5' }, { withoutCalls: true }]) {
    expect(parsePriceBook({ ...dayBook, tariffs: [{ ...check, ...terms }, ...others] })).toMatchObject({
      problems: [{ code: 'DAY_WITH_FEES', pointer: '/tariffs/0/counter' }],
    });
  }
});

test('a version of a book cannot count otherwise, and months by the day are not compared as months', () => {
  const monthly = bookOf({ ...dayBook, tariffs: dayBook.tariffs.map((tariff) => ({ ...tariff, counter: 'month' })) });
  const spelled = bookOf({
    ...dayBook,
    tariffs: dayBook.tariffs.map((tariff) => ({ counter: 'month', ...tariff })),
  });
  expect(differencesOf(book, monthly)).toEqual(['tariffs']);
  expect(differencesOf(book, spelled)).toEqual([]);
  expect(monthsApart(book, monthly)).toEqual([]);
});

test('a month lived day by day, with a gift first', () => {
  const at = (day: number) => `2026-01-${String(day).padStart(2, '0')}T10:00:00+08:00`;
  const run = simulate(
    {
      book: dayBook,
      account: { id: 'a', balance: '100.00' },
      steps: [
        { at: at(1), do: 'gift', id: 'g', product: 'scan', calls: 500 },
        { at: at(2), do: 'use', id: 'u1', meter: 'scan', calls: 1200 },
        { at: at(3), do: 'use', id: 'u2', meter: 'scan', calls: 700 },
        { at: '2026-02-03T10:00:00+08:00', do: 'close', month: '2026-01' },
      ],
    },
    new Map(),
  );
  if (isRefusal(run) || 'problems' in run) throw new Error(JSON.stringify(run));
  // The gift paid 500 of the first day, which reached the tier from 1,000 with them.
  expect(run.bills[0]).toMatchObject({ postpaid: '1260.00', giftsUsed: [{ pack: 'g', calls: 500, saved: '400.00' }] });
});

test('the line that a provider should bill for days is their sum, each rounded by itself', () => {
  const postpaid = new Map([
    ['2026-01-01|check', 101n],
    ['2026-01-02|check', 101n],
    ['2026-01-02|scan', 950n],
  ]);
  const draws = new Map([['2026-01-02|scan|pack', 50n]]);
  const lines = linesOf({ postpaid, draws }, rightReading(book, [], '2026-01' as Period));
  expect(lines).toEqual([
    // 0.502 a day: 0.50 twice, where the month's sum would be 1.004.
    {
      tariff: 'check',
      calls: 202n,
      slices: new Map([
        [50_000_000n, 200n],
        [20_000_000n, 2n],
      ]),
      amount: 100n,
      days: new Map([
        ['2026-01-01', 50n],
        ['2026-01-02', 50n],
      ]),
    },
    {
      tariff: 'scan',
      calls: 950n,
      slices: new Map([[8_000_000_000n, 950n]]),
      amount: 76_000n,
      days: new Map([['2026-01-02', 76_000n]]),
    },
  ]);
});
