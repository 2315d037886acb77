// The objects of a JSON array, or of a text of objects one after the other, found without reading the whole of it.

import type { Words } from '../core/price-book.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import {
  closeArray,
  comma,
  isBlank,
  JsonNesting,
  lineFeed,
  misplacedIn,
  openArray,
  openObject,
} from './json-nesting.ts';
import { longestLine } from './lines.ts';
import { FileTrouble } from './row-problem.ts';

export interface JsonValue {
  /** Where it begins. */
  readonly line: number;
  readonly text: string;
}

export class JsonValues {
  readonly #path: string;
  line = 1;
  /** What has begun and not ended. */
  #open = '';
  #openLine = 1;
  readonly #nesting = new JsonNesting();
  #array: 'none' | 'open' | 'closed' = 'none';
  #any = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** The values that end in this piece. Throws FileTrouble where something else than a comma stands between them. */
  read(piece: string): JsonValue[] {
    const found: JsonValue[] = [];
    const nesting = this.#nesting;
    let start = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const code = piece.charCodeAt(at);
      if (code === lineFeed) this.line += 1;
      if (nesting.depth === 0) {
        if (code === openObject) {
          [nesting.depth, start, this.#openLine, this.#any] = [1, at, this.line, true];
        } else this.#between(code, piece.slice(at, at + 20));
      } else if (nesting.ends(code)) {
        found.push({ line: this.#openLine, text: this.#open + piece.slice(start, at + 1) });
        this.#open = '';
      }
    }
    if (nesting.depth > 0) this.#open += piece.slice(this.#open === '' ? start : 0);
    if (this.#open.length > longestLine)
      throw this.#trouble('TOO_LARGE', this.#openLine, usageFilesWords.thisObjectIsOver1Mib);
    return found;
  }

  #between(code: number, rest: string): void {
    if (isBlank(code)) return;
    if (code === openArray && this.#array === 'none' && !this.#any) this.#array = 'open';
    else if (code === closeArray && this.#array === 'open') this.#array = 'closed';
    else if (code !== comma || this.#array !== 'open') {
      throw this.#trouble('NOT_READABLE', this.line, usageFilesWords.doesNotBelongHere(misplacedIn(rest)));
    }
  }

  end(): void {
    const { depth } = this.#nesting;
    if (depth === 0 && this.#array !== 'open') return;
    const line = depth > 0 ? this.#openLine : this.line;
    throw this.#trouble('CUT_SHORT', line, usageFilesWords.jsonDoesNotEnd);
  }

  #trouble(code: 'TOO_LARGE' | 'NOT_READABLE' | 'CUT_SHORT', line: number, told: Words): FileTrouble {
    return new FileTrouble(code, usageFilesWords.inLine(this.#path, line, told));
  }
}
