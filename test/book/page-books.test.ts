// The example books written from public price pages: they fit the published schema, the linter finds only what the pages really say,
// and months come out as the pages' own examples or tables have them. The amounts are worked out apart from this program.

import { readdirSync, readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { describe, expect, it, test } from 'vitest';
import { hasProblems } from '../../src/book/decode.ts';
import { lintBook } from '../../src/book/lint.ts';
import { catalogFolder, readBookFile } from '../../src/book/shelf.ts';
import { refundDaysOf } from '../../src/core/pack.ts';
import type { PriceBook } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';

const folder = new URL('examples/', catalogFolder);
const names = readdirSync(folder)
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => name !== 'sms-gateway');

function bookOf(name: string): PriceBook {
  const read = readBookFile(new URL(`${name}.json`, folder));
  if (hasProblems(read)) throw new Error(JSON.stringify(read.problems));
  return read.book;
}

const schema = JSON.parse(readFileSync(new URL('price-book.schema.json', catalogFolder), 'utf8')) as object;
const validate = new Ajv.Ajv2020({ strict: true, allErrors: true }).compile(schema);

/** Findings that pages of this kind have: they are true. Others stand here by name. */
const usual = new Set(['DEAD_ZONE', 'PACK_UNIT_DEARER', 'PACK_NOT_SOLD']);
const trueOf: Readonly<Record<string, readonly string[]>> = { 'tencent-scan': ['PACK_UNIT_RISES'] };

test.each(names)('%s fits the schema under its file name and gives no false alarm', (name) => {
  validate(JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
  expect(validate.errors).toBeNull();
  const book = bookOf(name);
  expect(book.id).toBe(name);
  const found = new Set(lintBook(book).map(({ code }) => code));
  expect([...found].filter((code) => !usual.has(code))).toEqual(trueOf[name] ?? []);
});

type Month = readonly [
  book: string,
  use: Readonly<Record<string, number | readonly [callsADay: number, days: number][]>>,
  packs: readonly (readonly [product: string, calls: number, gift?: 'gift'])[],
  total: string | null,
];

const months: readonly Month[] = [
  // Three examples of their pages, and one of a customer's bill.
  ['ali-subtitles', { seconds: 84 }, [], '0.88'],
  ['ali-vision', { m: 15_000 }, [], '2000.00'],
  ['google-translation', { characters: 575_000 }, [], '1.50'],
  ['aws-ses', { mail: 5400 }, [], '0.54'],
  // The others by the tables of their pages.
  ['ali-face', { detect: 5_000_000 }, [], '12500.00'],
  ['ali-face', { detect: 5_000_001 }, [], '10000.00'],
  ['ali-multimedia', { image: 1_000_200 }, [['image', 1_000_000]], null],
  ['ali-multimedia', { video: 1_000_000 }, [['video', 1_000_000]], '55000.00'],
  ['ali-pnvs', { login: 100_001 }, [], '3500.04'],
  ['ali-pnvs', { login: 150_000 }, [['login', 100_000]], '5300.00'],
  [
    'ali-speech-packs',
    { file: 1040, sentence: 30_000 },
    [
      ['file', 1000],
      ['file', 40],
      ['sentence', 30_000],
    ],
    '1400.00',
  ],
  ['ali-sofa', { m: 10_100_000 }, [], '199.60'],
  ['aws-api-gateway', { rest: 5_000_000 }, [], '17.50'],
  ['aws-api-gateway', { rest: 1_000_000_000, http: 400_000_000 }, [], '3423.10'],
  ['aws-rekognition', { g1: 6_000_000 }, [], '4800.00'],
  ['aws-rekognition', { props: 1_000_001 }, [], '750.00'],
  ['baidu-iocr', { m: 60_000 }, [], '2520.00'],
  ['baidu-iocr', { m: 60_000 }, [['iocr', 50_000]], '2600.00'],
  ['baidu-points', { base: 100_000, 'v.speech': 2500 }, [['pts', 10_000_000]], '98.00'],
  ['dcloud-login', { login: 10_000 }, [], '200.00'],
  ['google-geocoding', { m: 250_000 }, [], '1100.00'],
  ['google-geocoding', { m: 500_001 }, [], null],
  ['google-vision', { label: 5_001_000, text: 1000 }, [], '7499.50'],
  ['huawei-ocr', { m: 150 }, [['g', 100]], '13.00'],
  ['huawei-sms', { m: 3_500_000 }, [], '212500.00'],
  ['huawei-sms', { m: 1_005_000 }, [['sms', 5000]], '65275.00'],
  // Their pages' examples of one day; two days of 215,000, of which the month's gift pays 5,000.
  ['tencent-asr-intl', { m: [[315, 1]] }, [], '378.00'],
  ['tencent-captcha', { m: [[200, 1]] }, [], '0.70'],
  ['tencent-captcha', { m: [[200, 2]] }, [], '1.40'],
  ['tencent-asr', { sentence: [[215_000, 2]] }, [['sentence', 5000, 'gift']], '1360.00'],
  ['tencent-asr-ap', { sentence: [[215_000, 2]] }, [['sentence', 5000, 'gift']], '1360.00'],
  // What packs paid counts towards the day's tier, or does not.
  ['tencent-asr', { sentence: [[330_000, 1]] }, [['sentence', 30_000]], '930.00'],
  ['tencent-asr-ap', { sentence: [[329_999, 1]] }, [['sentence', 30_000]], '1050.00'],
  // Prices by the hour, metered by the second: 3.2 and 2.8 an hour, a pack of thirty hours.
  ['tencent-asr', { stream: [[1, 1]] }, [], '0.00'],
  ['tencent-asr', { stream: [[1_079_999, 1]] }, [], '960.00'],
  ['tencent-asr', { stream: [[1_080_000, 1]] }, [], '840.00'],
  ['tencent-asr', { stream: [[1_080_100, 1]] }, [['stream', 108_000]], '846.08'],
  ['tencent-asr', { sentence: [[30_001, 1]], file: [[100, 1]] }, [], '96.05'],
  ['tencent-face', { 'search.face': 2_000_000, 'search.person': 1_000_001 }, [], '9000.00'],
  ['tencent-fusion', { fusion: 1_000_000 }, [], '20000.00'],
  ['tencent-moderation', { 'image.sure': 90_000, 'image.suspect': 25_000 }, [['mod', 1_000_000]], '94.50'],
  ['tencent-ocr', { vat: 10_001 }, [], '3500.35'],
  ['tencent-ocr', { vat: 11_000 }, [['vat', 1000]], '5400.00'],
  ['tencent-rtc-ai', { stt: 100, translation: 100 }, [], '3.60'],
  ['tencent-scan', { qr: 1_000_001 }, [], '30000.03'],
  ['tencent-sms', { sms: 10_000, voice: 100_000 }, [['sms', 10_000]], '4450.00'],
  ['tencent-translation', { m: 100_000_000 }, [], '5000.00'],
  ['tencent-tts', { std: 100_000_000, 'long.fine': 100_000 }, [['std', 100_000_000]], '1426.00'],
  ['youdao-ocr', { m: 1_100_000 }, [], '5100.00'],
];

describe('months of the page books', () => {
  it('has one of each book', () => {
    expect([...new Set(months.map(([book]) => book))].toSorted()).toEqual(names.toSorted());
  });

  it.each(months)('%s: %o with %o costs %s', (name, use, packs, total) => {
    const answer = quote(bookOf(name), {
      use: Object.entries(use).flatMap(([of, calls]) =>
        typeof calls === 'number'
          ? [{ of, calls: callsOf(calls) }]
          : calls.map(([aDay, days]) => ({ of, calls: callsOf(aDay), days })),
      ),
      packs: packs
        .filter(([, , gift]) => gift === undefined)
        .map(([product, size]) => ({ product, size: callsOf(size), count: 1 })),
      gifts: packs
        .filter(([, , gift]) => gift !== undefined)
        .map(([product, calls]) => ({ product, calls: callsOf(calls) })),
    });
    expect(isRefusal(answer) ? answer : answer.total).toBe(total);
  });
});

test.each(['tencent-face', 'tencent-fusion', 'tencent-ocr', 'tencent-asr'])(
  'packs of %s are never refunded',
  (name) => {
    const book = bookOf(name);
    for (const { id, sizes } of book.packProducts.values())
      for (const { calls } of sizes) expect(refundDaysOf(book, { product: id, calls })).toBeNull();
  },
);
