// The same few calls in every form in which people have them, and the forms that are refused.

import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
import { ledgerIdOf } from '../../src/core/event-name.ts';
import { gb18030, readRows, told, utf16 } from './written.ts';

const time = '2026-01-06T08:59:59+08:00';
const table = `id,department,meter,calls,time\na,贷款部,m,1000,${time}\nb,,m,2,${time}\n`;
const asTabs = table.replaceAll(',', '\t');

const events = [
  { id: 'a', department: '贷款部', calls: 1000n },
  { id: 'b', department: null, calls: 2n },
].map((event) => expect.objectContaining({ ...event, meter: 'm', at: Date.parse(time) }));
const rowsFrom = (line: number) => events.map((event, index) => ({ line: line + index, event }));

describe('one table in every form', () => {
  test.each<[string, string | Uint8Array, string[]]>([
    ['UTF-8', table, []],
    ['two byte order marks', `\uFEFF\uFEFF${table}`, []],
    ['GB18030', gb18030(table), ['read as GB18030']],
    ['UTF-16, little end first', utf16(table), ['read as UTF-16LE']],
    ['UTF-16, big end first', utf16(table, { big: true }), ['read as UTF-16BE']],
    ['UTF-16 without a mark', utf16(table, { mark: false }), ['read as UTF-16LE']],
    ['UTF-16BE without a mark', utf16(table, { mark: false, big: true }), ['read as UTF-16BE']],
    ['the text of a spreadsheet: UTF-16 and TABs', utf16(asTabs), ['read as UTF-16LE']],
    ['CR', table.replaceAll('\n', '\r'), []],
    ['CR LF', table.replaceAll('\n', '\r\n'), []],
    ['all three line ends', `${table.replace('\n', '\r').replace('\nb', '\r\nb')}`, []],
    ['semicolons', table.replaceAll(',', ';'), []],
    ['TABs', asTabs, []],
    ['quotes', table.replaceAll(/[^,\n]+/g, '"$&"'), []],
    ['a TAB behind each quote', table.replaceAll(/[^,\n]+/g, '"$&"\t'), []],
    ['gzip', gzipSync(table), []],
    ['gzip in three members', Buffer.concat([...table].map((_, at) => gzipSync(table.slice(at, at + 1)))), []],
    ['zip', zipSync({ 'calls.csv': strToU8(table) }), []],
    [
      'zip of a file packed as it is',
      zipSync({ 'x/calls.csv': [strToU8(table), { level: 0 }], 'x/': strToU8('') }),
      [],
    ],
    ['empty columns behind', table.replaceAll('\n', ',,\n'), []],
  ])('%s', async (_, content, notes) => {
    expect(await readRows(content)).toEqual({ rows: rowsFrom(2), notes });
  });

  test('lines above and below, blank ones, sums and the header again', async () => {
    const [header = '', one = '', two = ''] = table.split('\n');
    const lines = [
      '导出时间：2026年2月1日',
      '',
      header,
      one,
      ',,,,',
      header,
      two,
      '',
      '合计,,,1002,',
      '# 导出,,,,',
      '',
    ];
    expect(await readRows(lines.join('\n'))).toEqual({
      rows: [
        { line: 4, event: events[0] },
        { line: 7, event: events[1] },
      ],
      notes: [
        'the header is line 3; what stands above is passed over',
        '3 line(s) of sums or remarks passed over (the first is line 6)',
      ],
    });
  });

  test('Chinese that comes late, behind much that is plain', async () => {
    const plainRows = Array.from({ length: 10_000 }, (_, at) => `id-${at},,m,1,${time}`).join('\n');
    const content = `id,department,meter,calls,time\n${plainRows}\nz,贷款部,m,1,${time}\n`;
    for (const [bytes, notes] of [
      [gb18030(content), ['read as GB18030']],
      [Buffer.from(content), []],
    ] as const) {
      const read = await readRows(bytes);
      expect(read.notes).toEqual(notes);
      expect(read.rows.at(-1)).toMatchObject({ line: 10_002, event: { id: 'z', department: '贷款部' } });
    }
  });

  test('Excel: texts, numbers, days as Excel counts them, another sheet beside it', async () => {
    const text = (value: string) => ({ value });
    const rows = [
      ['id', 'department', 'meter', 'calls', 'time'].map(text),
      [text('a'), text('贷款部'), text('m'), { value: 1000 }, text(time)],
      [],
      [
        text('b'),
        null,
        text('m'),
        { value: 2 },
        { type: Date, value: new Date('2026-01-06T08:59:59Z'), format: 'yyyy-mm-dd hh:mm:ss' },
      ],
    ];
    const book = await writeWorkbook([
      { data: [[text('notes')]], sheet: 'about' },
      { data: rows as never, sheet: 'calls' },
    ]).toBuffer();
    expect(await readRows(book, { name: 'calls.xlsx', timeZone: 'Asia/Shanghai' })).toEqual({
      rows: [
        { line: 2, event: events[0] },
        { line: 4, event: events[1] },
      ],
      notes: ['only the sheet "calls" is read'],
    });
  });
});

describe('JSON', () => {
  const one = { id: 'a', department: '贷款部', meter: 'm', calls: 1000, time };
  const two = { id: 'b', meter: 'm', calls: 2, time };
  const pretty = (value: unknown) => JSON.stringify(value, null, 1);
  const cloud = (id: string, data: object) => ({ specversion: '1.0', id, source: 's', type: 't', time, data });
  test.each<[string, string | Uint8Array, number[]]>([
    ['one object a line', `${JSON.stringify(one)}\n${JSON.stringify(two)}`, [1, 2]],
    ['an array in one line', JSON.stringify([one, two]), [1, 1]],
    ['an array over many lines', pretty([one, two]), [2, 9]],
    ['objects over many lines', `${pretty(one)}\n${pretty(two)}\n`, [1, 8]],
    ['UTF-16', utf16(JSON.stringify([one, two])), [1, 1]],
    ['objects, the lines ended by CR', `${JSON.stringify(one)}\r${JSON.stringify(two)}\r`, [1, 2]],
  ])('%s', async (_, content, lines) => {
    const { rows } = await readRows(content, { name: 'calls.json' });
    expect(rows).toEqual(events.map((event, index) => ({ line: lines[index], event })));
  });

  test('braces and quotes inside texts', async () => {
    const odd = { ...one, department: '}]"\\{[' };
    const { rows } = await readRows(pretty([odd, two]), { name: 'calls.json' });
    expect(rows.map(({ event }) => event?.department)).toEqual(['}]"\\{[', null]);
  });

  test('a long array: no more of it is held than a piece', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ ...two, id: `id-${at}` }));
    const { rows } = await readRows(pretty(many), { name: 'calls.json' });
    expect(rows).toHaveLength(20_000);
    expect(rows.at(-1)).toMatchObject({ line: 19_999 * 6 + 2, event: { id: 'id-19999' } });
  });

  test('an array of many megabytes in one line, its letters cut anywhere', async () => {
    const many = Array.from({ length: 40_000 }, (_, at) => ({
      ...one,
      id: `id-${at}`,
      department: '贷款部'.repeat(1 + (at % 7)),
    }));
    const { rows } = await readRows(JSON.stringify(many), { name: 'calls.json' });
    expect(rows.map(({ event }) => [event?.id, event?.department])).toEqual(
      many.map(({ id, department }) => [id, department]),
    );
  });

  test('an array that is not UTF-8', async () => {
    const content = Buffer.concat([Buffer.from('[{"id":"a","department":"'), gb18030('贷款'), Buffer.from('"}]')]);
    await expect(readRows(content, { name: 'calls.json' })).rejects.toMatchObject({ code: 'NOT_TEXT' });
  });

  test('CloudEvents: the same event as over HTTP', async () => {
    const lines = [
      cloud('1', { meter: 'm', calls: 3 }),
      { ...cloud('2', { meter: 'm' }), subject: 'acme' },
      cloud('3', { meter: 'm', id: 'x' }),
      { ...cloud('4', { meter: 'm' }), source: 'a b' },
    ];
    const { rows } = await readRows(lines.map((line) => JSON.stringify(line)).join('\n'), { name: 'calls.ndjson' });
    expect(told(rows)).toEqual([
      [1, ledgerIdOf({ id: '1', source: 's' })],
      [2, ledgerIdOf({ id: '2', source: 's' })],
      [3, 'UNKNOWN_FIELD'],
      [4, 'WRONG_TYPE'],
    ]);
    expect(rows[1]?.event?.account).toBe('acme');
  });

  test.each([
    ['cut short in an object', '[{"id":"a"},\n{"id":', 'CUT_SHORT', 'line 2'],
    ['cut short behind an object', '[{"id":"a"},\n', 'CUT_SHORT', 'line 2'],
    ['something between', '[{"id":"a"} nonsense]', 'NOT_READABLE', 'nonsense'],
  ])('%s', async (_, content, code, says) => {
    await expect(readRows(content, { name: 'calls.json' })).rejects.toMatchObject({
      code,
      words: { en: expect.stringContaining(says), zh: expect.stringMatching(/\p{Script=Han}/u) },
    });
  });
});

describe('refused, and said what to do', () => {
  const header = 'id,meter,time\n';
  const damaged = Buffer.from(zipSync({ 'calls.csv': [strToU8(`${header}a,m,${time}\n`), { level: 0 }] }));
  damaged[damaged.indexOf(time) + 2] = 0x39;
  const locked = Buffer.from(zipSync({ 'calls.csv': strToU8(header) }));
  locked[6] = 1;
  test.each<[string, string | Uint8Array, string, string]>([
    ['a zip with a password', locked, 'ENCRYPTED', 'password'],
    [
      'a zip of two files',
      zipSync({ 'a.csv': strToU8(header), 'b.csv': strToU8(header) }),
      'SEVERAL_MEMBERS',
      'a.csv, b.csv',
    ],
    ['a zip with one bit wrong', damaged, 'BROKEN_ZIP', 'broken'],
    ['a zip cut short', zipSync({ 'a.csv': strToU8(table.repeat(100)) }).subarray(0, 120), 'BROKEN_ZIP', 'cut short'],
    ['an old Excel file', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), 'NOT_TEXT', '.xls'],
    ['a PDF', '%PDF-1.7\n', 'NOT_TEXT', 'PDF'],
    ['a web page that is called .xls', '<html><table><tr><td>id', 'NOT_TEXT', 'HTML'],
    ['UTF-16 cut short', utf16(table).subarray(0, -1), 'NOT_TEXT', 'UTF-16LE'],
    ['no header', `a,m,${time}\n`, 'BAD_HEADER', 'line 1'],
    ['a column twice', `id,id,meter,time\n`, 'BAD_HEADER', 'twice "id"'],
    ['a column nobody knows', `id,meter,time,remark\n`, 'BAD_HEADER', '"remark"'],
  ])('%s', async (_, content, code, says) => {
    await expect(readRows(content)).rejects.toMatchObject({
      code,
      words: { en: expect.stringContaining(says), zh: expect.stringMatching(/\p{Script=Han}/u) },
    });
  });

  test('but a column that is named to be passed over may hold what it likes', async () => {
    const content = `id,meter,time,remark\na,m,${time},"two\nlines"\n`;
    const { rows } = await readRows(content, { ignoreColumns: ['remark'] });
    expect(told(rows)).toEqual([[2, 'a']]);
    const json = JSON.stringify({ id: 'a', meter: 'm', time, remark: 1 });
    expect(told((await readRows(json, { name: 'calls.json', ignoreColumns: ['remark'] })).rows)).toEqual([[1, 'a']]);
  });
});

describe('rows that cannot be read are named, and no others', () => {
  test('a quote that swallows rows', async () => {
    const lines = [`a,m,${time},"loans`, `b,m,${time},ops`, `c,m,${time},x"`, `d,m,${time},ops`];
    const { rows } = await readRows(`id,meter,time,department\n${lines.join('\n')}\n`);
    expect(told(rows)).toEqual([
      [2, 'UNSAFE_TEXT'],
      [5, 'd'],
    ]);
    expect(rows[0]?.problem).toMatchObject({
      en: expect.stringContaining('lines 2–4'),
      zh: expect.stringContaining('2–4 行'),
    });
  });

  test('a quote that never closes', async () => {
    const lines = [`a,m,${time},x`, `b,m,${time},"loans`, `c,m,${time},ops`];
    const { rows } = await readRows(`id,meter,time,department\n${lines.join('\n')}\n`);
    expect(told(rows)).toEqual([
      [2, 'a'],
      [3, 'BAD_QUOTES'],
      [4, 'c'],
    ]);
    expect(rows[1]?.problem?.zh).toContain('引号');
  });

  test('Chinese in a file that was UTF-8 so far, and Western letters in an old encoding', async () => {
    const utf8 = Buffer.from(`id,meter,time,department\na,m,${time},贷款\n`);
    const { rows } = await readRows(Buffer.concat([utf8, gb18030(`b,m,${time},贷款\nc,m,${time},x\n`)]));
    expect(told(rows)).toEqual([
      [2, 'a'],
      [3, 'NOT_UTF8'],
      [4, 'c'],
    ]);
    const west = Buffer.concat([
      Buffer.from(`id,meter,time,department\na,m,${time},caf`),
      Buffer.from([0xe9, 0x73, 10]),
    ]);
    expect(told((await readRows(west)).rows)).toEqual([[2, 'NOT_UTF8']]);
  });

  test('cells too many or too few', async () => {
    const { rows } = await readRows(`id,meter,time\na,m,${time},x\nb,m\nc,m,${time},,\n`);
    expect(told(rows)).toEqual([
      [2, 'WRONG_COLUMN_COUNT'],
      [3, 'WRONG_COLUMN_COUNT'],
      [4, 'c'],
    ]);
  });
});
