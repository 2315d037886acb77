// A call settled on an account's head: who may pay, who pays, what is counted. Source: billing rules 4, 5.

import { type Day, dayOf, nextPeriod, type Period, periodOf, periodOfDay } from '../core/calendar.ts';
import { drawnFrom } from '../core/equal-packs.ts';
import { futureAllowance, type IncomingEvent, type Outcome } from '../core/event.ts';
import { packsFor } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { Quantities } from '../core/rate.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { type Draw, type Payer, type Settlement, settle, settleWithoutPacks } from '../core/settle.ts';
import { addCalls, type Calls, type Instant, mostCalls, noCalls, subtractCalls } from '../core/units.ts';
import { countsByDay } from '../core/usage.ts';
import { countCaps } from './caps.ts';
import { dropPack, type Head, heldUnits, isStopped, livePack, type UsageKey } from './head.ts';
import { capNews, type News, noNews, packNews } from './news.ts';

/** An event classified: what it means by the price book. `meter` is null only for an action that is never charged and belongs to none. */
export interface ClassifiedEvent extends Pick<IncomingEvent, 'id' | 'meter' | 'calls' | 'at'> {
  readonly outcome: Outcome;
  /** What caps and packs of one department look at; left out: none. */
  readonly department?: string | null;
  readonly key?: string | null;
}

/** A usage event as it stands in the ledger. */
export interface UsageRecord {
  readonly seq: number;
  readonly outcome: Outcome;
  readonly draws: readonly Draw[];
  readonly postpaid: Calls;
  /** Service was stopped for arrears when it arrived: packs did not pay. */
  readonly stopped: boolean;
  readonly correction: Correction | null;
  readonly news: readonly News[];
}

/** A change to a final period: signed calls, carried by the bill of `arrival` (billing rules 6.5). */
export interface Correction {
  readonly period: Period;
  readonly arrival: Period;
  /** Of the calls, where they are counted by the day. */
  readonly day?: Day;
  readonly meter: string;
  readonly postpaid: Calls;
  readonly drawn: Calls;
}

const dayLength = 86_400_000;

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
  event: Pick<ClassifiedEvent, 'meter' | 'calls' | 'at'>,
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
export function recordUse(head: Head, book: PriceBook, event: ClassifiedEvent, now: Instant): UsageRecord | Refusal {
  const refusal = eventRefusal(book, event, now);
  if (refusal !== undefined) return refusal;
  // Nothing below may refuse.
  return settleUse(head, book, event, now);
}

/** Whether a charged event would change a bill that was sent. From a key of the account itself it is held: docs/decisions/0014. */
export const changesFinal = (head: Head, event: Pick<ClassifiedEvent, 'at' | 'outcome'>): boolean =>
  event.outcome === 'charged' && head.finals.size > 0 && head.finals.has(periodOf(head.timeZone, event.at));

/** Enters an event whose settlement is known: fresh from `settle`, or reserved by a hold. */
export function enterUse(
  head: Head,
  book: PriceBook,
  event: ClassifiedEvent,
  now: Instant,
  stopped: boolean,
  settlement: Settlement,
): UsageRecord {
  const { draws, postpaid } = settlement;
  const drawn = sumOfDraws(draws);
  if (event.outcome === 'charged' && drawn + postpaid !== event.calls) {
    throw new Error(`event ${event.id}: ${event.calls} calls became ${drawn} drawn and ${postpaid} postpaid`);
  }
  let news = takeUnits(head, draws);
  const day = dayOf(head.timeZone, event.at);
  for (const draw of draws) countUsage(head, day, event.meter, `pack:${draw.pack}`, draw.calls);
  if (postpaid > noCalls) countUsage(head, day, event.meter, 'postpaid', postpaid);
  if (event.outcome === 'not-charged') countUsage(head, day, event.meter, 'not-charged', event.calls);
  const period = periodOfDay(day);
  const correction = countPeriod(head, book, day, event.meter, { postpaid, drawn }, now);
  if (head.cap !== null && postpaid > noCalls && correction === null) {
    const after = head.postpaidCalls.get(period) ?? noCalls;
    const reached = capNews(head.cap, { month: period }, subtractCalls(after, postpaid), after);
    if (reached !== undefined) news = [...news, reached];
  }
  if (head.caps.length > 0) news = [...news, ...countCaps(head, event, { drawn, postpaid }, 1n, now)];
  if (event.outcome === 'held') news = [{ kind: 'event-held', details: { event: event.id } }];
  head.seq += 1;
  return { seq: head.seq, outcome: event.outcome, draws, postpaid, stopped, correction, news };
}

function settlementOf(head: Head, book: PriceBook, event: ClassifiedEvent, stopped: boolean): Settlement {
  const { meter, calls, at, outcome } = event;
  if (outcome !== 'charged' || meter === null) return { draws: [], postpaid: noCalls };
  const use = { meter, calls, at, department: event.department ?? null };
  return stopped && !book.policies.packsUsableInArrears
    ? settleWithoutPacks(use)
    : settle(use, packsFor(meter, head.packs, book), book);
}

/** Settles an event that was held for review and is now found chargeable, or not. It cannot be too old: it has been accepted. */
export function settleUse(head: Head, book: PriceBook, event: ClassifiedEvent, now: Instant): UsageRecord {
  const stopped = event.outcome === 'charged' && isStopped(head, book, now);
  return enterUse(head, book, event, now, stopped, settlementOf(head, book, event, stopped));
}

export function sumOfDraws(draws: readonly Draw[]): Calls {
  let sum = noCalls;
  for (const draw of draws) sum = addCalls(sum, draw.calls);
  return sum;
}

function takeUnits(head: Head, draws: readonly Draw[]): readonly News[] {
  let news = noNews;
  for (const draw of draws) {
    const pack = livePack(head, draw.pack);
    if (pack.remaining < draw.units) throw new Error(`pack ${pack.id} has ${pack.remaining} left, ${draw.units} drawn`);
    pack.remaining = subtractCalls(pack.remaining, draw.units);
    const left = addCalls(pack.remaining, heldUnits(head, pack.no));
    const told = packNews(pack, draw.units, left, head.packThresholds);
    if (told !== undefined) news = [...news, told];
    if (pack.runs !== undefined) pack.runs = drawnFrom(pack.runs, draw);
    pack.used = true;
    if (pack.remaining === noCalls && head.holds.length === 0) dropPack(head, pack.no);
  }
  return news;
}

export function countUsage(head: Head, day: Day, meter: string | null, payer: Payer, calls: Calls): void {
  if (meter === null) return;
  const key: UsageKey = `${day}|${meter}|${payer}`;
  head.usage.set(key, addCalls(head.usage.get(key) ?? noCalls, calls));
}

/** Counts into the period, or makes the correction that a final one needs. */
export function countPeriod(
  head: Head,
  book: PriceBook,
  day: Day,
  meter: string | null,
  { postpaid, drawn }: Quantities,
  now: Instant,
): Correction | null {
  const period = periodOfDay(day);
  if (meter === null || (postpaid === noCalls && drawn === noCalls)) return null;
  if (!head.finals.has(period)) {
    head.postpaidCalls.set(period, addCalls(head.postpaidCalls.get(period) ?? noCalls, postpaid));
    return null;
  }
  return {
    period,
    arrival: arrivalPeriod(head, now),
    ...(countsByDay(book, meter) ? { day } : {}),
    meter,
    postpaid,
    drawn,
  };
}

/** The period whose bill carries a correction that arrives now: the current one, or the first after it that is not final. */
export function arrivalPeriod(head: Head, now: Instant): Period {
  let period = periodOf(head.timeZone, now);
  while (head.finals.has(period)) period = nextPeriod(period, 1);
  return period;
}
