// Workbooks as spreadsheets write them, cell by cell, and what is packed in what: nothing is left out in silence.

import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readRows } from './written.ts';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packed = 'http://schemas.openxmlformats.org/package/2006';
const related = (list: readonly (readonly [string, string])[]) =>
  `<Relationships xmlns="${packed}/relationships">${list
    .map(([type, to], at) => `<Relationship Id="r${at + 1}" Type="${office}/${type}" Target="${to}"/>`)
    .join('')}</Relationships>`;
const types = [
  ['workbook', 'sheet.main'],
  ['worksheets/sheet1', 'worksheet'],
];
const overrides = types.map(
  ([part, type]) =>
    `<Override PartName="/xl/${part}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`,
);
/** Style 1 is a date with its time, 2 one in Chinese, 3 a day. */
const styles = `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot; h:mm"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`;

const text = (at: string, value: string) => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
const headings = ['id', 'meter', 'calls', 'time'].map((name, at) => text(`${'ABCD'[at]}1`, name)).join('');

/** A workbook of rows; each is the XML of its cells. */
const workbook = (rows: readonly string[], from1904 = false): Uint8Array =>
  zipSync({
    '[Content_Types].xml': strToU8(
      `<Types xmlns="${packed}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`,
    ),
    '_rels/.rels': strToU8(related([['officeDocument', 'xl/workbook.xml']])),
    'xl/workbook.xml': strToU8(
      `<workbook xmlns="${main}" xmlns:r="${office}">${from1904 ? '<workbookPr date1904="1"/>' : ''}<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      related([
        ['worksheet', 'worksheets/sheet1.xml'],
        ['styles', 'styles.xml'],
      ]),
    ),
    'xl/styles.xml': strToU8(styles),
    'xl/worksheets/sheet1.xml': strToU8(
      `<worksheet xmlns="${main}"><sheetData><row r="1">${headings}</row>${rows.map((cells, at) => `<row r="${at + 2}">${cells}</row>`).join('')}</sheetData></worksheet>`,
    ),
  });

const usual = { id: text('A2', 'a'), calls: '<c r="C2"><v>5</v></c>', time: '<c r="D2" s="1"><v>46028.375</v></c>' };
const nine = '2026-01-06T01:00:00.000Z';

async function readOne(cells: Partial<typeof usual>, from1904 = false) {
  const { id, calls, time } = { ...usual, ...cells };
  const { rows } = await readRows(workbook([id + text('B2', 'm') + calls + time], from1904), {
    name: 'a.xlsx',
    timeZone: 'Asia/Shanghai',
  });
  const [{ event, problem } = {}] = rows;
  return event === undefined ? problem?.code : [event.id, event.calls, new Date(event.at).toISOString()];
}

describe('cells', () => {
  test.each<[string, Partial<typeof usual>, unknown]>([
    ['a date with its time', {}, ['a', 5n, nine]],
    ['one in Chinese', { time: '<c r="D2" s="2"><v>46028.375</v></c>' }, ['a', 5n, nine]],
    ['its number', { time: '<c r="D2"><v>46028.375</v></c>' }, ['a', 5n, nine]],
    ['one as text of a date cell', { time: '<c r="D2" t="d"><v>2026-01-06T09:00:00</v></c>' }, ['a', 5n, nine]],
    [
      'a second, a millisecond short',
      { time: '<c r="D2" s="1"><v>46028.37501157407</v></c>' },
      ['a', 5n, '2026-01-06T01:00:01.000Z'],
    ],
    ['a day', { time: '<c r="D2" s="3"><v>46028</v></c>' }, ['a', 5n, '2026-01-05T16:00:00.000Z']],
    ['a formula', { calls: '<c r="C2"><f>2+3</f><v>5</v></c>' }, ['a', 5n, nine]],
    ['a formula of a text', { id: '<c r="A2" t="str"><f>B2</f><v>a</v></c>' }, ['a', 5n, nine]],
    ['a number of seventeen digits', { calls: '<c r="C2"><v>4.9999999999999996</v></c>' }, ['a', 5n, nine]],
    ['a part of a call', { calls: '<c r="C2"><v>2.5</v></c>' }, 'OUT_OF_RANGE'],
    ['true', { calls: '<c r="C2" t="b"><v>1</v></c>' }, 'OUT_OF_RANGE'],
    ['an error is no empty cell', { calls: '<c r="C2" t="e"><v>#N/A</v></c>' }, 'FAILED_CELL'],
    ['nor one of a formula', { id: '<c r="A2" t="e"><f>X9</f><v>#REF!</v></c>' }, 'FAILED_CELL'],
    ['a formula that nobody computed', { calls: '<c r="C2"><f>2+3</f></c>' }, 'FAILED_CELL'],
    ['the same as libraries write it', { calls: '<c r="C2"><f>2+3</f><v></v></c>' }, 'FAILED_CELL'],
    ['a formula of an empty text', { calls: '<c r="C2" t="str"><f>B9</f><v></v></c>' }, ['a', 1n, nine]],
    ['a line end', { id: text('A2', 'a_x000D_b') }, 'UNSAFE_TEXT'],
  ])('%s', async (_, cells, right) => {
    expect(await readOne(cells)).toEqual(right);
  });

  test('days from 1904', async () => {
    expect(await readOne({}, true)).toEqual(['a', 5n, '2030-01-07T01:00:00.000Z']);
  });

  test('an id that is a number of more digits than there are', async () => {
    await expect(readOne({ id: '<c r="A2"><v>2.0260106000012301E+17</v></c>' })).rejects.toThrow('has rewritten');
  });

  test('what spreadsheets show instead of values is refused in text too', async () => {
    const { rows } = await readRows(
      'id,meter,calls,time\n#REF!,m,1,1767682800\na,m,#N/A,1767682800\nb,m,1,########\n#1,m,1,1767682800\n# a remark,,,\n',
    );
    expect(rows.map(({ event, problem }) => event?.id ?? [problem?.code, problem?.pointer])).toEqual([
      ['FAILED_CELL', '/id'],
      ['FAILED_CELL', '/calls'],
      ['FAILED_CELL', '/time'],
      '#1',
    ]);
  });
});

describe('packed', () => {
  const table = 'id,meter,time\na,m,2026-01-06T09:00:00+08:00\n';
  const sheet = workbook([usual.id + text('B2', 'm') + usual.calls + usual.time]);
  const read = async (content: Uint8Array) => {
    const { rows } = await readRows(content, { name: 'a', timeZone: 'Asia/Shanghai' });
    return rows.map(({ event }) => [event?.id, new Date(event?.at ?? 0).toISOString()]);
  };

  test.each<[string, Uint8Array]>([
    ['gzip in gzip', gzipSync(gzipSync(table))],
    ['gzip in a zip', zipSync({ 'a.csv.gz': gzipSync(table) })],
    ['zip in gzip', gzipSync(zipSync({ 'a.csv': strToU8(table) }))],
    ['a workbook in a zip', zipSync({ 'a.xlsx': sheet })],
    ['a workbook in gzip', gzipSync(sheet)],
    ['gzip with zeros behind', Buffer.concat([gzipSync(table), Buffer.alloc(512)])],
    ['zip with what a Mac adds', zipSync({ 'a.csv': strToU8(table), '__MACOSX/._a.csv': strToU8('x') })],
  ])('%s', async (_, content) => {
    expect(await read(content)).toEqual([['a', nine]]);
  });

  test.each<[string, Uint8Array, string]>([
    ['gzip four times over', [1, 2, 3, 4].reduce<Uint8Array>((inner) => gzipSync(inner), strToU8(table)), 'NOT_TEXT'],
    ['gzip cut short', gzipSync(table).subarray(0, -9), 'BROKEN_GZIP'],
    ['gzip with other bytes behind', Buffer.concat([gzipSync(table), Buffer.from('more')]), 'BROKEN_GZIP'],
    ['zip cut short', zipSync({ 'a.csv': strToU8(table) }).subarray(0, -30), 'BROKEN_ZIP'],
    ['zip of several files', zipSync({ 'a.csv': strToU8(table), 'b.csv': strToU8(table) }), 'SEVERAL_MEMBERS'],
    ['zip of nothing', zipSync({}), 'NOT_TEXT'],
    ['bytes that are no text', Buffer.from([1, 2, 3, 4, 0, 255, 254, 253]), 'NOT_TEXT'],
    ['a workbook cut short', sheet.subarray(0, 900), 'NOT_READABLE'],
  ])('%s', async (_, content, code) => {
    await expect(read(content)).rejects.toMatchObject({ code });
  });
});
