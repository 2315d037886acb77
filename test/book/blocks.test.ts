// Prices of blocks of calls: what other billing systems' tests and public price pages come to, by both implementations, and how the
// parts of the product say it.

import { describe, expect, it } from 'vitest';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { statementsOf } from '../../src/book/statements.ts';
import type { LineDocument } from '../../src/core/bill-document.ts';
import { type BlockPart, callsOf } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';
import { arithmeticOf } from '../../src/words/arithmetic.ts';
import type { BookJson, TariffJson } from '../naive/json.ts';
import { naiveQuote } from '../naive/quote.ts';
import { tierBook } from './tier-book.ts';

type Tiers = TariffJson['tiers'];

/** Price per block, of how many calls, what a part counts as, calls that are free first, calls, amount. */
type Vector = readonly [price: string, per: number, part: BlockPart, free: number, calls: number, amount: string];

const vectors: readonly Vector[] = [
  ['100', 10, 'up', 0, 121, '1300.00'],
  ['100', 10, 'up', 10, 121, '1200.00'],
  ['100', 10, 'up', 200, 121, '0.00'],
  ['100', 10, 'up', 0, 3, '100.00'],
  ['100', 10, 'up', 0, 15, '200.00'],
  ['100', 10, 'up', 5, 3, '0.00'],
  ['100', 10, 'up', 5, 12, '100.00'],
  ['50', 10, 'up', 0, 25, '150.00'],
  ['1', 100, 'up', 0, 0, '0.00'],
  ['1', 100, 'up', 0, 2, '1.00'],
  ['1', 100, 'up', 0, 99, '1.00'],
  ['1', 100, 'up', 0, 100, '1.00'],
  ['1', 100, 'up', 0, 101, '2.00'],
  ['1', 100, 'up', 0, 150, '2.00'],
  ['1', 100, 'up', 0, 250, '3.00'],
  ['1', 100, 'up', 0, 300, '3.00'],
  ['1', 100, 'down', 0, 50, '0.00'],
  ['1', 100, 'down', 0, 250, '2.00'],
  ['15', 10, 'up', 0, 0, '0.00'],
  ['15', 10, 'up', 0, 5, '15.00'],
  ['15', 10, 'up', 0, 10, '15.00'],
  ['15', 10, 'up', 0, 22, '45.00'],
  ['5', 20, 'up', 0, 45, '15.00'],
  ['2.95', 100, 'up', 0, 199, '5.90'],
  ['2.95', 100, 'up', 0, 350, '11.80'],
  ['1', 100, 'up', 0, 401, '5.00'],
  ['1', 100, 'up', 0, 199, '2.00'],
  ['1.25', 1_000_000, 'up', 0, 10, '1.25'],
  ['1.25', 1_000_000, 'up', 0, 1_000_000, '1.25'],
  ['1.25', 1_000_000, 'up', 0, 1_500_000, '2.50'],
  ['1.00', 1000, 'up', 0, 4500, '5.00'],
  // Speech is metered by the second and priced by the hour: no number of decimals writes that price.
  ['3.2', 3600, 'exact', 0, 1, '0.00'],
  ['3.2', 3600, 'exact', 0, 6, '0.01'],
  ['3.2', 3600, 'exact', 0, 3600, '3.20'],
  ['3.2', 3600, 'exact', 0, 1_000_000, '888.89'],
  ['16', 60, 'exact', 0, 220, '58.67'],
  ['0.075', 1_000_000, 'exact', 0, 1_000_000_000, '75.00'],
];

const whole = (price: string, per: number, part: BlockPart, free: number): BookJson =>
  tierBook('graduated', [
    ...(free === 0 ? [] : [{ from: 0, to: free, price: '0' }]),
    { from: free, to: null, price, per, part },
  ]);

function amountsOf(book: BookJson, calls: number): (string | null)[] {
  const parsed = parsePriceBook(book);
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  const quoted = quote(parsed.book, { use: [{ of: 'm', calls: callsOf(calls) }], packs: [], gifts: [] });
  if ('refused' in quoted) throw new Error(quoted.refused);
  const naive = naiveQuote(book, { use: [{ meter: 'm', calls }], packs: [], gifts: [] });
  return [quoted.postpaid, naive.postpaid];
}

describe('a price of a block of calls', () => {
  it.each(vectors)('%s per %i, a part %s, after %i free, of %i calls: %s', (price, per, part, free, calls, amount) => {
    expect(amountsOf(whole(price, per, part, free), calls)).toEqual([amount, amount]);
  });

  it.each<readonly [TariffJson['mode'], Tiers, number, string]>([
    // Each slice has blocks of its own; the tier reached prices them all.
    [
      'graduated',
      [
        { from: 0, to: 1000, price: '1', per: 100, part: 'up' },
        { from: 1000, to: null, price: '1', per: 1000, part: 'up' },
      ],
      5325,
      '15.00',
    ],
    [
      'volume',
      [
        { from: 0, to: 1000, price: '1', per: 100, part: 'up' },
        { from: 1000, to: 101_000, price: '1', per: 1000, part: 'up' },
        { from: 101_000, to: null, price: '0.5', per: 1000, part: 'up' },
      ],
      101_001,
      '51.00',
    ],
    [
      'graduated',
      [
        { from: 0, to: 1_000_000, price: '0.1', per: 3, part: 'exact' },
        { from: 1_000_000, to: null, price: '0.1', per: 7, part: 'exact' },
      ],
      1_000_001,
      '33333.35',
    ],
  ])('%s tiers of different blocks', (mode, tiers, calls, amount) => {
    expect(amountsOf(tierBook(mode, tiers), calls)).toEqual([amount, amount]);
  });
});

describe('what is said of it', () => {
  const read = (book: BookJson) => {
    const parsed = parsePriceBook(book);
    if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
    return parsed;
  };
  const codes = (book: BookJson) => {
    const parsed = parsePriceBook(book);
    return hasProblems(parsed) ? parsed.problems.map(({ code, pointer }) => `${code} ${pointer}`) : [];
  };

  it('a line names the block and can be worked out again', () => {
    const { book } = read(whole('1.25', 1000, 'up', 500));
    const quoted = quote(book, { use: [{ of: 'm', calls: callsOf(1700) }], packs: [], gifts: [] });
    if ('refused' in quoted) throw new Error(quoted.refused);
    const [line] = quoted.lines;
    expect(line).toMatchObject({ amount: '2.50', unitPrice: null });
    expect(line).toMatchObject({
      slices: [
        { tier: 0, calls: 500, unitPrice: '0.00' },
        { tier: 1, calls: 1200, unitPrice: '1.25', per: 1000, part: 'up' },
      ],
    });
    expect(arithmeticOf(line as unknown as LineDocument)).toBe('500 × 0.00 + (1,200 ÷ 1,000 ↑ 2) × 1.25 = 2.50');
    expect(line?.formula.zh).toContain('(1,200 ÷ 1,000 ↑ 2) × ¥1.25');
  });

  it('the list of what a book says has the block', () => {
    const { book, document } = read(whole('3.2', 3600, 'exact', 0));
    expect(statementsOf(book, document).find(({ key }) => key === 't 0')?.says.en).toBe('3.20/3600, exact');
  });

  it.each([
    [{ per: 1000 }, 'PER_AND_PART /tariffs/0/tiers/0/per'],
    [{ part: 'up' }, 'PER_AND_PART /tariffs/0/tiers/0/part'],
    [{ per: 0, part: 'up' }, 'OUT_OF_RANGE /tariffs/0/tiers/0/per'],
    [{ per: 1.5, part: 'up' }, 'WRONG_TYPE /tariffs/0/tiers/0/per'],
    [{ per: 1000, part: 'nearest' }, 'NOT_A_CHOICE /tariffs/0/tiers/0/part'],
  ])('%o is refused', (wrong, code) => {
    expect(codes(tierBook('flat', [{ from: 0, to: null, price: '1', ...wrong } as Tiers[number]]))).toEqual([code]);
  });
});
