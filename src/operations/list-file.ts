// A list as a file: columns over rows that come in pieces, as CSV or as JSON. A piece at a time, the next only when the last is taken: a
// reader that is slow or leaves costs nothing further.

import { stringify } from 'csv-stringify/sync';
import { writeJson } from '../core/json.ts';
import type { FileFormat } from '../core/list-names.ts';
import { defused } from './export-bill.ts';

export type Cell = string | number | bigint | boolean | null;

interface Heading {
  readonly name: string;
  readonly kind: 'text' | 'count' | 'amount';
}

export interface Column<Row> extends Heading {
  readonly of: (row: Row) => Cell;
}

/** A list's headings, and its rows' cells in pieces. */
export interface ListFile {
  readonly headings: readonly Heading[];
  readonly pieces: AsyncIterable<readonly (readonly Cell[])[]>;
}

export const column = <Row>(name: string, of: Column<Row>['of'], kind: Column<Row>['kind'] = 'text'): Column<Row> => ({
  name,
  kind,
  of,
});

export function listFile<Row>(columns: readonly Column<Row>[], rows: AsyncIterable<readonly Row[]>): ListFile {
  async function* pieces(): AsyncGenerator<Cell[][]> {
    for await (const piece of rows) yield piece.map((row) => columns.map(({ of }) => of(row)));
  }
  return { headings: columns, pieces: pieces() };
}

/** The text of a file. With a byte order mark, for Excel, CSV alone begins. */
export const writeList = (list: ListFile, format: FileFormat, withMark: boolean): AsyncGenerator<string> =>
  format === 'json' ? asLines(list) : asCsv(list, markOf(withMark));

export const markOf = (isWanted: boolean): string => (isWanted ? '\uFEFF' : '');

/** Text that a spreadsheet would compute is defused. */
async function* asCsv({ headings, pieces }: ListFile, mark: string): AsyncGenerator<string> {
  const isText = headings.map(({ kind }) => kind === 'text');
  yield mark + stringify([headings.map(({ name }) => name)]);
  for await (const piece of pieces)
    yield stringify(
      piece.map((cells) => cells.map((cell, at) => (isText[at] ? defused(String(cell ?? '')) : String(cell ?? '')))),
    );
}

/** One JSON object a line. */
async function* asLines({ headings, pieces }: ListFile): AsyncGenerator<string> {
  for await (const piece of pieces)
    yield piece
      .map((cells) => `${writeJson(Object.fromEntries(headings.map(({ name }, at) => [name, cells[at]])))}\n`)
      .join('');
}
