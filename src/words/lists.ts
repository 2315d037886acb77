// Of lists as files.

import { type Shown, words } from './words.ts';

export const listWords = {
  workbookTooLong: (most: Shown) =>
    words(
      `xlsx 最多 ${most} 行；请用 csv，或缩短时间范围`,
      `a workbook holds at most ${most} rows; ask for csv, or for a shorter time`,
    ),
  ofCallsOnly: (field: Shown) =>
    words(`${field} 只用于 list=calls 与 list=draws`, `${field} goes with list=calls and list=draws`),
};
