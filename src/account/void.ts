// A call undone. Source: billing rules 5.4.

import { dayOf } from '../core/calendar.ts';
import { forfeitFrom, type PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { Settlement } from '../core/settle.ts';
import { addCalls, type Calls, type Instant, noCalls } from '../core/units.ts';
import { countCaps } from './caps.ts';
import type { Forfeit } from './forfeits.ts';
import { addPack, type Head } from './head.ts';
import { type ClassifiedEvent, type Correction, countPeriod, countUsage, sumOfDraws } from './use.ts';

/** A used event as the ledger holds it: what a void needs to undo it. */
export interface VoidableUse extends ClassifiedEvent, Settlement {}

export interface VoidRecord {
  readonly seq: number;
  readonly correction: Correction | null;
  /** Units that came back to a pack no call can reach any more; forfeited at once. */
  readonly forfeits: readonly Forfeit[];
}

/**
 * Undoes an event (billing rules 5.4). `packs` are the facts of the packs it drew from.
 * Returned units go back to each pack, also an expired one while its late window is open; else they are forfeited, as those of a pack
 * that was given back in part: its used units were paid for then. `isRefunded` tells such packs by number.
 */
export function voidUse(
  head: Head,
  book: PriceBook,
  use: VoidableUse,
  packs: ReadonlyMap<number, PackFacts>,
  now: Instant,
  isRefunded: (packNo: number) => boolean = () => false,
): VoidRecord {
  const day = dayOf(head.timeZone, use.at);
  const forfeits: Forfeit[] = [];
  head.seq += 1;
  const { seq } = head;
  for (const draw of use.draws) {
    countUsage(head, day, use.meter, `pack:${draw.pack}`, -draw.calls as Calls);
    const facts = packs.get(draw.pack);
    if (facts === undefined) throw new Error(`event ${use.id} drew from pack ${draw.pack}, which is not given`);
    if (now >= forfeitFrom(facts, book.policies) || isRefunded(draw.pack)) {
      head.seq += 1;
      forfeits.push({ seq: head.seq, pack: facts, units: draw.units, bookedAt: now });
    } else returnUnits(head, book, facts, draw.units);
  }
  if (use.postpaid > noCalls) countUsage(head, day, use.meter, 'postpaid', -use.postpaid as Calls);
  if (use.outcome === 'not-charged') countUsage(head, day, use.meter, 'not-charged', -use.calls as Calls);
  const drawn = -sumOfDraws(use.draws) as Calls;
  if (head.caps.length > 0) countCaps(head, use, { drawn: sumOfDraws(use.draws), postpaid: use.postpaid }, -1n, now);
  return {
    seq,
    correction: countPeriod(head, book, day, use.meter, { postpaid: -use.postpaid as Calls, drawn }, now),
    forfeits,
  };
}

function returnUnits(head: Head, book: PriceBook, facts: PackFacts, units: Calls): void {
  const live = head.packs.find((pack) => pack.no === facts.no);
  if (live === undefined) addPack(head, book, { ...facts, remaining: units, used: true });
  else live.remaining = addCalls(live.remaining, units);
}
