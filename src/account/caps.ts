// Caps: how many calls may be authorised a day or a month, of the whole account, a department, a meter or a key. They refuse, and they
// count: what was called all the same is on the ledger. Source: docs/decisions/0029.

import { dayOf, formatInstant, nextPeriod, periodOf, startOfDayAfter, startOfPeriod } from '../core/calendar.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { addCalls, type Calls, type Instant, noCalls } from '../core/units.ts';
import type { Cap, Head } from './head.ts';
import { capNews, type News } from './news.ts';

/** An account's head stays small. */
export const mostCaps = 20;

/** What of a call a cap looks at. */
export interface CappedCall {
  readonly meter: string | null;
  readonly at: Instant;
  readonly department?: string | null;
  /** Null: nobody knows by which. */
  readonly key?: string | null;
}

/** The day or the month of a moment, in the account's zone. */
export const windowOf = ({ per }: Cap, timeZone: string, at: Instant): string =>
  per === 'day' ? dayOf(timeZone, at) : periodOf(timeZone, at);

/** When it counts from nothing again. */
export const endOfWindow = ({ per }: Cap, timeZone: string, at: Instant): Instant =>
  per === 'day' ? startOfDayAfter(timeZone, at, 1) : startOfPeriod(timeZone, nextPeriod(periodOf(timeZone, at), 1));

export const counterOf = ({ no }: Cap, window: string): string => `${no}|${window}`;

export const isOf = (cap: Cap, { meter, department = null, key = null }: Omit<CappedCall, 'at'>): boolean =>
  (cap.meter === null || cap.meter === meter) &&
  (cap.department === null || cap.department === department) &&
  (cap.key === null || cap.key === key);

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
  dropPast(head, now);
  for (const cap of head.caps) {
    const calls = isOf(cap, call) ? countedOf(cap, drawn, postpaid) : noCalls;
    const window = windowOf(cap, head.timeZone, call.at);
    if (calls === noCalls || window < windowOf(cap, head.timeZone, now)) continue;
    const counter = counterOf(cap, window);
    const before = head.capped.get(counter) ?? noCalls;
    const after = addCalls(before, (sign * calls) as Calls);
    if (after === noCalls) head.capped.delete(counter);
    else head.capped.set(counter, after);
    const said = sign === 1n ? capNews(cap.most, { window, name: cap.name, of: cap.of }, before, after) : undefined;
    if (said !== undefined) news.push(said);
  }
  return news;
}

/** Counters of days and months that are over, and of caps that are gone. */
function dropPast(head: Head, now: Instant): void {
  for (const counter of head.capped.keys()) {
    const [no, window = ''] = counter.split('|');
    const cap = head.caps.find((each) => String(each.no) === no);
    if (cap === undefined || window < windowOf(cap, head.timeZone, now)) head.capped.delete(counter);
  }
}

/** Counted and held in the day or month of `now`. A hold counts in that of its own time, as its event will. */
export function usedOf(head: Head, cap: Cap, now: Instant): Calls {
  const window = windowOf(cap, head.timeZone, now);
  let used = head.capped.get(counterOf(cap, window)) ?? noCalls;
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
  for (const cap of head.caps) {
    const asked = isOf(cap, call) ? countedOf(cap, drawn, postpaid) : noCalls;
    if (asked === noCalls) continue;
    const used = usedOf(head, cap, now);
    if (used + asked <= cap.most) continue;
    const until = formatInstant(head.timeZone, endOfWindow(cap, head.timeZone, now));
    const { name, of, per, most } = cap;
    return refuse('CAP_REACHED', { cap: most.toString(), used: used.toString(), until, name, capOf: of, capPer: per });
  }
  return undefined;
}
