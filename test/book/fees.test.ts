// What a tariff costs beside its calls: fees of tiers and months, the least and most of a month. What other billing systems' tests come to,
// by both implementations; what is said of it, and what is refused.

import { describe, expect, it } from 'vitest';
import { monthsApart } from '../../src/book/compare.ts';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { lintBook } from '../../src/book/lint.ts';
import { statementsOf } from '../../src/book/statements.ts';
import type { LineDocument } from '../../src/core/bill-document.ts';
import { callsOf } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';
import { arithmeticOf } from '../../src/words/arithmetic.ts';
import type { BookJson, TariffJson } from '../naive/json.ts';
import { naiveQuote } from '../naive/quote.ts';
import { tierBook } from './tier-book.ts';

type Tiers = readonly (readonly [to: number | null, price: string, fee?: string])[];
type Months = readonly (readonly [calls: number, amount: string])[];

const vectors: readonly (readonly [TariffJson['mode'], Tiers, Months])[] = [
  [
    'volume',
    [
      [100, '2', '10'],
      [200, '1', '0'],
      [null, '0.5', '50'],
    ],
    [
      [0, '10.00'],
      [1, '12.00'],
      [100, '210.00'],
      [101, '101.00'],
      [200, '200.00'],
      [210, '155.00'],
      [300, '200.00'],
    ],
  ],
  [
    'graduated',
    [
      [10, '10', '2'],
      [20, '5', '3'],
      [null, '5', '3'],
    ],
    [
      [0, '2.00'],
      [1, '12.00'],
      [10, '102.00'],
      [11, '110.00'],
      [12, '115.00'],
      [21, '163.00'],
    ],
  ],
  [
    'graduated',
    [
      [5, '10', '100'],
      [null, '5', '50'],
    ],
    [
      [3, '130.00'],
      [8, '215.00'],
    ],
  ],
  [
    'volume',
    [
      [10, '5', '100'],
      [null, '2', '50'],
    ],
    [
      [5, '125.00'],
      [15, '80.00'],
    ],
  ],
  [
    'volume',
    [
      [10000, '0.0010', '10'],
      [50000, '0.0008', '10'],
      [100000, '0.0006', '10'],
      [null, '0.0004', '10'],
    ],
    [[65000, '49.00']],
  ],
  [
    'graduated',
    [
      [5, '0', '100'],
      [10, '0', '50'],
      [15, '10', '0'],
      [null, '5', '0'],
    ],
    [
      [0, '100.00'],
      [3, '100.00'],
      [5, '100.00'],
      [7, '150.00'],
      [12, '170.00'],
      [22, '235.00'],
    ],
  ],
  [
    'graduated',
    [
      [5, '0', '100'],
      [10, '0', '50'],
      [15, '5', '0'],
      [null, '1', '0'],
    ],
    [[22, '182.00']],
  ],
  [
    'volume',
    [
      [5, '0', '100'],
      [10, '0', '150'],
      [15, '10', '0'],
      [null, '5', '0'],
    ],
    [
      [0, '100.00'],
      [3, '100.00'],
      [5, '100.00'],
      [7, '150.00'],
      [14, '140.00'],
    ],
  ],
  ['graduated', [[null, '1', '10']], [[5, '15.00']]],
];

const tiersOf = (tiers: Tiers): TariffJson['tiers'] =>
  tiers.map(([to, price, fee], index) => ({
    from: tiers[index - 1]?.[0] ?? 0,
    ...{ to, price },
    ...(fee === undefined ? {} : { fee }),
  }));

const bookOf = (mode: TariffJson['mode'], tiers: Tiers, more: Partial<TariffJson> = {}): BookJson =>
  tierBook(mode, tiersOf(tiers), { withoutCalls: true, ...more });

function read(book: BookJson) {
  const parsed = parsePriceBook(book);
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed;
}

function quoted(book: BookJson, calls: number) {
  const answer = quote(read(book).book, { use: [{ of: 'm', calls: callsOf(calls) }], packs: [], gifts: [] });
  if ('refused' in answer) throw new Error(answer.refused);
  return answer;
}

const both = (book: BookJson, calls: number): (string | null)[] => [
  quoted(book, calls).total,
  naiveQuote(book, { use: [{ meter: 'm', calls }], packs: [], gifts: [] }).total,
];

describe('fees of tiers', () => {
  it.each(vectors)('%s %j: %j', (mode, tiers, months) => {
    const book = bookOf(mode, tiers);
    expect(months.map(([calls]) => both(book, calls))).toEqual(months.map(([, amount]) => [amount, amount]));
  });

  it('in a month without calls only where the book says so', () => {
    const tiers: Tiers = [[null, '1', '10']];
    const more = { fee: '5', minimum: '20' };
    expect(both(bookOf('flat', tiers, more), 0)).toEqual(['20.00', '20.00']);
    expect(both(bookOf('flat', tiers, { ...more, withoutCalls: false }), 0)).toEqual(['0.00', '0.00']);
    expect(both(bookOf('flat', tiers, { ...more, withoutCalls: false }), 1)).toEqual(['20.00', '20.00']);
    expect(both(bookOf('flat', tiers, { ...more, withoutCalls: false }), 6)).toEqual(['21.00', '21.00']);
  });
});

describe('the least and most of a month', () => {
  it.each<readonly [Tiers, Partial<TariffJson>, number, string]>([
    [[[null, '15']], { minimum: '100' }, 0, '100.00'],
    [
      [
        [5, '0', '100'],
        [null, '5'],
      ],
      { minimum: '150' },
      0,
      '150.00',
    ],
    [
      [
        [5, '0', '100'],
        [10, '0', '150'],
        [null, '5'],
      ],
      { maximum: '125' },
      7,
      '125.00',
    ],
    [[[null, '1']], { maximum: '3' }, 5, '3.00'],
    [[[null, '1']], { minimum: '5', maximum: '5' }, 9, '5.00'],
  ])('%j with %j, %i calls: %s', (tiers, limits, calls, amount) => {
    expect(both(bookOf('volume', tiers, limits), calls)).toEqual([amount, amount]);
  });
});

describe('what is said of it', () => {
  const book = bookOf(
    'graduated',
    [
      [100, '2', '10'],
      [null, '1', '5'],
    ],
    { fee: '7.5', maximum: '150' },
  );

  it('each fee is a line of its own, and the lines are the total', () => {
    const { lines, postpaid, total } = quoted(book, 150);
    expect(lines.map((line) => [line.kind, 'reason' in line ? line.reason : null, line.amount])).toEqual([
      ['postpaid', null, '250.00'],
      ['fee', 'month', '7.50'],
      ['fee', 'tier', '10.00'],
      ['fee', 'tier', '5.00'],
      ['fee', 'maximum', '-122.50'],
    ]);
    expect([postpaid, total]).toEqual(['150.00', '150.00']);
    const [, month, , second, most] = lines;
    expect(arithmeticOf(most as unknown as LineDocument)).toBe('150.00 − 272.50 = -122.50');
    expect(month?.formula).toEqual({ zh: '每月固定费用 ¥7.50', en: 'monthly fee ¥7.50' });
    expect(second?.formula.zh).toBe('档位固定费用（100 < n） ¥5.00');
    expect(most?.formula.en).toBe('down to the monthly maximum: ¥150.00 − ¥272.50 = -¥122.50');
  });

  it('a fee of nothing is no line', () => {
    expect(quoted(bookOf('flat', [[null, '1', '0']], { fee: '0.00' }), 2).lines).toHaveLength(1);
  });

  it('where a price is missing no limit is known, only its estimate', () => {
    const tiers = [...tiersOf([[100, '2']]), { from: 100, to: null, price: null }];
    const { lines, total, estimate } = quoted(tierBook('volume', tiers, { maximum: '150' }), 200);
    expect([total, estimate]).toEqual([null, '150.00']);
    expect(lines[1]).toMatchObject({
      reason: 'maximum',
      before: null,
      amount: null,
      quoteRequired: true,
      estimate: '-250.00',
    });
  });

  it('the list of what a book says, the linter and a comparison have it', () => {
    const { book: decoded, document } = read(book);
    const says = new Map(statementsOf(decoded, document).map((each) => [each.key, each.says.en]));
    expect([says.get('t'), says.get('t 100')]).toEqual([
      'graduated, after-packs, upper-inclusive, fee 7.50, maximum 150.00, withoutCalls',
      '1.00 + 5.00',
    ]);
    // 91 to 100 calls cost more than 101, with the fee of that tier; without it 51 would.
    const cliff = lintBook(
      bookOf('volume', [
        [100, '2'],
        [null, '1', '80'],
      ]),
    ).filter(({ code }) => code === 'DEAD_ZONE');
    expect(cliff.map(({ facts }) => facts)).toMatchObject([{ from: 91n, to: 100n, amount: '181.00' }]);
    const dearer = read(
      bookOf(
        'graduated',
        [
          [100, '2', '10'],
          [null, '1', '5'],
        ],
        { fee: '8', maximum: '150' },
      ),
    );
    expect(monthsApart(decoded, dearer.book)[0]).toMatchObject({ calls: 0n, one: 1750n, other: 1800n });
  });

  it.each([
    [{ fee: '1.234' }, 'WRONG_FORMAT /tariffs/0/fee'],
    [{ minimum: '10', maximum: '9.99' }, 'LIMITS_CROSSED /tariffs/0/maximum'],
    [{ withoutCalls: 'yes' }, 'WRONG_TYPE /tariffs/0/withoutCalls'],
    [{ tiers: [{ from: 0, to: null, price: '1', fee: '-1' }] }, 'WRONG_FORMAT /tariffs/0/tiers/0/fee'],
  ])('%o is refused', (wrong, code) => {
    const parsed = parsePriceBook(bookOf('flat', [[null, '1']], wrong as Partial<TariffJson>));
    expect(hasProblems(parsed) ? parsed.problems.map((each) => `${each.code} ${each.pointer}`) : []).toEqual([code]);
  });
});
