// What a verdict may rest on: every figure of the bill is compared or named, and nothing is said of the provider that our own
// files do not bear out. One sound pair of files, and what people's files do to it. Figures by hand.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isBook, readBook } from '../../src/book/shelf.ts';
import { readBill } from '../../src/reconcile/bill-file.ts';
import { loadTape } from '../../src/reconcile/load-tape.ts';
import { readPacks } from '../../src/reconcile/packs-file.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { reconciliationDocument, reconciliationText } from '../../src/reconcile/report.ts';
import { onDisk } from '../../src/usage-files/disk.ts';
import { readUsageFile } from '../../src/usage-files/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-judged-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usage = [
  'id,meter,action,resultCode,calls,time',
  'a,liveness.basic.authority,,,1000,2026-01-05T09:00:00+08:00',
  'b,liveness.basic.authority,,,11000,2026-01-06T15:00:00+08:00',
  'c,phone_status,,,1000,2026-01-20T11:30:00+08:00',
  'd,,IdCardVerification,0,500,2026-01-21T08:00:00+08:00',
];
const packs = ['id,product,calls,price,bought', 'p1,basic_authority,10000,8000.00,2026-01-06T10:00:00+08:00'];
const header = 'kind,day,meter,pack,tariff,calls,unit_price,amount';
const purchase = 'purchase,,,p1,,,,8000.00';
const days = [
  'pack,2026-01-06,liveness.basic.authority,p1,,10000,,',
  'postpaid,2026-01-05,liveness.basic.authority,,,1000,,',
  'postpaid,2026-01-06,liveness.basic.authority,,,1000,,',
  'postpaid,2026-01-20,phone_status,,,1000,,',
  'postpaid,2026-01-21,identity,,,500,,',
];
const lines = [
  'postpaid,,,,liveness_verification,2000,0.85,1700.00',
  'postpaid,,,,phone_status,1000,0.38,380.00',
  'postpaid,,,,identity,500,0.30,150.00',
];
const total = (amount: string) => `total,,,,,,,${amount}`;

interface Files {
  readonly book?: string;
  readonly usage?: readonly string[];
  readonly packs?: readonly string[];
  readonly header?: string;
  readonly bill: readonly string[];
}

const write = (name: string, rows: readonly string[]): string => {
  writeFileSync(join(folder, name), `${rows.join('\n')}\n`);
  return join(folder, name);
};

async function judge(files: Files) {
  const shelved = readBook(files.book ?? 'faceid-legacy');
  if (!isBook(shelved)) throw new Error('no book');
  const known = await readPacks(onDisk(write('packs.csv', files.packs ?? packs)), shelved.book);
  const rows = [files.header ?? header, ...files.bill];
  const bill = await readBill(onDisk(write('bill.csv', rows)), shelved.book, '2026-01' as never);
  if ('problems' in bill) return { problems: bill.problems.map(({ line, code, column }) => [line, code, column]) };
  const calls = await loadTape(readUsageFile(write('calls.csv', files.usage ?? usage)), shelved.book, undefined);
  const result = reconcile(shelved.book, known.packs, calls, bill);
  return {
    ...reconciliationDocument(result),
    text: reconciliationText(result, 'en'),
    zh: reconciliationText(result, 'zh'),
  };
}

const codesOf = (judged: Awaited<ReturnType<typeof judge>>): unknown =>
  'problems' in judged && !('ok' in judged) ? judged.problems : judged.causes.map(({ code }) => code);

describe('a bill with fewer figures is right where those are', () => {
  test.each<[string, Files]>([
    ['everything', { bill: [purchase, ...days, ...lines, total('10230.00')] }],
    ['days only', { bill: [purchase, ...days] }],
    ['a total only, packs in it', { bill: [total('10230.00')] }],
    ['a total only, packs paid apart', { bill: [total('2230.00')] }],
    ['lines, and a total with the packs in it', { bill: [...lines, total('10230.00')] }],
    ['lines, and a total without', { bill: [...lines, total('2230.00')] }],
    [
      'days with their amounts',
      {
        bill: [
          'postpaid,2026-01-05,liveness.basic.authority,,,1000,,850.00',
          'postpaid,2026-01-06,liveness.basic.authority,,,1000,,850.00',
          'postpaid,2026-01-20,phone_status,,,1000,,380.00',
          'postpaid,2026-01-21,identity,,,500,,150.00',
          total('2230.00'),
        ],
      },
    ],
    [
      'a voucher and a rounding that make up the total',
      {
        bill: [purchase, ...lines, 'voucher,,,,,,,(30.00)', 'rounding,,,,,,,-0.50', total('"¥10,199.50"')],
      },
    ],
  ])('%s', async (_, files) => {
    expect(await judge(files)).toMatchObject({
      ok: true,
      differences: [],
      totals: { difference: expect.toBeOneOf(['0.00', null]) },
    });
  });

  test('the sides of a bill without a total are not set against each other', async () => {
    const { totals, text } = (await judge({ bill: [purchase, ...days] })) as { totals: unknown; text: string };
    expect(totals).toMatchObject({
      billed: { postpaid: null, total: null },
      expected: { total: '10230.00' },
      difference: null,
    });
    expect(text).toContain('What the bill lists is right.');
  });

  test.each<[string, string | null, boolean, readonly string[]]>([
    ['a total of postpaid calls alone', 'WITHOUT_PACKS', true, [total('2230.00')]],
    ['a total of the month', 'WITH_PACKS', true, [total('10230.00')]],
    ['lines, and a total of them', 'WITHOUT_PACKS', true, [...lines, total('2230.00')]],
    ['lines, and a total with more in it', 'WITH_PACKS', true, [...lines, total('10230.00')]],
    ['a total less a voucher', 'WITH_PACKS', true, ['voucher,,,,,,,-30.00', total('10200.00')]],
    ['packs on the bill', null, true, [purchase, ...days, ...lines, total('10230.00')]],
    ['no total', null, true, [...days]],
    ['a total of neither', 'WITH_PACKS', false, [total('5000.00')]],
    // 380.00 read as 400.00: the tier bound the other way.
    ['a total of postpaid calls alone with a mistake', 'WITHOUT_PACKS', false, [total('2250.00')]],
    ['a total of the month with a mistake', 'WITH_PACKS', false, [total('10250.00')]],
  ])('what a total is taken for is said: %s', async (_, code, ok, bill) => {
    const judged = await judge({ bill });
    expect(judged).toMatchObject({ ok, totalReading: code === null ? null : { code } });
    const { text, zh, warnings } = judged as { text: string; zh: string; warnings: readonly unknown[] };
    expect(warnings).toHaveLength(code === 'WITHOUT_PACKS' ? 1 : 0);
    expect(text.includes('without the packs bought in the month (p1, ¥8,000.00)')).toBe(code === 'WITHOUT_PACKS');
    expect(text.includes('with the packs bought in the month in it (p1, ¥8,000.00)')).toBe(code === 'WITH_PACKS');
    expect(zh.includes('当月购买的资源包（p1，¥8,000.00）')).toBe(code !== null);
  });

  test('a wrong total is set against that of the month, unless a mistake makes it that of postpaid calls alone', async () => {
    expect(await judge({ bill: [total('5000.00')] })).toMatchObject({
      totals: { expected: { purchases: '8000.00', total: '10230.00' } },
      causes: [{ code: 'UNEXPLAINED' }],
    });
    expect(await judge({ bill: [total('2250.00')] })).toMatchObject({
      totals: { expected: { purchases: null, total: '2230.00' }, difference: '20.00' },
      causes: [{ code: 'BOUND' }],
    });
  });

  test('without packs bought in the month there is nothing to tell apart', async () => {
    const bill = ['total,,,,,,,150.00'];
    expect(await judge({ usage: [usage[0] ?? '', usage[4] ?? ''], packs: packs.slice(0, 1), bill })).toMatchObject({
      ok: true,
      totalReading: null,
      warnings: [],
    });
  });

  test('what nothing can be compared with is named, in both languages', async () => {
    const judged = await judge({
      bill: [
        purchase,
        ...days.map((row) => row.replace(/,,$/, ',0.85,1.00')),
        ...lines,
        'discount,,,,,,,-30.00',
        total('10200.00'),
      ],
    });
    expect(judged).toMatchObject({ ok: true });
    expect((judged as { notCompared: readonly { en: string }[] }).notCompared.map(({ en }) => en)).toEqual([
      'not compared: unit_price of pack rows (1, line 3)',
      'not compared: amount of pack rows (1, line 3)',
      'not compared: unit_price of postpaid rows (4, line 4, 5, 6 …)',
      'not compared: amount of discount rows (1, line 11)',
      'not compared: amount of postpaid rows (4, line 4, 5, 6 …)',
    ]);
    expect((judged as { zh: string }).zh).toContain('未比对：discount 行的 amount');
  });
});

describe('a figure that is wrong is found, with its cause', () => {
  const sms = new URL('../../catalog/examples/sms-gateway.json', import.meta.url).pathname;
  const one = (meter: string, calls: number) => [usage[0] ?? '', `u,${meter},,,${calls},2026-01-02T09:00:00+08:00`];
  test.each<[string, string[], Files]>([
    ['a total that lines do not make', ['TOTAL_NOT_SUM'], { bill: [...lines, total('10231.00')] }],
    ['a total alone', ['UNEXPLAINED'], { bill: [total('10231.00')] }],
    [
      'an amount that is no product of its price',
      ['WRONG_UNIT_PRICE'],
      {
        usage: one('identity', 3000),
        packs: packs.slice(0, 1),
        bill: ['postpaid,,,,identity,3000,0.32,900.00', total('900.00')],
      },
    ],
    [
      'two lines, wrong and right in sum',
      ['WRONG_UNIT_PRICE'],
      {
        usage: one('identity', 500),
        packs: packs.slice(0, 1),
        bill: ['postpaid,,,,identity,200,0.45,90.00', 'postpaid,,,,identity,300,0.20,60.00'],
      },
    ],
    [
      'a printed price, slices',
      ['WRONG_UNIT_PRICE'],
      {
        book: sms,
        usage: one('sms.notice', 9324),
        packs: packs.slice(0, 1),
        bill: ['postpaid,,,,sms,9324,0.9999,419.58'],
      },
    ],
    [
      'a printed price, more slices than one',
      ['WRONG_UNIT_PRICE'],
      {
        book: sms,
        usage: one('sms.notice', 60_000),
        packs: packs.slice(0, 1),
        bill: ['postpaid,,,,sms,60000,0.0440,2575.00'],
      },
    ],
    [
      'an amount cut off, slices',
      ['ROUNDED_DOWN'],
      {
        book: sms,
        usage: one('sms.notice', 333),
        packs: packs.slice(0, 1),
        bill: ['postpaid,,,,sms,333,0.0450,14.98', total('14.98')],
      },
    ],
    [
      'a pack that we do not have',
      ['PACK_UNKNOWN'],
      {
        bill: [purchase, 'purchase,,,p2,,,,380.00', ...days, ...lines, total('10610.00')],
      },
    ],
    [
      'a pack that is not on the bill',
      ['PACK_NOT_BILLED'],
      {
        packs: [...packs, 'p2,identity,1000,300.00,2026-01-30'],
        bill: [purchase, ...days, ...lines, total('10230.00')],
      },
    ],
    [
      'a pack drawn too early, its draws in one sum',
      ['PACK_NOT_YET_EFFECTIVE'],
      {
        usage: [
          usage[0] ?? '',
          'u,liveness.basic.authority,,,600,2026-01-06T08:00:00+08:00',
          'v,photo.authority,,,1500,2026-01-06T12:00:00+08:00',
        ],
        packs: [
          'id,product,calls,price,bought,effective',
          'p1,basic_authority,1000,930.00,2026-01-06,2026-01-06T10:00:00+08:00',
        ],
        bill: ['postpaid,,,,photo_verification,1100,0.85,935.00', 'pack,,,p1,,1000,,'],
      },
    ],
  ])('%s', async (_, codes, files) => {
    const judged = await judge(files);
    expect(codesOf(judged)).toEqual(codes);
    expect(judged).toMatchObject({ ok: false });
  });

  test.each(['0.0450', '0.0425', '0.0429'])(
    'for several slices a bill may print %s: a price of one, or the average',
    async (price) => {
      const bill = [`postpaid,,,,sms,60000,${price},2575.00`];
      expect(
        await judge({ book: sms, usage: one('sms.notice', 60_000), packs: packs.slice(0, 1), bill }),
      ).toMatchObject({ ok: true });
    },
  );

  test('each slice may be a line of its own', async () => {
    const bill = ['postpaid,,,,sms,10000,0.0450,450.00', 'postpaid,,,,sms,50000,0.0425,2125.00', total('2575.00')];
    expect(await judge({ book: sms, usage: one('sms.notice', 60_000), packs: packs.slice(0, 1), bill })).toMatchObject({
      ok: true,
    });
  });
});

describe('a bill that cannot be compared is refused with the place', () => {
  test.each<[string, unknown[], Files]>([
    ['several totals', [3, 'TWICE', 'kind'], { bill: [total('8000.00'), total('10230.00')] }],
    ['a purchase of no pack', [2, 'MISSING', 'pack'], { bill: ['purchase,,,,,,,8000.00'] }],
    ['an amount of another currency', [2, 'WRONG_FORMAT', 'amount'], { bill: [total('$10230.00')] }],
    ['a price that is none', [2, 'WRONG_FORMAT', 'unit_price'], { bill: ['postpaid,,,,identity,1,cheap,1.00'] }],
    ['an unknown kind', [2, 'UNKNOWN_KIND', 'kind'], { bill: ['present,,,,,,,1.00'] }],
    ['no row at all', [1, 'NOTHING_TO_COMPARE', 'kind'], { header: 'kind,amount', bill: [] }],
    ['sums of parts alone', [1, 'NOTHING_TO_COMPARE', 'kind'], { bill: ['subtotal,,,,,,,99.00'] }],
    ['what follows from no usage alone', [1, 'NOTHING_TO_COMPARE', 'kind'], { bill: ['voucher,,,,,,,-9.00'] }],
  ])('%s', async (_, problem, files) => {
    expect(codesOf(await judge(files))).toEqual([problem]);
  });
});

test('a tier without a price makes no total, and nobody is told a sum without it', async () => {
  const judged = await judge({
    usage: [...usage, 'e,identity,,,200000,2026-01-22T09:00:00+08:00'],
    bill: ['postpaid,,,,identity,200500,0.26,52130.00', ...lines.slice(0, 2), total('54210.00')],
  });
  expect(judged).toMatchObject({
    ok: false,
    totals: { billed: { total: '54210.00' }, expected: { postpaid: null, total: null }, difference: null },
    unpriced: [{ tariff: 'identity', calls: 200_500n }],
    text: expect.stringContaining('ask for the price'),
    zh: expect.stringContaining('询价'),
  });
});

test('calls of another month are the first thing said', async () => {
  const judged = await judge({
    usage: usage.map((row) => row.replace('2026-01', '2025-12')),
    bill: [purchase, ...days, ...lines, total('10230.00')],
  });
  expect(judged).toMatchObject({
    warnings: [{ en: expect.stringContaining('its calls are of 2025-12'), zh: expect.stringContaining('2025-12') }],
    text: expect.stringMatching(/^no call of the record lies in 2026-01/),
  });
});

test('the export of a bill of our own is a bill', async () => {
  const own = 'kind,month,tariff,product,pack,calls,tier,unit_price,amount,formula';
  const bill = [
    'pack,2026-01,,basic_authority,p1,10000,,,8000.00,',
    'postpaid,2026-01,liveness_verification,,,2000,1,0.85,1700.00,"2,000 × ¥0.85"',
    'postpaid,2026-01,phone_status,,,1000,1,0.38,380.00,',
    'postpaid,2026-01,identity,,,500,0,0.30,150.00,',
    'prepaid,2026-01,,,,,,,8000.00,',
    'postpaid,2026-01,,,,,,,2230.00,',
    'adjustments,2026-01,,,,,,,0.00,',
    'total,2026-01,,,,,,,10230.00,',
  ];
  expect(await judge({ header: own, bill })).toMatchObject({ ok: true, totals: { difference: '0.00' } });
  // What corrects an earlier month stands with that month.
  const corrected = [
    ...bill.slice(0, 4),
    'adjustment,2025-12,identity,,,,,,0.00,',
    'adjustment,2025-11,identity,,,,,,1.00,',
    ...bill.slice(4, 7),
    'total,2026-01,,,,,,,10231.00,',
  ];
  expect(await judge({ header: own, bill: corrected })).toMatchObject({ ok: true, totals: { difference: '0.00' } });
});

test('what a day costs that is charged by itself is compared by the day', async () => {
  const captcha = new URL('../../catalog/examples/tencent-captcha.json', import.meta.url).pathname;
  const calls = ['id,meter,calls,time', 'a,m,200,2026-01-05T09:00:00+08:00', 'b,m,200,2026-01-06T09:00:00+08:00'];
  const bill = (one: string, other: string) => [
    `postpaid,2026-01-05,m,,,200,,${one}`,
    `postpaid,2026-01-06,m,,,200,,${other}`,
    total('1.40'),
  ];
  const noPacks = ['id,product,calls,price,bought'];
  const judged = (...amounts: [string, string]) =>
    judge({ book: captcha, usage: calls, packs: noPacks, bill: bill(...amounts) });
  expect(await judged('0.70', '0.70')).toMatchObject({ ok: true });
  // Right in sum alone.
  expect(await judged('0.80', '0.60')).toMatchObject({
    ok: false,
    differences: [
      {
        kind: 'line',
        where: { day: '2026-01-05', tariff: 't' },
        billed: { amount: '0.80' },
        expected: { amount: '0.70' },
      },
      {
        kind: 'line',
        where: { day: '2026-01-06', tariff: 't' },
        billed: { amount: '0.60' },
        expected: { amount: '0.70' },
      },
    ],
  });
});
