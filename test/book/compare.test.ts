import { expect, test } from 'vitest';
import { isDifferent, monthsApart, pairsOf } from '../../src/book/compare.ts';
import { loadCatalog } from '../../src/book/shelf.ts';
import type { Statement } from '../../src/book/statements.ts';
import { formatMoneyOrNull } from '../../src/core/units.ts';

const statement = (key: string, text: string): Statement => ({
  part: 'tariffs',
  key,
  about: { zh: key, en: key },
  says: { zh: text, en: text },
});

test('two books are held against each other thing by thing, whatever only one of them says', () => {
  const one = [statement('a', '1'), statement('b', '2'), statement('c', '3')];
  const other = [statement('c', '3'), statement('b', '9'), statement('d', '4')];
  const pairs = pairsOf(one, other).map((pair) => [pair.one?.key, pair.other?.key, isDifferent(pair)]);
  expect(pairs).toEqual([
    ['a', undefined, true],
    ['b', 'b', true],
    ['c', 'c', false],
    [undefined, 'd', true],
  ]);
});

test('a month that costs otherwise is named with both amounts, for the meters that it is so for', () => {
  const [old, now] = ['faceid-legacy', 'faceid-2021'].map((id) => loadCatalog().get(id)?.book);
  if (old === undefined || now === undefined) throw new Error('the books ship with the product');
  expect(monthsApart(old, old)).toEqual([]);
  const months = monthsApart(old, now).map(({ meters, calls, one, other }) => [
    meters.map(({ id }) => id).join(' '),
    Number(calls),
    formatMoneyOrNull(one, 'CNY'),
    formatMoneyOrNull(other, 'CNY'),
  ]);
  // 999 × 1.00 is the same in both; the 1,000th makes them all 0.85 in one, and not in the other.
  expect(months).not.toContainEqual(['liveness.basic.authority', 999, '999.00', '999.00']);
  expect(months).toContainEqual(['liveness.basic.authority', 1_000, '850.00', '1000.00']);
  expect(months).toContainEqual(['liveness.basic.authority', 200_000, null, '200000.00']);
});
