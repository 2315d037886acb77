// Event files: NDJSON or CSV, plain or gzip, from a file or standard input, as batches of rows. Memory is bounded by the
// size of a piece (128 KiB; one line at most 1 MiB), whatever the size of the file.

import { CsvRows } from './csv.ts';
import { type ByteCount, countBytes, type Piece, wholeLines } from './lines.ts';
import { readJsonLines } from './ndjson.ts';
import { rowProblem } from './problem.ts';
import type { UsageRow } from './row.ts';

export type UsageFormat = 'ndjson' | 'csv';

export interface UsageFile extends AsyncIterable<readonly UsageRow[]> {
  /** Grows while the rows are read. */
  readonly bytes: Readonly<ByteCount>;
}

/**
 * Opens an event file, or standard input as '-'. The format is the one given, else that of the file's name, else what its
 * first character says. Throws FileTrouble where the file cannot be read to its end; a bad row is a row with a problem.
 */
export function readUsageFile(path: string, options: { readonly format?: UsageFormat | undefined } = {}): UsageFile {
  const bytes = countBytes(path);
  const format = options.format ?? formatOfName(path);
  return { bytes, [Symbol.asyncIterator]: () => batches(wholeLines(path, bytes), format) };
}

function formatOfName(path: string): UsageFormat | undefined {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.csv')) return 'csv';
  return /\.(ndjson|jsonl|json)$/.test(name) ? 'ndjson' : undefined;
}

async function* batches(
  pieces: AsyncGenerator<Piece>,
  named: UsageFormat | undefined,
): AsyncGenerator<readonly UsageRow[]> {
  const csv = new CsvRows();
  let format = named;
  let line = 1;
  for await (const piece of pieces) {
    const rows: UsageRow[] = [];
    if (piece === 'line too long') {
      rows.push(tooLong(format === 'csv' ? csv.line : line));
      if (format === 'csv') csv.skipLine();
      line += 1;
    } else {
      format ??= formatOfText(piece.lines);
      if (format === 'csv') csv.read(piece.lines, rows);
      else line += readJsonLines(piece.lines, line, rows);
    }
    if (rows.length > 0) yield rows;
  }
  const rows: UsageRow[] = [];
  csv.read(Buffer.alloc(0), rows, true);
  if (rows.length > 0) yield rows;
}

const formatOfText = (lines: Buffer): UsageFormat =>
  lines.subarray(0, 1000).toString('utf8').trimStart().startsWith('{') ? 'ndjson' : 'csv';

const tooLong = (line: number): UsageRow => ({
  line,
  problem: rowProblem('LINE_TOO_LONG', '', '这一行超过 1 MiB', 'the line is over 1 MiB'),
});
