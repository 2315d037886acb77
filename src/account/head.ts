// An account's head: everything that decides about its next call, in one small value with one version.
// The functions below work on a head that the caller owns and throws away when the change is not saved;
// nothing else about them is impure. Source: billing rules 4, 5; docs/decisions/0002.

import { type Day, dayOf, nextPeriod, type Period, periodOf, periodOfDay } from '../core/calendar.ts';
import { drawnFrom } from '../core/equal-packs.ts';
import { comparePacks, forfeitFrom, type LivePack, type PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { type Draw, type Payer, type Settlement, settle, settleWithoutPacks } from '../core/settle.ts';
import {
  addCalls,
  type Calls,
  type Instant,
  instantOf,
  type Money,
  mostCalls,
  noCalls,
  subtractCalls,
} from '../core/units.ts';
import type { Hold } from './hold.ts';

/** Calls by day of the call, meter and payer that the head has counted since its counters were last written out. */
export type UsageKey = `${Day}|${string}|${Payer}`;

export interface Head {
  readonly account: string;
  readonly book: string;
  readonly timeZone: string;
  /** False: calls that no pack pays are not authorised. */
  postpaid: boolean;
  /** Most postpaid calls a period; authorisation refuses beyond. */
  cap: Calls | null;
  suspended: boolean;
  /** The account's own time: the latest moment it was changed at. */
  time: Instant;
  /** Number of the account's last ledger row. Rows of an account are numbered 1, 2, 3 … without gap. */
  seq: number;
  /** Packs with something left, or that a hold reserves, in draw order. */
  packs: LivePack[];
  packCount: number;
  billCount: number;
  /** Postpaid calls of periods that are not final. */
  postpaidCalls: Map<Period, Calls>;
  usage: Map<UsageKey, Calls>;
  finals: Set<Period>;
  balance: Money;
  /** Since when a charged bill has left the balance negative. */
  negativeSince: Instant | null;
  holds: Hold[];
}

/** What a caller says of one event, checked for shape only. */
export interface UsageEvent {
  readonly id: string;
  /** Null only for an action that is never charged and belongs to no meter. */
  readonly meter: string | null;
  readonly calls: Calls;
  readonly at: Instant;
  readonly outcome: Outcome;
}

/** `held`: a person must say whether it is charged. The code table does not know the result (billing rules 5.5), or `changesFinal`. */
export type Outcome = 'charged' | 'not-charged' | 'held';

/** A usage event as it stands in the ledger. */
export interface UsageRecord {
  readonly seq: number;
  readonly outcome: Outcome;
  readonly draws: readonly Draw[];
  readonly postpaid: Calls;
  /** Service was stopped for arrears when it arrived: packs did not pay. */
  readonly stopped: boolean;
  readonly correction: Correction | null;
}

/** A change to a final period: signed calls, carried by the bill of `arrival` (billing rules 6.5). */
export interface Correction {
  readonly period: Period;
  readonly arrival: Period;
  readonly meter: string;
  readonly postpaid: Calls;
  readonly drawn: Calls;
}

const futureAllowance = 300_000;
const dayLength = 86_400_000;

/**
 * What time it is for an account: the clock's, but never before what has happened to it. So a server whose clock is behind
 * neither misses a gift that another has just given nor opens what it has closed.
 */
export const timeOf = (head: Head, clock: Instant): Instant => (clock > head.time ? clock : head.time);

/** A refusal names so many of the meters that there are. */
const mostNamed = 20;

export function unknownMeter(book: PriceBook, meter: string, pointer: string): Refusal {
  const named = [...book.meters.keys()].slice(0, mostNamed).join(', ');
  const known = book.meters.size > mostNamed ? `${named} …` : named;
  return refuse('UNKNOWN_METER', { meter, book: book.id, known }, pointer);
}

/** Why an event cannot be taken at `now`, in fixed order; undefined when it can. */
export function eventRefusal(
  book: PriceBook,
  event: Pick<UsageEvent, 'meter' | 'calls' | 'at'>,
  now: Instant,
): Refusal | undefined {
  if (event.meter !== null && !book.meters.has(event.meter)) return unknownMeter(book, event.meter, '/meter');
  if (event.calls < 1n || event.calls > mostCalls) {
    return refuse('INVALID_QUANTITY', { calls: event.calls.toString() }, '/calls');
  }
  if (event.at > now + futureAllowance) return refuse('EVENT_IN_FUTURE', {}, '/time');
  if (event.at < now - book.policies.lateWindowDays * dayLength) {
    return refuse('EVENT_TOO_OLD', { days: book.policies.lateWindowDays.toString() }, '/time');
  }
  return undefined;
}

/**
 * Settles one event on the head. The event's identity has been checked against the ledger by the caller.
 * Refusals: those of `eventRefusal`. The head is unchanged when it refuses.
 */
export function recordUse(head: Head, book: PriceBook, event: UsageEvent, now: Instant): UsageRecord | Refusal {
  const refusal = eventRefusal(book, event, now);
  if (refusal !== undefined) return refusal;
  // Nothing below may refuse.
  return recordReview(head, book, event, now);
}

/** Whether a charged event would change a bill that was sent. From a key of the account itself it is held: docs/decisions/0014. */
export const changesFinal = (head: Head, event: Pick<UsageEvent, 'at' | 'outcome'>): boolean =>
  event.outcome === 'charged' && head.finals.size > 0 && head.finals.has(periodOf(head.timeZone, event.at));

/** Enters an event whose settlement is known: fresh from `settle`, or reserved by a hold. */
export function enterUse(
  head: Head,
  event: UsageEvent,
  now: Instant,
  stopped: boolean,
  settlement: Settlement,
): UsageRecord {
  const { draws, postpaid } = settlement;
  const drawn = sumOfDraws(draws);
  if (event.outcome === 'charged' && drawn + postpaid !== event.calls) {
    throw new Error(`event ${event.id}: ${event.calls} calls became ${drawn} drawn and ${postpaid} postpaid`);
  }
  takeUnits(head, draws);
  const day = dayOf(head.timeZone, event.at);
  for (const draw of draws) countUsage(head, day, event.meter, `pack:${draw.pack}`, draw.calls);
  if (postpaid > noCalls) countUsage(head, day, event.meter, 'postpaid', postpaid);
  if (event.outcome === 'not-charged') countUsage(head, day, event.meter, 'not-charged', event.calls);
  const correction = countPeriod(head, periodOfDay(day), event.meter, postpaid, drawn, now);
  head.seq += 1;
  return { seq: head.seq, outcome: event.outcome, draws, postpaid, stopped, correction };
}

function settlementOf(head: Head, book: PriceBook, event: UsageEvent, stopped: boolean): Settlement {
  const { meter, calls, at, outcome } = event;
  if (outcome !== 'charged' || meter === null) return { draws: [], postpaid: noCalls };
  const use = { meter, calls, at };
  return stopped && !book.policies.packsUsableInArrears ? settleWithoutPacks(use) : settle(use, head.packs, book);
}

/** Settles an event that was held for review and is now found chargeable, or not. It cannot be too old: it has been accepted. */
export function recordReview(head: Head, book: PriceBook, event: UsageEvent, now: Instant): UsageRecord {
  const stopped = event.outcome === 'charged' && isStopped(head, book, now);
  return enterUse(head, event, now, stopped, settlementOf(head, book, event, stopped));
}

/** Service is stopped: suspended, or a charged bill left the balance negative longer than the grace (billing rules 6.9). */
export const isStopped = (head: Head, book: PriceBook, now: Instant): boolean =>
  head.negativeSince !== null && now >= head.negativeSince + book.policies.arrearsGraceHours * 3_600_000;

export function sumOfDraws(draws: readonly Draw[]): Calls {
  let sum = noCalls;
  for (const draw of draws) sum = addCalls(sum, draw.calls);
  return sum;
}

function takeUnits(head: Head, draws: readonly Draw[]): void {
  for (const draw of draws) {
    const pack = livePack(head, draw.pack);
    if (pack.remaining < draw.units) throw new Error(`pack ${pack.id} has ${pack.remaining} left, ${draw.units} drawn`);
    pack.remaining = subtractCalls(pack.remaining, draw.units);
    if (pack.runs !== undefined) pack.runs = drawnFrom(pack.runs, draw);
    pack.used = true;
    if (pack.remaining === noCalls && head.holds.length === 0) dropPack(head, pack.no);
  }
}

export function livePack(head: Head, no: number): LivePack {
  const pack = head.packs.find((candidate) => candidate.no === no);
  if (pack === undefined) throw new Error(`account ${head.account} has no live pack number ${no}`);
  return pack;
}

export function dropPack(head: Head, no: number): void {
  head.packs = head.packs.filter((pack) => pack.no !== no);
}

/** Packs that nothing is left of and no hold reserves leave the head. */
export function dropEmptyPacks(head: Head): void {
  const reserved = new Set(head.holds.flatMap((hold) => hold.draws.map((draw) => draw.pack)));
  head.packs = head.packs.filter((pack) => pack.remaining > noCalls || reserved.has(pack.no));
}

/** Puts a pack among the live ones, in draw order. */
export function addPack(head: Head, book: PriceBook, pack: LivePack): void {
  const compare = comparePacks(book);
  let [at, end] = [0, head.packs.length];
  // They stand in that order already: halving finds the place among thousands in a dozen steps.
  while (at < end) {
    const middle = (at + end) >>> 1;
    const other = head.packs[middle];
    if (other !== undefined && compare(pack, other) < 0) end = middle;
    else at = middle + 1;
  }
  head.packs = head.packs.toSpliced(at, 0, pack);
}

function countUsage(head: Head, day: Day, meter: string | null, payer: Payer, calls: Calls): void {
  if (meter === null) return;
  const key: UsageKey = `${day}|${meter}|${payer}`;
  head.usage.set(key, addCalls(head.usage.get(key) ?? noCalls, calls));
}

export function usageKeyParts(key: UsageKey): { readonly day: Day; readonly meter: string; readonly payer: Payer } {
  const first = key.indexOf('|');
  const last = key.lastIndexOf('|');
  return { day: key.slice(0, first) as Day, meter: key.slice(first + 1, last), payer: key.slice(last + 1) as Payer };
}

/** Counts into the period, or makes the correction that a final one needs. */
function countPeriod(
  head: Head,
  period: Period,
  meter: string | null,
  postpaid: Calls,
  drawn: Calls,
  now: Instant,
): Correction | null {
  if (meter === null || (postpaid === noCalls && drawn === noCalls)) return null;
  if (!head.finals.has(period)) {
    head.postpaidCalls.set(period, addCalls(head.postpaidCalls.get(period) ?? noCalls, postpaid));
    return null;
  }
  return { period, arrival: arrivalPeriod(head, now), meter, postpaid, drawn };
}

/** The period whose bill carries a correction that arrives now: the current one, or the first after it that is not final. */
export function arrivalPeriod(head: Head, now: Instant): Period {
  let period = periodOf(head.timeZone, now);
  while (head.finals.has(period)) period = nextPeriod(period, 1);
  return period;
}

/** A used event as the ledger holds it: what a void needs to undo it. */
export interface VoidableUse {
  readonly id: string;
  readonly meter: string | null;
  readonly calls: Calls;
  readonly at: Instant;
  readonly outcome: Outcome;
  readonly draws: readonly Draw[];
  readonly postpaid: Calls;
}

export interface VoidRecord {
  readonly seq: number;
  readonly correction: Correction | null;
  /** Units that came back to a pack no call can reach any more; forfeited at once. */
  readonly forfeits: readonly Forfeit[];
}

export interface Forfeit {
  readonly seq: number;
  readonly pack: PackFacts;
  readonly units: Calls;
  readonly bookedAt: Instant;
}

/**
 * Undoes an event (billing rules 5.4). `packs` are the facts of the packs it drew from.
 * Returned units go back to each pack, also an expired one while its late window is open; else they are forfeited.
 */
export function voidUse(
  head: Head,
  book: PriceBook,
  use: VoidableUse,
  packs: ReadonlyMap<number, PackFacts>,
  now: Instant,
): VoidRecord {
  const day = dayOf(head.timeZone, use.at);
  const forfeits: Forfeit[] = [];
  head.seq += 1;
  const { seq } = head;
  for (const draw of use.draws) {
    countUsage(head, day, use.meter, `pack:${draw.pack}`, -draw.calls as Calls);
    const facts = packs.get(draw.pack);
    if (facts === undefined) throw new Error(`event ${use.id} drew from pack ${draw.pack}, which is not given`);
    if (now >= forfeitFrom(facts, book.policies)) {
      head.seq += 1;
      forfeits.push({ seq: head.seq, pack: facts, units: draw.units, bookedAt: now });
    } else returnUnits(head, book, facts, draw.units);
  }
  if (use.postpaid > noCalls) countUsage(head, day, use.meter, 'postpaid', -use.postpaid as Calls);
  if (use.outcome === 'not-charged') countUsage(head, day, use.meter, 'not-charged', -use.calls as Calls);
  const drawn = -sumOfDraws(use.draws) as Calls;
  return {
    seq,
    correction: countPeriod(head, periodOfDay(day), use.meter, -use.postpaid as Calls, drawn, now),
    forfeits,
  };
}

function returnUnits(head: Head, book: PriceBook, facts: PackFacts, units: Calls): void {
  const live = head.packs.find((pack) => pack.no === facts.no);
  if (live === undefined) addPack(head, book, { ...facts, remaining: units, used: true });
  else live.remaining = addCalls(live.remaining, units);
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

/** A head for a new account. */
export function openHead(account: {
  readonly id: string;
  readonly book: PriceBook;
  readonly timeZone?: string;
  readonly postpaid?: boolean;
  readonly cap?: Calls | null;
}): Head {
  return {
    account: account.id,
    book: account.book.id,
    timeZone: account.timeZone ?? account.book.timeZone,
    postpaid: account.postpaid ?? true,
    cap: account.cap ?? null,
    suspended: false,
    time: instantOf(0),
    seq: 0,
    packs: [],
    packCount: 0,
    billCount: 0,
    postpaidCalls: new Map(),
    usage: new Map(),
    finals: new Set(),
    balance: 0n as Money,
    negativeSince: null,
    holds: [],
  };
}
