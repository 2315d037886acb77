// Event files: JSON, CSV or Excel, plain, gzip or zip, as batches of rows. Memory is bounded by
// the size of a piece (128 KiB; one line at most 1 MiB), whatever the size of the file; a workbook is read whole.

import { usageFilesWords } from '../words/usage-files.ts';
import { type ByteCount, contentsOf, joined, type Source } from './bytes.ts';
import type { ColumnMap } from './columns.ts';
import { CsvRows } from './csv.ts';
import { eventHeader, eventRow } from './event-table.ts';
import { type FaceidReading, FaceidRecords } from './faceid/records.ts';
import { FieldMapping } from './json-fields.ts';
import { plainText, wholeLetters, wholeLines } from './lines.ts';
import { JsonRows } from './ndjson.ts';
import { type FileNotes, noNotes } from './notes.ts';
import { EventReader, type UsageRow } from './row.ts';
import { rowProblem } from './row-problem.ts';
import { readSheet } from './workbook.ts';
import { isWrapped } from './wrapped-values.ts';

export type UsageFormat = 'ndjson' | 'csv';

/** How to read an event file. */
export interface UsageReading {
  /** JSON, or a table; found out by default. */
  readonly format?: UsageFormat | undefined;
  /** The zone of times without an offset; without it they are refused. */
  readonly timeZone?: string | undefined;
  /** Columns and fields that are there and are not looked at. */
  readonly ignoreColumns?: readonly string[] | undefined;
  /** How columns and fields are called in the file; 'guess': as people usually call them. */
  readonly columns?: ColumnMap | 'guess' | undefined;
  /** What FaceID's own answers are read by; without it they are refused. */
  readonly faceid?: FaceidReading | undefined;
}

export interface UsageFile extends AsyncIterable<readonly UsageRow[]> {
  readonly path: string;
  /** Grows while the rows are read. */
  readonly bytes: Readonly<ByteCount>;
  readonly notes: Readonly<FileNotes>;
}

/**
 * An event file that is there to be read. The format is the one given, else that of the file's name, else what its first
 * character says. Iterating throws FileTrouble where the file cannot be read to its end; a bad row is a row with a problem.
 */
export function usageFileOf(source: Source, reading: UsageReading = {}): UsageFile {
  const { path, bytes } = source;
  const notes = noNotes();
  const open = () => new UsageBatches(source, reading, notes).read();
  return { path, bytes, notes, [Symbol.asyncIterator]: open };
}

function formatOfName(path: string): UsageFormat | undefined {
  const name = path.toLowerCase().replace(/\.(?:gz|zip)$/, '');
  if (/\.(?:csv|tsv|txt)$/.test(name)) return name.endsWith('.txt') ? undefined : 'csv';
  return /\.(ndjson|jsonl|json)$/.test(name) ? 'ndjson' : undefined;
}

const zoneOf = ({ timeZone, columns }: UsageReading): string | undefined =>
  timeZone ?? (columns === 'guess' ? undefined : columns?.timeZone);

class UsageBatches {
  readonly #source: Source;
  readonly #path: string;
  readonly #reading: UsageReading;
  readonly #notes: FileNotes;
  readonly #events: EventReader;
  #rows: UsageRow[] = [];

  constructor(source: Source, reading: UsageReading, notes: FileNotes) {
    this.#source = source;
    this.#path = source.path;
    this.#reading = reading;
    this.#notes = notes;
    this.#events = new EventReader(source.path, zoneOf(reading));
  }

  async *read(): AsyncGenerator<readonly UsageRow[]> {
    const contents = await contentsOf(this.#source);
    if ('workbook' in contents) yield* this.#workbook(contents.workbook);
    else yield* this.#text(contents.text);
  }

  #take(): UsageRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  async *#workbook(bytes: Buffer): AsyncGenerator<readonly UsageRow[]> {
    const sheet = await readSheet(this.#path, bytes, eventHeader(this.#reading), this.#notes);
    for (const { line, cells } of sheet?.rows ?? []) {
      if (sheet === undefined) return;
      const row = eventRow(sheet.header, { line, lastLine: line, cells }, this.#events, this.#notes);
      if (row !== undefined) this.#rows.push(row);
      if (this.#rows.length >= rowsOfBatch) yield this.#take();
    }
    if (this.#rows.length > 0) yield this.#take();
  }

  #table(): CsvRows {
    const csv = new CsvRows(this.#path, eventHeader(this.#reading), this.#notes, (row) => {
      const read = csv.header && eventRow(csv.header, row, this.#events, this.#notes);
      if (read !== undefined) this.#rows.push(read);
    });
    return csv;
  }

  #json(start: string): JsonRows {
    const faceid = new FaceidRecords(this.#path, this.#reading.faceid, this.#notes);
    const fields = new FieldMapping(this.#reading, this.#notes);
    return new JsonRows(this.#path, this.#events, { fields, faceid, isWrapped: isWrapped(start, fields.isName) });
  }

  async *#text(bytes: AsyncGenerator<Buffer>): AsyncGenerator<readonly UsageRow[]> {
    const text = plainText(this.#path, bytes, this.#notes);
    const first = await text.next();
    if (first.done === true) return;
    const start = first.value.subarray(0, headSize).toString('utf8').trimStart();
    const format = this.#reading.format ?? formatOfName(this.#path) ?? (/^[{[]/.test(start) ? 'ndjson' : 'csv');
    const reader = format === 'csv' ? this.#table() : this.#json(start);
    const cut = reader instanceof JsonRows && reader.isOneText(start) ? wholeLetters : wholeLines;
    for await (const piece of cut(joined(first.value, text))) {
      if (piece === 'line too long') {
        this.#rows.push(tooLong(reader.line));
        reader.skipLine();
      } else if (reader instanceof CsvRows) reader.read(piece.lines);
      else reader.read(piece.lines, this.#rows);
      if (this.#rows.length > 0) yield this.#take();
    }
    reader.end();
    if (this.#rows.length > 0) yield this.#take();
  }
}

const rowsOfBatch = 2_000;
/** Enough to tell what a text is. */
const headSize = 2_000;

const tooLong = (line: number): UsageRow => ({
  line,
  problem: rowProblem('LINE_TOO_LONG', '', usageFilesWords.lineIsOver1Mib),
});
