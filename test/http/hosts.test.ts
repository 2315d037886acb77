// Several servers in one address, as libpq writes them.

import { expect, test } from 'vitest';
import { addressesOf } from '../../src/store/connection/hosts.ts';

test.each([
  ['postgresql://u:p@one/suanpan', ['postgresql://u:p@one/suanpan']],
  ['postgresql://u@/suanpan?host=%2Frun%2Fpg&port=5432', ['postgresql://u@/suanpan?host=%2Frun%2Fpg&port=5432']],
  [
    'postgresql://u:p%2C@one:5432,two,[::1]:5434/suanpan?sslmode=require',
    [
      'postgresql://u:p%2C@one:5432/suanpan?sslmode=require',
      'postgresql://u:p%2C@two/suanpan?sslmode=require',
      'postgresql://u:p%2C@[::1]:5434/suanpan?sslmode=require',
    ],
  ],
  ['postgresql://u:a,b@one/suanpan', ['postgresql://u:a,b@one/suanpan']],
  ['postgresql://one,two', ['postgresql://one', 'postgresql://two']],
  [
    'postgresql://u@/suanpan?host=/a,/b&port=1,2&application_name=x',
    [
      'postgresql://u@/suanpan?host=%2Fa&port=1&application_name=x',
      'postgresql://u@/suanpan?host=%2Fb&port=2&application_name=x',
    ],
  ],
  [
    'postgresql:///suanpan?host=a,b&port=7',
    ['postgresql:///suanpan?host=a&port=7', 'postgresql:///suanpan?host=b&port=7'],
  ],
])('%s', (url, expected) => {
  expect(addressesOf(url)).toEqual(expected);
});
