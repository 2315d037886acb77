// What is left of packs that no accepted call can reach any more. Source: billing rules 3.2.

import { forfeitFrom, type PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { type Calls, type Instant, instantOf, noCalls } from '../core/units.ts';
import { dropPack, type Head } from './head.ts';

export interface Forfeit {
  readonly seq: number;
  readonly pack: PackFacts;
  readonly units: Calls;
  readonly bookedAt: Instant;
}

/**
 * Books the forfeits that are due: what is left of packs that no accepted call can reach any more (billing rules 3.2).
 * A forfeit is dated by its rule, not by when this runs, so it stands on the same bill whenever that is.
 */
export function bookForfeits(head: Head, book: PriceBook, now: Instant): Forfeit[] {
  const due = head.packs
    .filter((pack) => forfeitFrom(pack, book.policies) <= now && pack.remaining > noCalls)
    // A hold still reserves units of it: forfeited when the hold has ended, so that these have a pack to come back to.
    .filter((pack) => !head.holds.some((hold) => hold.draws.some((draw) => draw.pack === pack.no)))
    .toSorted((a, b) => forfeitFrom(a, book.policies) - forfeitFrom(b, book.policies) || a.no - b.no);
  return due.map((pack) => {
    dropPack(head, pack.no);
    head.seq += 1;
    return { seq: head.seq, pack, units: pack.remaining, bookedAt: instantOf(forfeitFrom(pack, book.policies)) };
  });
}
