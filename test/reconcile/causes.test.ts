// Small bills, one mistake each: the causes that the million calls do not show. Figures by hand.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isBook, readBook } from '../../src/book/shelf.ts';
import { readBill } from '../../src/reconcile/bill-file.ts';
import { loadTape } from '../../src/reconcile/load-tape.ts';
import { readPacks } from '../../src/reconcile/packs-file.ts';
import { reconcile } from '../../src/reconcile/reconcile.ts';
import { reconciliationDocument } from '../../src/reconcile/report.ts';
import { onDisk } from '../../src/usage-files/disk.ts';
import { readUsageFile } from '../../src/usage-files/read.ts';
import { tierBook } from '../book/tier-book.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-causes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const billHeader = 'kind,day,meter,pack,tariff,calls,unit_price,amount';
const usageHeader = 'id,meter,action,channel,library,resultCode,calls,time';
const packHeader = 'id,product,calls,price,gift,bought,expires,remaining';

function write(name: string, header: string, rows: readonly string[]): string {
  writeFileSync(join(folder, name), `${header}\n${rows.join('\n')}\n`);
  return join(folder, name);
}

interface Story {
  readonly book?: string;
  readonly usage: readonly string[];
  readonly packs?: readonly string[];
  readonly bill: readonly string[];
}

async function check({ book: id = 'faceid-legacy', usage, packs = [], bill }: Story) {
  const shelved = readBook(id);
  if (!isBook(shelved)) throw new Error(`no book ${id}`);
  const known = await readPacks(onDisk(write('packs.csv', packHeader, packs)), shelved.book);
  expect(known.problems).toEqual([]);
  const sent = await readBill(onDisk(write('bill.csv', billHeader, bill)), shelved.book, '2026-01' as never);
  if ('problems' in sent) throw new Error(JSON.stringify(sent.problems));
  const calls = await loadTape(readUsageFile(write('calls.csv', usageHeader, usage)), shelved.book, undefined);
  return reconciliationDocument(reconcile(shelved.book, known.packs, calls, sent));
}

const sms = new URL('../../catalog/examples/sms-gateway.json', import.meta.url).pathname;
const identity = (id: string, calls: number, time: string, meter = 'identity') => `${id},${meter},,,,,${calls},${time}`;

const stories: readonly (readonly [code: string, story: Story])[] = [
  [
    // 01:00 on the 10th in Shanghai is the 9th in UTC.
    'TIME_ZONE',
    {
      usage: [identity('a', 5, '2026-01-10T01:00:00+08:00'), identity('b', 7, '2026-01-20T12:00:00+08:00')],
      bill: [
        'postpaid,2026-01-09,identity,,,5,,',
        'postpaid,2026-01-20,identity,,,7,,',
        'postpaid,,,,identity,12,0.3,3.60',
      ],
    },
  ],
  [
    'ORDER_OF_ARRIVAL',
    {
      usage: [identity('late', 8, '2026-01-10T12:00:00+08:00'), identity('early', 8, '2026-01-05T12:00:00+08:00')],
      packs: ['p,identity,10,3.00,false,2026-01-01,,'],
      bill: [
        'pack,2026-01-10,identity,p,,8,,',
        'pack,2026-01-05,identity,p,,2,,',
        'postpaid,2026-01-05,identity,,,6,,',
        'postpaid,,,,identity,6,0.3,1.80',
      ],
    },
  ],
  [
    'PACK_BALANCE',
    {
      usage: [identity('a', 8, '2026-01-05T12:00:00+08:00'), identity('b', 8, '2026-01-06T12:00:00+08:00')],
      packs: ['p,identity,10,3.00,false,2026-01-01,,'],
      bill: [
        'pack,2026-01-05,identity,p,,7,,',
        'postpaid,2026-01-05,identity,,,1,,',
        'postpaid,2026-01-06,identity,,,8,,',
        'postpaid,,,,identity,9,0.3,2.70',
      ],
    },
  ],
  [
    'PACK_DOES_NOT_COVER',
    {
      usage: [identity('a', 8, '2026-01-05T12:00:00+08:00', 'bank_card')],
      packs: ['p,identity,10,3.00,false,2026-01-01,,'],
      bill: ['pack,2026-01-05,bank_card,p,,8,,', 'total,,,,,,,0.00'],
    },
  ],
  [
    'PACK_ENDED_EARLY',
    {
      // Good until the end of 6 January by the book; the provider ended it at the hour it was bought.
      usage: [identity('a', 3, '2026-01-06T08:00:00+08:00'), identity('b', 4, '2026-01-06T16:00:00+08:00')],
      packs: ['p,identity,10,3.00,false,2025-01-06T10:00:00+08:00,,'],
      bill: [
        'pack,2026-01-06,identity,p,,3,,',
        'postpaid,2026-01-06,identity,,,4,,',
        'postpaid,,,,identity,4,0.3,1.20',
      ],
    },
  ],
  [
    'PACK_UNKNOWN',
    {
      usage: [identity('a', 8, '2026-01-05T12:00:00+08:00')],
      bill: ['pack,,,q,,3,,', 'postpaid,,,,identity,8,0.3,2.40'],
    },
  ],
  [
    'HELD_RESULT_BILLED',
    {
      usage: ['a,,IdCardVerification,,,-9,4,2026-01-05T12:00:00+08:00'],
      bill: ['postpaid,,,,identity,4,0.3,1.20'],
    },
  ],
  [
    'CODE_TABLE_OF_OTHER_DATE',
    {
      usage: [
        'a,,GetEidResult,,,0,10,2026-01-05T12:00:00+08:00',
        'b,,GetEidResult,,,2007,4,2026-01-05T12:00:00+08:00',
        'c,,GetEidResult,,,2010,3,2026-01-05T13:00:00+08:00',
        'd,,GetEidResult,,,2003,3,2026-01-05T13:00:00+08:00',
      ],
      bill: ['postpaid,,,,eid,17,1.5,25.50'],
    },
  ],
  [
    'UNPRICED_TIER',
    {
      usage: [identity('a', 300_000, '2026-01-05T12:00:00+08:00')],
      bill: ['postpaid,,,,identity,300000,0.2,60000.00'],
    },
  ],
  [
    'AMOUNT_NOT_PRODUCT',
    {
      usage: [identity('a', 100, '2026-01-05T12:00:00+08:00')],
      bill: ['postpaid,,,,identity,100,0.3,31.00'],
    },
  ],
  [
    'TOTAL_NOT_SUM',
    {
      usage: [identity('a', 100, '2026-01-05T12:00:00+08:00')],
      bill: ['postpaid,,,,identity,100,0.3,30.00', 'total,,,,,,,33.00'],
    },
  ],
  [
    'PACK_PRICE',
    {
      usage: [identity('a', 100, '2026-01-05T12:00:00+08:00')],
      packs: ['p,identity,1000,300.00,false,2026-01-01,,'],
      bill: ['purchase,,,p,,,,310.00', 'pack,2026-01-05,identity,p,,100,,'],
    },
  ],
  [
    // 60,000 notices: the first 10,000 at 0.0450, the rest at 0.0425; the provider took 0.0425 for all.
    'TIER_MODE',
    {
      book: sms,
      usage: ['a,sms.notice,,,,,60000,2026-01-05T12:00:00+08:00'],
      bill: ['postpaid,,,,sms,60000,0.0425,2550.00'],
    },
  ],
  [
    'CALLS_NOT_BILLED',
    {
      usage: [identity('a', 800, '2026-01-05T12:00:00+08:00'), identity('b', 100, '2026-01-06T12:00:00+08:00')],
      bill: ['postpaid,,,,identity,850,0.3,255.00'],
    },
  ],
];

test.each(stories)('%s', async (code, story) => {
  const { ok, differences, causes } = await check(story);
  expect(ok).toBe(false);
  expect(differences.length).toBeGreaterThan(0);
  expect(causes.map((cause) => cause.code)).toEqual([code]);
  expect(causes[0]?.zh).toMatch(/\p{Script=Han}/u);
});

describe('files that are not what they should be', () => {
  const book = readBook('faceid-legacy');
  if (!isBook(book)) throw new Error('no book');
  test.each([
    ['q,identity,0,,,2026-01-01,,', 'calls'],
    ['q,identity,1.5,,,2026-01-01,,', 'calls'],
    ['q,none,10,,,2026-01-01,,', 'product'],
    ['q,identity,10,,maybe,2026-01-01,,', 'gift'],
    ['q,identity,10,-1x,,2026-01-01,,', 'price'],
    ['q,identity,10,,,yesterday,,', 'bought'],
    ['q,identity,10,,,2026-01-01,2025-01-01,', 'expires'],
    ['q,identity,10,,,2026-01-01,,11', 'remaining'],
    ['p,identity,10,,,2026-01-01,,', 'id'],
  ])('packs: %s', async (row, column) => {
    const { problems } = await readPacks(
      onDisk(write('packs.csv', packHeader, ['p,identity,10,,,2026-01-01,,', row])),
      book.book,
    );
    expect(problems.map((problem) => [problem.line, problem.column])).toEqual([[3, column]]);
  });
  test.each([
    ['gift,,,,,,,', 'kind'],
    ['pack,2026-01-05,identity,,,3,,', 'pack'],
    ['pack,2026-02-05,identity,p,,3,,', 'day'],
    ['pack,2026-01-32,identity,p,,3,,', 'day'],
    ['postpaid,2026-01-05,none,,,3,,', 'meter'],
    ['postpaid,2026-01-05,,,,3,,', 'meter'],
    ['postpaid,2026-01-05,identity,,,-3,,', 'calls'],
    ['postpaid,,,,none,3,0.3,1.00', 'tariff'],
    ['postpaid,,,,identity,3,x,1.00', 'unit_price'],
    ['postpaid,,,,identity,3,0.3,1.005', 'amount'],
  ])('bill: %s', async (row, column) => {
    const rows = ['postpaid,2026-01-04,identity,,,3,,', row];
    const bill = await readBill(onDisk(write('bill.csv', billHeader, rows)), book.book, undefined);
    expect('problems' in bill && bill.problems.map((problem) => [problem.line, problem.column])).toEqual([[3, column]]);
  });
  test('a bill without days needs the month', async () => {
    const bill = await readBill(onDisk(write('bill.csv', billHeader, ['total,,,,,,,1.00'])), book.book, undefined);
    expect('problems' in bill && bill.problems.map(({ code }) => code)).toEqual(['NO_MONTH']);
  });
});

describe('prices of blocks, fees and limits', () => {
  const priced = { per: 100, part: 'up' } as const;
  const tiers = [{ from: 0, to: null, price: '1.5', fee: '10', ...priced }];
  const book = join(folder, 'own.json');
  writeFileSync(book, JSON.stringify(tierBook('volume', tiers, { fee: '5', maximum: '100' })));
  const usage = (calls: number) => [`a,m,,,,,${calls},2026-01-05T12:00:00+08:00`];

  test.each<readonly [bill: readonly string[], calls: number, codes: readonly string[]]>([
    // 250 calls are three blocks: 4.50, and 15 beside them, on rows of their own or in the same.
    [['postpaid,,,,t,250,1.5,4.50', 'fee,,,,t,,,5.00', 'fee,,,,t,,,10.00', 'total,,,,,,,19.50'], 250, []],
    [['postpaid,,,,t,250,1.5/100,19.50'], 250, []],
    [['total,,,,,,,19.50'], 250, []],
    [['postpaid,,,,t,250,1.5,3.00', 'fee,,,,t,,,15.00'], 250, ['BLOCK_PART']],
    [['postpaid,,,,t,250,1.5,4.50', 'fee,,,,t,,,10.00'], 250, ['FEE']],
    [['postpaid,,,,t,9000,1.5,135.00', 'fee,,,,t,,,15.00', 'fee,,,,t,,,-50.00'], 9000, []],
    [['postpaid,,,,t,9000,1.5,135.00', 'fee,,,,t,,,15.00'], 9000, ['FEE']],
    [['postpaid,,,,t,250,1.5,4.51', 'fee,,,,t,,,15.00'], 250, ['UNEXPLAINED']],
  ])('%j of %i calls: %j', async (bill, calls, codes) => {
    const { differences } = await check({ book, usage: usage(calls), bill });
    expect(differences.map(({ cause }) => cause?.code)).toEqual(codes);
  });
});

test('rows that cannot be used are reported, and a second account needs a choice', async () => {
  const book = readBook('faceid-legacy');
  if (!isBook(book)) throw new Error('no book');
  const path = write('calls.csv', 'id,account,meter,time', [
    'a,acme,identity,2026-01-05T12:00:00+08:00',
    'b,other,identity,2026-01-05T12:00:00+08:00',
    'c,acme,none,2026-01-05T12:00:00+08:00',
    'a,acme,identity,2026-01-05T12:00:01+08:00',
    'a,acme,identity,2026-01-05T12:00:00+08:00',
  ]);
  const usage = await loadTape(readUsageFile(path), book.book, undefined);
  expect(usage).toMatchObject({ rows: 5, unusable: 2, conflicts: 1, duplicates: 1, account: 'acme' });
  expect(usage.problems.map(({ line, code }) => [line, code])).toEqual([
    [3, 'SECOND_ACCOUNT'],
    [4, 'UNKNOWN_METER'],
  ]);
  const other = await loadTape(readUsageFile(path), book.book, 'other');
  expect(other).toMatchObject({ otherAccounts: 4, unusable: 0 });
  expect(other.tape.length).toBe(1);
});
