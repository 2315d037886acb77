// Caps: how many calls may be authorised a day or a month, of the whole account, a department, a meter or a key. They refuse, and they
// count: what was called all the same is on the ledger. Source: docs/decisions/0029.

import {
  type Day,
  dayOf,
  endOfPeriod,
  formatInstant,
  type Period,
  periodOf,
  periodOfDay,
  startOfDayAfter,
  startOfPeriod,
} from '../core/calendar.ts';
import { futureAllowance } from '../core/event.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { addCalls, type Calls, type Instant, instantOf, noCalls } from '../core/units.ts';
import type { Cap, Head } from './head.ts';
import { capNews, type News } from './news.ts';

/** An account's head stays small. */
export const mostCaps = 20;

/** All caps of an account: its own, postpaid calls of a month, and those that have a name. */
export const capsOf = (head: Head): readonly Cap[] =>
  head.cap === null ? head.caps : [ownCap(head.cap), ...head.caps];

const ownCap = (most: Calls): Cap => ({
  ...{ no: 0, name: null, per: 'month', of: 'postpaid', most },
  ...{ department: null, meter: null, key: null },
});

/** What of a call a cap looks at. */
export interface CappedCall {
  readonly meter: string | null;
  readonly at: Instant;
  readonly department?: string | null;
  /** Null: nobody knows by which. */
  readonly key?: string | null;
}

/** The day or the month of a moment, in the account's zone. */
export const windowOf = (cap: Cap, timeZone: string, at: Instant): string => windowOfDay(cap, dayOf(timeZone, at));

const windowOfDay = ({ per }: Cap, day: Day): string => (per === 'day' ? day : periodOfDay(day));

export const startOfWindow = ({ per }: Cap, timeZone: string, at: Instant): Instant =>
  per === 'day' ? startOfDayAfter(timeZone, at, 0) : startOfPeriod(timeZone, periodOf(timeZone, at));

/** When it counts from nothing again. */
export const endOfWindow = ({ per }: Cap, timeZone: string, at: Instant): Instant =>
  per === 'day' ? startOfDayAfter(timeZone, at, 1) : endOfPeriod(timeZone, periodOf(timeZone, at));

/** One moment in each day or month that has calls at `now`: the time of a call may be ahead of its account's. */
export function momentsCounted(cap: Cap, timeZone: string, now: Instant): readonly Instant[] {
  const ahead = instantOf(now + futureAllowance);
  return windowOf(cap, timeZone, now) === windowOf(cap, timeZone, ahead) ? [now] : [now, ahead];
}

export const counterOf = ({ no }: Cap, window: string): string => `${no}|${window}`;

export const isOf = (cap: Cap, { meter, department = null, key = null }: Omit<CappedCall, 'at'>): boolean =>
  (cap.meter === null || cap.meter === meter) &&
  (cap.department === null || cap.department === department) &&
  (cap.key === null || cap.key === key);

/** By which key a call came, where some cap looks at that key. */
export const cappedKey = (head: Head, key: string | null): string | null =>
  key !== null && head.caps.some((cap) => cap.key === key) ? key : null;

const countedOf = ({ of }: Cap, drawn: Calls, postpaid: Calls): Calls =>
  of === 'all' ? addCalls(drawn, postpaid) : postpaid;

/**
 * Counts a call, or takes it back (`sign` −1), in its own day and month; those before today's nobody asks of any more. Says when four
 * fifths of a cap are reached, or all of it.
 */
export function countCaps(
  head: Head,
  call: CappedCall,
  { drawn, postpaid }: { readonly drawn: Calls; readonly postpaid: Calls },
  sign: 1n | -1n,
  now: Instant,
): News[] {
  const news: News[] = [];
  const [day, today] = [dayOf(head.timeZone, call.at), dayOf(head.timeZone, now)];
  for (const cap of head.caps) {
    const calls = isOf(cap, call) ? countedOf(cap, drawn, postpaid) : noCalls;
    if (calls === noCalls) continue;
    const window = windowOfDay(cap, day);
    if (window < windowOfDay(cap, today)) continue;
    const before = countedIn(head, cap, window);
    // Where a counter begins, those before it may be over.
    if (before === noCalls) dropPast(head, today);
    const after = addCalls(before, (sign * calls) as Calls);
    setCounted(head, cap, window, after);
    const which = { window, name: cap.name, of: cap.of };
    const said = sign === 1n ? capNews(cap.most, which, before, after) : undefined;
    if (said !== undefined) news.push(said);
  }
  return news;
}

/** Counters of days and months that are over, and of caps that are gone. */
function dropPast(head: Head, today: Day): void {
  for (const counter of head.capped.keys()) {
    const [no, window = ''] = counter.split('|');
    const cap = head.caps.find((each) => String(each.no) === no);
    if (cap === undefined || window < windowOfDay(cap, today)) head.capped.delete(counter);
  }
}

/** What counters say of a cap: its own, or of the account's own that of the bill. */
export const countedIn = (head: Head, cap: Cap, window: string): Calls =>
  (cap.no === 0 ? head.postpaidCalls.get(window as Period) : head.capped.get(counterOf(cap, window))) ?? noCalls;

/** A counter that counts nothing is none. */
export function setCounted(head: Head, cap: Cap, window: string, calls: Calls): void {
  if (calls === noCalls) head.capped.delete(counterOf(cap, window));
  else head.capped.set(counterOf(cap, window), calls);
}

export function dropCounters(head: Head, cap: Cap): void {
  for (const counter of head.capped.keys()) if (counter.startsWith(counterOf(cap, ''))) head.capped.delete(counter);
}

/** Counted and held in the day or month of `now`. A hold counts in that of its own time, as its event will. */
export function usedOf(head: Head, cap: Cap, now: Instant): Calls {
  const window = windowOf(cap, head.timeZone, now);
  let used = countedIn(head, cap, window);
  for (const hold of head.holds) {
    if (!isOf(cap, hold) || windowOf(cap, head.timeZone, hold.at) !== window) continue;
    used = addCalls(used, cap.of === 'all' ? hold.calls : hold.postpaid);
  }
  return used;
}

/** Why calls that are asked for may not be made: CAP_REACHED, by the first cap that they would exceed. */
export function capRefusal(
  head: Head,
  call: CappedCall,
  { drawn, postpaid }: { readonly drawn: Calls; readonly postpaid: Calls },
  now: Instant,
): Refusal | undefined {
  for (const cap of capsOf(head)) {
    const asked = isOf(cap, call) ? countedOf(cap, drawn, postpaid) : noCalls;
    if (asked === noCalls) continue;
    const used = usedOf(head, cap, now);
    if (used + asked <= cap.most) continue;
    const until = formatInstant(head.timeZone, endOfWindow(cap, head.timeZone, now));
    const { of, per, most } = cap;
    const named = cap.name === null ? {} : { name: cap.name };
    return refuse('CAP_REACHED', {
      cap: most.toString(),
      used: used.toString(),
      until,
      capOf: of,
      capPer: per,
      ...named,
    });
  }
  return undefined;
}
