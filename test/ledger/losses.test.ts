import { expect, test } from 'vitest';
import { lossOf } from '../../src/ledger/losses.ts';

const failed = (code: string, message = '') => Object.assign(new Error(message), { code });

test.each([
  ['a head that moved', failed('22012'), 'heads'],
  ['a known id', failed('23505'), 'ids'],
  [
    'a known id, as Citus tells of it',
    failed('XX000', 'duplicate key value violates unique constraint "events_pkey_102008"'),
    'ids',
  ],
  ['another fault of the engine', failed('XX000', 'cache lookup failed'), 'nothing'],
  ['a circle of waiting', failed('40P01'), 'locks'],
  ['a statement that was cancelled', failed('57014'), 'connection'],
  ['a server that has become a standby', failed('25006'), 'connection'],
  ['a wait for the standby that was cancelled', failed('EUNCONFIRMED'), 'connection'],
  ['a fault of ours', failed('42601'), 'nothing'],
])('%s', (_what, error, loss) => {
  expect(lossOf(error)).toBe(loss);
});
