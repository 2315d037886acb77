// A body of plain events, an array or lines, read byte by byte into columns: strictly, or not at all. What is not read here is for
// body-items.ts and parse-event.ts to read, so that nothing is said of it twice; what is read here they would read the same way.

import { parseInstant } from '../core/instant.ts';
import { isAccountId } from '../core/safe-text.ts';
import { firstMark, nextMark, type PlainColumns } from '../store/ledger/plain-events.ts';
import { mostItems } from './contract/events.ts';

/** Bytes of a body that may be read without a pause. */
const mostBytes = 1024 * 1024;
/** Bytes of one event. */
const mostOfOne = 4_096;

/** Columns with the account that each event names; undefined: none. */
export interface PlainBody extends PlainColumns {
  readonly accounts: readonly (string | undefined)[];
  readonly isLines: boolean;
}

const codeOf = (sign: string): number => sign.charCodeAt(0);
const [quote, backslash, comma, colon] = ['"', '\\', ',', ':'].map(codeOf) as [number, number, number, number];
const [open, close, begin, end] = ['[', ']', '{', '}'].map(codeOf) as [number, number, number, number];
const [space, tab, line, carriage, zero] = [' ', '\t', '\n', '\r', '0'].map(codeOf) as [
  ...[number, number, number, number, number],
];

/** Undefined: it has something else in it. */
export const readPlainArray = (body: Buffer): PlainBody | undefined => {
  if (body.length > mostBytes || body[0] !== open) return undefined;
  const reader = new PlainReader(body, false);
  return reader.readArray() ? reader : undefined;
};

/** The same of NDJSON. */
export const readPlainLines = (body: Buffer): PlainBody | undefined => {
  if (body.length > mostBytes || body[0] !== begin) return undefined;
  const reader = new PlainReader(body, true);
  return reader.readLines() ? reader : undefined;
};

const fields = ['id', 'account', 'meter', 'calls', 'time'] as const;

export class PlainReader implements PlainBody {
  readonly bytes: Buffer;
  readonly isLines: boolean;
  starts: Int32Array = new Int32Array(128);
  ends: Int32Array = new Int32Array(128);
  marks: Int32Array = new Int32Array(128);
  calls: Float64Array = new Float64Array(128);
  at: Float64Array = new Float64Array(128);
  readonly meters: string[] = [];
  readonly accounts: (string | undefined)[] = [];
  #at = 0;
  #count = 0;
  /** Where the string that was read last stands. */
  #from = 0;
  #to = 0;

  constructor(bytes: Buffer, isLines: boolean) {
    this.bytes = bytes;
    this.isLines = isLines;
  }

  readArray(): boolean {
    this.#at = 1;
    for (;;) {
      this.#skip(true);
      if (!this.#readEvent()) return false;
      this.#skip(true);
      const code = this.bytes[this.#at++];
      if (code === close) break;
      if (code !== comma) return false;
    }
    this.#skip(true);
    return this.#at === this.bytes.length;
  }

  readLines(): boolean {
    while (this.#at < this.bytes.length) {
      if (!this.#readEvent()) return false;
      this.#skip(false);
      if (this.bytes[this.#at] === carriage) this.#at += 1;
      if (this.#at < this.bytes.length && this.bytes[this.#at++] !== line) return false;
    }
    return true;
  }

  #skip(overLines: boolean): void {
    for (;;) {
      const code = this.bytes[this.#at];
      if (code !== space && code !== tab && !(overLines && (code === line || code === carriage))) return;
      this.#at += 1;
    }
  }

  /** A string of printable ASCII that is written as it is. */
  #readText(): boolean {
    const { bytes } = this;
    if (bytes[this.#at] !== quote) return false;
    let at = this.#at + 1;
    this.#from = at;
    for (let code = bytes[at]; code !== quote; code = bytes[at]) {
      if (code === undefined || code < space || code > 0x7e || code === backslash) return false;
      at += 1;
    }
    this.#to = at;
    this.#at = at + 1;
    return true;
  }

  /** What nobody would refuse as a name of so many characters at most. */
  #readName(most: number): boolean {
    if (!this.#readText()) return false;
    const [from, to] = [this.#from, this.#to];
    return to > from && to - from <= most && this.bytes[from] !== space && this.bytes[to - 1] !== space;
  }

  #text(): string {
    return this.bytes.toString('latin1', this.#from, this.#to);
  }

  /** The same text as the one before is the same string. */
  #textLike(last: string | undefined): string {
    if (last === undefined || last.length !== this.#to - this.#from) return this.#text();
    for (let at = 0; at < last.length; at += 1) {
      if (this.bytes[this.#from + at] !== last.charCodeAt(at)) return this.#text();
    }
    return last;
  }

  /** A whole number as most write it, from 1 to 10¹²; 0: it is none. */
  #readCalls(): number {
    let value = 0;
    const from = this.#at;
    for (;;) {
      const digit = (this.bytes[this.#at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      if (digit === 0 && this.#at === from) return 0;
      value = value * 10 + digit;
      this.#at += 1;
    }
    return value <= 1_000_000_000_000 ? value : 0;
  }

  #readEvent(): boolean {
    if (this.#count === this.starts.length) this.#grow();
    if (this.#count === mostItems) return false;
    const { bytes } = this;
    const begun = this.#at;
    if (bytes[this.#at++] !== begin) return false;
    this.calls[this.#count] = 1;
    this.accounts[this.#count] = undefined;
    let found = 0;
    for (let code: number | undefined = comma; code === comma; ) {
      this.#skip(false);
      if (!this.#readText()) return false;
      const bit = this.#fieldRead();
      if (bit === 0 || (found & bit) !== 0) return false;
      found |= bit;
      this.#skip(false);
      if (bytes[this.#at++] !== colon) return false;
      this.#skip(false);
      if (!this.#readValue(bit)) return false;
      this.#skip(false);
      code = bytes[this.#at++];
      if (code !== comma && code !== end) return false;
    }
    this.#count += 1;
    // All but the account and the calls have to be there.
    return (found & 0b10101) === 0b10101 && this.#at - begun <= mostOfOne;
  }

  /** The bit of the field that was just read the name of. */
  #fieldRead(): number {
    const length = this.#to - this.#from;
    for (let place = 0; place < fields.length; place += 1) {
      const name = fields[place] as string;
      if (name.length === length && this.#textLike(name) === name) return 1 << place;
    }
    return 0;
  }

  #readValue(bit: number): boolean {
    const place = this.#count;
    if (bit === 0b1) return this.#readId(place);
    if (bit === 0b10) {
      if (!this.#readText()) return false;
      const account = this.#textLike(this.accounts[place - 1]);
      this.accounts[place] = account;
      return account === this.accounts[place - 1] || isAccountId(account);
    }
    if (bit === 0b100) {
      if (!this.#readName(100)) return false;
      this.meters[place] = this.#textLike(this.meters[place - 1]);
      return true;
    }
    if (bit === 0b1000) {
      const calls = this.#readCalls();
      this.calls[place] = calls;
      return calls > 0;
    }
    if (!this.#readText()) return false;
    const at = parseInstant(this.#text());
    this.at[place] = at ?? 0;
    return at !== undefined;
  }

  #readId(place: number): boolean {
    if (!this.#readName(200)) return false;
    const { bytes } = this;
    const [from, to] = [this.#from, this.#to];
    let mark = firstMark;
    let dots = 0;
    for (let at = from; at < to; at += 1) {
      const code = bytes[at] as number;
      mark = nextMark(mark, code);
      if (code === 0x2e) dots += 1;
    }
    this.starts[place] = from;
    this.ends[place] = to;
    this.marks[place] = mark;
    return !(to - from <= 2 && dots === to - from);
  }

  #grow(): void {
    const grown = <Column extends Int32Array | Float64Array>(column: Column, larger: Column): Column => {
      larger.set(column);
      return larger;
    };
    const size = 4 * this.#count;
    this.starts = grown(this.starts, new Int32Array(size));
    this.ends = grown(this.ends, new Int32Array(size));
    this.marks = grown(this.marks, new Int32Array(size));
    this.calls = grown(this.calls, new Float64Array(size));
    this.at = grown(this.at, new Float64Array(size));
  }
}
