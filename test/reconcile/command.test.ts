// The commands that read files, as a shell sees them: exit 2 with code, file, line, column, the value found and what to write,
// in both languages; what was found out about a file on stderr. No server, no database.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'suanpan-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content: string | Uint8Array, name = 'a.csv'): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return path;
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const suanpan = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', LANG: 'C', HOME: folder };
    execFile(process.execPath, [program, ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });

const calls = (time: string, ids = ['a']) =>
  file(`id,account,meter,calls,time\n${ids.map((id) => `${id},acme,identity,500,${time}`).join('\n')}\n`, 'calls.csv');
const rightBill = 'kind,day,tariff,calls,unit_price,amount\npostpaid,,identity,500,0.30,150.00\ntotal,,,,,150.00\n';
const reconcile = (usage: string, ...more: string[]) =>
  suanpan(
    'reconcile',
    '--book',
    'faceid-legacy',
    '--usage',
    usage,
    '--bill',
    file(rightBill),
    '--month',
    '2026-01',
    ...more,
  );

describe('reconcile', () => {
  test('rows that cannot be read stop it before anything is said of the provider', async () => {
    const usage = calls('2026-01-21 08:00:00');
    const [english, chinese, json] = await Promise.all([
      reconcile(usage),
      reconcile(usage, '--lang', 'zh'),
      reconcile(usage, '--json'),
    ]);
    expect(english).toMatchObject({ code: 2, out: '' });
    expect(english.err).toContain(`error ROWS_UNREAD: ${usage}: 1 of 1 rows`);
    expect(english.err).toContain('line 2, column time: time "2026-01-21 08:00:00" has no offset');
    expect(english.err).toContain('--time-zone Asia/Shanghai');
    expect(chinese.err).toContain('第 2 行，列 time：');
    expect(JSON.parse(json.err)).toMatchObject({
      error: { code: 'ROWS_UNREAD', file: usage, unread: 1, problems: [{ line: 2, code: 'AMBIGUOUS_TIME' }] },
    });
    expect(await reconcile(usage, '--time-zone', 'Asia/Shanghai')).toMatchObject({ code: 0, err: '' });
    expect(await reconcile(usage, '--time-zone', 'Beijing')).toMatchObject({ code: 2 });
    // Nothing is left to compare with.
    expect(await reconcile(usage, '--skip-unread')).toMatchObject({ code: 2, out: '' });
  }, 60_000);

  test('a bill of nothing that can be compared is not called right', async () => {
    const args = ['reconcile', '--book', 'faceid-legacy', '--usage', calls('2026-01-21T08:00:00+08:00')];
    for (const bill of ['kind,amount\n', 'kind,amount\nsubtotal,99.00\n']) {
      const path = file(bill);
      const [english, chinese, json] = await Promise.all([
        suanpan(...args, '--month', '2026-01', '--bill', path),
        suanpan(...args, '--bill', path, '--lang', 'zh'),
        suanpan(...args, '--bill', path, '--json'),
      ]);
      expect(english).toMatchObject({ code: 2, out: '' });
      expect(english.err).toMatch(/was not checked; give at least one row of kind total.*\[NOTHING_TO_COMPARE\]/);
      expect(chinese).toMatchObject({ code: 2, out: '', err: expect.stringContaining('没有核对') });
      expect(JSON.parse(json.err)).toMatchObject({ error: { file: path, problems: [{ code: 'NOTHING_TO_COMPARE' }] } });
    }
  }, 60_000);

  test('left out on demand, they qualify what is said', async () => {
    const usage = calls('2026-01-21T08:00:00+08:00', ['a', 'b\u200bb']);
    const [stopped, left] = await Promise.all([reconcile(usage), reconcile(usage, '--skip-unread')]);
    expect(stopped).toMatchObject({ code: 2, out: '' });
    expect(stopped.err).toContain('column id: id "b\\u200bb" holds the hidden character U+200B');
    expect(left.code).toBe(0);
    expect(left.out).toContain('1 rows of the record could not be read');
    expect(left.out).toContain('No figure differs, as far as the record was read.');
    expect(left.out).not.toContain('The bill is right');
  }, 60_000);

  test('calls of another month judge no bill; a record without any does', async () => {
    const other = await reconcile(calls('2025-12-21T08:00:00+08:00'));
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toMatch(
      /MONTH_NOT_IN_FILE: .*no call of the record lies in 2026-01 \(its calls are of 2025-12\)/,
    );
    const none = await reconcile(file('id,meter,calls,time\n'));
    expect(none).toMatchObject({ code: 1, out: expect.stringContaining('CALLS_NOT_KNOWN') });
  }, 60_000);

  test('an account that the file does not have', async () => {
    const { code, err } = await reconcile(calls('2026-01-21T08:00:00+08:00'), '--account', 'acmee');
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringMatching(/ACCOUNT_NOT_IN_FILE.*acmee.*acme/s) });
  }, 60_000);

  test('a size that is not sold needs its price, where the bill has purchases', async () => {
    const packs = file('id,product,calls,bought\np1,identity,12345,2026-01-30\n');
    const bill = file(
      `${rightBill}purchase,,,,,300.00\n`
        .replaceAll(/^(\w+),/gm, '$1,')
        .replace('day', 'pack')
        .replace('purchase,', 'purchase,p1'),
    );
    const usage = calls('2026-01-21T08:00:00+08:00');
    const args = ['reconcile', '--book', 'faceid-legacy', '--usage', usage, '--packs', packs, '--month', '2026-01'];
    const [asked, not] = await Promise.all([
      suanpan(...args, '--bill', bill),
      suanpan(...args, '--bill', file(rightBill)),
    ]);
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.err).toMatch(
      /line 2, column calls: 12345: the book sells no identity of this size .*\[SIZE_NOT_SOLD\]/,
    );
    expect(not.code).toBe(0);
  }, 60_000);

  test('a bill in GB18030 is said to be one', async () => {
    const packs = file('id,product,calls,price,bought\n甲包,identity,1000,300.00,2026-01-01\n');
    const name = Buffer.from([0xbc, 0xd7, 0xb0, 0xfc]);
    const bill = file(
      Buffer.concat([Buffer.from('kind,pack,calls,amount\npack,'), name, Buffer.from(',500,\n')]),
      'bill.csv',
    );
    const usage = calls('2026-01-21T08:00:00+08:00');
    const ended = await suanpan(
      ...[
        'reconcile',
        '--book',
        'faceid-legacy',
        '--usage',
        usage,
        '--packs',
        packs,
        '--bill',
        bill,
        '--month',
        '2026-01',
      ],
    );
    expect(ended).toMatchObject({ code: 0, err: `${bill}: read as GB18030\n` });
  }, 60_000);
});

describe('plan --profile', () => {
  const plan = (profile: string, ...more: string[]) =>
    suanpan('plan', '--book', 'faceid-legacy', '--profile', profile, '--json', ...more);

  test('months and numbers as spreadsheets write them, in any encoding', async () => {
    const plain = file('month,meter,calls\n2026-01,identity,25000\n2026-02,identity,1000\n');
    const odd = '\uFEFFmonth;meter;calls\r\n2026/1;identity;25,000\r\n2026年2月;identity;1000.0\r\n合计;;26000\r\n';
    const [one, other] = await Promise.all([plan(plain), plan(file(Buffer.from(odd, 'utf16le')))]);
    expect(one.code).toBe(0);
    expect(other.out).toBe(one.out);
    expect(other.err).toContain('read as UTF-16LE');
  }, 60_000);

  test.each([
    ['Jan-26,identity,25000', 'column month: "Jan-26": write it as 2026-01'],
    ['2026-01,identity,25.000', 'column calls: "25.000": write a whole number'],
  ])('%s', async (row, says) => {
    const { code, err } = await plan(file(`month,meter,calls\n${row}\n`));
    expect(code).toBe(2);
    expect(JSON.parse(err).error.detail.en).toContain(`line 2, ${says}`);
  });
});

test('a price book in another encoding is refused: its words would be others', async () => {
  const book = file(
    Buffer.concat([Buffer.from('{"title":"'), Buffer.from([0xbc, 0xd7]), Buffer.from('"}')]),
    'book.json',
  );
  const [lint, show] = await Promise.all([suanpan('book', 'lint', book), suanpan('book', 'show', book)]);
  expect(lint).toMatchObject({ code: 1 });
  expect(lint.out + lint.err).toMatch(/NOT_UTF8: line \d+, column \d+ \(bytes [0-9a-f]{4}\) is not UTF-8/);
  expect(show).toMatchObject({ code: 2 });
}, 60_000);

describe('usage inspect', () => {
  const rows = [
    'id,account,meter,calls,time',
    'a,acme,m,"1,000",2026-01-06 15:00:00',
    'b,acme,m,2,2026-01-07 15:00:00',
    'b,acme,m,2,2026-01-07 15:00:00',
    'a,acme,m,1,2026-01-06 15:00:00',
    'a,other,n,1,2026-01-05 15:00:00',
    'c,acme,m,few,2026-01-06 15:00:00',
  ];

  test('what a file holds, and what would be refused', async () => {
    const path = file(`${rows.join('\n')}\n`);
    const args = ['usage', 'inspect', path, '--time-zone', 'Asia/Shanghai'];
    const [json, text, unread] = await Promise.all([
      suanpan(...args, '--json'),
      suanpan(...args, '--lang', 'zh'),
      suanpan('usage', 'inspect', path, '--json'),
    ]);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toEqual({
      rows: 6,
      unread: 1,
      problems: [expect.objectContaining({ line: 7, code: 'OUT_OF_RANGE', pointer: '/calls' })],
      calls: 1003,
      first: '2026-01-05T15:00:00+08:00',
      last: '2026-01-07T15:00:00+08:00',
      duplicates: 1,
      conflicts: 1,
      accounts: [
        { name: 'acme', rows: 2, calls: 1002 },
        { name: 'other', rows: 1, calls: 1 },
      ],
      meters: [
        { name: 'm', rows: 2, calls: 1002 },
        { name: 'n', rows: 1, calls: 1 },
      ],
    });
    expect(text.err).toContain('第 7 行，列 calls：calls "few"');
    expect(JSON.parse(unread.out)).toMatchObject({ rows: 6, unread: 6, first: null, accounts: [] });
  }, 60_000);

  test('other names are guessed and shown; the map is remembered, and imports go by it', async () => {
    const path = file('流水号,接口,次数,调用时间\nx1,四要素,2,2026-01-06 15:00:00\n');
    const guessed = await suanpan('usage', 'inspect', path, '--time-zone', 'Asia/Shanghai', '--json');
    expect(guessed).toMatchObject({ code: 2, err: expect.stringContaining('BAD_HEADER') });
    const { guess, calls: found } = JSON.parse(guessed.out);
    expect([guess.columns, found]).toEqual([{ 流水号: 'id', 接口: 'meter', 次数: 'calls', 调用时间: 'time' }, 2]);
    const map = file(JSON.stringify({ ...guess, values: { meter: { 四要素: 'identity' } } }), 'map.json');
    const zone = ['--time-zone', 'Asia/Shanghai'];
    const first = await suanpan('usage', 'inspect', path, '--columns', map, '--profile', '甲', ...zone, '--json');
    expect([first.code, JSON.parse(first.out).meters]).toEqual([0, [{ name: 'identity', rows: 1, calls: 2 }]]);
    const bill = 'kind,meter,calls,amount\npostpaid,,,0.60\n'
      .replace('meter,calls', 'tariff,calls')
      .replace(',,,', ',identity,2,');
    const [dry, judged, lost] = await Promise.all([
      suanpan('usage', 'import', path, '--profile', '甲', '--dry-run', '--json'),
      suanpan(
        'reconcile',
        '--book',
        'faceid-legacy',
        '--usage',
        path,
        '--bill',
        file(bill),
        '--month',
        '2026-01',
        '--profile',
        '甲',
      ),
      suanpan('usage', 'inspect', path, '--profile', '../甲'),
    ]);
    expect(JSON.parse(dry.out)).toMatchObject({ read: 1, accepted: 1 });
    expect(judged).toMatchObject({ code: 0 });
    expect(lost.code).toBe(2);
  }, 60_000);

  test('a file that is none', async () => {
    const path = file('a,b\n1,2\n');
    expect(await suanpan('usage', 'inspect', path)).toMatchObject({
      code: 2,
      err: expect.stringContaining('BAD_HEADER'),
    });
    expect(await suanpan('usage', 'inspect', `${path}.none`)).toMatchObject({ code: 3 });
  }, 60_000);
});

describe('usage import --dry-run', () => {
  const dry = (path: string, ...more: string[]) => suanpan('usage', 'import', path, '--dry-run', ...more);

  test('the same reading as everywhere', async () => {
    const header = '导出\nid;meter;calls;time\n';
    const ended = await dry(
      file(Buffer.from(`\uFEFF${header}a;m;1,000;2026/1/6 15:00\n合计;;1000;\n`, 'utf16le')),
      ...['--time-zone', 'Asia/Shanghai', '--json'],
    );
    expect(JSON.parse(ended.out)).toMatchObject({ read: 1, accepted: 1, rejected: 0 });
    expect(ended.err).toMatch(/read as UTF-16LE[\s\S]*the header is line 2[\s\S]*1 line\(s\) of sums or remarks/);
  }, 60_000);

  test('ids that a spreadsheet has rewritten stop it', async () => {
    const path = file('id,meter,time\n2.02601E+17,m,2026-01-06T15:00:00+08:00\n');
    const { code, err } = await dry(path);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('ID_REWRITTEN') });
  }, 60_000);
});
