// Rows of cells → named cells. What every table has besides its rows is passed over: blank lines, sums, remarks, a header
// again where files were put together.

import { usageFilesWords } from '../words/usage-files.ts';
import { shown, trimCell } from './cells.ts';
import type { ColumnMap } from './columns.ts';
import { type Header, titleIn } from './header.ts';
import { type FileNotes, passOver, skipRow } from './notes.ts';
import { type RowProblem, rowProblem } from './row-problem.ts';

/** The trimmed cells of a row by column; empty ones are left out. */
export type NamedCells = Record<string, string>;

const sumWords = /^(?:合计|总计|小计|总和|共计|本页合计|本页小计|sum|total|subtotal|grand total)\s*[:：]?$/i;

/**
 * Names the cells. Undefined: no row of the table. `key` is a column that every row has: a line without it is a sum or a
 * remark if it says so.
 */
export function nameCells(
  header: Header,
  row: { readonly line: number; readonly cells: readonly string[] },
  key: string,
  notes: FileNotes,
): { readonly named: NamedCells } | { readonly problem: RowProblem } | undefined {
  const { columns } = header;
  const { cells, line } = row;
  const named: NamedCells = {};
  let unnamed: string | undefined;
  let filled = 0;
  for (let index = 0; index < cells.length; index += 1) {
    const cell = trimCell(cells[index] as string);
    if (cell === '') continue;
    filled += 1;
    const name = columns[index];
    if (name === undefined || name === '') unnamed ??= cell;
    else if (name !== null) named[name] = cell;
  }
  if (filled === 0) return undefined;
  if (named[key] === undefined || named[key] === titleIn(header, key)) {
    const first = trimCell(cells.find((cell) => trimCell(cell) !== '') ?? '');
    const isHeader = columns.every((name, index) => !name || trimCell(cells[index] ?? '') === header.titles[index]);
    if (isHeader || first.startsWith('#') || /^-{4,}/.test(first) || sumWords.test(first)) {
      passOver(notes, line);
      return undefined;
    }
  }
  const isShort = cells.length < columns.length && cells.length <= columns.findLastIndex((name) => name !== '');
  if (unnamed !== undefined || isShort) return { problem: wrongCount(columns, cells, unnamed) };
  const { map } = header;
  if (map === undefined) return { named };
  if (isSkipped(header.skips, cells)) {
    skipRow(notes, line);
    return undefined;
  }
  return { named: meant(named, map) };
}

const isSkipped = (skips: Header['skips'], cells: readonly string[]): boolean =>
  skips.some(([index, values]) => {
    const cell = trimCell(cells[index] ?? '');
    return values === null ? cell !== '' : values.has(cell);
  });

/** What the cells mean, with what every row has. */
function meant(named: NamedCells, { constants, values }: ColumnMap): NamedCells {
  const whole: NamedCells = { ...named };
  for (const [field, value] of constants) whole[field] ??= value;
  for (const [field, meanings] of values) {
    const cell = whole[field] ?? '';
    const meaning = meanings.get(cell);
    if (meaning === '') delete whole[field];
    else if (meaning !== undefined) whole[field] = meaning;
  }
  return whole;
}

function wrongCount(columns: Header['columns'], cells: readonly string[], unnamed: string | undefined): RowProblem {
  const alone = unnamed === undefined ? null : shown(unnamed);
  return rowProblem('WRONG_COLUMN_COUNT', '', usageFilesWords.cellsUnderColumns(columns.length, cells.length, alone));
}
