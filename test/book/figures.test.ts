// The figures of the three FaceID books as the published pages print them, independent of the JSON. "-" is a size not sold.

import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { formatMoney } from '../../src/core/units.ts';

const rows = (table: string): string[][] =>
  table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));

const bookOf = (id: string): PriceBook => loadCatalog().get(id)!.book;

const elementTariffs = `
  identity               0.3   0.3   0.28  0.26
  bank_card              0.4   0.38  0.36  0.34
  bank_card_info         0.3   0.3   0.3   0.2`;

const legacyTariffs = `
  liveness_verification  1     0.85  0.75  0.68
  photo_verification     1     0.85  0.75  0.68
  liveness_comparison    0.15  0.13  0.11  0.11
  ${elementTariffs}`;

const tiered: Record<string, string> = {
  'faceid-legacy': `${legacyTariffs}
    phone_status         0.4   0.38  0.36  0.36`,
  'faceid-2019': `${legacyTariffs}
    phone_status         0.4   0.38  0.36  0.34`,
  'faceid-2021': `${elementTariffs}
    phone_status         0.4   0.38  0.36  0.36
    phone_info           0.4   0.38  0.36  0.36`,
};

const flat: Record<string, string> = {
  'faceid-legacy': 'eid 1.5',
  'faceid-2019': 'eid 1.5',
  'faceid-2021': `
    enhanced_authority_wechat 1.2
    enhanced_authority_app    1.2
    enhanced_selfie_wechat    0.3
    enhanced_selfie_app       0.3
    basic_authority           1
    basic_selfie              0.15
    eid                       1.5`,
};

const sizes = [1000, 5000, 10_000, 100_000, 200_000, 500_000, 1_000_000];

const legacyPacks = `
  enhanced_authority_wechat 1150 -    11000 100000 180000 400000 800000
  enhanced_selfie_wechat    280  -    2700  26000  50000  115000 230000
  basic_authority           930  -    8000  75000  140000 340000 660000
  basic_selfie              145  -    1200  11500  22000  52500  100000
  identity                  300  -    2800  26000  48000  115000 220000
  bank_card                 380  -    3700  35000  66000  -      -
  phone_status              380  -    3800  37000  72000  -      -
  bank_card_info            280  -    2700  26000  36000  -      -
  eid                       1400 6500 12000 100000 -      -      -`;

const packs: Record<string, string> = {
  'faceid-legacy': legacyPacks,
  'faceid-2019': legacyPacks.replace(' 8000 ', ' 8500 '),
  'faceid-2021': `${legacyPacks}
    enhanced_authority_app  1150 -    11000 100000 180000 400000 800000
    enhanced_selfie_app     280  -    2700  26000  50000  115000 230000
    phone_info              380  -    3800  37000  72000  -      -`,
};

const legacyMeters = `
  liveness.wechat.authority  liveness_verification      enhanced_authority_wechat
  liveness.wechat.selfie     liveness_comparison        enhanced_selfie_wechat
  liveness.basic.authority   liveness_verification      basic_authority
  liveness.basic.selfie      liveness_comparison        basic_selfie
  photo.authority            photo_verification         basic_authority
  identity                   identity                   identity
  bank_card                  bank_card                  bank_card
  phone_status               phone_status               phone_status
  bank_card_info             bank_card_info             bank_card_info
  eid                        eid                        eid`;

const meters: Record<string, string> = {
  'faceid-legacy': legacyMeters,
  'faceid-2019': legacyMeters,
  'faceid-2021': `
    liveness.wechat.authority  enhanced_authority_wechat  enhanced_authority_wechat
    liveness.wechat.selfie     enhanced_selfie_wechat     enhanced_selfie_wechat
    liveness.app.authority     enhanced_authority_app     enhanced_authority_app
    liveness.app.selfie        enhanced_selfie_app        enhanced_selfie_app
    liveness.basic.authority   basic_authority            basic_authority
    liveness.basic.selfie      basic_selfie               basic_selfie
    photo.authority            basic_authority            basic_authority
    identity                   identity                   identity
    bank_card                  bank_card                  bank_card
    phone_status               phone_status               phone_status
    phone_info                 phone_info                 phone_info
    bank_card_info             bank_card_info             bank_card_info
    eid                        eid                        eid`,
};

const sorted = (lines: readonly string[]): string[] => lines.toSorted();

describe.each(['faceid-legacy', 'faceid-2019', 'faceid-2021'])('%s', (id) => {
  const book = bookOf(id);

  it('has the tiers of the page', () => {
    const expected = [
      ...rows(tiered[id]!).map(
        ([tariff, a, b, c, d]) =>
          `${tariff} volume 0-1000:${a} 1000-10000:${b} 10000-100000:${c} 100000-200000:${d} 200000-end:none`,
      ),
      ...rows(flat[id]!).map(([tariff, price]) => `${tariff} flat 0-end:${price}`),
    ];
    const actual = [...book.tariffs.values()].map(
      ({ id: tariff, mode, tiers }) =>
        `${tariff} ${mode} ${tiers.map(({ from, to, price }) => `${from}-${to ?? 'end'}:${price?.text ?? 'none'}`).join(' ')}`,
    );
    expect(sorted(actual)).toEqual(sorted(expected));
  });

  it('has one bound and one basis throughout', () => {
    const bound = id === 'faceid-2019' ? 'upper-inclusive' : 'lower-inclusive';
    expect(new Set([...book.tariffs.values()].map((tariff) => `${tariff.bound} ${tariff.basis}`))).toEqual(
      new Set([`${bound} after-packs`]),
    );
  });

  it('sells the packs of the page and no others', () => {
    const expected = rows(packs[id]!).map(
      ([product, ...prices]) =>
        `${product} ${prices.flatMap((price, index) => (price === '-' ? [] : [`${sizes[index]}:${price}.00`])).join(' ')}`,
    );
    const actual = [...book.packProducts.values()].map(
      (product) =>
        `${product.id} ${product.sizes.map(({ calls, price }) => `${calls}:${formatMoney(price, 'CNY')}`).join(' ')}`,
    );
    expect(sorted(actual)).toEqual(sorted(expected));
  });

  it('has every meter feed its tariff and be covered by its pack, one call for one', () => {
    const actual = [...book.meters.values()].map((meter) => {
      const covering = [...book.packProducts.values()].filter((product) => product.covers.get(meter.id) === 1n);
      return [meter.id, meter.tariff, ...covering.map((product) => product.id)].join(' ');
    });
    expect(sorted(actual)).toEqual(sorted(rows(meters[id]!).map((cells) => cells.join(' '))));
  });

  it('has the policies of the page', () => {
    expect(book.policies).toEqual({
      packValidity: { years: 1, months: 0, days: 0 },
      packStart: id === 'faceid-2021' ? 'day' : 'instant',
      packExpiry: 'end-of-day',
      refundDays: 7,
      drawOrder: ['gift-first', 'fewest-meters-first', 'earliest-expiry', 'earliest-effective', 'earliest-bought'],
      lateWindowDays: 34,
      finalAfterDays: 2,
      packsUsableInArrears: false,
      arrearsGraceHours: 24,
    });
    expect([book.currency, book.timeZone]).toEqual(['CNY', 'Asia/Shanghai']);
  });
});
