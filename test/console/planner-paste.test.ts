import { describe, expect, test } from 'vitest';
import { type Inputs, inputsOf, profileFile, requestOf, searchOf } from '../../console/planner/inputs.ts';
import { filled, monthOfCell } from '../../console/planner/paste.ts';

const empty: Inputs = { book: 'b', meters: ['a'], months: [{ month: '2026-01', calls: [''] }], have: [] };
const meterOf = (name: string) => ['a', 'b'].find((id) => id === name);

describe('cells of a spreadsheet', () => {
  test('fill to the right and down, with months that follow', () => {
    const { meters, months } = filled(empty, '1,000\t7\r\n2,000\t8\r\n', { row: 0, column: 0 }, meterOf);
    expect(meters).toEqual(['a', '']);
    expect(months).toEqual([
      { month: '2026-01', calls: ['1,000', '7'] },
      { month: '2026-02', calls: ['2,000', '8'] },
    ]);
  });

  test('a head of meters names the columns', () => {
    const text = 'month\ta\tb\n2026/11\t1\t2\n2026年12月\t3\t4\n202701\t5\t6';
    const { meters, months } = filled(empty, text, { row: 0, column: -1 }, meterOf);
    expect(meters).toEqual(['a', 'b']);
    expect(months.map(({ month }) => month)).toEqual(['2026-11', '2026-12', '2027-01']);
    expect(months.map(({ calls }) => calls)).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
    ]);
  });

  test('what is no month stays as it is, to be seen', () => {
    expect(monthOfCell('2026-13')).toBe('2026-13');
    expect(monthOfCell(' June ')).toBe('June');
  });

  test('no more than 24 months are taken', () => {
    const text = Array.from({ length: 30 }, (_, index) => `${index}`).join('\n');
    expect(filled(empty, text, { row: 0, column: 0 }, meterOf).months).toHaveLength(24);
  });
});

test('the link carries what was typed, and the file what is asked', () => {
  const inputs: Inputs = {
    book: 'faceid-legacy',
    meters: ['a', 'b'],
    months: [
      { month: '2026-01', calls: ['1,000', ''] },
      { month: '2026-02', calls: ['x', '２０００'] },
    ],
    have: [{ product: 'p', calls: '800', expires: '2026-06-30' }],
  };
  expect(inputsOf(new URLSearchParams(searchOf(inputs).toString()))).toEqual(inputs);
  const request = requestOf(inputs);
  expect(request?.have).toEqual([{ product: 'p', calls: 800n, expires: '2026-06-30' }]);
  expect(request === undefined ? '' : profileFile(request)).toBe('month,meter,calls\n2026-01,a,1000\n2026-02,b,2000\n');
});
