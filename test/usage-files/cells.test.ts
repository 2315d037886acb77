// Cells as people and spreadsheets write them: read as what they mean, or not at all.

import { describe, expect, test } from 'vitest';
import { readMoney, readMonth, readPrice, readWhole } from '../../src/usage-files/cells.ts';
import { readMoment } from '../../src/usage-files/moment.ts';
import { readRows, told } from './written.ts';

const time = '2026-01-06T08:59:59+08:00';

test.each<[string, bigint | undefined]>([
  ['1000', 1000n],
  ['1,000', 1000n],
  ['1,234,567', 1_234_567n],
  ['1 ', 1n],
  ['\u00a01000\t', 1000n],
  ['1000.0', 1000n],
  ['1000.00', 1000n],
  ['１０００', 1000n],
  ['1，000', 1000n],
  ['1000 次', 1000n],
  ['1.000', undefined],
  ['1,00', undefined],
  ['1000.5', undefined],
  ['1e3', undefined],
  ['-3', undefined],
  ['0x10', undefined],
  ['', undefined],
])('whole number %j', (text, expected) => {
  expect(readWhole(text)).toBe(expected);
});

test.each<[string, bigint | undefined]>([
  ['12250.00', 1_225_000n],
  ['¥1,234.50', 123_450n],
  ['￥１，２３４．５０', 123_450n],
  ['1234.5 元', 123_450n],
  ['CNY 12', 1200n],
  ['(12.00)', -1200n],
  ['（12.00）', -1200n],
  ['-¥12.00', -1200n],
  ['\u221212.00', -1200n],
  ['380.00000000', 38_000n],
  ['14.985', undefined],
  ['1.234', undefined],
  ['1.234,50', undefined],
  ['$12.00', undefined],
  ['12,5', undefined],
  ['twelve', undefined],
])('amount %j', (text, expected) => {
  expect(readMoney(text, 'CNY')).toBe(expected);
});

test('an amount of another currency is read with its own sign only', () => {
  expect([readMoney('$1,200.00', 'USD'), readMoney('¥1,200.00', 'USD')]).toEqual([120_000n, undefined]);
});

test.each([
  ['0.85', '0.85'],
  ['¥0.85/次', '0.85'],
  ['0.8500', '0.85'],
  ['0.0450', '0.045'],
  ['0.38 元', '0.38'],
  ['$0.38', undefined],
])('price %j', (text, expected) => {
  expect(readPrice(text, 'CNY')?.text).toBe(expected);
});

test.each([
  ['2026-01', '2026-01'],
  ['2026/1', '2026-01'],
  ['2026年1月', '2026-01'],
  ['2026.01', '2026-01'],
  ['2026.10', '2026-10'],
  // Of 2026.10 as a number a spreadsheet leaves this.
  ['2026.1', undefined],
  ['202601', '2026-01'],
  ['2026-01-01', '2026-01'],
  ['2026-01-02', undefined],
  ['2026-13', undefined],
  ['Jan-26', undefined],
  ['01/2026', undefined],
])('month %j', (text, expected) => {
  expect(readMonth(text)).toBe(expected);
});

describe('times', () => {
  const at = (text: string) => Date.parse(text);
  const afternoon = at('2026-01-06T15:00:00+08:00');
  test.each<[unknown, number]>([
    ['2026-01-06T15:00:00+08:00', afternoon],
    ['2026-01-06 15:00:00+0800', afternoon],
    ['2026-01-06 07:00:00 Z', afternoon],
    ['1767682800', afternoon],
    [1_767_682_800, afternoon],
    ['1767682800123', afternoon + 123],
    [1_767_682_800_123, afternoon + 123],
  ])('%j needs no zone', (value, expected) => {
    expect(readMoment(value, undefined)).toBe(expected);
  });

  test.each<[string, number]>([
    ['2026-01-06 15:00:00', afternoon],
    ['2026/1/6 15:00', afternoon],
    ['2026-01-06T15:00:00.250', afternoon + 250],
    ['2026年1月6日 15:00:00', afternoon],
    ['２０２６-01-06 15:00:00', afternoon],
    ['2026/1/6', at('2026-01-06T00:00:00+08:00')],
    ['46028.625', afternoon],
    ['46028', at('2026-01-06T00:00:00+08:00')],
    ['46028.374988425923', at('2026-01-06T08:59:59+08:00')],
  ])('%j is a moment in a zone, and refused without one', (text, expected) => {
    expect(readMoment(text, 'Asia/Shanghai')).toBe(expected);
    expect(readMoment(text, undefined)).toMatchObject({
      code: 'AMBIGUOUS_TIME',
      en: expect.stringContaining('--time-zone'),
      zh: expect.stringContaining('--time-zone'),
    });
  });

  test.each([
    '1/6/2026 15:00',
    '06.01.2026',
    '2026-02-30 10:00:00',
    '2026-01-06 25:00:00',
    '15:00',
    '1767682800123456',
    '',
  ])('%j is refused', (text) => {
    expect(readMoment(text, 'Asia/Shanghai')).toMatchObject({ code: 'INVALID_TIME' });
  });

  test('an hour that came twice, and one that never came', () => {
    const zone = 'America/New_York';
    expect(readMoment('2026-11-01 01:30:00', zone)).toMatchObject({ code: 'AMBIGUOUS_TIME' });
    expect(readMoment('2026-03-08 02:30:00', zone)).toMatchObject({ code: 'AMBIGUOUS_TIME' });
    expect(readMoment('2026-11-01 02:00:00', zone)).toBe(at('2026-11-01T02:00:00-05:00'));
    expect(readMoment('2026-03-08 01:59:59', zone)).toBe(at('2026-03-08T01:59:59-05:00'));
  });
});

describe('ids', () => {
  const csv = (...ids: string[]) => `id,meter,time\n${ids.map((id) => `${id},m,${time}`).join('\n')}\n`;
  test.each(['\uFEFFa', '\ta', 'a ', '\u200ba\u200b', ' a\u00a0', '\u3000a', '"\ta"'])(
    'in a table %j is a',
    async (id) => {
      expect(told((await readRows(csv(id))).rows)).toEqual([[2, 'a']]);
    },
  );

  test.each(['a\u200bb', 'a\u00a0b', 'a\u00adb', 'a\u202eb', '"a\nb"'])(
    '%j would be another id and is refused',
    async (id) => {
      expect(told((await readRows(csv(id))).rows)[0]).toEqual([2, 'UNSAFE_TEXT']);
    },
  );

  test.each([' a', 'a\t', '\uFEFFa', 'a\u200b'])('JSON says exactly what it means: %j is refused', async (id) => {
    const { rows } = await readRows(JSON.stringify({ id, meter: 'm', time }), { name: 'calls.json' });
    expect(told(rows)).toEqual([[1, 'UNSAFE_TEXT']]);
  });

  const rewritten = {
    code: 'ID_REWRITTEN',
    words: { en: expect.stringContaining('line'), zh: expect.stringContaining('电子表格') },
  };
  test.each([
    '2.02601E+17',
    '2E+15',
    '2.02601e+17',
    '2.02601e17',
    '2.02601E17',
    '2,02601E+17',
    '2,02601e17',
    '202.601E+15',
    '2.02601E+017',
  ])('%s was another id once: the reading stops', async (id) => {
    await expect(readRows(csv('x', `"${id}"`))).rejects.toMatchObject(rewritten);
    await expect(readRows(csv('x', id).replaceAll(/,(?=m,|meter|time|2026)/g, ';'))).rejects.toMatchObject(rewritten);
    await expect(readRows(JSON.stringify({ id, meter: 'm', time }), { name: 'calls.json' })).rejects.toMatchObject(
      rewritten,
    );
  });

  test('what only looks a little like it is an id like others', async () => {
    const ids = ['3e12', '12E5', 'e17', '2.5e', 'v1.2e17', '2.02601E+17a', '1e9a'];
    expect(told((await readRows(csv(...ids))).rows).map(([, id]) => id)).toEqual(ids);
  });

  test('long numbers that have become equal: the reading stops', async () => {
    const rows = [0, 1, 2].map((minute) => `202601060000123000,m,2026-01-06T09:0${minute}:00+08:00`);
    await expect(readRows(`id,meter,time\n${rows.join('\n')}\n`)).rejects.toMatchObject(rewritten);
  });

  test('long numbers that end with zeros and differ, or are sent again, are ids like others', async () => {
    const ids = ['1767682800123000000', '1767682800124000000', '1767682800124000000', '1767682800125000001'];
    expect(told((await readRows(csv(...ids))).rows).map(([, id]) => id)).toEqual(ids);
  });
});
