// Authorisation on the call path: calls are held for a payer until captured, released or out of time.
// A hold takes its units out of the packs at once, so that held calls are never sold twice. Source: billing rules 7.

import type { Outcome } from '../core/event.ts';
import { packsFor } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Settlement, settle } from '../core/settle.ts';
import { addCalls, type Calls, type Instant, instantOf, mostCalls, noCalls, subtractCalls } from '../core/units.ts';
import { cappedKey, capRefusal } from './caps.ts';
import { dropEmptyPacks, type Head, type Hold, isStopped, livePack } from './head.ts';
import { enterUse, type UsageRecord, unknownMeter } from './use.ts';

export interface HoldRequest {
  readonly id: string;
  readonly meter: string;
  readonly calls: Calls;
  readonly department: string | null;
  /** How long the calls stay held. */
  readonly milliseconds: number;
  readonly byOperator: boolean;
  /** The key that asks; null: nobody knows which. */
  readonly key: string | null;
  /** What its expiry means: held for review, or that no call was made. */
  readonly review: boolean;
}

export type HoldEnd = 'captured' | 'released' | 'expired';

/** A ledger row: the hold authorised as `hold` ended. */
export interface EndedHold {
  readonly seq: number;
  readonly hold: Hold;
  readonly how: HoldEnd;
}

/** An account's head stays small: more calls in the air than this are refused. */
export const mostHolds = 2_000;

/** A hold whose time ran out. `record`: of the event that it became, where nobody knows what came of the call. */
export interface ExpiredHold {
  readonly ended: EndedHold;
  readonly record: UsageRecord | null;
}

/**
 * Ends the holds whose time has run out; their units go back to the packs. One whose expiry means `review` becomes an event that waits
 * for a person. Call it before any other change of the head.
 */
export function expireHolds(head: Head, book: PriceBook, now: Instant): ExpiredHold[] {
  if (head.holds.every((hold) => hold.expiresAt > now)) return [];
  const over = head.holds.filter((hold) => hold.expiresAt <= now);
  return over.map((hold) => {
    if (!hold.review) return { ended: endHold(head, hold, 'expired'), record: null };
    return capture(head, book, hold, now, { meter: hold.meter, outcome: 'held' });
  });
}

/**
 * Who would pay for calls that are asked for. Refusals in fixed order: UNKNOWN_METER, INVALID_QUANTITY, SUSPENDED, ARREARS, NO_TARIFF,
 * POSTPAID_OFF, CAP_REACHED, TOO_MANY_HOLDS.
 */
export function payersOf(head: Head, book: PriceBook, request: HoldRequest, now: Instant): Settlement | Refusal {
  const meter = book.meters.get(request.meter);
  if (meter === undefined) return unknownMeter(book, request.meter, '/meter');
  if (request.calls < 1n || request.calls > mostCalls) {
    return refuse('INVALID_QUANTITY', { calls: request.calls.toString() }, '/calls');
  }
  if (head.suspended) return refuse('SUSPENDED', { account: head.account });
  if (isStopped(head, book, now)) return refuse('ARREARS', { account: head.account });
  const packs = packsFor(request.meter, head.packs, book);
  const { meter: of, calls, department } = request;
  const settlement = settle({ meter: of, calls, at: now, department }, packs, book);
  const { postpaid } = settlement;
  if (postpaid > noCalls) {
    if (meter.tariff === null) return refuse('NO_TARIFF', { meter: request.meter });
    if (!head.postpaid) return refuse('POSTPAID_OFF', { account: head.account });
  }
  if (head.cap !== null || head.caps.length > 0) {
    const paid = { drawn: subtractCalls(request.calls, postpaid), postpaid };
    const refused = capRefusal(head, { ...request, at: now }, paid, now);
    if (refused !== undefined) return refused;
  }
  if (head.holds.length >= mostHolds) return refuse('TOO_MANY_HOLDS', { most: mostHolds.toString() });
  return settlement;
}

/** Holds calls for a payer. Refusals: those of `payersOf`. */
export function authorize(head: Head, book: PriceBook, request: HoldRequest, now: Instant): Hold | Refusal {
  const payers = payersOf(head, book, request, now);
  return isRefusal(payers) ? payers : holdFor(head, request, payers, now);
}

/** Holds calls for the payers that `payersOf` has just found. */
export function holdFor(head: Head, request: HoldRequest, { draws, postpaid }: Settlement, now: Instant): Hold {
  for (const draw of draws) {
    const pack = livePack(head, draw.pack);
    pack.remaining = subtractCalls(pack.remaining, draw.units);
  }
  head.seq += 1;
  const hold: Hold = {
    id: request.id,
    seq: head.seq,
    meter: request.meter,
    calls: request.calls,
    at: now,
    expiresAt: instantOf(now + request.milliseconds),
    department: request.department,
    draws,
    postpaid,
    byOperator: request.byOperator,
    key: cappedKey(head, request.key),
    review: request.review,
  };
  head.holds = [...head.holds, hold];
  return hold;
}

/** What the call of a hold turned out to be. */
export interface HeldCall {
  /** That of the hold; null for an action that is never charged. */
  readonly meter: string | null;
  readonly outcome: Outcome;
}

export const chargedCall = ({ meter }: Hold): HeldCall => ({ meter, outcome: 'charged' });

/** Turns a hold into the usage event of the same id: paid as it was authorised, where it is charged. */
export function capture(
  head: Head,
  book: PriceBook,
  hold: Hold,
  now: Instant,
  call = chargedCall(hold),
): { readonly ended: EndedHold; readonly record: UsageRecord } {
  const ended = endCaptured(head, hold);
  return { ended, record: enterCaptured(head, book, hold, now, call) };
}

/** The first half: the hold's units go back. */
export const endCaptured = (head: Head, hold: Hold): EndedHold => endHold(head, hold, 'captured');

/** The second half, under the next ledger number: its event. */
export function enterCaptured(
  head: Head,
  book: PriceBook,
  hold: Hold,
  now: Instant,
  { meter, outcome }: HeldCall,
): UsageRecord {
  const { id, calls, at, department, key } = hold;
  const event = { id, meter, calls, at, outcome, department, key };
  const settled = outcome === 'charged' ? hold : { draws: [], postpaid: noCalls };
  const record = enterUse(head, book, event, now, false, settled);
  dropEmptyPacks(head);
  return record;
}

export const release = (head: Head, hold: Hold): EndedHold => endHold(head, hold, 'released');

function endHold(head: Head, hold: Hold, how: HoldEnd): EndedHold {
  head.holds = head.holds.filter((other) => other.id !== hold.id);
  for (const draw of hold.draws) {
    const pack = livePack(head, draw.pack);
    pack.remaining = addCalls(pack.remaining, draw.units);
  }
  dropEmptyPacks(head);
  head.seq += 1;
  return { seq: head.seq, hold, how };
}
