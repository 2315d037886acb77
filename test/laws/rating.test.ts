// Laws of rating, and two that sound right and are false.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tariff } from '../../src/core/price-book.ts';
import { cliffAhead, rate } from '../../src/core/rate.ts';
import { callsOf, divideHalfUp, moneyOf, noCalls, parsePrice } from '../../src/core/units.ts';
import { bookNamed, quoteOf } from '../scenarios/story.ts';

const price = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 99_999_999 }))
  .map(([whole, places]) => parsePrice(`${whole}.${String(places).padStart(8, '0')}`, 'CNY')!);

const tariff: fc.Arbitrary<Tariff> = fc
  .record({
    mode: fc.constantFrom('volume', 'graduated'),
    bound: fc.constantFrom('lower-inclusive', 'upper-inclusive'),
    basis: fc.constantFrom('after-packs', 'gross'),
    bounds: fc.uniqueArray(fc.bigInt({ min: 1n, max: 5000n }), { minLength: 0, maxLength: 4 }),
    prices: fc.array(price, { minLength: 5, maxLength: 5 }),
    unpriced: fc.boolean(),
  })
  .map(({ mode, bound, basis, bounds, prices, unpriced }) => {
    const edges = [0n, ...bounds.toSorted((a, b) => (a < b ? -1 : 1))];
    return {
      id: 't',
      title: { zh: '项', en: 'tariff' },
      mode: mode as Tariff['mode'],
      bound: bound as Tariff['bound'],
      basis: basis as Tariff['basis'],
      tiers: edges.map((from, index) => ({
        from: callsOf(from),
        to: edges[index + 1] === undefined ? null : callsOf(edges[index + 1]!),
        price: unpriced && index > 0 && index === edges.length - 1 ? null : prices[index]!,
      })),
    };
  });

const quantity = fc.bigInt({ min: 0n, max: 8000n }).map(callsOf);
const runs = { numRuns: 3000 };

describe('rating', () => {
  it('inside one tier the charge never falls as calls rise', () => {
    fc.assert(
      fc.property(tariff, quantity, quantity, (each, drawn, postpaid) => {
        const here = rate(each, { drawn, postpaid });
        const next = rate(each, { drawn, postpaid: callsOf(postpaid + 1n) });
        if (here.tier === next.tier && here.amount !== null) expect(next.amount! >= here.amount).toBe(true);
      }),
      runs,
    );
  });

  it('graduated: the charge never falls at all, and the slices are all the postpaid calls', () => {
    fc.assert(
      fc.property(tariff, quantity, quantity, (each, drawn, postpaid) => {
        const graduated: Tariff = { ...each, mode: 'graduated' };
        const here = rate(graduated, { drawn, postpaid });
        const next = rate(graduated, { drawn, postpaid: callsOf(postpaid + 1n) });
        expect(here.slices.reduce((sum, slice) => sum + slice.calls, 0n)).toBe(postpaid);
        if (here.amount !== null && next.amount !== null) expect(next.amount >= here.amount).toBe(true);
      }),
      runs,
    );
  });

  it('volume: every postpaid call costs the price of the tier reached, rounded once', () => {
    fc.assert(
      fc.property(tariff, quantity, quantity, (each, drawn, postpaid) => {
        const volume: Tariff = { ...each, mode: 'volume' };
        const { amount, tier } = rate(volume, { drawn, postpaid });
        const unit = volume.tiers[tier]!.price;
        if (unit === null) expect(amount).toBe(postpaid === noCalls ? moneyOf(0) : null);
        // In hundred-millionths of a yuan, from the text: no fraction of the core is used.
        else {
          const [whole = '', places = ''] = unit.text.split('.');
          const exact = postpaid * BigInt(whole + places.padEnd(8, '0'));
          expect(amount).toBe((exact + 500_000n) / 1_000_000n);
        }
      }),
      runs,
    );
  });

  it('drawn calls change nothing where the basis is after packs', () => {
    fc.assert(
      fc.property(tariff, quantity, quantity, (each, drawn, postpaid) => {
        const after: Tariff = { ...each, basis: 'after-packs' };
        expect(rate(after, { drawn, postpaid })).toEqual(rate(after, { drawn: noCalls, postpaid }));
      }),
      runs,
    );
  });

  it('a cliff is where it is said to be, and saves what it says', () => {
    fc.assert(
      fc.property(tariff, quantity, quantity, (each, drawn, postpaid) => {
        const cliff = cliffAhead(each, { drawn, postpaid });
        if (cliff === undefined) return;
        expect(rate(each, { drawn, postpaid: callsOf(postpaid + cliff.more) }).amount).toBe(cliff.amount);
        expect(rate(each, { drawn, postpaid }).amount! - cliff.amount).toBe(cliff.saves);
        expect(cliff.saves > 0n).toBe(true);
      }),
      runs,
    );
  });

  it('rounds half up, away from zero on both sides', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        (a, b) => {
          const rounded = divideHalfUp(a, b);
          expect(divideHalfUp(-a, b)).toBe(-rounded);
          const twice = 2n * (a < 0n ? -a : a) - 2n * b * (a < 0n ? -rounded : rounded);
          expect(-b < twice || twice === -b).toBe(true);
          expect(twice < b).toBe(true);
        },
      ),
      runs,
    );
  });
});

describe('tempting laws that are false', () => {
  it('"more calls cost more": 999 calls cost 999.00, 1,000 cost 850.00', () => {
    const tariffOfBook = bookNamed('faceid-legacy').tariffs.get('liveness_verification')!;
    const charge = (calls: number) => rate(tariffOfBook, { postpaid: callsOf(calls), drawn: noCalls }).amount;
    expect([charge(999), charge(1000)]).toEqual([moneyOf(99_900), moneyOf(85_000)]);
  });

  it('"one more pack never raises the postpaid charge": a pack of 1 turns 850.00 into 999.00', () => {
    const wish = 'faceid-legacy liveness.basic.authority=1000';
    expect(quoteOf(wish).postpaid).toBe('850.00');
    expect(quoteOf(`${wish} gift:basic_authority:1`).postpaid).toBe('999.00');
  });
});
