import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { largestRemainder, splitBill } from '../../src/core/department.ts';
import {
  type Calls,
  callsOf,
  formatMoney,
  moneyOf,
  noMoney,
  parseMoney,
  sumCalls,
  sumMoney,
} from '../../src/core/units.ts';

function bookOf(id: string) {
  const book = loadCatalog().get(id)?.book;
  if (book === undefined) throw new Error(`the catalog has no ${id}`);
  return book;
}

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
  const book = bookOf('faceid-legacy');
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

test('a pack of one department is paid by it alone, also when others call more', () => {
  const book = bookOf('faceid-legacy');
  const lines = [
    { kind: 'pack', pack: 'p', product: 'identity', amount: '300.00' },
    { kind: 'pack', pack: 'q', product: 'identity', amount: '300.00' },
    { kind: 'pack_refund', pack: 'q', product: 'identity', amount: '-300.00' },
  ] as unknown as Parameters<typeof splitBill>[0]['lines'];
  const usage = [
    { department: 'loans', meter: 'identity', calls: callsOf(1) },
    { department: 'cards', meter: 'identity', calls: callsOf(9) },
  ];
  const owners = new Map([
    ['p', 'loans'],
    ['q', 'risk'],
  ]);
  expect(splitBill({ lines }, usage, book, owners)).toEqual([
    { department: 'cards', calls: 9n, amount: '0.00' },
    { department: 'loans', calls: 1n, amount: '300.00' },
    { department: 'risk', calls: 0n, amount: '0.00' },
  ]);
});

/** The plain way, as the rules say it: line by line, department by department. */
function naiveSplit(...[bill, usage, book]: Parameters<typeof splitBill>): ReturnType<typeof splitBill> {
  const amounts = new Map<string, bigint>(usage.map(({ department }) => [department, 0n]));
  const add = (name: string, amount: bigint) => amounts.set(name, (amounts.get(name) ?? 0n) + amount);
  for (const line of bill.lines) {
    if (line.amount === null) continue;
    const amount = parseMoney(line.amount, 'CNY') ?? noMoney;
    const covered = ({ meter }: { readonly meter: string }) => {
      if ('product' in line) return book.packProducts.get(line.product)?.covers.has(meter) ?? false;
      return line.kind !== 'fee' && line.tariff === null
        ? line.meter === meter
        : book.meters.get(meter)?.tariff === line.tariff;
    };
    const weights = new Map<string, Calls>();
    for (const { department } of usage.filter(covered)) {
      const own = usage.filter((each) => covered(each) && each.department === department);
      weights.set(department, sumCalls(own.map(({ calls }) => calls)));
    }
    const shares = largestRemainder(amount, weights);
    if (shares.size === 0) add('', amount);
    for (const [department, share] of shares) add(department, share);
  }
  return [...amounts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([department, amount]) => ({
      department,
      calls: sumCalls(usage.filter((each) => each.department === department).map(({ calls }) => calls)),
      amount: formatMoney(moneyOf(amount), 'CNY'),
    }));
}

const meterIds = ['identity', 'photo.authority', 'liveness.basic.authority', 'eid'];
const amount = fc.constantFrom('0.00', '0.01', '0.10', '930.00', '-1.07', null);
const anyLine = fc.oneof(
  amount.map((given) => ({ kind: 'pack', product: 'basic_authority', amount: given })),
  fc.tuple(fc.constantFrom('identity', 'eid', 'none'), amount).map(([tariff, given]) => ({ tariff, amount: given })),
  fc.tuple(fc.constantFrom(...meterIds), amount).map(([meter, given]) => ({ tariff: null, meter, amount: given })),
);
const anyUse = fc.record({
  department: fc.constantFrom('', 'a', 'b', 'c', '财务'),
  meter: fc.constantFrom(...meterIds),
  calls: fc.bigInt(0n, 9n).map(callsOf),
});

test('splits as the plain way does, line by line and department by department', () => {
  const book = bookOf('faceid-legacy');
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 12 }), fc.array(anyUse, { maxLength: 12 }), (given, usage) => {
      const lines = given as unknown as Parameters<typeof splitBill>[0]['lines'];
      expect(splitBill({ lines }, usage, book)).toEqual(naiveSplit({ lines }, usage, book));
    }),
    { numRuns: 1_000 },
  );
});

test('sixteen times the departments and packs take no more than some sixty times as long', () => {
  const book = bookOf('faceid-legacy');
  const took = (count: number) => {
    const pack = { kind: 'pack', product: 'basic_authority', amount: '930.00' };
    const lines = Array.from({ length: count / 4 }, () => pack) as unknown as Parameters<typeof splitBill>[0]['lines'];
    const usage = Array.from({ length: count }, (_, n) => ({
      department: `d${n}`,
      meter: 'photo.authority',
      calls: callsOf(1 + (n % 7)),
    }));
    const { user, system } = process.cpuUsage();
    expect(splitBill({ lines }, usage, book)).toHaveLength(count);
    const after = process.cpuUsage();
    return after.user + after.system - user - system;
  };
  took(4_000);
  const few = took(4_000);
  expect(took(64_000)).toBeLessThan(60 * Math.max(few, 1_000));
}, 120_000);
