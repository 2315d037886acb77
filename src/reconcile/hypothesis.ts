// A possible cause of differences: a name for it, and the reading under which the provider's bill would be right.

import type { PriceBook, Words } from '../core/price-book.ts';
import type { ProviderBill } from './bill-file.ts';
import type { Cells } from './figures.ts';
import type { LoadedUsage } from './load-tape.ts';
import type { Reading } from './reading.ts';

export const causeCodes = [
  'DUPLICATE_COUNTED',
  'RESULT_NOT_CHARGEABLE',
  'CHARGEABLE_RESULT_NOT_BILLED',
  'HELD_RESULT_BILLED',
  'CODE_TABLE_OF_OTHER_DATE',
  'PACK_NOT_YET_EFFECTIVE',
  'PACK_EXPIRED',
  'PACK_STARTED_LATE',
  'PACK_ENDED_EARLY',
  'PACK_NOT_DRAWN',
  'PACK_BALANCE',
  'PACK_DOES_NOT_COVER',
  'PACK_UNKNOWN',
  'DRAW_ORDER',
  'ORDER_OF_ARRIVAL',
  'TIME_ZONE',
  'BOUND',
  'TIER_BASIS',
  'TIER_MODE',
  'BLOCK_PART',
  'FEE',
  'WRONG_TIER',
  'WRONG_UNIT_PRICE',
  'UNPRICED_TIER',
  'ROUNDED_PER_CALL',
  'ROUNDED_PER_DAY',
  'ROUNDED_DOWN',
  'AMOUNT_NOT_PRODUCT',
  'CALLS_NOT_BILLED',
  'CALLS_NOT_KNOWN',
  'PACK_PRICE',
  'PACK_NOT_BILLED',
  'TOTAL_NOT_SUM',
  'UNEXPLAINED',
] as const;

export type CauseCode = (typeof causeCodes)[number];

export interface Cause extends Words {
  readonly code: CauseCode;
  /** Causes under which every figure would be the same: the bill alone cannot say which of them it was. */
  readonly or?: readonly Cause[];
}

export interface Hypothesis {
  readonly cause: Cause;
  /** The same reading with this mistake in it. */
  readonly under: (reading: Reading) => Reading;
}

/** What hypotheses are made from. */
export interface Evidence {
  readonly book: PriceBook;
  readonly usage: LoadedUsage;
  readonly bill: ProviderBill;
  /** The reading reached so far, and what the bill should say by it. */
  readonly reading: Reading;
  readonly expected: Cells;
  readonly wrong: ReadonlySet<string>;
}

export const cause = (code: CauseCode, words: Words): Cause => ({ code, ...words });
