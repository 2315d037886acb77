// Rows as a replay keeps them.

import type { Hold } from '../account/head.ts';
import type { PackFacts } from '../core/pack.ts';
import type { Instant, Money } from '../core/units.ts';

/** A row that an earlier one has already made: the event of a captured hold, the forfeit of a void. */
export type Expected =
  | { readonly kind: 'event'; readonly hold: Hold; readonly expired: boolean }
  | { readonly kind: 'forfeit'; readonly text: string };

export interface ReplayedPack {
  readonly facts: PackFacts;
  readonly seq: number;
  readonly refundedAt: Instant | null;
  readonly refundedSeq: number | null;
  readonly refundedAmount: Money | null;
}
