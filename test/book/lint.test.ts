// The linter: what it truly has to say about the shipped books, checked by hand, and one slip a row it must notice.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { lintBook } from '../../src/book/lint.ts';
import { deadZonesOf } from '../../src/book/lint-tariffs.ts';
import { catalogFolder, loadCatalog } from '../../src/book/shelf.ts';
import type { PriceBook, Tariff, TierBound } from '../../src/core/price-book.ts';
import { rate } from '../../src/core/rate.ts';
import { callsOf, formatMoney, noCalls, parsePrice } from '../../src/core/units.ts';

const lines = (table: string): string[] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '));

/** tariff, first and last dead quantity, where it gets cheaper and what that costs, how much the worst of them costs more. */
const zones = (book: PriceBook): string[] =>
  lintBook(book).flatMap(({ code, facts }) =>
    code === 'DEAD_ZONE'
      ? [[facts?.tariff, facts?.from, facts?.to, facts?.goal, facts?.amount, facts?.most].join(' ')]
      : [],
  );

/** product, size, its price, what as many postpaid calls cost. */
const dearer = (book: PriceBook): string[] =>
  lintBook(book).flatMap(({ code, facts }) =>
    code === 'PACK_UNIT_DEARER' ? [[facts?.product, facts?.size, facts?.price, facts?.postpaid].join(' ')] : [],
  );

const others = (book: PriceBook): string[] =>
  lintBook(book)
    .filter(({ code }) => code !== 'DEAD_ZONE' && code !== 'PACK_UNIT_DEARER')
    .map(({ code, pointer }) => `${code} ${pointer}`);

const shippedBook = (id: string): PriceBook => loadCatalog().get(id)!.book;

const elementZones = `
  identity               9334   9999   10000   2800.00   199.70
  identity               92858  99999  100000  26000.00  1999.72
  bank_card              951    999    1000    380.00    19.60
  bank_card              9474   9999   10000   3600.00   199.62
  bank_card              94445  99999  100000  34000.00  1999.64
  phone_status           951    999    1000    380.00    19.60
  phone_status           9474   9999   10000   3600.00   199.62`;

const elementPacks = `
  bank_card                  10000   3700.00    3600.00
  bank_card                  100000  35000.00   34000.00
  phone_status               10000   3800.00    3600.00
  phone_status               100000  37000.00   36000.00`;

describe('shipped books', () => {
  it('faceid-legacy: 16 dead zones, 17 packs dearer than as many postpaid calls, nothing else', () => {
    const book = shippedBook('faceid-legacy');
    expect(zones(book)).toEqual(
      lines(`
      liveness_verification  851    999    1000    850.00    149.00
      liveness_verification  8824   9999   10000   7500.00   999.15
      liveness_verification  90667  99999  100000  68000.00  6999.25
      photo_verification     851    999    1000    850.00    149.00
      photo_verification     8824   9999   10000   7500.00   999.15
      photo_verification     90667  99999  100000  68000.00  6999.25
      liveness_comparison    867    999    1000    130.00    19.85
      liveness_comparison    8462   9999   10000   1100.00   199.87
      ${elementZones.trim()}
      bank_card_info         66667  99999  100000  20000.00  9999.70`),
    );
    expect(dearer(book)).toEqual(
      lines(`
      enhanced_authority_wechat  1000    1150.00    850.00
      enhanced_authority_wechat  10000   11000.00   7500.00
      enhanced_authority_wechat  100000  100000.00  68000.00
      enhanced_selfie_wechat     1000    280.00     130.00
      enhanced_selfie_wechat     10000   2700.00    1100.00
      enhanced_selfie_wechat     100000  26000.00   11000.00
      basic_authority            1000    930.00     850.00
      basic_authority            10000   8000.00    7500.00
      basic_authority            100000  75000.00   68000.00
      basic_selfie               1000    145.00     130.00
      basic_selfie               10000   1200.00    1100.00
      basic_selfie               100000  11500.00   11000.00
      ${elementPacks.trim()}
      bank_card_info             100000  26000.00   20000.00`),
    );
    expect(others(book)).toEqual([]);
  });

  it('faceid-2021: flat face products have neither; the rest as legacy; no codes for one action', () => {
    const book = shippedBook('faceid-2021');
    expect(zones(book)).toEqual(
      lines(`
      ${elementZones.trim()}
      phone_info             951    999    1000    380.00    19.60
      phone_info             9474   9999   10000   3600.00   199.62
      bank_card_info         66667  99999  100000  20000.00  9999.70`),
    );
    expect(dearer(book)).toEqual(
      lines(`
      ${elementPacks.trim()}
      phone_info                 10000   3800.00    3600.00
      phone_info                 100000  37000.00   36000.00
      bank_card_info             100000  26000.00   20000.00`),
    );
    expect(others(book)).toEqual(['ACTION_WITHOUT_CODES /meters/10/facts/0/actions/0']);
  });

  it('faceid-2019: with upper-inclusive bounds a pack size is still priced by the tier below, so fewer are dearer', () => {
    const book = shippedBook('faceid-2019');
    expect(zones(book)).toHaveLength(17);
    expect(zones(book)[0]).toBe('liveness_verification 851 1000 1001 850.85 149.15');
    expect(dearer(book)).toEqual(
      lines(`
      enhanced_authority_wechat  1000    1150.00    1000.00
      enhanced_authority_wechat  10000   11000.00   8500.00
      enhanced_authority_wechat  100000  100000.00  75000.00
      enhanced_authority_wechat  200000  180000.00  136000.00
      enhanced_selfie_wechat     1000    280.00     150.00
      enhanced_selfie_wechat     10000   2700.00    1300.00
      enhanced_selfie_wechat     100000  26000.00   11000.00
      enhanced_selfie_wechat     200000  50000.00   22000.00
      basic_authority            200000  140000.00  136000.00
      basic_selfie               100000  11500.00   11000.00
      phone_status               100000  37000.00   36000.00
      phone_status               200000  72000.00   68000.00`),
    );
    expect(others(book)).toEqual([]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the rows edit a document at will
type Loose = any;
const example = (): Loose => JSON.parse(readFileSync(new URL('examples/sms-gateway.json', catalogFolder), 'utf8'));

describe('one slip in a book without warnings', () => {
  it.each<[string, (book: Loose) => unknown, string[]]>([
    ['none', () => undefined, []],
    [
      'a tier ten times too dear',
      (b) => (b.tariffs[0].tiers[1].price = '0.425'),
      ['TIER_PRICE_RISES /tariffs/0/tiers/1/price', 'PRICE_TIMES_TEN /tariffs/0/tiers/1/price'],
    ],
    [
      'the first tier ten times too dear',
      (b) => (b.tariffs[0].tiers[0].price = '0.45'),
      ['PRICE_TIMES_TEN /tariffs/0/tiers/0/price'],
    ],
    [
      'the last tier a tenth',
      (b) => (b.tariffs[0].tiers[2].price = '0.00395'),
      ['PRICE_TIMES_TEN /tariffs/0/tiers/2/price', 'PACK_UNIT_DEARER /packProducts/0/sizes/2/price'],
    ],
    [
      'a pack with a 0 too many',
      (b) => (b.packProducts[0].sizes[1].price = '19000'),
      [
        'PACK_UNIT_RISES /packProducts/0/sizes/1/price',
        'PACK_ORDER /packProducts/0/sizes/2/price',
        'PRICE_TIMES_TEN /packProducts/0/sizes/1/price',
        'PACK_UNIT_DEARER /packProducts/0/sizes/1/price',
      ],
    ],
    [
      'a pack with a 0 too few',
      (b) => (b.packProducts[0].sizes[1].price = '190'),
      [
        'PACK_UNIT_RISES /packProducts/0/sizes/2/price',
        'PACK_ORDER /packProducts/0/sizes/1/price',
        'PRICE_TIMES_TEN /packProducts/0/sizes/1/price',
      ],
    ],
    [
      'a whole product with a 0 too few',
      (b) => {
        const prices = ['20', '190', '1750'];
        b.packProducts[0].sizes = b.packProducts[0].sizes.map((size: Loose, at: number) => ({
          ...size,
          price: prices[at],
        }));
      },
      [
        'PRICE_TIMES_TEN /packProducts/0/sizes/0/price',
        'PRICE_TIMES_TEN /packProducts/0/sizes/1/price',
        'PRICE_TIMES_TEN /packProducts/0/sizes/2/price',
      ],
    ],
    [
      'a pack a little dearer than postpaid',
      (b) => (b.packProducts[0].sizes[0].price = '200.01'),
      ['PACK_UNIT_DEARER /packProducts/0/sizes/0/price'],
    ],
    // 5,000 units are 2,500 voice codes at 0.08.
    ['a pack exactly as dear as postpaid', (b) => (b.packProducts[0].sizes[0].price = '200.00'), []],
    [
      'unit price that rises by the least',
      (b) => (b.packProducts[0].sizes[1].price = '2000.01'),
      ['PACK_UNIT_RISES /packProducts/0/sizes/1/price', 'PACK_UNIT_DEARER /packProducts/0/sizes/1/price'],
    ],
    ['unit price that stays', (b) => (b.packProducts[0].sizes[1].price = '2000'), []],
    ['a pack nobody can buy', (b) => (b.packProducts[0].sizes = []), ['PACK_NOT_SOLD /packProducts/0/sizes']],
    ['a prepaid meter out of the pool', (b) => b.packProducts[0].covers.pop(), ['METER_UNCOVERED /meters/2']],
    ['a tariff nobody feeds', (b) => (b.meters[3].tariff = null), ['TARIFF_UNUSED /tariffs/1']],
    ['an action without codes', (b) => b.codeTable.splice(1, 1), ['ACTION_WITHOUT_CODES /meters/3/facts/0/actions/0']],
    [
      'charged codes without a meter',
      (b) => (b.codeTable[2].charged = ['0']),
      ['CHARGED_WITHOUT_METER /codeTable/2/actions/0'],
    ],
    [
      'volume instead of graduated',
      (b) => (b.tariffs[0].mode = 'volume'),
      ['DEAD_ZONE /tariffs/0/tiers/0', 'DEAD_ZONE /tariffs/0/tiers/1'],
    ],
  ])('%s', (_, change, expected) => {
    const book = example();
    change(book);
    const findings = lintBook(book);
    expect(findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expected);
    for (const { severity, zh, en } of findings) {
      expect(severity).toBe('warning');
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en.length).toBeGreaterThan(20);
    }
  });

  it('finds the same in the document and in the decoded book', () => {
    const document = example();
    document.tariffs[0].mode = 'volume';
    const parsed = parsePriceBook(document);
    if (hasProblems(parsed)) throw new Error('problems');
    expect(lintBook(parsed.book)).toEqual(lintBook(document));
  });
});

describe('dead zones', () => {
  const tariffOf = (bound: TierBound, bounds: readonly number[], prices: readonly string[]): Tariff => ({
    id: 't',
    title: { zh: '测', en: 'test' },
    mode: 'volume',
    bound,
    basis: 'after-packs',
    tiers: prices.map((price, index) => ({
      from: callsOf(bounds[index] ?? 0),
      to: bounds[index + 1] === undefined ? null : callsOf(bounds[index + 1]!),
      price: parsePrice(price, 'CNY')!,
    })),
  });

  /** Naive: a quantity is dead when some greater quantity up to the first of the last tier costs less. */
  const deadQuantities = (tariff: Tariff, most: number): number[] => {
    const amounts = Array.from(
      { length: most + 1 },
      (_, n) => rate(tariff, { postpaid: callsOf(n), drawn: noCalls }).amount!,
    );
    return amounts.flatMap((amount, n) => (amounts.slice(n + 1).some((later) => later < amount) ? [n] : []));
  };

  it.each<[TierBound, number[], string[]]>([
    ['lower-inclusive', [0, 10, 100], ['1', '0.85', '0.7']],
    ['upper-inclusive', [0, 10, 100], ['1', '0.85', '0.7']],
    ['lower-inclusive', [0, 10, 20, 40], ['1', '0.9', '0.01', '0.02']],
    ['upper-inclusive', [0, 1, 2, 3, 50], ['0.004', '0.003', '1.5', '0.0012', '0.00001']],
    ['lower-inclusive', [0, 1, 50], ['1', '1', '1']],
    ['lower-inclusive', [0, 50, 90], ['1', '2', '3']],
    ['upper-inclusive', [0, 30], ['0.1', '0']],
  ])('%s %j at %j agree with counting', (bound, bounds, prices) => {
    const tariff = tariffOf(bound, bounds, prices);
    const found = deadZonesOf(tariff).flatMap(({ from, to }) =>
      Array.from({ length: Number(to - from) + 1 }, (_, index) => Number(from) + index),
    );
    expect(found).toEqual(deadQuantities(tariff, 200).filter((n) => n < (bounds.at(-1) ?? 0) + 1));
  });

  it('names the cheapest way out and the worst case', () => {
    const [zone] = deadZonesOf(tariffOf('lower-inclusive', [0, 10, 20, 40], ['1', '0.9', '0.01', '0.02']));
    expect(zone).toMatchObject({ tier: 0, from: 1n, to: 9n, goal: 20n });
    expect(formatMoney(zone!.goalAmount, 'CNY')).toBe('0.20');
    expect(formatMoney(zone!.most, 'CNY')).toBe('8.80');
  });
});

/** A meter, its tariff, and the sizes of its pack as `CALLS=PRICE`. */
function smallBook(mode: string, prices: readonly (string | null)[], packs = '', ratio = 1): unknown {
  const title = { zh: '测试', en: 'test' };
  const bounds = [0, 300_000, 1_000_000, 3_000_000].slice(0, prices.length);
  const tiers = prices.map((price, index) => ({ from: bounds[index], to: bounds[index + 1] ?? null, price }));
  const sizes = packs.split(' ').flatMap((text) => {
    const [calls, price] = text.split('=');
    return price === undefined ? [] : [{ calls: Number(calls), price }];
  });
  return {
    ...loadCatalog().get('faceid-legacy')?.document,
    codeTable: [],
    meters: [{ id: 'm', title, tariff: 't', facts: [] }],
    tariffs: [{ id: 't', title, mode, bound: 'upper-inclusive', basis: 'after-packs', tiers }],
    packProducts: sizes.length === 0 ? [] : [{ id: 'p', title, covers: [{ meter: 'm', ratio }], sizes }],
  };
}

describe('prices that mean something else than they say', () => {
  const size = (index: number) => `PACK_FAR_FROM_POSTPAID /packProducts/0/sizes/${index}/price`;
  it.each([
    [
      'the price of ten thousand for one',
      smallBook('flat', ['0.2'], '100000000=1400 1000000000=12000'),
      [size(0), size(1)],
    ],
    ['tiers a thousand', smallBook('graduated', ['3.2', '2.8', '2.2'], '30000=90 1000000=1800'), [size(0), size(1)]],
    ['packs at a hundredth', smallBook('flat', ['1'], '1000=10 10000=90'), [size(0), size(1)]],
    ['a fifth and a little', smallBook('flat', ['1'], '1000=201 10000=2001'), []],
    ['nothing for "ask us"', smallBook('graduated', ['0.15', '0.10', '0']), ['PRICE_ZERO /tariffs/0/tiers/2/price']],
    ['a flat price of nothing', smallBook('flat', ['0']), ['PRICE_ZERO /tariffs/0/tiers/0/price']],
    ['"ask us" as it is written', smallBook('graduated', ['0.15', '0.10', null]), []],
    ['a free first slice', smallBook('graduated', ['0', '0.0015']), []],
    [
      'a free first tier, which all calls leave',
      smallBook('volume', ['0', '0.0015']),
      ['TIER_PRICE_RISES /tariffs/0/tiers/1/price'],
    ],
    [
      'units that no call can use',
      smallBook('flat', ['1'], '1000=50 6000=250', 12),
      ['PACK_REST /packProducts/0/sizes/0/calls'],
    ],
  ])('%s', (_, book, expected) => {
    const findings = lintBook(book);
    expect(findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(expected);
    for (const { zh, en } of findings) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en.length).toBeGreaterThan(20);
    }
  });
});
