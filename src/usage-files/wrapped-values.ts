// The objects of a list that lies in an object, as APIs answer: {"code": 0, "data": {"total": 2, "list": [{…}, {…}]}}. One answer, or
// several one after the other.

import { isEventField } from '../core/event.ts';
import type { Words } from '../core/price-book.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import {
  closeArray,
  closeObject,
  comma,
  isBlank,
  JsonNesting,
  lineFeed,
  misplacedIn,
  openArray,
  openObject,
  quote,
} from './json-nesting.ts';
import type { JsonValue } from './json-values.ts';
import { longestLine } from './lines.ts';
import { FileTrouble } from './row-problem.ts';

/** Answers of FaceID's are read whole. */
const readWhole = new Set(['Response', 'WeChatBillDetails', 'ChargeDetails', 'Text', 'LivenessDetail', 'specversion']);

/**
 * Whether a text begins with an object that holds a list of objects and is no event: none of its names before the list is a field of
 * one, or one that `isName` knows.
 */
export function isWrapped(head: string, isName: (name: string) => boolean): boolean {
  const text = String.raw`"(?:[^"\\]|\\.)*"`;
  const rest = String.raw`[\s,}]*`;
  const field = String.raw`${text}\s*:\s*(?:\{\s*|${text}${rest}|[-+.\w]+${rest}|\[\s*\]${rest})`;
  const before = new RegExp(String.raw`^\s*\{\s*(?:${field})*?${text}\s*:\s*\[\s*\{`);
  const [found] = before.exec(head) ?? [];
  if (found === undefined) return false;
  const names = [...found.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map(([, name = '']) => name);
  return !names.some((name) => isEventField(name) || readWhole.has(name) || isName(name));
}

/** What stands around the list is kept to be looked at, and is small. */
const longestAround = 1 << 16;

/** How many rows an answer says that there are. */
const totals = /^(?:total|totalcount|total_count|totalnum|total_num|totalrows|total_rows|totalelements|totalrecords)$/i;

export class WrappedValues {
  readonly #path: string;
  line = 1;
  #rows = 0;
  /** The largest number of rows that an answer has spoken of. */
  #total = 0;
  /** Around the list: containers that are open. */
  #outer = 0;
  #around = '';
  #hasList = false;
  /** A list of which nothing is known yet. */
  #isNewList = false;
  /** The rows' list is open. */
  #inList = false;
  /** In a row its depth; in a text there or around the list. */
  readonly #nesting = new JsonNesting();
  #row = '';
  #rowLine = 1;

  constructor(path: string) {
    this.#path = path;
  }

  read(piece: string): JsonValue[] {
    const found: JsonValue[] = [];
    const nesting = this.#nesting;
    let start = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === lineFeed) this.line += 1;
      if (nesting.depth > 0) {
        if (nesting.ends(code)) {
          found.push({ line: this.#rowLine, text: this.#row + piece.slice(start, at + 1) });
          this.#row = '';
          this.#rows += 1;
        }
      } else if (this.#inList) {
        if (code === openObject) [nesting.depth, this.#rowLine, start] = [1, this.line, at];
        else this.#betweenRows(code, piece.slice(at, at + 20));
      } else if (this.#isNewList && code === openObject) {
        this.#openList();
        [nesting.depth, this.#rowLine, start] = [1, this.line, at];
      } else this.#outside(code, piece.slice(at, at + 20));
    }
    if (nesting.depth > 0) this.#row += piece.slice(this.#row === '' ? start : 0);
    if (this.#row.length > longestLine) {
      throw this.#trouble('TOO_LARGE', this.#rowLine, usageFilesWords.thisObjectIsOver1Mib);
    }
    return found;
  }

  end(): void {
    if (this.#outer > 0) throw this.#trouble('CUT_SHORT', this.line, usageFilesWords.jsonDoesNotEnd);
    if (this.#total <= this.#rows) return;
    throw new FileTrouble('PAGES_MISSING', usageFilesWords.pagesMissing(this.#path, this.#total, this.#rows));
  }

  #betweenRows(code: number, rest: string): void {
    if (code === closeArray) {
      this.#inList = false;
      this.#keep(']');
    } else if (code !== comma && !isBlank(code)) throw this.#misplaced(rest);
  }

  /** Two lists of one answer may be two halves, or two ways to say the same: nobody can say which. */
  #openList(): void {
    if (this.#hasList) throw this.#trouble('SEVERAL_LISTS', this.line, usageFilesWords.severalLists);
    [this.#hasList, this.#isNewList, this.#inList] = [true, false, true];
  }

  #outside(code: number, rest: string): void {
    if (this.#nesting.inText) {
      this.#keep(String.fromCharCode(code));
      this.#nesting.passText(code);
      return;
    }
    if (isBlank(code)) return;
    if (this.#outer === 0 && code !== openObject) throw this.#misplaced(rest);
    this.#keep(String.fromCharCode(code));
    this.#isNewList = code === openArray;
    if (code === quote) this.#nesting.inText = true;
    else if (code === openObject) this.#outer += 1;
    else if (code === closeObject) this.#outer -= 1;
    if (this.#outer === 0) this.#endAnswer();
  }

  #keep(letter: string): void {
    this.#around += letter;
    if (this.#around.length > longestAround) {
      throw this.#trouble('TOO_LARGE', this.line, usageFilesWords.thisObjectIsOver1Mib);
    }
  }

  #endAnswer(): void {
    let answer: unknown;
    try {
      answer = JSON.parse(this.#around);
    } catch {
      throw this.#trouble('NOT_READABLE', this.line, usageFilesWords.answerIsNoJson);
    }
    if (!this.#hasList && !hasEmptyList(answer)) {
      throw this.#trouble('NOT_READABLE', this.line, usageFilesWords.answerHasNoList);
    }
    this.#total = Math.max(this.#total, largestTotal(answer));
    [this.#around, this.#hasList] = ['', false];
  }

  #misplaced(rest: string): FileTrouble {
    return this.#trouble('NOT_READABLE', this.line, usageFilesWords.doesNotBelongHere(misplacedIn(rest)));
  }

  #trouble(code: FileTrouble['code'], line: number, told: Words): FileTrouble {
    return new FileTrouble(code, usageFilesWords.inLine(this.#path, line, told));
  }
}

function largestTotal(answer: unknown): number {
  if (typeof answer !== 'object' || answer === null) return 0;
  return Object.entries(answer).reduce((most, [name, value]) => {
    const found = totals.test(name) && Number.isSafeInteger(Number(value)) ? Number(value) : largestTotal(value);
    return Math.max(most, found);
  }, 0);
}

const hasEmptyList = (answer: unknown): boolean =>
  typeof answer === 'object' &&
  answer !== null &&
  (Array.isArray(answer) ? answer.length === 0 : Object.values(answer).some(hasEmptyList));
