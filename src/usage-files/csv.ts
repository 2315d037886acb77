// CSV rows → events. Without a quote a row is a split at the commas; pieces that hold quotes go through csv-parse.

import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { type EventField, eventFields, isEventField } from '../core/event-fields.ts';
import { longestLine } from './lines.ts';
import { notUtf8 } from './ndjson.ts';
import { FileTrouble, rowProblem } from './problem.ts';
import { keepText, type RawFields, readEvent, type UsageRow } from './row.ts';

const quote = 34;

/** Reads the rows of one file; keeps the header and an unfinished quoted row between pieces. */
export class CsvRows {
  #columns: readonly EventField[] | undefined;
  #open = Buffer.alloc(0);
  #line = 1;

  get line(): number {
    return this.#line;
  }

  skipLine(): void {
    this.#line += 1;
  }

  /** Reads whole lines. A quoted cell may run over the end of them: its row waits for the next. */
  read(bytes: Buffer, into: UsageRow[], last = false): void {
    const piece = this.#open.length === 0 ? bytes : Buffer.concat([this.#open, bytes]);
    this.#open = Buffer.alloc(0);
    if (piece.length === 0) return;
    if (!piece.includes(quote)) {
      this.#readLines(piece, into);
      return;
    }
    const end = last || piece.length > longestLine * 4 ? piece.length : endOfRows(piece);
    this.#open = Buffer.from(piece.subarray(end));
    if (end > 0) this.#readQuoted(piece.subarray(0, end), into);
  }

  #readLines(piece: Buffer, into: UsageRow[]): void {
    const sound = isUtf8(piece);
    const text = sound ? piece.toString('utf8') : '';
    const size = sound ? text.length : piece.length;
    for (let start = 0; start < size; ) {
      const found = sound ? text.indexOf('\n', start) : piece.indexOf(10, start);
      const end = found < 0 ? size : found;
      const line = sound ? text.slice(start, end) : utf8Line(piece.subarray(start, end));
      if (line === undefined) into.push(this.#refuseEncoding());
      else this.#readCells((line.endsWith('\r') ? line.slice(0, -1) : line).split(','), this.#line, into);
      this.#line += 1;
      start = end + 1;
    }
  }

  #refuseEncoding(): UsageRow {
    if (this.#columns === undefined) throw badEncoding();
    return notUtf8(this.#line);
  }

  #readQuoted(piece: Buffer, into: UsageRow[]): void {
    let rows: { record: string[]; info: { lines: number } }[];
    try {
      if (!isUtf8(piece)) throw badEncoding();
      rows = parse(piece, { info: true, relaxColumnCount: true, skipEmptyLines: false }) as unknown as typeof rows;
    } catch (error) {
      if (!(error instanceof CsvError) && !(error instanceof FileTrouble)) throw error;
      this.#readOneByOne(piece, into);
      return;
    }
    const first = this.#line;
    let line = first;
    for (const { record, info } of rows) {
      this.#readCells(record, line, into);
      line = first + info.lines;
    }
    this.#line = first + linesIn(piece);
  }

  /** Some row of the piece is malformed: each line stands alone, and only those that cannot be read are refused. */
  #readOneByOne(piece: Buffer, into: UsageRow[]): void {
    for (let start = 0; start < piece.length; ) {
      const found = piece.indexOf(10, start);
      const end = found < 0 ? piece.length : found;
      const one = piece.subarray(start, end);
      if (!isUtf8(one)) into.push(this.#refuseEncoding());
      else this.#readOne(one, into);
      this.#line += 1;
      start = end + 1;
    }
  }

  #readOne(one: Buffer, into: UsageRow[]): void {
    try {
      for (const cells of parse(one, { relaxColumnCount: true })) this.#readCells(cells, this.#line, into);
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const problem = rowProblem('BAD_QUOTES', '', `引号有误：${error.message}`, `bad quotes: ${error.message}`);
      into.push(keepText({ line: this.#line, problem }, () => one.toString('utf8')));
    }
  }

  #readCells(cells: readonly string[], line: number, into: UsageRow[]): void {
    if (cells.length === 1 && cells[0] === '') return;
    if (this.#columns === undefined) {
      this.#columns = headerOf(cells);
      return;
    }
    into.push(keepText(rowOf(this.#columns, cells, line), () => cells.map(quoted).join(',')));
  }
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function rowOf(columns: readonly EventField[], cells: readonly string[], line: number): UsageRow {
  if (cells.length !== columns.length) {
    const en = `${cells.length} cells under ${columns.length} columns`;
    const zh = `${columns.length} 列的表里有 ${cells.length} 个单元格`;
    return { line, problem: rowProblem('WRONG_COLUMN_COUNT', '', zh, en) };
  }
  const fields: { -readonly [Field in keyof RawFields]: RawFields[Field] } = {};
  for (let index = 0; index < columns.length; index += 1) {
    const cell = cells[index];
    if (cell !== '') fields[columns[index] as EventField] = cell;
  }
  return readEvent(line, fields);
}

function headerOf(cells: readonly string[]): readonly EventField[] {
  const names = cells.map((cell) => cell.trim());
  const unknown = names.filter((name) => !isEventField(name));
  const missing = ['id', 'time'].filter((name) => !names.includes(name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const complaints = [
    ...unknown.map((name) => ({ zh: `未知列 ${name || '（空）'}`, en: `unknown column ${name || '(empty)'}` })),
    ...missing.map((name) => ({ zh: `缺少列 ${name}`, en: `column ${name} is missing` })),
    ...twice.map((name) => ({ zh: `列 ${name} 重复`, en: `column ${name} stands twice` })),
  ];
  if (complaints.length > 0) {
    const columns = eventFields.join(', ');
    throw new FileTrouble('BAD_HEADER', {
      zh: `CSV 表头有误：${complaints.map(({ zh }) => zh).join('；')}。可用的列：${columns}`,
      en: `bad CSV header: ${complaints.map(({ en }) => en).join('; ')}. Columns: ${columns}`,
    });
  }
  return names as EventField[];
}

const badEncoding = (): FileTrouble =>
  new FileTrouble('BAD_HEADER', {
    zh: '文件不是 UTF-8 编码（可能是 GBK 或 UTF-16），请另存为 UTF-8',
    en: 'the file is not UTF-8 (perhaps GBK or UTF-16); save it as UTF-8',
  });

const utf8Line = (bytes: Buffer): string | undefined => (isUtf8(bytes) ? bytes.toString('utf8') : undefined);

/** Just after the last line end that no quoted cell holds: behind an even number of quotes. */
function endOfRows(piece: Buffer): number {
  let end = 0;
  let inside = false;
  for (let at = 0; at < piece.length; at += 1) {
    const byte = piece[at];
    if (byte === quote) inside = !inside;
    else if (byte === 10 && !inside) end = at + 1;
  }
  return end;
}

function linesIn(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) count += 1;
  return piece.at(-1) === 10 ? count : count + 1;
}
