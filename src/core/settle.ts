// Usage + packs → draws + postpaid. The heart: billing rules 4. Reads its arguments, changes nothing.

/** Who paid: a pack of the account, the postpaid tariff, or nobody because the result is not charged. */
export type Payer = `pack:${number}` | 'postpaid' | 'not-charged';

import { callsIn } from './equal-packs.ts';
import { isForDepartment, isInsideLife, type LivePack, type PackFacts } from './pack.ts';
import type { PriceBook } from './price-book.ts';
import { type Calls, type Instant, minimumCalls, noCalls, subtractCalls } from './units.ts';

export interface Use {
  readonly meter: string;
  readonly calls: Calls;
  /** When the call was made: it decides which packs are alive. */
  readonly at: Instant;
  /** Null or left out: none. Packs of one department pay for its calls alone. */
  readonly department?: string | null;
}

/** `calls` of one event paid by the pack numbered `pack`, costing it `units`. */
export interface Draw {
  readonly pack: number;
  readonly calls: Calls;
  readonly units: Calls;
}

export interface Settlement {
  readonly draws: readonly Draw[];
  readonly postpaid: Calls;
}

const noDraws: readonly Draw[] = [];

/**
 * Draws whole calls from each eligible pack in turn; the rest is postpaid.
 * `packs` stand in the meter's draw order (`packsFor`). The sum of all draws and postpaid is the event's calls, always.
 */
export function settle(use: Use, packs: readonly LivePack[], book: PriceBook): Settlement {
  let left = use.calls;
  let draws: Draw[] | undefined;
  // Packs of one product stand together in most draw orders, and an account may have thousands: it is looked up once for each row of them.
  let product: string | undefined;
  let ratio: bigint | undefined;
  for (const pack of packs) {
    if (left === noCalls) break;
    if (pack.product !== product) {
      product = pack.product;
      ratio = book.packProducts.get(product)?.covers.get(use.meter);
    }
    if (ratio === undefined || !isInsideLife(pack, use.at) || !isForDepartment(pack, use.department)) continue;
    const able = pack.runs === undefined ? ((pack.remaining / ratio) as Calls) : callsIn(pack.runs, ratio);
    const calls = minimumCalls(left, able);
    if (calls === noCalls) continue;
    draws ??= [];
    draws.push({ pack: pack.no, calls, units: (calls * ratio) as Calls });
    left = subtractCalls(left, calls);
  }
  return { draws: draws ?? noDraws, postpaid: left };
}

/** Everything postpaid: what settling means while service is stopped (billing rules 6.9). */
export const settleWithoutPacks = (use: Use): Settlement => ({ draws: noDraws, postpaid: use.calls });

export const unpaidReasons = [
  'does-not-cover',
  'other-department',
  'not-yet-effective',
  'expired',
  'exhausted',
  'too-few-units',
  'refunded',
  'service-stopped',
  'not-needed',
] as const;
export type Unpaid = (typeof unpaidReasons)[number];

/** What a receipt must know of a pack to say why it did not pay (more). Sequence numbers are of the account's ledger. */
export interface PackHistory extends PackFacts {
  readonly refundedSeq: number | null;
}

export interface SettledUse extends Use, Settlement {
  readonly seq: number;
  readonly stopped: boolean;
}

/**
 * `too-few-units`: what may be left does not suffice for one call of a meter that costs several units.
 * Why each pack that existed did not pay (more) of an event (billing rules 4.5). No replay is needed: an eligible pack
 * that paid nothing, or not all, while a later one or postpaid paid, could not pay one call more at that moment, by the law of `settle`.
 * `packs` stand in the meter's draw order and hold those delivered before the event was settled.
 */
export function explain(use: SettledUse, packs: readonly PackHistory[], book: PriceBook): Map<number, Unpaid> {
  const reasons = new Map<number, Unpaid>();
  const paid = new Map(use.draws.map((draw) => [draw.pack, draw.calls]));
  let left = use.calls;
  for (const pack of packs) {
    left = subtractCalls(left, paid.get(pack.no) ?? noCalls);
    const reason = reasonOf(use, pack, book, left);
    if (reason !== undefined && (left > noCalls || !paid.has(pack.no))) reasons.set(pack.no, reason);
  }
  return reasons;
}

function reasonOf(use: SettledUse, pack: PackHistory, book: PriceBook, left: Calls): Unpaid | undefined {
  const covers = book.packProducts.get(pack.product)?.covers;
  const ratio = covers?.get(use.meter);
  if (covers === undefined || ratio === undefined) return 'does-not-cover';
  if (!isForDepartment(pack, use.department)) return 'other-department';
  if (pack.refundedSeq !== null && pack.refundedSeq < use.seq) return 'refunded';
  if (use.at < pack.effectiveAt) return 'not-yet-effective';
  if (use.at >= pack.expiresAt) return 'expired';
  if (use.stopped) return 'service-stopped';
  if (left === noCalls) return 'not-needed';
  return isTakenWhole(pack, covers, ratio) ? 'exhausted' : 'too-few-units';
}

/** Whether a pack that cannot pay one call more is empty for certain: it is used up in whole calls of this meter only. */
function isTakenWhole(pack: PackFacts, covers: ReadonlyMap<string, bigint>, ratio: bigint): boolean {
  if (pack.calls % ratio !== 0n) return false;
  for (const other of covers.values()) if (other % ratio !== 0n) return false;
  return true;
}
