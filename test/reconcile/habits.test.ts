// What people's files do to a check of a bill, a habit at a time, through the command: right, or refused with the place, never a word
// against the provider for what was read wrongly. Figures by hand: 12,000 calls of liveness, a pack of 10,000 that begins on the 6th.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { buildProgram } from '../../src/cli/command-line.ts';
import { Output } from '../../src/cli/output.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-habits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usage = `id,account,meter,action,resultCode,calls,time
k-1,north,liveness.basic.authority,,,1000,2026-01-05T09:00:00+08:00
k-2,north,liveness.basic.authority,,,11000,2026-01-06T15:00:00+08:00
k-3,north,phone_status,,,1000,2026-01-20T11:30:00+08:00
k-4,north,,IdCardVerification,0,500,2026-01-21T08:00:00+08:00
k-5,north,,IdCardVerification,-2,40,2026-01-21T08:05:00+08:00
`;
const packs = `id,product,calls,price,gift,bought
g7,basic_authority,10000,8000.00,false,2026-01-06T10:00:00+08:00
`;
const bill = `kind,day,meter,pack,tariff,calls,unit_price,amount
purchase,,,g7,,,,8000.00
pack,2026-01-06,liveness.basic.authority,g7,,10000,,
postpaid,2026-01-05,liveness.basic.authority,,,1000,,
postpaid,2026-01-06,liveness.basic.authority,,,1000,,
postpaid,2026-01-20,phone_status,,,1000,,
postpaid,2026-01-21,identity,,,500,,
postpaid,,,,liveness_verification,2000,0.85,1700.00
postpaid,,,,phone_status,1000,0.38,380.00
postpaid,,,,identity,500,0.30,150.00
total,,,,,,,10230.00
`;

interface Case {
  readonly usage?: string | Buffer;
  readonly usageName?: string;
  readonly packs?: string | null;
  readonly bill?: string | Buffer;
  readonly book?: string;
  readonly more?: readonly string[];
}

const collected = (): { stream: NodeJS.WriteStream; text: () => string } => {
  let text = '';
  const stream = new Writable({
    write(piece, _, done) {
      text += String(piece);
      done();
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
};

let files = 0;
function written(name: string, content: string | Buffer): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return path;
}

async function run(args: readonly string[], language: 'en' | 'zh' = 'en') {
  const [out, err] = [collected(), collected()];
  const output = new Output(language, out.stream, err.stream);
  process.exitCode = 0;
  try {
    await buildProgram(output).parseAsync(['node', 'suanpan', ...args]);
    return { code: process.exitCode, out: out.text(), err: err.text() };
  } finally {
    process.exitCode = 0;
  }
}

const argsOf = (each: Case): string[] => [
  ...['reconcile', '--book', each.book ?? 'faceid-legacy', '--month', '2026-01'],
  ...['--usage', written(each.usageName ?? 'calls.csv', each.usage ?? usage)],
  ...['--bill', written('bill.csv', each.bill ?? bill)],
  ...(each.packs === null ? [] : ['--packs', written('packs.csv', each.packs ?? packs)]),
  ...(each.more ?? []),
];
const judge = (each: Case, language?: 'zh') => run(argsOf(each), language);

const oneTariff = (row: string) => `kind,tariff,calls,unit_price,amount\n${row}\n`;
const calls = (meter: string, count: number) => `id,meter,calls,time\nz,${meter},${count},2026-01-02T09:00:00+08:00\n`;
const sms = 'catalog/examples/sms-gateway.json';
const gb18030 = (text: string, name: string, bytes: readonly number[]): Buffer =>
  Buffer.concat(text.split(name).flatMap((part, at) => [...(at === 0 ? [] : [Buffer.from(bytes)]), Buffer.from(part)]));
const row = 'identity,100,2026-01-02T09:00:00+08:00';
const spread = [...usage.trimEnd().split('\n')];

test.each<[string, Case]>([
  ['nothing unusual', {}],
  ['a byte order mark before an id that comes again', { usage: `${usage}\uFEFF${spread[1]}\n` }],
  ['a TAB behind one', { usage: `${usage}${spread[1]?.replace('k-1,', 'k-1\t,')}\n` }],
  [
    'a bill in GB18030 and packs in UTF-8',
    { bill: gb18030(bill, 'g7', [0xd2, 0xd2]), packs: packs.replace('g7', '乙') },
  ],
  ['days without lines and total', { bill: `${bill.split('\n').slice(0, 7).join('\n')}\n` }],
  ['a total alone', { bill: 'kind,calls,amount\ntotal,,10230.00\n' }],
  ['line ends of all kinds', { bill: bill.replace('\npack', '\rpack').replaceAll('\npostpaid', '\r\npostpaid') }],
  ['a quoted amount with a TAB behind it', { bill: bill.replace('1700.00', '"1700.00"\t') }],
  [
    'a JSON array',
    {
      usageName: 'calls.json',
      usage: JSON.stringify(
        spread.slice(1).map((row) => {
          const [id, account, meter, action, resultCode, count, time] = row.split(',');
          const facts = meter === '' ? { action, resultCode } : { meter };
          return { id, account, ...facts, calls: Number(count), time };
        }),
      ),
    },
  ],
  ['money as people write it', { bill: bill.replace('10230.00', '"¥10,230.00"').replace('1700.00', '1700 元') }],
  [
    'times without an offset, and their zone',
    { usage: usage.replaceAll(/T(\d\d:\d\d:\d\d)\+08:00/g, ' $1'), more: ['--time-zone', 'Asia/Shanghai'] },
  ],
])('%s: the bill is right', async (_, each) => {
  const { code, out } = await judge(each);
  expect([code, out]).toEqual([0, expect.stringMatching(/is right\.\s*$/)]);
});

test.each<[string, Case, RegExp]>([
  [
    'times without an offset',
    { usage: usage.replaceAll(/T(\d\d:\d\d:\d\d)\+08:00/g, ' $1') },
    /ROWS_UNREAD: .*5 of 5[\s\S]*line 2, column time: time "2026-01-05 09:00:00" has no offset: write 2026-01-05T09:00:00\+08:00/,
  ],
  [
    'ids as Excel shows them',
    { usage: usage.replaceAll(/k-\d/g, '3.14159E+17') },
    /ID_REWRITTEN: .*line 2, column id: "3\.14159E\+17"/,
  ],
  ['another month', { usage: usage.replaceAll('2026-01', '2025-11') }, /MONTH_NOT_IN_FILE: .*its calls are of 2025-11/],
  ['another account', { more: ['--account', 'south'] }, /ACCOUNT_NOT_IN_FILE: .*south.*north/],
  [
    'a size that is not sold',
    { packs: packs.replace('10000,8000.00', '23456,') },
    /line 2, column calls: 23456: .*\[SIZE_NOT_SOLD\]/,
  ],
  [
    'several totals',
    { bill: `${bill}total,,,,,,,8000.00\ntotal,,,,,,,2230.00\n` },
    /line 12, column kind: .*3 times.*\[TWICE\]/,
  ],
  [
    'a purchase without its pack',
    { bill: bill.replace('purchase,,,g7', 'purchase,,,') },
    /line 2, column pack: .*\[MISSING\]/,
  ],
  [
    'a quote that swallows rows',
    {
      usage: `id,meter,calls,time,department\n${['"loans', 'sales', 'x"'].map((name, at) => `w${at},${row},${name}`).join('\n')}\n`,
    },
    /line 2, column department: .*line break.*lines 2–4 are one row/,
  ],
  [
    'an answer of which pages are missing',
    { usageName: 'a.json', usage: '{"total":9,"data":[{"id":"a"}]}' },
    /PAGES_MISSING/,
  ],
])('%s: refused with the place, and nothing said of the provider', async (_, each, told) => {
  const { code, out, err } = await judge(each);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(told);
  const chinese = await judge(each, 'zh');
  expect([chinese.code, chinese.out, /[\u4e00-\u9fff]/.test(chinese.err)]).toEqual([2, '', true]);
});

test.each<[string, Case, readonly string[]]>([
  [
    'a printed price that is not the one of the amount',
    { packs: null, usage: calls('identity', 4000), bill: oneTariff('postpaid,identity,4000,0.31,1200.00') },
    ['WRONG_UNIT_PRICE'],
  ],
  [
    'a pack that began early, on a bill without days',
    {
      packs:
        'id,product,calls,price,bought,effective\ne1,basic_authority,1000,930.00,2026-01-06,2026-01-06T10:00:00+08:00\n',
      usage:
        'id,meter,calls,time\na,liveness.basic.authority,600,2026-01-06T08:00:00+08:00\nb,photo.authority,1500,2026-01-06T12:00:00+08:00\n',
      bill: 'kind,pack,tariff,calls,unit_price,amount\npostpaid,,photo_verification,1100,0.85,935.00\npack,e1,,1000,,\n',
    },
    ['PACK_NOT_YET_EFFECTIVE'],
  ],
  [
    'a pack that was paid back and billed all the same',
    { bill: bill.replace('\npack', '\npurchase,,,h8,,,,380.00\npack').replace('10230', '10610') },
    ['PACK_UNKNOWN'],
  ],
  [
    'a graduated line rounded down',
    { packs: null, book: sms, usage: calls('sms.notice', 333), bill: oneTariff('postpaid,sms,333,0.0450,14.98') },
    ['ROUNDED_DOWN'],
  ],
  [
    'two rows whose sum alone is right',
    {
      packs: null,
      usage: calls('identity', 400),
      bill: oneTariff('postpaid,identity,100,0.48,48.00\npostpaid,identity,300,0.24,72.00'),
    },
    ['WRONG_UNIT_PRICE'],
  ],
])('%s: the cause is named, and no other', async (_, each, codes) => {
  const { code, out } = await run([...argsOf(each), '--json']);
  const { causes } = JSON.parse(out) as { causes: { code: string }[] };
  expect([code, [...new Set(causes.map((cause) => cause.code))]]).toEqual([1, codes]);
});

test('a printed price that a graduated book does not have is no right bill', async () => {
  const { code } = await judge({
    packs: null,
    book: sms,
    usage: calls('sms.notice', 9324),
    bill: oneTariff('postpaid,sms,9324,0.8888,419.58'),
  });
  expect(code).toBe(1);
});

test('a tier without a price makes no total', async () => {
  const each = {
    packs: null,
    usage: `${calls('identity', 200_000)}y,phone_status,1000,2026-01-03T09:00:00+08:00\n`,
    bill: oneTariff(
      'postpaid,identity,200000,0.26,52000.00\npostpaid,phone_status,1000,0.38,380.00\ntotal,,,,52380.00',
    ),
  };
  const { out } = await run([...argsOf(each), '--json']);
  expect(JSON.parse(out)).toMatchObject({ totals: { expected: { postpaid: null, total: null }, difference: null } });
});

const names = [
  {
    for: 'usage',
    columns: { 流水号: 'id', 客户: 'account', 接口: 'meter', 返回码: 'resultCode', 次数: 'calls', 时间: 'time' },
  },
  {
    for: 'packs',
    columns: { 资源包: 'id', 产品: 'product', 次数: 'calls', 价格: 'price', 购买时间: 'bought' },
    others: 'ignore',
  },
  {
    for: 'bill',
    columns: {
      类型: 'kind',
      日期: 'day',
      计费项: 'meter',
      资源包: 'pack',
      项目: 'tariff',
      用量: 'calls',
      金额: 'amount',
    },
    values: { kind: { 购买: 'purchase', 抵扣: 'pack', 后付费: 'postpaid', 合计: 'total' } },
  },
];
const renamed = (text: string, header: string): string => text.replace(/^.*/, header);

test('other names in all three files; a problem is told by them', async () => {
  const each = {
    usage: renamed(usage, '流水号,客户,接口,action,返回码,次数,时间'),
    packs: renamed(packs, '资源包,产品,次数,价格,赠送,购买时间'),
    bill: renamed(bill, '类型,日期,计费项,资源包,项目,用量,unit_price,金额')
      .replaceAll('postpaid', '后付费')
      .replace('purchase', '购买')
      .replace('pack,', '抵扣,'),
    more: ['--columns', written('names.json', JSON.stringify(names))],
  };
  expect(await judge(each)).toMatchObject({ code: 0, out: expect.stringContaining('The bill is right.') });
  const wrong = await judge({ ...each, bill: each.bill.replace('8000.00', 'eight') });
  expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/line 2, column 金额: "eight"/) });
  const bare = await judge({ ...each, more: [] });
  expect(bare).toMatchObject({ code: 2, out: '', err: expect.stringContaining('BAD_HEADER') });
});

test('other names in a table for the planner', async () => {
  const table = written('profile.csv', '月份,接口,次数\n2026年1月,四要素,25000\n');
  const map = {
    for: 'profile',
    columns: { 月份: 'month', 接口: 'meter', 次数: 'calls' },
    values: { meter: { 四要素: 'identity' } },
  };
  const args = [
    'plan',
    '--book',
    'faceid-legacy',
    '--profile',
    table,
    '--columns',
    written('p.json', JSON.stringify(map)),
  ];
  expect(await run([...args, '--json'])).toMatchObject({ code: 0, out: expect.stringContaining('"7000.00"') });
});
