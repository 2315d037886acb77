// What happens to an account and people may want to hear of, as codes and figures: it goes on the outbox in the same transaction
// as what made it happen. Said once a crossing: what comes back over a threshold and falls below it again is news again.

import type { LivePack } from '../core/pack.ts';
import type { Calls } from '../core/units.ts';
import { noCalls } from '../core/units.ts';

export type NewsKind =
  | 'pack-low'
  | 'pack-exhausted'
  | 'pack-refunded'
  | 'pack-forfeited'
  | 'cap-near'
  | 'cap-reached'
  | 'event-held'
  | 'bill-final'
  | 'arrears-begun'
  | 'arrears-ended'
  | 'order-made'
  | 'order-delivered'
  | 'order-cancelled'
  | 'order-lapsed';

export interface News {
  readonly kind: NewsKind;
  /** Figures, ids and codes: packs by number, calls as whole numbers, money as decimal strings. */
  readonly details: Readonly<Record<string, string | number | bigint>>;
}

/** Nearly every call brings none, and makes nothing for it. */
export const noNews: readonly News[] = [];

/**
 * Units that a draw took of a pack. It is low when a fifth of it or less is left, or at the thresholds that its account asked for: of
 * several crossed at once the lowest is said. What holds reserve is left until it is captured.
 */
export function packNews(
  { no, calls }: LivePack,
  units: Calls,
  left: Calls,
  thresholds: readonly number[] | null,
): News | undefined {
  if (left === noCalls) return { kind: 'pack-exhausted', details: { pack: no } };
  if (thresholds !== null) {
    const percent = thresholds.findLast((each) => left * 100n <= calls * BigInt(each));
    if (percent === undefined || (left + units) * 100n <= calls * BigInt(percent)) return undefined;
    return { kind: 'pack-low', details: { pack: no, left, calls, percent } };
  }
  if (left * 5n > calls || (left + units) * 5n <= calls) return undefined;
  return { kind: 'pack-low', details: { pack: no, left, calls } };
}

/** Calls that reach four fifths of a cap, or all of it. `of`: the month of the account's own cap, or which cap it is and its day or month. */
export function capNews(cap: Calls, of: News['details'], before: Calls, after: Calls): News | undefined {
  const details = 'month' in of ? { ...of, postpaid: after, cap } : { ...of, used: after, most: cap };
  if (before < cap && after >= cap) return { kind: 'cap-reached', details };
  return before * 5n < cap * 4n && after * 5n >= cap * 4n ? { kind: 'cap-near', details } : undefined;
}
