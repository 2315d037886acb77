// What the linter finds: its kind, its place, its words.

import type { Words } from '../core/price-book.ts';
import type { ProblemCode } from './book-problem.ts';

export type WarningCode =
  | 'TIER_PRICE_RISES'
  | 'DEAD_ZONE'
  | 'PRICE_TIMES_TEN'
  | 'PRICE_ZERO'
  | 'PACK_UNIT_RISES'
  | 'PACK_ORDER'
  | 'PACK_UNIT_DEARER'
  | 'PACK_FAR_FROM_POSTPAID'
  | 'PACK_REST'
  | 'PACK_NOT_SOLD'
  | 'METER_UNCOVERED'
  | 'TARIFF_UNUSED'
  | 'ACTION_WITHOUT_CODES'
  | 'CHARGED_WITHOUT_METER';

export interface Finding extends Words {
  readonly severity: 'error' | 'warning';
  readonly code: ProblemCode | WarningCode;
  readonly pointer: string;
  /** Figures of the text for programs: money as decimal strings, calls as whole numbers. */
  readonly facts?: Readonly<Record<string, string | bigint | null>>;
}

export function warning(
  code: WarningCode,
  pointer: string,
  words: Words,
  facts?: Readonly<Record<string, string | bigint | null>>,
): Finding {
  return { severity: 'warning', code, pointer, ...words, ...(facts === undefined ? {} : { facts }) };
}
