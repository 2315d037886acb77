import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { largestRemainder, splitBill } from '../../src/core/department.ts';
import { callsOf, moneyOf, sumMoney } from '../../src/core/units.ts';

test('parts sum to the whole, and no part is a fen away from its exact share', () => {
  const weights = fc.dictionary(fc.string(), fc.bigInt(0n, 10n ** 12n), { minKeys: 1, maxKeys: 12 });
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 14n), 10n ** 14n), weights, (total, given) => {
      const calls = new Map(Object.entries(given).map(([name, weight]) => [name, callsOf(weight)]));
      const whole = [...calls.values()].reduce((sum, weight) => sum + weight, 0n);
      const shares = largestRemainder(moneyOf(total), calls);
      if (whole === 0n) return shares.size === 0;
      for (const [name, share] of shares) {
        const difference = share * whole - total * (calls.get(name) ?? 0n);
        if (difference <= -whole || difference >= whole) return false;
      }
      return sumMoney(shares.values()) === total;
    }),
  );
});

test('an odd fen goes to the largest remainder', () => {
  const weights = new Map([
    ['a', callsOf(1)],
    ['b', callsOf(1)],
    ['c', callsOf(1)],
  ]);
  expect([...largestRemainder(moneyOf(100), weights).values()]).toEqual([34n, 33n, 33n]);
  expect([...largestRemainder(moneyOf(-100), weights).values()]).toEqual([-34n, -33n, -33n]);
});

test('a bill by department: its tariff by its calls, a pack by the calls of the meters it covers', () => {
  const book = loadCatalog().get('faceid-legacy')?.book;
  if (book === undefined) throw new Error('the catalog has no faceid-legacy');
  const formula = { zh: '', en: '' };
  const lines = [
    { kind: 'pack', pack: 'p', product: 'basic_authority', size: callsOf(1000), amount: '930.00', formula },
    { kind: 'postpaid', tariff: 'identity', calls: callsOf(3), amount: '0.90', formula },
    { kind: 'postpaid', tariff: 'eid', calls: callsOf(1), amount: '1.50', formula },
  ] as unknown as Parameters<typeof splitBill>[0]['lines'];
  const usage = [
    { department: 'loans', meter: 'photo.authority', calls: callsOf(2) },
    { department: 'loans', meter: 'identity', calls: callsOf(1) },
    { department: '', meter: 'liveness.basic.authority', calls: callsOf(1) },
    { department: 'cards', meter: 'identity', calls: callsOf(2) },
  ];
  expect(splitBill({ lines }, usage, book)).toEqual([
    { department: '', calls: 1n, amount: '311.50' },
    { department: 'cards', calls: 2n, amount: '0.60' },
    { department: 'loans', calls: 3n, amount: '620.30' },
  ]);
});
