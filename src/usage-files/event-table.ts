// Rows of a table → events.

import { eventFields } from '../core/event.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import type { CsvRow } from './csv.ts';
import type { Header, HeaderRule } from './header.ts';
import type { FileNotes } from './notes.ts';
import { type EventReader, keepText, type UsageRow } from './row.ts';
import type { RowProblem } from './row-problem.ts';
import { nameCells } from './table-rows.ts';

const columnsOf = (required: boolean): string[] =>
  Object.entries(eventFields).flatMap(([name, field]) => (field.required === required ? [name] : []));

export const eventHeader = (ignored: readonly string[]): HeaderRule => ({
  required: columnsOf(true),
  optional: columnsOf(false),
  passOver: ignored,
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
  const read = 'named' in found ? events.read(line, found.named) : { line, problem: found.problem };
  if (read.problem === undefined) return read;
  const problem = row.lastLine === line ? read.problem : withLines(read.problem, line, row.lastLine);
  return keepText({ line, problem }, () => row.cells.map(quoted).join(header.delimiter));
}

/** A quote that nobody meant swallows rows; whoever looks for them is told which. */
const withLines = (problem: RowProblem, line: number, lastLine: number): RowProblem => ({
  ...problem,
  ...usageFilesWords.quoteInLineClosesInLine(problem, line, lastLine),
});

const quoted = (cell: string): string => (/["\r\n,;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
