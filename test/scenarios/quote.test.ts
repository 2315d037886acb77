// What a quote says beyond its figures, and what it refuses.

import { describe, expect, it } from 'vitest';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { type Quote, quote } from '../../src/scenario/quote.ts';
import { bentBook, bookNamed, quoteOf, requestOf } from './story.ts';

const codes = ({ notices }: Quote): string[] => notices.map(({ code }) => code);
const notice = (wish: string, code: string) => quoteOf(wish).notices.find((each) => each.code === code);
const refusal = (wish: string) => {
  const [book = '', ...words] = wish.split(' ');
  const answer = quote(bookNamed(book), requestOf(words));
  return 'refused' in answer ? `${answer.refused} ${answer.pointer}` : 'accepted';
};

describe('notices', () => {
  it('exactly on a bound, with both readings', () => {
    expect(notice('faceid-legacy liveness_verification=1000', 'ON_BOUND')?.facts).toEqual({
      tariff: 'liveness_verification',
      calls: 1000,
      bound: 'lower-inclusive',
      lowerInclusive: '850.00',
      upperInclusive: '1000.00',
    });
    expect(codes(quoteOf('faceid-legacy liveness_verification=1001'))).toEqual([]);
  });

  it('a cliff ahead', () => {
    const facts = { tariff: 'liveness_verification', more: 1, amount: '850.00', saves: '149.00' };
    expect(notice('faceid-legacy liveness_verification=999', 'CLIFF_AHEAD')?.facts).toEqual(facts);
    expect(notice('faceid-legacy liveness_verification=850', 'CLIFF_AHEAD')).toBeUndefined();
    expect(notice('faceid-legacy liveness_verification=851', 'CLIFF_AHEAD')?.facts).toMatchObject({ saves: '1.00' });
  });

  it('a tier without a price: no total, an estimate', () => {
    const quoted = quoteOf('faceid-legacy liveness_verification=200001 identity=100');
    expect(quoted).toMatchObject({ prepaid: '0.00', postpaid: null, total: null, estimate: '136030.68' });
    expect(codes(quoted)).toEqual(['UNPRICED_TIER']);
    expect(quoted.lines).toMatchObject([
      { tariff: 'liveness_verification', amount: null, unitPrice: null, quoteRequired: true, estimate: '136000.68' },
      { tariff: 'identity', amount: '30.00' },
    ]);
  });

  it('no public price at all: no estimate, which would be read as nothing to pay', () => {
    const bare = bentBook('faceid-legacy', (document) => {
      const tariff = document.tariffs.find(({ id }) => id === 'identity');
      Object.assign(tariff ?? {}, { mode: 'flat', tiers: [{ from: 0, to: null, price: null }] });
    });
    const parsed = parsePriceBook(bare);
    if (hasProblems(parsed)) throw new Error(JSON.stringify(parsed.problems));
    const quoted = quote(parsed.book, requestOf(['identity=10', 'bank_card=1000']));
    expect(quoted).toMatchObject({ postpaid: null, total: null, estimate: null });
    if ('refused' in quoted) throw new Error(quoted.refused);
    expect(quoted.lines.find(({ kind, amount }) => kind === 'postpaid' && amount === null)).toMatchObject({
      estimate: null,
    });
    expect(quoted.notices[0]).toMatchObject({ code: 'UNPRICED_TIER', facts: { estimate: null } });
    for (const words of [quoted.notices[0], quoted.lines[0]?.formula]) {
      expect(`${words?.en} ${words?.zh}`).not.toMatch(/[Ee]stimate|估算/);
    }
  });

  it('no calls cost nothing', () => {
    expect(quoteOf('faceid-legacy identity=0')).toMatchObject({
      postpaid: '0.00',
      total: '0.00',
      lines: [],
      notices: [],
    });
    expect(quoteOf('faceid-legacy identity=0 bank_card=1000')).toMatchObject({
      total: quoteOf('faceid-legacy bank_card=1000').total,
    });
    expect(refusal('faceid-legacy nothing=0')).toBe('UNKNOWN_METER /use/0/of');
  });

  it('a pack that makes the month dearer, and one that does not', () => {
    const facts = { product: 'basic_authority', size: 100000, without: '71400.00', difference: '7850.00' };
    const dearer = 'faceid-legacy liveness_verification=105000 basic_authority:100000';
    expect(notice(dearer, 'PACK_DEARER')?.facts).toEqual(facts);
    expect(
      notice('faceid-legacy liveness.basic.authority=200000 basic_authority:200000', 'PACK_DEARER'),
    ).toBeUndefined();
    expect(codes(quoteOf('faceid-legacy identity=900 identity:1000'))).toContain('PACK_DEARER');
  });

  it('a pack that paid for nothing is left over, not dearer', () => {
    expect(codes(quoteOf('faceid-legacy identity=400 bank_card:1000'))).toEqual(['CALLS_LEFT_OVER']);
  });

  it('packs of one kind are weighed together, of another apart', () => {
    const quoted = quoteOf('faceid-legacy identity=2000 bank_card=1000 identity:1000x2 bank_card:1000');
    // 2,000 identity calls cost 600.00 by packs and postpaid alike; 1,000 bank card calls 380.00.
    expect(codes(quoted).filter((code) => code === 'PACK_DEARER')).toEqual([]);
    expect(quoted).toMatchObject({ prepaid: '980.00', postpaid: '0.00', total: '980.00' });
  });

  it('a size that never pays', () => {
    const facts = { product: 'basic_authority', size: 10000, price: '8000.00', postpaid: '7500.00', unitPrice: '0.75' };
    expect(notice('faceid-legacy basic_authority:10000', 'PACK_UNIT_DEARER')?.facts).toEqual(facts);
  });

  it('calls left over, but not when only packs were asked for', () => {
    expect(notice('faceid-legacy identity=400 identity:1000', 'CALLS_LEFT_OVER')?.facts).toEqual({
      product: 'identity',
      calls: 600,
    });
    expect(notice('faceid-legacy identity:1000', 'CALLS_LEFT_OVER')).toBeUndefined();
  });
});

describe('names', () => {
  it('a name that is both meter and tariff means the meter', () => {
    expect(quoteOf('faceid-legacy identity=10').usage).toMatchObject([{ meter: 'identity' }]);
    expect(quoteOf('faceid-2021 photo.authority=10').usage).toMatchObject([{ meter: 'photo.authority' }]);
  });

  it.each([
    ['none covered: the first', 'faceid-legacy liveness_verification=10', 'liveness.wechat.authority'],
    ['one covered: that', 'faceid-legacy liveness_verification=10 basic_authority:1000', 'liveness.basic.authority'],
    ['covered by a gift', 'faceid-legacy liveness_comparison=10 gift:basic_selfie:5', 'liveness.basic.selfie'],
    [
      'covered alike: no matter which',
      'faceid-2021 basic_authority=10 basic_authority:1000',
      'liveness.basic.authority',
    ],
  ])('a tariff fed by several meters, %s', (_, wish, meter) => {
    expect(quoteOf(wish).usage).toMatchObject([{ meter, calls: 10 }]);
  });

  it('gifts before packs, then postpaid, in the order given', () => {
    const quoted = quoteOf(
      'faceid-legacy photo.authority=60 liveness.basic.authority=1000 gift:basic_authority:50 basic_authority:1000',
    );
    expect(quoted.usage).toMatchObject([
      { meter: 'liveness.basic.authority', postpaid: 10, draws: [{ pack: 'pack-1', calls: 990 }] },
      {
        meter: 'photo.authority',
        postpaid: 0,
        draws: [
          { pack: 'gift-1', calls: 50 },
          { pack: 'pack-1', calls: 10 },
        ],
      },
    ]);
    expect(quoted.giftsUsed).toMatchObject([{ pack: 'gift-1', calls: 50 }]);
  });
});

it.each([
  ['faceid-legacy nothing=1', 'UNKNOWN_METER /use/0/of'],
  ['faceid-legacy identity=1000000000001', 'INVALID_QUANTITY /use/0/calls'],
  ['faceid-legacy nothing:1000', 'UNKNOWN_PRODUCT /packs/0/product'],
  ['faceid-legacy identity:1000 identity:999', 'SIZE_NOT_SOLD /packs/1/size'],
  ['faceid-legacy identity:1000x0', 'INVALID_INPUT /packs/0/count'],
  ['faceid-legacy identity:1000x1001', 'INVALID_INPUT /packs/0/count'],
  ['faceid-legacy gift:identity:0', 'INVALID_QUANTITY /gifts/0/calls'],
  [
    'faceid-legacy liveness_verification=9 gift:basic_authority:1 gift:enhanced_authority_wechat:1',
    'AMBIGUOUS_METER /use/0/of',
  ],
])('%s is refused: %s', (wish, expected) => expect(refusal(wish)).toBe(expected));
