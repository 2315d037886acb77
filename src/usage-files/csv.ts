// Text of a table → rows of cells. Without a quote a row is a split at the delimiter; pieces that hold quotes go through csv-parse.

import { CsvError, parse } from 'csv-parse/sync';
import type { Words } from '../core/price-book.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { LineDecoder } from './encoding.ts';
import { type Header, type HeaderRule, HeaderSearch } from './header.ts';
import { longestLine } from './lines.ts';
import { type FileNotes, noteHeader } from './notes.ts';
import { notUtf8, type RowProblem, rowProblem } from './row-problem.ts';

/** A row under the header, or what is wrong with it. `lastLine` is another one where a quoted cell holds line ends. */
export type CsvRow =
  | {
      readonly line: number;
      readonly lastLine: number;
      readonly cells: readonly string[];
      readonly problem?: undefined;
    }
  | { readonly line: number; readonly problem: RowProblem; readonly text?: string };

const quote = 34;
const lineFeed = 10;

/** Reads the rows of one file; keeps the header and an unfinished quoted row between pieces. */
export class CsvRows {
  readonly #search: HeaderSearch;
  readonly #notes: FileNotes;
  readonly #take: (row: CsvRow) => void;
  readonly #decoder = new LineDecoder();
  #header: Header | undefined;
  #open = Buffer.alloc(0);
  #line = 1;

  constructor(path: string, rule: HeaderRule, notes: FileNotes, take: (row: CsvRow) => void) {
    this.#search = new HeaderSearch(path, rule);
    this.#notes = notes;
    this.#take = take;
  }

  /** Undefined until it has been found. */
  get header(): Header | undefined {
    return this.#header;
  }

  get line(): number {
    return this.#line;
  }

  skipLine(): void {
    this.#line += 1;
  }

  /** Reads whole lines. A quoted cell may run over the end of them: its row waits for the next. */
  read(bytes: Buffer): void {
    const rows = this.#header === undefined ? this.#afterHeader(bytes) : bytes;
    this.#readRows(rows, false);
  }

  /** The file has ended. Throws FileTrouble where it has lines and none of them is a header. */
  end(): void {
    this.#readRows(Buffer.alloc(0), true);
    if (this.#header === undefined && !this.#search.isEmpty) throw this.#search.notFound();
  }

  #afterHeader(bytes: Buffer): Buffer {
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(lineFeed, start);
      const end = found < 0 ? bytes.length : found;
      const text = this.#decoder.read(bytes.subarray(start, end));
      const line = this.#line;
      this.#line += 1;
      start = end + 1;
      this.#header = text === undefined ? undefined : this.#search.tryText(text, line);
      if (this.#header === undefined) continue;
      noteHeader(this.#notes, this.#header, line);
      return bytes.subarray(start);
    }
    return Buffer.alloc(0);
  }

  #readRows(bytes: Buffer, isLast: boolean): void {
    const piece = this.#open.length === 0 ? bytes : Buffer.concat([this.#open, bytes]);
    this.#open = Buffer.alloc(0);
    if (piece.length === 0) return;
    if (piece.includes(quote)) this.#readWithQuotes(piece, isLast);
    else this.#readLines(piece);
    if (this.#decoder.encoding !== 'UTF-8') this.#notes.encoding = this.#decoder.encoding;
  }

  #readWithQuotes(piece: Buffer, isLast: boolean): void {
    const end = isLast || piece.length > longestLine * 4 ? piece.length : endOfRows(piece);
    this.#open = Buffer.from(piece.subarray(end));
    if (end > 0) this.#readQuoted(piece.subarray(0, end));
  }

  #readLines(piece: Buffer): void {
    const text = this.#decoder.read(piece);
    if (text === undefined) {
      this.#readOneByOne(piece);
      return;
    }
    const delimiter = this.#delimiter;
    for (let start = 0; start < text.length; ) {
      const found = text.indexOf('\n', start);
      const end = found < 0 ? text.length : found;
      const stop = end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
      const cells = text.slice(start, stop).split(delimiter);
      this.#take({ line: this.#line, lastLine: this.#line, cells });
      this.#line += 1;
      start = end + 1;
    }
  }

  get #delimiter(): string {
    return this.#header?.delimiter ?? ',';
  }

  #readQuoted(piece: Buffer): void {
    const text = this.#decoder.read(piece);
    const first = this.#line;
    const rows = text === undefined ? undefined : parsed(text, this.#delimiter);
    if (!Array.isArray(rows)) {
      this.#readOneByOne(piece);
      return;
    }
    let line = first;
    for (const { record, info } of rows) {
      const next = first + info.lines;
      this.#take({ line, lastLine: next - 1, cells: record });
      line = next;
    }
    this.#line = first + linesIn(piece);
  }

  /** Some row of the piece is malformed: each line stands alone, and only those that cannot be read are refused. */
  #readOneByOne(piece: Buffer): void {
    for (let start = 0; start < piece.length; ) {
      const found = piece.indexOf(lineFeed, start);
      const end = found < 0 ? piece.length : found;
      const text = this.#decoder.read(piece.subarray(start, end));
      const line = this.#line;
      if (text === undefined) this.#take({ line, problem: notUtf8() });
      else this.#readOne(text, line);
      this.#line += 1;
      start = end + 1;
    }
  }

  #readOne(text: string, line: number): void {
    const rows = parsed(text, this.#delimiter);
    if (!Array.isArray(rows)) this.#take({ line, problem: rowProblem('BAD_QUOTES', '', rows), text });
    else for (const { record } of rows) this.#take({ line, lastLine: line, cells: record });
  }
}

type ParsedRows = { record: string[]; info: { lines: number } }[];

function parsed(text: string, delimiter: string): ParsedRows | Words {
  try {
    const options = { info: true, relaxColumnCount: true, skipEmptyLines: false, delimiter };
    // A TAB behind a closing quote is how payment services keep spreadsheets from rewriting a number.
    return parse(text, { ...options, ltrim: delimiter !== '\t', rtrim: delimiter !== '\t' }) as unknown as ParsedRows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return quoteWords[error.code] ?? otherQuotes;
  }
}

const otherQuotes: Words = usageFilesWords.quoteNotClosedInLine;

const quoteWords: Readonly<Record<string, Words>> = {
  CSV_QUOTE_NOT_CLOSED: usageFilesWords.quoteNotClosed,
  CSV_INVALID_CLOSING_QUOTE: usageFilesWords.textAfterQuote,
  INVALID_OPENING_QUOTE: usageFilesWords.quoteInCell,
};

/** Just after the last line end that no quoted cell holds: behind an even number of quotes. */
function endOfRows(piece: Buffer): number {
  let end = 0;
  let inside = false;
  for (let at = 0; at < piece.length; at += 1) {
    const byte = piece[at];
    if (byte === quote) inside = !inside;
    else if (byte === lineFeed && !inside) end = at + 1;
  }
  return end;
}

function linesIn(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(lineFeed); at >= 0; at = piece.indexOf(lineFeed, at + 1)) count += 1;
  return piece.at(-1) === lineFeed ? count : count + 1;
}
