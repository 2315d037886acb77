// What is wrong with a row of a file, or with the whole file. Each says what stands there and what to write instead.

import type { Words } from '../core/price-book.ts';
import { usageFilesWords } from '../words/usage-files.ts';

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
  | 'AMBIGUOUS_TIME'
  | 'METER_AND_ACTION'
  | 'FIELD_TWICE'
  | 'FAILED_CELL'
  | 'WRONG_COLUMN_COUNT'
  | 'BAD_QUOTES'
  | 'LINE_TOO_LONG'
  | 'FAILED_ANSWER'
  | 'CHARGE_COUNT'
  | 'CHARGE_DISAGREES'
  | 'UNKNOWN_RULE';

/** `pointer` (RFC 6901) names the field; empty when the whole row is to blame. */
export interface RowProblem extends Words {
  readonly code: RowProblemCode;
  readonly pointer: string;
}

export const rowProblem = (code: RowProblemCode, pointer: string, { zh, en }: Words): RowProblem => ({
  code,
  pointer,
  zh,
  en,
});

/** RFC 6901. */
export const pointerTo = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const notUtf8 = (): RowProblem => rowProblem('NOT_UTF8', '', usageFilesWords.notUtf8);

export type FileTroubleCode =
  | 'NOT_FOUND'
  | 'NOT_READABLE'
  | 'NOT_TEXT'
  | 'BROKEN_GZIP'
  | 'BROKEN_ZIP'
  | 'ENCRYPTED'
  | 'SEVERAL_MEMBERS'
  | 'SEVERAL_SHEETS'
  | 'TOO_LARGE'
  | 'CUT_SHORT'
  | 'SEVERAL_LISTS'
  | 'PAGES_MISSING'
  | 'BAD_HEADER'
  | 'ID_REWRITTEN'
  | 'ROWS_UNREAD'
  | 'ACCOUNT_NOT_IN_FILE'
  | 'MONTH_NOT_IN_FILE'
  | 'PRICED_BY_PLACE'
  | 'FACEID_RECORDS';

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
