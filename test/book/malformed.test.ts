// Malformed books: each row breaks one thing in a sound book and says which field must be named.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasProblems, parsePriceBook } from '../../src/book/decode.ts';
import { lintBook } from '../../src/book/lint.ts';
import { catalogFolder, parseJson, readBook } from '../../src/book/shelf.ts';

// biome-ignore lint/suspicious/noExplicitAny: the rows break the type on purpose
type Loose = any;

const sound = (): Loose => JSON.parse(readFileSync(new URL('faceid-legacy.json', catalogFolder), 'utf8'));

const changes: [string, (book: Loose) => unknown, string, string][] = [
  ['unknown field at the top', (b) => (b.colour = 'red'), 'UNKNOWN_FIELD', '/colour'],
  ['unknown field inside', (b) => (b.tariffs[0].tiers[1].prize = '1'), 'UNKNOWN_FIELD', '/tariffs/0/tiers/1/prize'],
  ['name with a slash', (b) => (b.policies['a/b~c'] = 1), 'UNKNOWN_FIELD', '/policies/a~1b~0c'],
  ['missing field', (b) => delete b.policies.refundDays, 'MISSING', '/policies/refundDays'],
  ['missing title language', (b) => delete b.meters[2].title.en, 'MISSING', '/meters/2/title/en'],
  ['price as a number', (b) => (b.tariffs[0].tiers[1].price = 0.85), 'WRONG_TYPE', '/tariffs/0/tiers/1/price'],
  [
    'price with 9 decimals',
    (b) => (b.tariffs[0].tiers[1].price = '0.123456789'),
    'WRONG_FORMAT',
    '/tariffs/0/tiers/1/price',
  ],
  ['negative price', (b) => (b.tariffs[0].tiers[1].price = '-1'), 'WRONG_FORMAT', '/tariffs/0/tiers/1/price'],
  [
    'price with a comma',
    (b) => (b.packProducts[0].sizes[0].price = '1,150'),
    'WRONG_FORMAT',
    '/packProducts/0/sizes/0/price',
  ],
  [
    'pack price below the fen',
    (b) => (b.packProducts[0].sizes[0].price = '1.005'),
    'WRONG_FORMAT',
    '/packProducts/0/sizes/0/price',
  ],
  ['bad book id', (b) => (b.id = 'Faceid'), 'WRONG_FORMAT', '/id'],
  ['bad meter id', (b) => (b.meters[0].id = '1st'), 'WRONG_FORMAT', '/meters/0/id'],
  ['id of 65 characters', (b) => (b.tariffs[3].id = 'x'.repeat(65)), 'WRONG_FORMAT', '/tariffs/3/id'],
  ['NUL in a title', (b) => (b.title.en = 'a\u0000b'), 'WRONG_FORMAT', '/title/en'],
  ['lone surrogate in a title', (b) => (b.title.zh = '\ud800'), 'WRONG_FORMAT', '/title/zh'],
  ['unknown mode', (b) => (b.tariffs[0].mode = 'stairs'), 'NOT_A_CHOICE', '/tariffs/0/mode'],
  ['unknown draw key', (b) => (b.policies.drawOrder[1] = 'random'), 'NOT_A_CHOICE', '/policies/drawOrder/1'],
  ['draw key twice', (b) => (b.policies.drawOrder[1] = 'gift-first'), 'DUPLICATE_ENTRY', '/policies/drawOrder/1'],
  ['size 0', (b) => (b.packProducts[0].sizes[0].calls = 0), 'OUT_OF_RANGE', '/packProducts/0/sizes/0/calls'],
  [
    'a ratio of 0.4',
    (b) => (b.packProducts[0].covers[0].ratio = 0.4),
    'RATIO_DECIMAL',
    '/packProducts/0/covers/0/ratio',
  ],
  ['a ratio of 0', (b) => (b.packProducts[0].covers[0].ratio = 0), 'OUT_OF_RANGE', '/packProducts/0/covers/0/ratio'],
  ['half a call', (b) => (b.packProducts[0].sizes[0].calls = 0.5), 'WRONG_TYPE', '/packProducts/0/sizes/0/calls'],
  [
    'a size beyond exact numbers',
    (b) => (b.packProducts[0].sizes[5].calls = 1e300),
    'OUT_OF_RANGE',
    '/packProducts/0/sizes/5/calls',
  ],
  ['ratio 0', (b) => (b.packProducts[2].covers[1].ratio = 0), 'OUT_OF_RANGE', '/packProducts/2/covers/1/ratio'],
  ['sizes not ascending', (b) => b.packProducts[0].sizes.reverse(), 'SIZE_ORDER', '/packProducts/0/sizes/1/calls'],
  ['no meters', (b) => (b.meters = []), 'OUT_OF_RANGE', '/meters'],
  ['no tiers', (b) => (b.tariffs[0].tiers = []), 'OUT_OF_RANGE', '/tariffs/0/tiers'],
  ['unknown tariff', (b) => (b.meters[4].tariff = 'photos'), 'UNKNOWN_TARIFF', '/meters/4/tariff'],
  [
    'unknown meter',
    (b) => (b.packProducts[2].covers[1].meter = 'photo'),
    'UNKNOWN_METER',
    '/packProducts/2/covers/1/meter',
  ],
  [
    'meter covered twice',
    (b) => b.packProducts[0].covers.push(b.packProducts[0].covers[0]),
    'DUPLICATE_ENTRY',
    '/packProducts/0/covers/1/meter',
  ],
  ['meter id twice', (b) => (b.meters[6].id = 'identity'), 'DUPLICATE_ID', '/meters/6/id'],
  ['tariff id twice', (b) => b.tariffs.push(b.tariffs[7]), 'DUPLICATE_ID', '/tariffs/8/id'],
  ['product id twice', (b) => b.packProducts.push(b.packProducts[8]), 'DUPLICATE_ID', '/packProducts/9/id'],
  ['first tier not at 0', (b) => (b.tariffs[0].tiers[0].from = 1), 'TIER_START', '/tariffs/0/tiers/0/from'],
  ['gap', (b) => (b.tariffs[0].tiers[2].from = 10_001), 'TIER_GAP', '/tariffs/0/tiers/2/from'],
  ['overlap', (b) => (b.tariffs[0].tiers[2].from = 9_999), 'TIER_OVERLAP', '/tariffs/0/tiers/2/from'],
  ['empty tier', (b) => (b.tariffs[0].tiers[0].to = 0), 'OUT_OF_RANGE', '/tariffs/0/tiers/0/to'],
  ['tier that ends before it starts', (b) => (b.tariffs[0].tiers[1].to = 999), 'TIER_EMPTY', '/tariffs/0/tiers/1/to'],
  ['end to the last tier', (b) => (b.tariffs[0].tiers[4].to = 9_000_000), 'TIER_END', '/tariffs/0/tiers/4/to'],
  ['no end to a middle tier', (b) => (b.tariffs[0].tiers[1].to = null), 'TIER_END', '/tariffs/0/tiers/1/to'],
  ['unpriced middle tier', (b) => (b.tariffs[0].tiers[1].price = null), 'TIER_UNPRICED', '/tariffs/0/tiers/1/price'],
  ['flat with tiers', (b) => (b.tariffs[0].mode = 'flat'), 'FLAT_TIERS', '/tariffs/0/tiers/1'],
  ['impossible zone', (b) => (b.timeZone = 'Asia/Shangahi'), 'NO_SUCH_ZONE', '/timeZone'],
  ['offset for a zone', (b) => (b.timeZone = '+08:00'), 'WRONG_FORMAT', '/timeZone'],
  ['impossible currency', (b) => (b.currency = 'CNX'), 'NO_SUCH_CURRENCY', '/currency'],
  ['currency with four decimals', (b) => (b.currency = 'CLF'), 'NO_SUCH_CURRENCY', '/currency'],
  ['impossible day', (b) => (b.effective.from = '2021-02-29'), 'NO_SUCH_DAY', '/effective/from'],
  ['days reversed', (b) => (b.effective.until = '2020-10-01'), 'DAYS_REVERSED', '/effective/until'],
  ['accounts reversed', (b) => (b.accounts.openedFrom = '2022-01-01'), 'DAYS_REVERSED', '/accounts/openedBefore'],
  ['no validity', (b) => (b.policies.packValidity = 'P'), 'WRONG_FORMAT', '/policies/packValidity'],
  ['validity of nothing', (b) => (b.policies.packValidity = 'P0Y'), 'WRONG_FORMAT', '/policies/packValidity'],
  ['window in hours', (b) => (b.policies.lateWindow = 'PT34H'), 'WRONG_FORMAT', '/policies/lateWindow'],
  ['codes as a number', (b) => (b.codeTable[1].charged = 0), 'WRONG_TYPE', '/codeTable/1/charged'],
  ['a code as a number', (b) => (b.codeTable[1].charged[0] = 0), 'WRONG_TYPE', '/codeTable/1/charged/0'],
  ['reversed range', (b) => (b.codeTable[2].charged[2] = '-4..-15'), 'BAD_RANGE', '/codeTable/2/charged/2'],
  ['range of words', (b) => (b.codeTable[2].charged[2] = 'A..Z'), 'BAD_RANGE', '/codeTable/2/charged/2'],
  ['rest in a list', (b) => (b.codeTable[2].charged[2] = 'rest'), 'BAD_RANGE', '/codeTable/2/charged/2'],
  ['rest on both sides', (b) => (b.codeTable[0].charged = 'rest'), 'AMBIGUOUS_CODES', '/codeTable/0/notCharged'],
  [
    'a code on both sides',
    (b) => (b.codeTable[1].notCharged[1] = '-1'),
    'AMBIGUOUS_CODES',
    '/codeTable/1/notCharged/1',
  ],
  [
    'a code inside a range of the other side',
    (b) => (b.codeTable[2].notCharged[1] = '-9'),
    'AMBIGUOUS_CODES',
    '/codeTable/2/notCharged/1',
  ],
  ['two rules on one day', (b) => (b.codeTable[8].until = '2021-07-20'), 'AMBIGUOUS_RULE', '/codeTable/9/actions'],
  ['rule reversed', (b) => (b.codeTable[9].until = '2021-07-19'), 'DAYS_REVERSED', '/codeTable/9/until'],
  [
    'facts of two meters',
    (b) => b.meters[1].facts[0].libraries.push('authority'),
    'AMBIGUOUS_FACTS',
    '/meters/1/facts/0',
  ],
];

describe('malformed books', () => {
  it('start from a sound one', () => expect(hasProblems(parsePriceBook(sound()))).toBe(false));

  it.each(changes)('%s', (_, change, code, pointer) => {
    const book = sound();
    change(book);
    const parsed = parsePriceBook(book);
    if (!hasProblems(parsed)) throw new Error('parsed');
    expect(parsed.problems.map((found) => `${found.code} ${found.pointer}`)).toContain(`${code} ${pointer}`);
    for (const { zh, en } of parsed.problems) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
    }
    expect(lintBook(book).every((finding) => finding.severity === 'error')).toBe(true);
  });

  it.each([[null], [undefined], [7], ['book'], [[]], [{}]])('%j is no book', (json) => {
    expect(hasProblems(parsePriceBook(json))).toBe(true);
  });

  it('reports all problems at once', () => {
    const book = sound();
    book.meters[0].tariff = 'x';
    book.tariffs[1].tiers[1].from = 999;
    book.timeZone = 'Mars/Olympus';
    const parsed = parsePriceBook(book);
    const codes = hasProblems(parsed) ? parsed.problems.map((found) => found.code) : [];
    expect(codes).toEqual(['NO_SUCH_ZONE', 'UNKNOWN_TARIFF', 'TIER_OVERLAP']);
  });

  it('says why a text is not JSON', () => {
    expect(parseJson('{"id": }')).toMatchObject({ problems: [{ code: 'NOT_JSON', pointer: '' }] });
  });

  it('knows neither a shipped book nor a file by this name', () => {
    expect(readBook('faceid-1999')).toMatchObject({ refused: 'UNKNOWN_BOOK', pointer: '/book' });
    expect(readBook('/tmp')).toMatchObject({ refused: 'UNKNOWN_BOOK' });
  });
});

it.each([
  [0.4, 'its sizes and ratios all times 10; write 4 here'],
  [2.5, 'its sizes and ratios all times 10; write 25 here'],
  [12.0625, 'its sizes and ratios all times 10000; write 120625 here'],
])('a ratio of %s is told in smaller units', (ratio, advice) => {
  const book = sound();
  book.packProducts[0].covers[0].ratio = ratio;
  const parsed = parsePriceBook(book);
  expect(hasProblems(parsed) ? parsed.problems.map(({ en }) => en) : []).toEqual([expect.stringContaining(advice)]);
});
