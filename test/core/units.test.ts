// How numbers are written for people.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPrice, groupDigits, parsePrice } from '../../src/core/units.ts';

test('digits in groups of three, places and sign kept', () => {
  for (const [text, grouped] of [
    ['0', '0'],
    ['-123', '-123'],
    ['-1234', '-1,234'],
    ['12250.00', '12,250.00'],
    ['-1234567.8901', '-1,234,567.8901'],
  ] as const) {
    expect(groupDigits(text)).toBe(grouped);
  }
  fc.assert(
    fc.property(fc.bigInt(), (calls) => {
      expect(groupDigits(calls)).toBe(calls.toLocaleString('en'));
    }),
  );
});

test('a price has at least two places and no zeros behind them', () => {
  const shown = ['1', '0.8', '0.850', '0.1234', '12.30000'].map((text) => {
    const price = parsePrice(text, 'CNY');
    return price && formatPrice(price, 'CNY');
  });
  expect(shown).toEqual(['1.00', '0.80', '0.85', '0.1234', '12.30']);
});
