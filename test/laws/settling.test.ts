// Laws of settling: what holds for every event and every set of packs. fast-check prints the seed of a failure.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePacks, type LivePack } from '../../src/core/pack.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { settle, settleWithoutPacks, type Use } from '../../src/core/settle.ts';
import { type Calls, callsOf, instantOf, minimumCalls, noMoney, sumCalls } from '../../src/core/units.ts';
import { bookNamed } from '../scenarios/story.ts';

const legacy = bookNamed('faceid-legacy');

/** The shipped book with ratios: photo verification costs three units of a basic pack. */
const book: PriceBook = {
  ...legacy,
  packProducts: new Map(
    [...legacy.packProducts].map(([id, product]) => [
      id,
      {
        ...product,
        covers: new Map([...product.covers].map(([meter]) => [meter, meter.startsWith('photo') ? 3n : 1n])),
      },
    ]),
  ),
};

const now = instantOf(Date.UTC(2026, 0, 15));
const day = 86_400_000;

const pack = (no: number): fc.Arbitrary<LivePack> =>
  fc
    .record({
      product: fc.constantFrom('basic_authority', 'enhanced_authority_wechat', 'identity'),
      gift: fc.boolean(),
      calls: fc.bigInt({ min: 1n, max: 200n }),
      left: fc.bigInt({ min: 0n, max: 200n }),
      from: fc.integer({ min: -40, max: 5 }),
      days: fc.integer({ min: 1, max: 60 }),
    })
    .map(({ product, gift, calls, left, from, days }) => ({
      no,
      id: `p${no}`,
      product,
      gift,
      calls: callsOf(calls),
      price: noMoney,
      boughtAt: instantOf(now + from * day),
      effectiveAt: instantOf(now + from * day),
      expiresAt: instantOf(now + (from + days) * day),
      remaining: minimumCalls(callsOf(left), callsOf(calls)),
      used: false,
    }));

const packs: fc.Arbitrary<LivePack[]> = fc
  .integer({ min: 0, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => pack(index + 1))))
  .map((all) => [...all].toSorted(comparePacks(book)));

const meter = fc.constantFrom('liveness.basic.authority', 'photo.authority', 'liveness.wechat.authority', 'identity');
const use: fc.Arbitrary<Use> = fc
  .record({ meter, calls: fc.bigInt({ min: 1n, max: 900n }) })
  .map(({ meter, calls }) => ({ meter, calls: callsOf(calls), at: now }));

/** The packs as they are after some draws. */
const withDraws = (before: readonly LivePack[], { draws }: ReturnType<typeof settle>): LivePack[] =>
  before.map((each) => {
    const units = sumCalls(draws.filter((draw) => draw.pack === each.no).map((draw) => draw.units));
    return { ...each, remaining: (each.remaining - units) as Calls };
  });

const runs = { numRuns: 2000 };

describe('settling', () => {
  it('event = draws + postpaid; no pack gives more than it has, and none twice', () => {
    fc.assert(
      fc.property(use, packs, (event, all) => {
        const { draws, postpaid } = settle(event, all, book);
        expect(sumCalls(draws.map((draw) => draw.calls)) + postpaid).toBe(event.calls);
        expect(postpaid >= 0n).toBe(true);
        expect(new Set(draws.map((draw) => draw.pack)).size).toBe(draws.length);
        for (const draw of draws) {
          expect(draw.calls > 0n).toBe(true);
          expect(draw.units <= all.find((each) => each.no === draw.pack)!.remaining).toBe(true);
        }
      }),
      runs,
    );
  });

  it('settling in two steps is settling once', () => {
    fc.assert(
      fc.property(use, packs, fc.bigInt({ min: 0n, max: 900n }), (event, all, cut) => {
        const first = minimumCalls(callsOf(cut), event.calls);
        const once = settle(event, all, book);
        const one = settle({ ...event, calls: first }, all, book);
        const two = settle({ ...event, calls: (event.calls - first) as Calls }, withDraws(all, one), book);
        expect(one.postpaid + two.postpaid).toBe(once.postpaid);
        expect(withDraws(withDraws(all, one), two)).toEqual(withDraws(all, once));
      }),
      runs,
    );
  });

  it('a pack that is expired, not yet effective, empty or for other meters changes nothing', () => {
    const dead = pack(99).chain((each) =>
      fc.constantFrom<LivePack>(
        { ...each, product: 'basic_authority', expiresAt: now },
        { ...each, product: 'basic_authority', effectiveAt: instantOf(now + 1) },
        { ...each, product: 'basic_authority', remaining: callsOf(0) },
        { ...each, product: 'eid', effectiveAt: now, expiresAt: instantOf(now + 1) },
        { ...each, product: 'of_another_book' },
      ),
    );
    fc.assert(
      fc.property(use, packs, dead, (event, all, extra) => {
        const more = [...all, extra].toSorted(comparePacks(book));
        expect(settle(event, more, book)).toEqual(settle(event, all, book));
      }),
      runs,
    );
  });

  it('nothing is postpaid while a pack that could pay a call has it left', () => {
    fc.assert(
      fc.property(use, packs, (event, all) => {
        const settled = settle(event, all, book);
        if (settled.postpaid === 0n) return;
        for (const each of withDraws(all, settled)) {
          const ratio = book.packProducts.get(each.product)?.covers.get(event.meter);
          const isAlive = each.effectiveAt <= now && now < each.expiresAt;
          if (ratio !== undefined && isAlive) expect(each.remaining < ratio).toBe(true);
        }
      }),
      runs,
    );
  });

  it('does not depend on the order in which packs are told of, and changes none of them', () => {
    fc.assert(
      fc.property(use, packs, fc.infiniteStream(fc.nat()), (event, all, keys) => {
        const copy = structuredClone(all);
        const shuffled = all.map((each) => ({ each, key: keys.next().value })).toSorted((a, b) => a.key - b.key);
        const sorted = shuffled.map(({ each }) => each).toSorted(comparePacks(book));
        expect(settle(event, sorted, book)).toEqual(settle(event, all, book));
        expect(all).toEqual(copy);
      }),
      runs,
    );
  });

  it('while service is stopped no pack pays', () => {
    expect(settleWithoutPacks({ meter: 'identity', calls: callsOf(5), at: now })).toEqual({ draws: [], postpaid: 5n });
  });
});
