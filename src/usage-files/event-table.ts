// Rows of a table → events.

import { usageFilesWords } from '../words/usage-files.ts';
import type { CsvRow } from './csv.ts';
import { type Header, type HeaderRule, titleIn } from './header.ts';
import type { FileNotes } from './notes.ts';
import { type EventReader, keepText, type UsageRow } from './row.ts';
import { pointerTo, type RowProblem } from './row-problem.ts';
import { sourceField, tableFields } from './table-fields.ts';
import { nameCells } from './table-rows.ts';

export interface EventColumns {
  readonly ignoreColumns?: readonly string[] | undefined;
  readonly columns?: HeaderRule['map'];
}

export const eventHeader = ({ ignoreColumns = [], columns }: EventColumns): HeaderRule => ({
  required: tableFields.usage.required,
  optional: tableFields.usage.optional,
  passOver: ignoreColumns,
  map: columns,
});

/** The event of a row; undefined where the row holds none and is passed over. */
export function eventRow(header: Header, row: CsvRow, events: EventReader, notes: FileNotes): UsageRow | undefined {
  const { line } = row;
  if (row.problem !== undefined) {
    const { text } = row;
    return text === undefined ? { line, problem: row.problem } : keepText({ line, problem: row.problem }, () => text);
  }
  const found = nameCells(header, row, 'time', notes);
  if (found === undefined) return undefined;
  const read =
    'named' in found
      ? events.read(line, found.named, found.named[sourceField] ?? null)
      : { line, problem: found.problem };
  if (read.problem === undefined) return read;
  const named = inColumn(header, read.problem);
  const problem = row.lastLine === line ? named : withLines(named, line, row.lastLine);
  return keepText({ line, problem }, () => row.cells.map(quoted).join(header.delimiter));
}

/** Whoever mends the file looks for the column by the name that it has there. */
function inColumn(header: Header, problem: RowProblem): RowProblem {
  const title = titleIn(header, problem.pointer.slice(1));
  return { ...problem, pointer: problem.pointer === '' ? '' : pointerTo(title) };
}

/** A quote that nobody meant swallows rows; whoever looks for them is told which. */
const withLines = (problem: RowProblem, line: number, lastLine: number): RowProblem => ({
  ...problem,
  ...usageFilesWords.quoteInLineClosesInLine(problem, line, lastLine),
});

const quoted = (cell: string): string => (/["\r\n,;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
