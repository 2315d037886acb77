// What is wrong with a row of an event file. A bad row is reported with its line and never stops the file.

import type { Words } from '../core/price-book.ts';

export type RowProblemCode =
  | 'NOT_UTF8'
  | 'NOT_JSON'
  | 'NOT_AN_OBJECT'
  | 'UNKNOWN_FIELD'
  | 'MISSING'
  | 'WRONG_TYPE'
  | 'OUT_OF_RANGE'
  | 'UNSAFE_TEXT'
  | 'INVALID_TIME'
  | 'METER_AND_ACTION'
  | 'WRONG_COLUMN_COUNT'
  | 'BAD_QUOTES'
  | 'LINE_TOO_LONG';

/** `pointer` (RFC 6901) names the field; empty when the whole row is to blame. */
export interface RowProblem extends Words {
  readonly code: RowProblemCode;
  readonly pointer: string;
}

export const rowProblem = (code: RowProblemCode, pointer: string, zh: string, en: string): RowProblem => ({
  code,
  pointer,
  zh,
  en,
});

export type FileTroubleCode = 'NOT_FOUND' | 'NOT_READABLE' | 'BROKEN_GZIP' | 'BAD_HEADER';

/** A file that cannot be read at all, or not to its end: rows of it may be missing, so the reading stops. */
export class FileTrouble extends Error {
  readonly code: FileTroubleCode;
  readonly words: Words;

  constructor(code: FileTroubleCode, words: Words, cause?: unknown) {
    super(words.en, { cause });
    this.name = 'FileTrouble';
    this.code = code;
    this.words = words;
  }
}
