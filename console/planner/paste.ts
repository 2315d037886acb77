// Cells of a spreadsheet, as they come from the clipboard or a file: they fill the table from where they are let fall.

import { readMonth } from '../../src/usage-files/cells.ts';
import { type Inputs, type MonthRow, monthAfter, mostMonths } from './inputs.ts';

/** Where in the table: the column of months is -1, meters count from 0. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** More than one cell was copied. */
export const isTable = (text: string): boolean => /[\t\n]/.test(text.trim());

/** A month as spreadsheets write it; what is none stays as it is, to be seen. */
export const monthOfCell = (text: string): string => readMonth(text) ?? text.trim();

/** The rows of a file in place of the table. */
export function ofProfile(rows: readonly { readonly month: string; readonly meter: string; readonly calls: string }[]) {
  const meters = [...new Set(rows.map(({ meter }) => meter))];
  const months = [...Map.groupBy(rows, ({ month }) => month)].slice(0, mostMonths).map(([month, inMonth]) => ({
    month,
    calls: meters.map((meter) => inMonth.find((row) => row.meter === meter)?.calls ?? ''),
  }));
  return { meters, months };
}

export function filled(
  inputs: Inputs,
  text: string,
  { row, column }: Cell,
  meterOf: (name: string) => string | undefined,
) {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('\t').map((cell) => cell.trim()));
  const [head = [], ...rest] = lines;
  const named = head.slice(column < 0 ? 1 : 0).map(meterOf);
  // A first line of meters is the head of the table.
  const hasHead = rest.length > 0 && named.length > 0 && named.every((meter) => meter !== undefined);
  const width = Math.max(0, ...lines.map((cells) => cells.length + column));
  const meters = hasHead ? replacedMeters(inputs.meters, named as string[], column) : widened(inputs.meters, width);
  const months: MonthRow[] = inputs.months.map(({ month, calls }) => ({
    month,
    calls: meters.map((_, index) => calls[index] ?? ''),
  }));
  for (const [index, cells] of (hasHead ? rest : lines).entries()) {
    const at = row + index;
    if (at >= mostMonths) break;
    const before = months[at] ?? { month: monthAfter(months[at - 1]?.month ?? ''), calls: meters.map(() => '') };
    months[at] = {
      month: column < 0 ? monthOfCell(cells[0] ?? '') : before.month,
      calls: before.calls.map((old, meter) => cells[meter - column] ?? old),
    };
  }
  return { meters, months };
}

function replacedMeters(old: readonly string[], named: readonly string[], column: number): string[] {
  const meters = [...old];
  for (const [index, meter] of named.entries()) meters[Math.max(0, column) + index] = meter;
  return meters;
}

/** A column more than there are meters is one that nobody has named yet. */
const widened = (meters: readonly string[], width: number): string[] =>
  Array.from({ length: Math.max(meters.length, width) }, (_, index) => meters[index] ?? '');
