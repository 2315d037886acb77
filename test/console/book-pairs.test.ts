import { expect, test } from 'vitest';
import { isDifferent, pairsOf, type Statement } from '../../console/price-books/pairs.ts';

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
