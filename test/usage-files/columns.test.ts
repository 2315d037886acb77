// Files whose columns have other names: maps as data, what every row has, what values mean, rows that are not meant, guesses.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ColumnMap, readColumns } from '../../src/usage-files/columns.ts';
import { onDisk } from '../../src/usage-files/disk.ts';
import { FileTrouble } from '../../src/usage-files/row-problem.ts';
import { tableFields } from '../../src/usage-files/table-fields.ts';
import { tableOf } from '../../src/usage-files/table-of.ts';
import { readRows, told, written } from './written.ts';

function mapOf(...documents: unknown[]): ColumnMap {
  const found = readColumns(documents);
  if ('zh' in found || found.usage === undefined) throw new Error(JSON.stringify(found));
  return found.usage;
}

const document = {
  columns: { 流水号: 'id', 接口: 'meter', 次数: 'calls', 调用时间: 'time' },
  constants: { account: 'acme' },
  values: { meter: { 四要素: 'identity' } },
  timeZone: 'Asia/Shanghai',
};
const event = {
  id: 'x1',
  account: 'acme',
  meter: 'identity',
  calls: 1000n,
  at: Date.parse('2026-01-06T15:00:00+08:00'),
};
const table = '流水号,接口,次数,调用时间\nx1,四要素,"1,000",2026-01-06 15:00:00\n合计,,1000,\n';

describe('a table', () => {
  test('names, constants, values and the zone of the map', async () => {
    expect(await readRows(table, { columns: mapOf(document) })).toEqual({
      rows: [{ line: 2, event: expect.objectContaining(event) }],
      notes: [
        'columns are read as 流水号 → id, 接口 → meter, 次数 → calls, 调用时间 → time',
        '1 line(s) of sums or remarks passed over (the first is line 3)',
      ],
    });
  });

  test('names that differ by width, case or spaces are one', async () => {
    const content = 'Ｒequest ID,Meter,TIME\nx1,identity,2026-01-06T15:00:00+08:00\n';
    const columns = mapOf({ columns: { requestid: 'id', meter: 'meter', time: 'time' } });
    expect(told((await readRows(content, { columns })).rows)).toEqual([[2, 'x1']]);
  });

  test('a column of another name is refused, or passed over and said', async () => {
    const wide = table.replaceAll(/(?<=时间|00:00)$/gm, ',备注');
    await expect(readRows(wide, { columns: mapOf(document) })).rejects.toThrow('unknown column "备注"');
    const { rows, notes } = await readRows(wide, { columns: mapOf(document, { others: 'ignore' }) });
    expect(told(rows)).toEqual([[2, 'x1']]);
    expect(notes).toContain('columns not looked at: 备注');
  });

  test('a field that the map names must be there: calls left out would be 1', async () => {
    const content = table.replace('次数', '数目');
    const columns = mapOf(document, { others: 'ignore' });
    await expect(readRows(content, { columns })).rejects.toThrow('missing column "calls"');
  });

  test('two columns for one field are refused', async () => {
    const columns = mapOf(document, { columns: { 编号: 'id' } });
    await expect(readRows(`编号,${table.replaceAll('\n', '\n,')}`, { columns })).rejects.toThrow(
      'column twice "编号", "流水号"',
    );
    const content = 'id,流水号,meter,time\n1,x1,identity,2026-01-06 15:00:00\n';
    const own = { columns: { 流水号: 'id' }, timeZone: 'Asia/Shanghai' };
    await expect(readRows(content, { columns: mapOf(own) })).rejects.toThrow('column twice');
    expect(told((await readRows(content, { columns: mapOf(own, { columns: { id: null } }) })).rows)).toEqual([
      [2, 'x1'],
    ]);
  });

  test('rows that are not meant are passed over and counted; without the column nothing is read', async () => {
    const content = 'id,meter,time,状态\na,m,1767682800,成功\nb,m,1767682800,失败\nc,m,1767682800,\n';
    const skip = (values: unknown) => ({ columns: mapOf({ skip: { 状态: values } }) });
    const { rows, notes } = await readRows(content, skip(['失败', '']));
    expect(told(rows)).toEqual([[2, 'a']]);
    expect(notes).toContain('2 row(s) passed over as the columns file says (the first is line 3)');
    expect(told((await readRows(content, skip('any'))).rows)).toEqual([[4, 'c']]);
    await expect(readRows(content.replace('状态', '结果'), skip('any'))).rejects.toThrow('missing column "状态"');
  });

  test('a problem names the column as the file does', async () => {
    const { rows } = await readRows(table.replace('"1,000"', '几次'), { columns: mapOf(document) });
    expect(rows).toMatchObject([{ line: 2, problem: { code: 'OUT_OF_RANGE', pointer: '/次数' } }]);
  });

  test('events of a source have a space of their own', async () => {
    const content = 'event,source,meter,time\ne,/a,m,1767682800\ne,,m,1767682800\ne,a b,m,1767682800\n';
    const columns = mapOf({ columns: { event: 'id', source: 'source' } });
    expect(told((await readRows(content, { columns })).rows)).toEqual([
      [2, '/a\u001fe'],
      [3, 'e'],
      [4, 'WRONG_TYPE'],
    ]);
  });
});

describe('JSON', () => {
  const object = { 流水号: 'x1', 接口: '四要素', 次数: '1,000', 调用时间: '2026-01-06 15:00:00' };

  test('names, constants, values; a way into objects', async () => {
    const columns = mapOf(document);
    expect((await readRows(JSON.stringify([object]), { columns, name: 'a.json' })).rows).toEqual([
      { line: 1, event: expect.objectContaining(event) },
    ]);
    const deep = { 请求: { 流水号: 'x1', 别的: 1 }, ...{ ...object, 流水号: undefined } };
    const into = mapOf(document, { columns: { 流水号: null, '请求.流水号': 'id' }, others: 'ignore' });
    expect((await readRows(JSON.stringify(deep), { columns: into, format: 'ndjson' })).rows).toEqual([
      { line: 1, event: expect.objectContaining(event) },
    ]);
  });

  test('what is missing, unknown or twice is refused by its line and its own name', async () => {
    const columns = mapOf(document, { columns: { 编号: 'id' } });
    const lines = [
      { ...object, 次数: undefined },
      { ...object, 备注: '' },
      { ...object, 编号: 'x2' },
      { ...object, 次数: '几次' },
      object,
    ];
    const content = lines.map((line) => JSON.stringify(line)).join('\n');
    const { rows } = await readRows(content, { columns, format: 'ndjson' });
    expect(rows.map(({ problem }) => [problem?.code, problem?.pointer])).toEqual([
      ['MISSING', '/calls'],
      ['UNKNOWN_FIELD', '/备注'],
      ['FIELD_TWICE', '/编号'],
      ['OUT_OF_RANGE', '/次数'],
      [undefined, undefined],
    ]);
  });
});

describe('a guess', () => {
  test('takes the surest name of each field, whatever unit stands behind it', async () => {
    const content = '编号备注,次数（次）,请求时间,接口,流水号,count\nz,2,2026-01-06 15:00:00,m,x1,9\n';
    const { rows, notes } = await readRows(content, { columns: 'guess', timeZone: 'Asia/Shanghai' });
    expect(rows).toMatchObject([{ line: 2, event: { id: 'x1', calls: 2n, meter: 'm' } }]);
    expect(notes).toEqual([
      'columns are read as 次数（次） → calls, 请求时间 → time, 接口 → meter, 流水号 → id',
      'columns not looked at: 编号备注, count',
    ]);
  });

  test('is none where no column may be an id', async () => {
    await expect(readRows('a,b\n1,2\n', { columns: 'guess' })).rejects.toThrow(FileTrouble);
  });
});

describe('documents', () => {
  test.each<[unknown, string, string]>([
    [[], '', ''],
    ['x', '', '"x" must be a JSON object'],
    [{ for: 'calls' }, '/for', '"calls" must be one of usage, bill, packs, profile'],
    [{ column: {} }, '/column', 'there is no "column"'],
    [{ columns: { 'a/b': 'meters' } }, '/columns/a~1b', '"meters" must be one of id'],
    [{ for: 'bill', columns: { a: 'id' } }, '/columns/a', '"id" must be one of kind'],
    [{ constants: { calls: 1 } }, '/constants/calls', '"1" must be text'],
    [{ values: { meter: 'm' } }, '/values/meter', '"m" must be a JSON object'],
    [{ values: { meter: { a: null } } }, '/values/meter/a', '"null" must be text'],
    [{ skip: { a: 'all' } }, '/skip/a', '"all" must be a list of texts'],
    [{ others: 'skip' }, '/others', '"skip" must be one of refuse, ignore'],
    [{ timeZone: 'Peking' }, '/timeZone', '"Peking" is no time zone'],
    [[{}, { others: 1 }], '/1/others', 'must be one of refuse, ignore'],
  ])('%j', (found, pointer, en) => {
    const read = readColumns([found]);
    if (en === '') expect(read).toEqual({});
    else expect(read).toMatchObject({ pointer, en: expect.stringContaining(en) });
  });

  test('a name that JavaScript knows is a name like another', async () => {
    const content = '__proto__,constructor,meter\nx1,1767682800,m\n';
    const columns = mapOf(JSON.parse('{"columns":{"__proto__":"id","constructor":"time"}}'));
    expect(told((await readRows(content, { columns })).rows)).toEqual([[2, 'x1']]);
  });
});

describe('shipped ones', () => {
  const folder = new URL('../../catalog/columns/', import.meta.url);
  const shipped = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

  test('are right', () => {
    for (const name of readdirSync(folder)) expect([name, readColumns([shipped(name)])]).not.toHaveProperty('1.zh');
  });

  test('calls exported by ourselves: not those that were voided', async () => {
    const content = [
      'seq,time,event,source,meter,department,calls,drawn,packs,postpaid,tariff,unit_price,amount,voided',
      '1,2026-01-06T15:00:00+08:00,e1,,identity,loans,3,0,,3,identity,0.30,0.90,',
      '2,2026-01-06T15:00:00+08:00,e2,,identity,,4,0,,4,identity,0.30,1.20,2026-01-07T15:00:00+08:00',
    ].join('\n');
    const { rows } = await readRows(content, { columns: mapOf(shipped('suanpan-calls.json')) });
    expect(rows).toMatchObject([{ line: 2, event: { id: 'e1', calls: 3n, department: 'loans' } }]);
  });

  test.each([
    [
      'tencent-bill',
      '账单月,产品名称,交易类型,组件名称,组件用量,组件单价,优惠后总价\n2026-01,人脸核身,按量计费月结,身份信息,500,0.3,150.00\n',
    ],
    ['alibaba-bill', '账期,产品,账单类型,计费项,用量,单价,应付金额\n2026-01,核身,后付费账单,身份信息,500,0.3,150.00\n'],
    [
      'huawei-bill',
      '账期,产品类型,账单类型,使用量类型,使用量,单价,应付金额\n2026-01,核身,消费-使用,身份信息,500,0.3,150.00\n',
    ],
  ])('%s', async (name, content) => {
    const maps = readColumns([shipped(`${name}.json`), { for: 'bill', values: { tariff: { 身份信息: 'identity' } } }]);
    if ('zh' in maps) throw new Error(String(maps.zh));
    const rule = { ...tableFields.bill, passOver: 'any' as const, map: maps.bill };
    const { rows } = await tableOf(onDisk(written(content)), rule, 'kind');
    const columns = ['kind', 'month', 'tariff', 'calls', 'unit_price', 'amount'];
    expect(rows.map(({ cell }) => columns.map(cell))).toEqual([
      ['postpaid', '2026-01', 'identity', '500', '0.3', '150.00'],
    ]);
  });
});
