// Currencies with no decimals and with three: each amount is rounded to its currency's smallest unit, and written with its decimals.

import { describe, expect, test } from 'vitest';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { decimalsOf } from '../../src/core/currency.ts';
import {
  callsOf,
  formatMoney,
  formatPrice,
  isMoneyText,
  moneyOf,
  mostMoney,
  parseMoney,
  parsePrice,
} from '../../src/core/units.ts';
import { planMonth } from '../../src/plan/plan.ts';
import { priceText, priceValue } from '../../src/reconcile/figures.ts';
import { quote } from '../../src/scenario/quote.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { readMoney, readPrice } from '../../src/usage-files/cells.ts';
import { amountWords } from '../../src/words/figures.ts';
import { bentBook, billLine, granted, live } from './story.ts';

interface Bent {
  currency: string;
  packProducts: { sizes: { price: string }[] }[];
}
const bookIn = (currency: string, change: (book: Bent) => void = () => {}) =>
  bentBook('faceid-legacy', (document) => {
    const book = document as unknown as Bent;
    book.currency = currency;
    change(book);
  });
const decoded = (currency: string) => {
  const parsed = parsePriceBook(bookIn(currency));
  if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.book;
};

test.each([
  ['CNY', 2],
  ['USD', 2],
  ['JPY', 0],
  ['KRW', 0],
  ['VND', 0],
  ['KWD', 3],
  ['BHD', 3],
  ['CLF', 4],
])('%s has %i decimals', (currency, decimals) => expect(decimalsOf(currency)).toBe(decimals));

test.each([
  ['CNY', '12250.5', 1_225_050n, '12250.50'],
  ['JPY', '12250', 12_250n, '12250'],
  ['JPY', '-7', -7n, '-7'],
  ['KWD', '1.25', 1_250n, '1.250'],
  ['KWD', '0.001', 1n, '0.001'],
  ['KWD', '-0.02', -20n, '-0.020'],
])('%s %s is %s smallest units, written %s', (currency, text, units, written) => {
  expect(parseMoney(text, currency)).toBe(units);
  expect(formatMoney(moneyOf(units), currency)).toBe(written);
});

test.each([
  ['JPY', '9223372036854775807'],
  ['CNY', '92233720368547758.07'],
  ['KWD', '9223372036854775.807'],
])('the most of %s reads back: %s', (currency, text) => {
  expect(parseMoney(text, currency)).toBe(mostMoney);
  expect(formatMoney(mostMoney, currency)).toBe(text);
  expect(isMoneyText(text)).toBe(true);
});

test('a refusal of an amount says the limit of its currency', () => {
  const book = bookIn('JPY', ({ packProducts }) => {
    for (const { sizes } of packProducts) for (const size of sizes) size.price = '1';
  });
  const steps = [{ at: '2026-01-05T10:00:00+08:00', do: 'topup', amount: '1.5' }];
  const account = { id: 'acme', balance: '9223372036854775807' };
  expect(JSON.stringify(simulate({ book, account, steps }, new Map()))).toMatch(
    /JPY: at most 0 places and 9223372036854775807/,
  );
});

test.each([
  ['CNY', '1.234'],
  ['JPY', '1.0'],
  ['JPY', '1.'],
  ['KWD', '1.2345'],
])('%s has no %s', (currency, text) => expect(parseMoney(text, currency)).toBeUndefined());

test('unit prices have eight places whatever the currency, and at least its own', () => {
  const shown = (currency: string) =>
    ['1', '0.5', '0.12345678'].map((text) => formatPrice(parsePrice(text, currency)!, currency));
  expect(shown('JPY')).toEqual(['1', '0.5', '0.12345678']);
  expect(shown('KWD')).toEqual(['1.000', '0.500', '0.12345678']);
  for (const currency of ['CNY', 'JPY', 'KWD']) {
    const value = priceValue(parsePrice('0.12345678', currency)!);
    expect(priceText(value, currency)).toBe('0.12345678');
  }
});

describe('a month of 105,001 liveness calls, and 105 by a pack', () => {
  // 0.68 × 105,001 = 71,400.68, and a pack of 1,000 for 930 with 895 calls lost at its end.
  const story = `
    2026-01-05T10:00 topup 71500
    2026-01-05T11:00 use e1 liveness.basic.authority 105001
    2026-01-31T11:00 gift g1 basic_authority 5
    2026-02-03T00:00 close 2026-01`;
  test.each([
    ['CNY', '0', 'prepaid 0.00, postpaid 71400.68, adjustments 0.00, total 71400.68', '99.32'],
    ['JPY', '0', 'prepaid 0, postpaid 71401, adjustments 0, total 71401', '99'],
    ['KWD', '0.005', 'prepaid 0.000, postpaid 71400.680, adjustments 0.000, total 71400.680', '99.325'],
  ])('in %s', (currency, balance, bill, left) => {
    const output = live(story, { book: bookIn(currency), balance });
    expect(billLine(output, '2026-01')).toBe(bill);
    expect(output.balance).toBe(left);
    expect(output.bills[0]?.lines[0]).toMatchObject({ unitPrice: currency === 'KWD' ? '0.680' : '0.68' });
  });
});

test('halves go up at the smallest unit: 0.5 yen, 0.0005 dinars', () => {
  const flat = (currency: string, price: string) =>
    bentBook('faceid-2021', (document) => {
      (document as unknown as Bent).currency = currency;
      document.tariffs[0]!.tiers[0]!.price = price;
    });
  const total = (book: unknown, calls: number) => {
    const output = live(`2026-01-05T11:00 use e1 liveness.wechat.authority ${calls}\n2026-02-03T00:00 close 2026-01`, {
      book,
      balance: '0',
    });
    return output.bills[0]?.total;
  };
  expect(total(flat('JPY', '0.5'), 1)).toBe('1');
  expect(total(flat('JPY', '0.49999999'), 1)).toBe('0');
  expect(total(flat('KWD', '0.0005'), 1)).toBe('0.001');
  expect(total(flat('KWD', '0.00049999'), 1)).toBe('0.000');
});

test('a quote and a plan are in the currency too', async () => {
  const book = decoded('JPY');
  const use = [{ of: 'liveness.basic.authority', calls: callsOf(15_000) }];
  const packs = [{ product: 'basic_authority', size: callsOf(10_000), count: 1 }];
  expect(granted(quote(book, { use, packs, gifts: [] }))).toMatchObject({ prepaid: '8000', total: '12250' });
  const plan = granted(await planMonth(book, { use: [{ ...use[0]!, calls: callsOf(300_000) }] } as never));
  expect(plan).toMatchObject({ currency: 'JPY', best: { total: '208000', proof: { gap: '0' } } });
});

test('more decimals than the currency has are refused where they stand', () => {
  const tooFine = parsePriceBook(bookIn('JPY', ({ packProducts }) => (packProducts[0]!.sizes[0]!.price = '1150.5')));
  expect(tooFine).toMatchObject({ problems: [{ code: 'WRONG_FORMAT', pointer: '/packProducts/0/sizes/0/price' }] });
  const book = bookIn('JPY');
  live('2026-01-05T10:00 topup 71500.50 → INVALID_AMOUNT', { book, balance: '0' });
  live('2026-01-05T10:00 topup 1.2345 → INVALID_AMOUNT', { book: bookIn('KWD'), balance: '0.001' });
  expect(() => live('2026-01-05T10:00 topup 5', { book, balance: '0.50' })).toThrow('/account/balance');
});

test('files: zeros behind the decimals are the spreadsheet’s', () => {
  const cells = ['12250', '12250.00', '¥12,250', '12250.50', '(12)'];
  expect(cells.map((cell) => readMoney(cell, 'JPY'))).toEqual([12_250n, 12_250n, 12_250n, undefined, -12n]);
  expect(['1.25', '1.2500', '1.250', '1.2345'].map((cell) => readMoney(cell, 'KWD'))).toEqual([
    ...[1_250n, 1_250n, 1_250n],
    undefined,
  ]);
  expect(['1.250', '12.250'].map((cell) => readMoney(cell, 'JPY'))).toEqual([undefined, undefined]);
  expect(readPrice('0.50', 'JPY')?.text).toBe('0.5');
  expect(amountWords('12250', 'JPY')).toBe('JPY 12,250');
});

test('a used pack whose units cost nothing is paid back in full, and is not called untouched', () => {
  const book = bookIn('JPY', ({ packProducts }) => {
    for (const product of packProducts) {
      Object.assign(product, { refundPart: '0' });
      for (const size of product.sizes) size.price = '300';
    }
  });
  const at = '2026-01-05T10:00:00+08:00';
  const steps = [
    { at, do: 'buy', id: 'p1', product: 'identity', size: 1000 },
    { at, do: 'use', id: 'e1', meter: 'identity', calls: 2 },
    { at, do: 'refund', id: 'p1' },
    { at: '2026-02-05T10:00:00+08:00', do: 'close', month: '2026-01' },
  ];
  const said = JSON.stringify(simulate({ book, account: { id: 'acme', balance: '1000' }, steps }, new Map()));
  expect(said).toContain('calls, full price JPY 300');
  expect(said).not.toContain('untouched');
});
