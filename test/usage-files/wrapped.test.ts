// Lists that lie in the answers of APIs, times without signs between their parts, long numbers that spreadsheets have rounded.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WrappedValues } from '../../src/usage-files/wrapped-values.ts';
import { readRows, told } from './written.ts';

const time = '2026-01-06T15:00:00+08:00';
const event = (id: string) => ({ id, meter: 'm', calls: 2, time });
const read = async (content: unknown, more = {}) =>
  told(
    (
      await readRows(typeof content === 'string' ? content : JSON.stringify(content), {
        name: 'answer.json',
        ...more,
      })
    ).rows,
  );

describe('a list in an answer', () => {
  const events = [event('a'), event('b')];
  test.each<[string, unknown]>([
    ['of one name', { data: events }],
    ['beside other things', { code: 0, message: 'o"k', data: events, total: 2, next: null }],
    ['deeper', { code: 0, result: { page: 1, totalCount: '2', empty: [], list: events }, trace: { id: 1 } }],
    ['over many lines', JSON.stringify({ items: events }, null, 4)],
    ['two answers', `${JSON.stringify({ total: 2, list: [event('a')] })}\n${JSON.stringify({ list: [event('b')] })}\n`],
    ['and one that is empty', `${JSON.stringify({ list: events })}\n${JSON.stringify({ list: [] })}\n`],
    ['without its file name', { data: events, total: 2 }],
  ])('%s', async (_, content) => {
    expect((await read(content)).map(([, id]) => id)).toEqual(['a', 'b']);
  });

  test('lines are those of the file', async () => {
    expect(await read('{\n"data": [\n{"id":"a"},\n\n{"id":"b"}]}')).toEqual([
      [3, 'MISSING'],
      [5, 'MISSING'],
    ]);
  });

  test('longer than any line may be', async () => {
    const many = Array.from({ length: 30_000 }, (_, at) => event(`e${at}`));
    expect(await read({ data: many, total: many.length })).toHaveLength(30_000);
  });

  test.each<[string, string, string]>([
    ['pages that are missing', JSON.stringify({ total: 3, data: events }), 'speaks of 3 rows and the file holds 2'],
    ['two lists', JSON.stringify({ data: events, more: events }), 'line 1: this answer holds a second list'],
    ['an end that is missing', JSON.stringify({ data: events }).slice(0, -1), 'the JSON does not end'],
    ['a row that is cut', JSON.stringify({ data: events }).slice(0, -9), 'the JSON does not end'],
    ['a page of an error', `${JSON.stringify({ data: events })}\n{"code":1}`, 'line 2: this answer holds no list'],
    ['something that is no row', '{"data":[{"id":"a"},3]}', '3 does not belong here'],
    ['no JSON around it', '{"data":[{"id":"a"}],}', 'is not JSON'],
  ])('%s', async (_, content, told) => {
    await expect(read(content)).rejects.toThrow(told);
  });

  test('an event that has a list is one', async () => {
    expect(await read({ ...event('a'), tags: [{ id: 'x' }] })).toEqual([[1, 'UNKNOWN_FIELD']]);
    expect(await read({ ...event('a'), tags: [{ id: 'x' }] }, { ignoreColumns: ['tags'] })).toEqual([[1, 'a']]);
  });

  test('however its text is cut into pieces', () => {
    const text = JSON.stringify({ a: '"[{\\', list: [{ id: '}]"' }, { id: [1, { b: 2 }] }], z: { y: [] } });
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const values = new WrappedValues('a');
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const rows = places.flatMap((place, index) => values.read(text.slice(place, places[index + 1] ?? place)));
        values.end();
        expect(rows.map((row) => JSON.parse(row.text))).toEqual([{ id: '}]"' }, { id: [1, { b: 2 }] }]);
      }),
    );
  });
});

describe('times', () => {
  const at = async (written: unknown) => {
    const { rows } = await readRows(JSON.stringify({ id: 'a', meter: 'm', time: written }), {
      name: 'a.json',
      timeZone: 'Asia/Shanghai',
    });
    const [row] = rows;
    return row?.event === undefined ? row?.problem?.code : new Date(row.event.at).toISOString();
  };

  test.each<[unknown, string]>([
    ['20260105090000', '2026-01-05T01:00:00.000Z'],
    [20260105090000, '2026-01-05T01:00:00.000Z'],
    ['20260105090000123', '2026-01-05T01:00:00.123Z'],
    ['20260105 090000', '2026-01-05T01:00:00.000Z'],
    ['20260105T0900', '2026-01-05T01:00:00.000Z'],
    ['20260105T090000.5Z', '2026-01-05T09:00:00.500Z'],
    ['20260105T090000+0700', '2026-01-05T02:00:00.000Z'],
    ['20260105', '2026-01-04T16:00:00.000Z'],
    ['2026-01-05 09:00:00+07:00', '2026-01-05T02:00:00.000Z'],
    [1767574800, '2026-01-05T01:00:00.000Z'],
    ['20261305090000', 'INVALID_TIME'],
    ['20260230090000', 'INVALID_TIME'],
    ['2030010509', 'INVALID_TIME'],
    [Number('20260105090000123'), 'INVALID_TIME'],
    ['2026010509000', '2034-03-15T04:41:49.000Z'],
  ])('%j', async (written, right) => {
    expect(await at(written)).toBe(right);
  });
});

describe('long numbers that a spreadsheet has rounded', () => {
  const table = (ids: readonly string[]) =>
    `id,meter,calls,time\n${ids.map((id, index) => `${id},m,${index + 1},${time}`).join('\n')}\n`;
  const rounded = Array.from({ length: 40 }, (_, index) => `2026010600${10_000 + index * 7}000`);

  test('few of them fall together', async () => {
    await expect(readRows(table([...rounded, rounded[3] ?? '']))).rejects.toThrow('a spreadsheet has rewritten');
    expect((await readRows(table(rounded))).rows).toHaveLength(40);
  });

  test('where others have all their digits, the same id again is what it is', async () => {
    const { rows } = await readRows(table(['202601060010000123', ...rounded, rounded[3] ?? '']));
    expect(rows).toHaveLength(42);
  });
});
