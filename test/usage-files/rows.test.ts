// Event files in every form they come in, and rows in every form they should not.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readUsageFile, type UsageFormat } from '../../src/usage-files/read.ts';
import type { UsageRow } from '../../src/usage-files/row.ts';
import { FileTrouble } from '../../src/usage-files/row-problem.ts';
import { gb18030, readRows, utf16 } from './written.ts';

const folder = mkdtempSync(join(tmpdir(), 'suanpan-usage-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
async function read(content: string | Buffer, name = 'calls', format?: UsageFormat): Promise<UsageRow[]> {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  const file = readUsageFile(path, { format });
  const rows: UsageRow[] = [];
  for await (const batch of file) rows.push(...batch);
  expect(file.bytes.read).toBe(file.bytes.total);
  return rows;
}

const time = '2026-01-06T08:59:59+08:00';
const at = Date.parse(time);
const json = (fields: object) => JSON.stringify({ id: 'a', meter: 'm', time, ...fields });

describe('forms of the same two events', () => {
  const events = [
    { line: 1, event: expect.objectContaining({ id: 'a', meter: 'm', calls: 1n, at, account: null }) },
    {
      line: 2,
      event: expect.objectContaining({
        id: '乙,"b"',
        facts: { action: 'X', channel: null, library: null, resultCode: '-2' },
        calls: 3n,
        at,
      }),
    },
  ];
  const inCsv = events.map(({ line, event }) => ({ line: line + 1, event }));
  const ndjson = `${json({})}\n${JSON.stringify({ id: '乙,"b"', action: 'X', resultCode: -2, calls: 3, time })}\n`;
  const csv = `id,meter,action,resultCode,calls,time\na,m,,,,${time}\n"乙,""b""",,X,-2,3,${time}\n`;
  test.each([
    ['ndjson', ndjson, 'a.ndjson', events],
    ['without its last line end', ndjson.trimEnd(), 'a.jsonl', events],
    ['with a mark and CRLF', `\uFEFF${ndjson.replaceAll('\n', '\r\n')}`, 'a.ndjson', events],
    ['of no name', ndjson, 'a', events],
    ['gzip that does not say so', gzipSync(ndjson), 'a.ndjson', events],
    ['gzip in two members', Buffer.concat([gzipSync(ndjson.slice(0, 30)), gzipSync(ndjson.slice(30))]), 'a', events],
    ['csv', csv, 'a.csv', inCsv],
    ['csv with a mark and CRLF', `\uFEFF${csv.replaceAll('\n', '\r\n')}`, 'a.csv', inCsv],
    ['csv of no name, gzip', gzipSync(csv), 'a', inCsv],
  ])('%s', async (_, content, name, expected) => {
    expect(await read(content, name)).toEqual(expected);
  });
});

describe('bad rows are reported with their line, and the rest is read', () => {
  test.each([
    ['{"id":', 'NOT_JSON', ''],
    ['[1]', 'NOT_AN_OBJECT', ''],
    [json({ name: 'Zhang San' }), 'UNKNOWN_FIELD', '/name'],
    [json({ __proto__: undefined, 'a/b~c': 1 }), 'UNKNOWN_FIELD', '/a~1b~0c'],
    ['{"__proto__":{"id":"x"},"meter":"m"}', 'UNKNOWN_FIELD', '/__proto__'],
    [json({ id: undefined }), 'MISSING', '/id'],
    [json({ id: '' }), 'MISSING', '/id'],
    [json({ id: 7 }), 'WRONG_TYPE', '/id'],
    [json({ id: 'x'.repeat(256) }), 'OUT_OF_RANGE', '/id'],
    [json({ id: 'a\0' }), 'UNSAFE_TEXT', '/id'],
    [json({ id: '\ud800' }), 'UNSAFE_TEXT', '/id'],
    [json({ calls: 0 }), 'OUT_OF_RANGE', '/calls'],
    [json({ calls: 1.5 }), 'OUT_OF_RANGE', '/calls'],
    [json({ calls: 1e13 }), 'OUT_OF_RANGE', '/calls'],
    [json({ calls: '12a' }), 'OUT_OF_RANGE', '/calls'],
    [json({ time: undefined }), 'MISSING', '/time'],
    [json({ time: '2026-01-06 08:59:59' }), 'AMBIGUOUS_TIME', '/time'],
    [json({ time: '2026-02-30T08:59:59+08:00' }), 'INVALID_TIME', '/time'],
    [json({ meter: undefined }), 'MISSING', '/meter'],
    [json({ action: 'X' }), 'METER_AND_ACTION', '/meter'],
    [json({ resultCode: 0 }), 'METER_AND_ACTION', '/meter'],
  ])('%s', async (line, code, pointer) => {
    const rows = await read(`${json({ id: 'first' })}\n\n${line}\n${json({ id: 'last' })}\n`, 'a.ndjson');
    expect(rows.map((row) => [row.line, row.event?.id, row.problem?.code, row.problem?.pointer])).toEqual([
      [1, 'first', undefined, undefined],
      [3, undefined, code, pointer],
      [4, 'last', undefined, undefined],
    ]);
  });

  test('a line that is not UTF-8', async () => {
    const bad = Buffer.concat([Buffer.from(`${json({})}\n{"id":"`), Buffer.from([0xd6, 0xd0]), Buffer.from('"}\n')]);
    expect((await read(bad, 'a.ndjson')).map(({ problem }) => problem?.code)).toEqual([undefined, 'NOT_UTF8']);
  });

  test('a line over 1 MiB, in the middle of a file', async () => {
    const rows = await read(`${json({})}\n${'x'.repeat(3_000_000)}\n${json({ id: 'z' })}\n`, 'a.ndjson');
    expect(rows.map(({ line, problem, event }) => [line, problem?.code ?? event?.id])).toEqual([
      [1, 'a'],
      [2, 'LINE_TOO_LONG'],
      [3, 'z'],
    ]);
  });

  test('rows of a CSV file', async () => {
    const rows = await read(`id,meter,time\na,m,${time}\nb,m\n"c,m,${time}\nd,m,${time}\n"e\nf",m,${time}\n`, 'a.csv');
    expect(rows.map(({ problem, event }) => problem?.code ?? event?.id)).toEqual([
      'a',
      'WRONG_COLUMN_COUNT',
      'BAD_QUOTES',
      'd',
      'BAD_QUOTES',
      'BAD_QUOTES',
    ]);
    const sound = await read(`id,meter,time\n"e\nf",m,${time}\n"g",m,${time}\n`, 'a.csv');
    expect(sound.map(({ line, event, problem }) => [line, event?.id ?? problem?.code])).toEqual([
      [2, 'UNSAFE_TEXT'],
      [4, 'g'],
    ]);
  });
});

describe('files that cannot be read', () => {
  test.each([
    ['a column nobody knows', 'id,meter,time,name\n', 'a.csv', 'BAD_HEADER'],
    ['no id', 'meter,time\n', 'a.csv', 'BAD_HEADER'],
    ['GBK', Buffer.from([0x69, 0x64, 0x2c, 0xd6, 0xd0, 0x0a]), 'a.csv', 'BAD_HEADER'],
    ['a bad header, in a long gzip', gzipSync(`id,name\n${'a,b\n'.repeat(1_000_000)}`), 'a.csv', 'BAD_HEADER'],
    ['gzip cut short', gzipSync(json({}).repeat(1000)).subarray(0, 60), 'a.ndjson', 'BROKEN_GZIP'],
  ])('%s', async (_, content, name, code) => {
    const found = read(content, name);
    await expect(found).rejects.toMatchObject({ code, words: { zh: expect.any(String) } });
  });
  test('one that is not there', () => {
    expect(() => readUsageFile(join(folder, 'none'))).toThrow(FileTrouble);
  });
  test('an empty one has no rows', async () => {
    expect(await read('', 'a.csv')).toEqual([]);
    expect(await read(gzipSync(''), 'a')).toEqual([]);
  });
});

test.each<[string, (text: string) => string | Uint8Array, boolean]>([
  ['GB18030', gb18030, true],
  ['UTF-16', utf16, true],
  ['UTF-16BE', (text) => utf16(text, { big: true }), true],
  ['CR', (text) => text.replaceAll('\n', '\r'), false],
  ['CR LF and TABs', (text) => text.replaceAll('\n', '\r\n').replaceAll(',', '\t'), false],
  ['line ends in quotes', (text) => text.replaceAll('贷款部', '"贷款,""部""\n\n"'), false],
])('many pieces of text, cut anywhere: %s', async (name, encode, isOther) => {
  const count = 20_000;
  const rows = Array.from({ length: count }, (_, index) => `id-${index},贷款部,m,${index + 1},${time}`);
  const text = `id,remark,meter,calls,time\n${rows.join('\n')}\n`;
  const { rows: read, notes } = await readRows(encode(text), { ignoreColumns: ['remark'] });
  expect(read.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect(read.map(({ event }) => event?.calls)).toEqual(rows.map((_, index) => BigInt(index + 1)));
  expect(read.at(-1)?.line).toBe(name === 'line ends in quotes' ? 3 * count - 1 : count + 1);
  expect(notes.some((note) => note.startsWith('read as'))).toBe(isOther);
});

test('quoted and unquoted rows of many pieces are the same rows', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `id-${index},m,${index + 1},${time}`);
  const plain = await read(`id,meter,calls,time\n${rows.join('\n')}\n`, 'a.csv');
  const quoted = await read(
    `id,meter,calls,time\n${rows.map((row) => row.replace(/^([^,]+)/, '"$1"')).join('\n')}\n`,
    'a.csv',
  );
  expect(plain).toHaveLength(20_000);
  expect(quoted).toEqual(plain);
  expect(plain.at(-1)).toMatchObject({ line: 20_001, event: { id: 'id-19999', calls: 20_000n } });
});
