// What is wrong with a cell of the packs or bill file. Such a file is small and must be right: any problem stops the check.

import type { Words } from '../core/price-book.ts';

export type CellProblemCode =
  | 'MISSING'
  | 'WRONG_FORMAT'
  | 'TWICE'
  | 'UNKNOWN_PRODUCT'
  | 'UNKNOWN_METER'
  | 'UNKNOWN_TARIFF'
  | 'UNKNOWN_KIND'
  | 'SIZE_NOT_SOLD'
  | 'OTHER_MONTH'
  | 'NO_MONTH'
  | 'NOTHING_TO_COMPARE';

export interface CellProblem extends Words {
  readonly line: number;
  readonly code: CellProblemCode;
  readonly column: string;
}

export const cellProblem = (line: number, code: CellProblemCode, column: string, words: Words): CellProblem => ({
  line,
  code,
  column,
  ...words,
});
