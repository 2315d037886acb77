// A head in the database's form: what is written is read back, holds are short, and what older programs wrote is read.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Head, Hold } from '../../src/account/head.ts';
import { callsOf, instantOf, moneyOf } from '../../src/core/units.ts';
import { decodeHead, encodeFixed, encodeState } from '../../src/store/ledger/head-codec.ts';

const at = 1_795_825_542_491;

const headWith = (holds: readonly Hold[]): Head => ({
  ...{ account: 'a', book: 'faceid-legacy', timeZone: 'Asia/Shanghai', postpaid: true, cap: null, suspended: false },
  ...{ packThresholds: null, time: instantOf(at), seq: 90, packs: [], packCount: 0, billCount: 0, finals: new Set() },
  ...{ postpaidCalls: new Map(), usage: new Map(), balance: moneyOf(0n), negativeSince: null, holds: [...holds] },
  ...{ caps: [], capped: new Map() },
});

const roundTrip = (holds: readonly Hold[]): readonly Hold[] => {
  const head = headWith(holds);
  return decodeHead('a', encodeFixed(head), encodeState(head)).holds;
};

const calls = (least: bigint) => fc.bigInt(least, 10n ** 12n).map(callsOf);
const draw = fc.record({ pack: fc.integer({ min: 1, max: 5 }), calls: calls(1n), units: calls(1n) });
const moment = fc.oneof(fc.nat(100_000_000), fc.integer({ min: at - 1_000_000, max: at })).map(instantOf);

const anyHold = fc
  .record({
    id: fc.string({ minLength: 1, maxLength: 40, unit: 'binary' }),
    seq: fc.nat(),
    meter: fc.constantFrom('liveness', 'photo', '0'),
    calls: calls(1n),
    at: moment,
    department: fc.option(fc.constantFrom('0', '', '算盘')),
    draws: fc.array(draw, { maxLength: 2 }),
    postpaid: calls(0n),
    byOperator: fc.boolean(),
    key: fc.option(fc.constantFrom('', 'key')),
    review: fc.boolean(),
    life: fc.integer({ min: 1, max: 90_000_000 }),
  })
  .map(({ life, ...hold }): Hold => ({ ...hold, expiresAt: instantOf(hold.at + life) }));

/** As they are: one pack pays all that is not postpaid, a call a unit. */
const plainHold = anyHold.map((hold): Hold => {
  const paid = callsOf(hold.calls / 2n);
  const drawn = callsOf(hold.calls - paid);
  return { ...hold, postpaid: paid, draws: [{ pack: 3, calls: drawn, units: drawn }] };
});

test('holds are read as they were written, in order, whatever stands beside them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyHold, plainHold), { maxLength: 12 }), (holds) => {
      expect(roundTrip(holds)).toEqual(holds);
      // Their texts are kept: the first of a meter becomes another when its neighbour goes.
      expect(roundTrip(holds.slice(1))).toEqual(holds.slice(1));
      expect(roundTrip(holds.toReversed())).toEqual(holds.toReversed());
    }),
  );
});

test('a hold of an ordinary call takes at most 80 bytes beyond the first', () => {
  const one = (n: number): Hold => ({
    ...{ id: `7f9c24e8-3b12-4fef-91e0-56a2d5a7${1_000 + n}`, seq: 40 + n, meter: 'liveness.basic.authority' },
    ...{ calls: callsOf(2n), at: instantOf(at), expiresAt: instantOf(at + 300_000), department: null },
    draws: [{ pack: 3, calls: callsOf(2n), units: callsOf(2n) }],
    ...{ postpaid: callsOf(0n), byOperator: false, key: null, review: false },
  });
  const lengthOf = (count: number) => encodeState(headWith(Array.from({ length: count }, (_, n) => one(n)))).length;
  expect((lengthOf(27) - lengthOf(1)) / 26).toBeLessThanOrEqual(80);
});

test('heads of programs before 0043 are read', () => {
  const rows = [
    ['a', 7, 'liveness', 2, at, at + 300_000, null, [[3, 2, 2]], 0],
    [
      'b',
      8,
      'liveness',
      5,
      at,
      at + 1_000,
      '财务',
      [
        [3, 2, 4],
        [4, 1, 1],
      ],
      2,
      3,
    ],
    ['c', 9, 'photo', '9007199254740993', at, at + 1, null, [], '9007199254740993', 2, 'key'],
  ];
  const state = `{"seq":9,"time":${at},"months":{},"usage":{},"packs":[],"holds":${JSON.stringify(rows)}}`;
  const { holds } = decodeHead('a', encodeFixed(headWith([])), state);
  expect(holds).toEqual([
    {
      ...{ id: 'a', seq: 7, meter: 'liveness', calls: 2n, at, expiresAt: at + 300_000, department: null, postpaid: 0n },
      ...{ draws: [{ pack: 3, calls: 2n, units: 2n }], byOperator: false, review: false, key: null },
    },
    {
      ...{ id: 'b', seq: 8, meter: 'liveness', calls: 5n, at, expiresAt: at + 1_000, department: '财务', postpaid: 2n },
      draws: [
        { pack: 3, calls: 2n, units: 4n },
        { pack: 4, calls: 1n, units: 1n },
      ],
      ...{ byOperator: true, review: true, key: null },
    },
    {
      ...{ id: 'c', seq: 9, meter: 'photo', calls: 9_007_199_254_740_993n, at, expiresAt: at + 1, department: null },
      ...{ postpaid: 9_007_199_254_740_993n, draws: [], byOperator: false, review: true, key: 'key' },
    },
  ]);
  expect(roundTrip(holds)).toEqual(holds);
});
