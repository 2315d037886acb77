// Small tables with a header, read whole: the packs one bought, the bill one was sent, the calls one plans for. CSV or Excel,
// in every form in which an event file may be.

import { usageFilesWords } from '../words/usage-files.ts';
import { contentsOf, type Source } from './bytes.ts';
import { CsvRows } from './csv.ts';
import { type Header, type HeaderRule, titleIn } from './header.ts';
import { plainText, wholeLines } from './lines.ts';
import { type FileNotes, noNotes } from './notes.ts';
import { FileTrouble, type RowProblem } from './row-problem.ts';
import { type NamedCells, nameCells } from './table-rows.ts';
import { readSheet } from './workbook.ts';

export interface TableRow {
  /** Counts from 1, the header included. */
  readonly line: number;
  /** The trimmed text of a column; empty where the cell is empty or the file has no such column. */
  readonly cell: (column: string) => string;
}

export interface Table {
  readonly rows: readonly TableRow[];
  readonly notes: FileNotes;
  /** Columns that the file has and nobody knows, in their order. */
  readonly has: (column: string) => boolean;
  /** What the file calls a column. */
  readonly title: (column: string) => string;
}

const mostRows = 1_000_000;

/**
 * The rows of a table under its header; `key` is a column that every row has. Throws FileTrouble for a file that is no such
 * table, and for a row that is not: such a file is small and must be right.
 */
export async function tableOf(source: Source, rule: HeaderRule, key: string): Promise<Table> {
  const { path } = source;
  const notes = noNotes();
  const rows: TableRow[] = [];
  let known: Header | undefined;
  const take = (header: Header, line: number, cells: readonly string[]): void => {
    known = header;
    const found = nameCells(header, { line, cells }, key, notes);
    if (found === undefined) return;
    if ('problem' in found) throw badRow(path, line, found.problem);
    if (rows.length >= mostRows) throw tooLarge(path);
    rows.push({ line, cell: cellIn(found.named) });
  };
  const contents = await contentsOf(source);
  if ('workbook' in contents) {
    const sheet = await readSheet(path, contents.workbook, rule, notes);
    for (const { line, cells } of sheet?.rows ?? []) if (sheet !== undefined) take(sheet.header, line, cells);
    known = sheet?.header;
  } else {
    const csv = new CsvRows(path, rule, notes, (row) => {
      if (row.problem !== undefined) throw badRow(path, row.line, row.problem);
      if (csv.header !== undefined) take(csv.header, row.line, row.cells);
    });
    for await (const piece of wholeLines(plainText(path, contents.text, notes))) {
      if (piece === 'line too long') throw tooLarge(path);
      csv.read(piece.lines);
    }
    csv.end();
    known = csv.header;
  }
  if (known === undefined) throw emptyTable(path, rule);
  const header = known;
  return {
    rows,
    notes,
    has: (column) => header.columns.includes(column),
    title: (column) => titleIn(header, column),
  };
}

const cellIn =
  (named: NamedCells) =>
  (column: string): string =>
    named[column] ?? '';

const badRow = (path: string, line: number, problem: RowProblem): FileTrouble =>
  new FileTrouble('NOT_READABLE', usageFilesWords.inLine(path, line, problem));

const tooLarge = (path: string): FileTrouble => new FileTrouble('TOO_LARGE', usageFilesWords.tableIsTooLarge(path));

const emptyTable = (path: string, { required, optional }: HeaderRule): FileTrouble =>
  new FileTrouble('BAD_HEADER', usageFilesWords.fileIsEmpty(path, [...required, ...optional].join(', ')));
