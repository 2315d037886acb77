// Settling by sums gives what the core gives call by call; ids are told apart; memory of the tape.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addPack, openHead } from '../../src/account/head.ts';
import { recordUse } from '../../src/account/use.ts';
import { isBook, readBook } from '../../src/book/shelf.ts';
import type { PackFacts } from '../../src/core/pack.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant, instantOf, noMoney } from '../../src/core/units.ts';
import { rightReading, settlingWith } from '../../src/reconcile/reading.ts';
import { replay } from '../../src/reconcile/settle-month.ts';
import { Tape } from '../../src/reconcile/tape.ts';
import { IdIndex } from '../../src/usage-files/id-index.ts';

const shelved = readBook(new URL('../../catalog/examples/sms-gateway.json', import.meta.url).pathname);
if (!isBook(shelved)) throw new Error('no book');
const { book } = shelved;
const meters = [...book.meters.keys()];
const products = [...book.packProducts.keys()];
const january = Date.parse('2026-01-01T00:00:00+08:00');

/** Moments of a few days, often the same, often on a quarter hour. */
const moment = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 95 }), fc.constantFrom(0, 1, 450_000, 899_999))
  .map(([day, quarter, rest]) => instantOf(january + day * 86_400_000 + quarter * 900_000 + rest));

const use = fc.record({
  at: moment,
  meter: fc.constantFrom(...meters),
  calls: fc.integer({ min: 1, max: 40 }),
});

const pack = fc
  .record({
    product: fc.constantFrom(...products),
    calls: fc.integer({ min: 1, max: 400 }),
    gift: fc.boolean(),
    effectiveAt: moment,
    life: fc.integer({ min: 1, max: 4 * 86_400_000 }),
  })
  .map(({ calls, life, ...rest }) => ({
    ...rest,
    calls: callsOf(calls),
    price: noMoney,
    boughtAt: rest.effectiveAt,
    expiresAt: instantOf(rest.effectiveAt + life),
  }));

type Use = { at: Instant; meter: string; calls: number };

function tapeOf(uses: readonly Use[]): Tape {
  const tape = new Tape();
  for (const [no, meter] of meters.entries()) tape.kinds.push({ no, meter, outcome: 'charged', facts: null });
  for (const { at, meter, calls } of uses) tape.add(at, meters.indexOf(meter), calls, 'first');
  return tape;
}

/** The same by the core's own ledger, one call after the other. */
function byTheCore(uses: readonly Use[], packs: readonly PackFacts[], own = book): Record<string, bigint> {
  const head = openHead({ id: 'acme', book: own });
  for (const facts of packs) addPack(head, own, { ...facts, remaining: facts.calls, used: false });
  for (const [index, { at, meter, calls }] of uses.entries()) {
    const event = { id: `e${index}`, meter, calls: callsOf(calls), at, outcome: 'charged' as const };
    const record = recordUse(head, own, event, at);
    if (isRefusal(record)) throw new Error(record.refused);
  }
  const names = new Map(packs.map(({ no, id }) => [`pack:${no}`, id]));
  return Object.fromEntries(
    [...head.usage].map(([key, calls]) => {
      const [day, meter, payer = ''] = key.split('|');
      return [payer === 'postpaid' ? `${day}|${meter}` : `${day}|${meter}|${names.get(payer)}`, calls];
    }),
  );
}

const packsAndUses = fc.tuple(fc.array(pack, { maxLength: 6 }), fc.array(use, { minLength: 1, maxLength: 120 }));
const numbered = (packs: readonly Omit<PackFacts, 'no' | 'id'>[]) =>
  packs.map((facts, index) => ({ ...facts, no: index + 1, id: `p${index + 1}`, opening: null }));

/** The same with products that share meters, each meter with a pack of its own first. */
const byPriority: PriceBook = {
  ...book,
  packProducts: new Map(
    [...book.packProducts.values()].map((product, index) => [
      product.id,
      {
        ...product,
        covers: new Map(
          meters.map((meter, at) => [meter, product.covers.get(meter) ?? BigInt(1 + ((at + index) % 2))]),
        ),
        priorities: new Map(
          meters.flatMap((meter, at) => ((at + index) % 3 === 0 ? [] : [[meter, 1 + ((at + index) % 3)]])),
        ),
      },
    ]),
  ),
  policies: { ...book.policies, drawOrder: ['gift-first', 'priority-first', 'earliest-expiry'] },
};

test.each([
  ['sums settle as single calls do, in the order of the calls', book, 1000],
  ['the same where each meter has its own order of packs', byPriority, 400],
] as const)('%s', (_, own, numRuns) => {
  fc.assert(
    fc.property(packsAndUses, ([some, uses]) => {
      const packs = numbered(some);
      const { draws, postpaid } = replay(tapeOf(uses), rightReading(own, packs, '2026-01' as never));
      const sorted = uses.toSorted((a, b) => a.at - b.at);
      expect(Object.fromEntries([...draws, ...postpaid])).toEqual(byTheCore(sorted, packs, own));
    }),
    { numRuns },
  );
});

test('and in the order of the file', () => {
  fc.assert(
    fc.property(packsAndUses, ([some, uses]) => {
      const packs = numbered(some);
      const reading = settlingWith(rightReading(book, packs, '2026-01' as never), { arrival: 'file' });
      const { draws, postpaid } = replay(tapeOf(uses), reading);
      expect(Object.fromEntries([...draws, ...postpaid])).toEqual(byTheCore(uses, packs));
    }),
    { numRuns: 300 },
  );
});

test('calls before the month draw; with a stated remainder they are passed over; calls after it are', () => {
  const [meter = ''] = meters;
  const product = products.find((id) => book.packProducts.get(id)?.covers.get(meter) === 1n) ?? '';
  const facts = {
    ...{ no: 1, id: 'p', product, gift: false, calls: callsOf(10), price: noMoney },
    ...{ boughtAt: instantOf(0), effectiveAt: instantOf(0), expiresAt: instantOf(4e12) },
  };
  const tape = tapeOf([
    { at: instantOf(january - 1), meter, calls: 7 },
    { at: instantOf(january), meter, calls: 5 },
    { at: instantOf(january + 31 * 86_400_000), meter, calls: 5 },
  ]);
  const settled = (opening: bigint | null) => {
    const packs = [{ ...facts, opening: opening === null ? null : callsOf(opening) }];
    const { draws, postpaid } = replay(tape, rightReading(book, packs, '2026-01' as never));
    return [[...draws.values()], [...postpaid.values()]];
  };
  expect(settled(null)).toEqual([[3n], [2n]]);
  expect(settled(4n)).toEqual([[4n], [1n]]);
});

describe('ids', () => {
  test('alike ids are told apart, the same id is found again', () => {
    const index = new IdIndex();
    const ids = Array.from(
      { length: 200_000 },
      (_, row) => [`${row}`, `0${row}`, `${row}\0`][row % 3]! + 'x'.repeat(row % 5),
    );
    const unique = [...new Set(ids)];
    unique.forEach((id) => {
      expect(index.enter(id)).toBe(-1);
    });
    for (const row of [0, 1, 77_777, unique.length - 1]) expect(index.enter(unique[row]!)).toBe(row);
  });
});

test('quantities of any size stay whole', () => {
  const tape = tapeOf([{ at: instantOf(january), meter: meters[0]!, calls: 1 }]);
  for (const calls of [0xffff_fffe, 0xffff_ffff, 1_000_000_000_000]) tape.add(january, 0, calls, 'conflict');
  expect([0, 1, 2, 3].map((row) => tape.callsOf(row))).toEqual([1, 0xffff_fffe, 0xffff_ffff, 1_000_000_000_000]);
});
