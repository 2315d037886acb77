// JSON → events: one object a line, an array, or objects one after the other over many lines. Lines are the fast way: one
// JSON.parse each, everything else kept out of the way of it.

import { isAscii, isUtf8 } from 'node:buffer';
import { notJsonWords, whereNotJson } from '../words/json-break.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { shown } from './cells.ts';
import { plainEvent } from './cloud-event.ts';
import { looksLikeFaceid } from './faceid/record.ts';
import type { FaceidRecords } from './faceid/records.ts';
import type { FieldMapping } from './json-fields.ts';
import { JsonValues } from './json-values.ts';
import { type EventReader, keepText, type RawFields, type UsageRow } from './row.ts';
import { FileTrouble, notUtf8, rowProblem } from './row-problem.ts';
import { WrappedValues } from './wrapped-values.ts';

export interface JsonReading {
  readonly fields: FieldMapping;
  readonly faceid: FaceidRecords;
  readonly isWrapped: boolean;
}

export class JsonRows {
  readonly #path: string;
  readonly #events: EventReader;
  readonly #fields: FieldMapping;
  readonly #faceid: FaceidRecords;
  /** Its objects lie in a list of another. */
  readonly #isWrapped: boolean;
  /** Undefined while nothing but white space was read. */
  #way: 'lines' | JsonValues | WrappedValues | undefined;
  #line = 1;

  constructor(path: string, events: EventReader, { fields, faceid, isWrapped }: JsonReading) {
    this.#path = path;
    this.#events = events;
    this.#fields = fields;
    this.#faceid = faceid;
    this.#isWrapped = isWrapped;
  }

  get line(): number {
    return this.#line;
  }

  skipLine(): void {
    this.#line += 1;
  }

  /** Whether a text that begins so may be one line of any length. */
  isOneText(start: string): boolean {
    return this.#isWrapped || start.startsWith('[');
  }

  /** Reads whole lines. */
  read(bytes: Buffer, into: UsageRow[]): void {
    this.#way ??= this.#isWrapped ? new WrappedValues(this.#path) : wayOf(bytes.toString('latin1'), this.#path);
    if (!isUtf8(bytes)) {
      if (typeof this.#way === 'object') throw brokenText(this.#path, this.#line);
      this.#readMixedLines(bytes, into);
      return;
    }
    const text = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
    if (this.#way === 'lines' || this.#way === undefined) this.#readLines(text, into);
    else this.#readValues(this.#way, text, into);
  }

  /** The file has ended. Throws FileTrouble where something in it has not. */
  end(): void {
    if (this.#way !== undefined && this.#way !== 'lines') this.#way.end();
    this.#faceid.end();
  }

  #readLines(text: string, into: UsageRow[]): void {
    for (let start = 0; start < text.length; ) {
      const found = text.indexOf('\n', start);
      const end = found < 0 ? text.length : found;
      this.#readOne(text.slice(start, end), this.#line, into);
      this.#line += 1;
      start = end + 1;
    }
  }

  #readValues(values: JsonValues | WrappedValues, text: string, into: UsageRow[]): void {
    for (const { line, text: one } of values.read(text)) this.#readOne(one, line, into);
    this.#line = values.line;
  }

  /** Some line is not UTF-8: it alone is refused. */
  #readMixedLines(bytes: Buffer, into: UsageRow[]): void {
    for (let start = 0; start < bytes.length; ) {
      const found = bytes.indexOf(10, start);
      const end = found < 0 ? bytes.length : found;
      const one = bytes.subarray(start, end);
      if (isUtf8(one)) this.#readOne(one.toString('utf8'), this.#line, into);
      else into.push({ line: this.#line, problem: notUtf8() });
      this.#line += 1;
      start = end + 1;
    }
  }

  #readOne(text: string, line: number, into: UsageRow[]): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      if (text.trim() !== '') into.push(notJson(text, line));
      return;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const told = usageFilesWords.isNoJsonObject(shown(value));
      into.push(keepText({ line, problem: rowProblem('NOT_AN_OBJECT', '', told) }, () => text));
      return;
    }
    const isPlain = this.#fields.isMapped || ('id' in value && !('Response' in value));
    const answers = isPlain ? undefined : this.#faceid.read(line, value);
    if (answers !== undefined) {
      for (const row of answers) into.push(row);
      return;
    }
    const row = this.#rowOf(value, line);
    if (row !== undefined) into.push(keepText(row, () => text));
  }

  /** Undefined: a row that the columns file does not mean. */
  #rowOf(value: object, line: number): UsageRow | undefined {
    if ('specversion' in value) {
      const plain = plainEvent(value as Record<string, unknown>);
      return 'problem' in plain
        ? { line, problem: plain.problem }
        : this.#events.read(line, plain.fields as RawFields, plain.source);
    }
    const mapped = this.#fields.read(value as Record<string, unknown>, line);
    if (mapped === undefined) return undefined;
    if ('problem' in mapped) return { line, problem: mapped.problem };
    return this.#fields.named(this.#events.read(line, mapped.fields as RawFields, mapped.source));
  }
}

/** What cannot be read of an answer of FaceID's is not kept either: it has names and numbers of people. */
function notJson(text: string, line: number): UsageRow {
  if (looksLikeFaceid(text)) return { line, problem: rowProblem('NOT_JSON', '', whereNotJson(text)) };
  return keepText({ line, problem: rowProblem('NOT_JSON', '', notJsonWords(text, { line })) }, () => text);
}

/** Where values run over lines, nobody can say where the next one begins. */
const brokenText = (path: string, line: number): FileTrouble =>
  new FileTrouble('NOT_TEXT', usageFilesWords.afterLine(path, line));

/** An array, or an object whose first line does not end it, is read value by value. */
function wayOf(text: string, path: string): 'lines' | JsonValues | undefined {
  const first = text.trimStart();
  if (first === '') return undefined;
  const end = first.indexOf('\n');
  const line = (end < 0 ? first : first.slice(0, end)).trimEnd();
  return first.startsWith('[') || /^\{.*[{[,]$|^\{$/.test(line) ? new JsonValues(path) : 'lines';
}
