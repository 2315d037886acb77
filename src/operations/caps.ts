// Caps of an account: set, removed, shown with what of them is used.

import type { ClientBase, Pool } from 'pg';
import {
  capsOf,
  dropCounters,
  endOfWindow,
  isOf,
  momentsCounted,
  mostCaps,
  setCounted,
  startOfWindow,
  usedOf,
  windowOf,
} from '../account/caps.ts';
import { type Cap, type Head, type NamedCap, timeOf, usageOf } from '../account/head.ts';
import { unknownMeter } from '../account/use.ts';
import { dayOf, formatInstant } from '../core/calendar.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { addCalls, type Calls, type Instant, noCalls } from '../core/units.ts';
import { countEvents, deleteCap, putCap, readCaps } from '../store/ledger/caps.ts';
import { findKeysByPrefix } from '../store/ledger/keys.ts';
import { readUsageDays } from '../store/ledger/usage.ts';
import { change, type Parts } from './change.ts';
import { readHead } from './read-account.ts';

export type CapWish = Omit<NamedCap, 'no'>;

function capDocument(head: Head, cap: Cap, now: Instant) {
  const { no: _, ...shown } = cap;
  const used = usedOf(head, cap, now);
  const left = used >= cap.most ? noCalls : ((cap.most - used) as Calls);
  return { ...shown, used, left, resetsAt: formatInstant(head.timeZone, endOfWindow(cap, head.timeZone, now)) };
}

/** Refusal: NOT_FOUND. */
export async function listCaps(client: ClientBase | Pool, parts: Parts, account: string, clock: Instant) {
  const reading = await readHead(client, parts, account);
  if (isRefusal(reading)) return reading;
  const { head } = reading;
  const now = timeOf(head, clock);
  return { account, caps: capsOf(head).map((cap) => capDocument(head, cap, now)) };
}

/** Puts a cap in the place of the one of its name. Refusals: NOT_FOUND (the account, the key), UNKNOWN_METER, TOO_MANY_CAPS. */
export const setCap = (
  tx: ClientBase,
  parts: Parts,
  { account, wish }: { readonly account: string; readonly wish: CapWish },
  by: string,
  clock: Instant,
) =>
  change(tx, parts, account, clock, async ({ head, book, now }) => {
    if (wish.meter !== null && !book.meters.has(wish.meter)) return unknownMeter(book, wish.meter, '/meter');
    const key = await rootOf(tx, wish.key, account);
    if (isRefusal(key)) return key;
    const former = head.caps.find(({ name }) => name === wish.name);
    if (former === undefined && head.caps.length >= mostCaps)
      return refuse('TOO_MANY_CAPS', { most: String(mostCaps) });
    // Nothing below may refuse.
    const cap: NamedCap = { ...wish, key, no: former?.no ?? (await nextNo(tx, head)) };
    head.caps = [...head.caps.filter((each) => each !== former), cap].toSorted((a, b) => a.no - b.no);
    if (former === undefined || !countsAlike(former, cap)) {
      dropCounters(head, cap);
      await countAnew(tx, parts, head, cap, now);
    }
    await putCap(tx, account, cap, by, now);
    const before = former === undefined ? null : { ...former, no: undefined };
    return { before, after: { account, ...capDocument(head, cap, now) } };
  });

/** Refusal: NOT_FOUND. */
export const removeCap = (
  tx: ClientBase,
  parts: Parts,
  { account, name }: { readonly account: string; readonly name: string },
  clock: Instant,
): Promise<{ readonly account: string; readonly name: string } | Refusal> =>
  change(tx, parts, account, clock, async ({ head }) => {
    const cap = head.caps.find((each) => each.name === name);
    if (cap === undefined) return refuseMissing('cap', name);
    head.caps = head.caps.filter((each) => each !== cap);
    dropCounters(head, cap);
    await deleteCap(tx, account, cap.no);
    return { account, name };
  });

/** Counters of a cap that was removed are gone with it: its number may be given again. */
async function nextNo(tx: ClientBase, head: Head): Promise<number> {
  const known = await readCaps(tx, head.account);
  return Math.max(0, ...known.map(({ no }) => no)) + 1;
}

const countsAlike = (a: Cap, b: Cap): boolean =>
  a.per === b.per && a.of === b.of && a.department === b.department && a.meter === b.meter && a.key === b.key;

/** The first of the keys that were rotated into this one. An account's own, or an operator's. */
async function rootOf(tx: ClientBase, key: string | null, account: string): Promise<string | null | Refusal> {
  if (key === null) return null;
  const row = (await findKeysByPrefix(tx, [key])).get(key);
  if (row === undefined || row.portal || (row.account !== null && row.account !== account)) {
    return refuseMissing('key', key, {}, '/key');
  }
  return row.root ?? row.prefix;
}

/** Puts on the head what has been called, as the ledger has it. By which key, it says of calls that came while a cap of it was set. */
export async function countAnew(
  client: ClientBase | Pool,
  parts: Parts,
  head: Head,
  cap: Cap,
  now: Instant,
): Promise<void> {
  for (const at of momentsCounted(cap, head.timeZone, now)) {
    setCounted(head, cap, windowOf(cap, head.timeZone, at), await recount(client, parts, head, cap, at));
  }
}

/** Calls of the day or month of `at` as the ledger has them. */
export async function recount(
  client: ClientBase | Pool,
  parts: Parts,
  head: Head,
  cap: Cap,
  at: Instant,
): Promise<Calls> {
  const { timeZone, account } = head;
  const from = startOfWindow(cap, timeZone, at);
  const to = endOfWindow(cap, timeZone, at);
  if (cap.department !== null || cap.key !== null) {
    const counted = await countEvents(client, account, cap, { from, to }, parts.meters);
    return counted[cap.of];
  }
  const days = { from: dayOf(timeZone, from), to: dayOf(timeZone, (to - 1) as Instant) };
  const written = await readUsageDays(client, [account], days, parts.meters);
  const own = usageOf(head).filter(({ day }) => day >= days.from && day <= days.to);
  let calls = noCalls;
  for (const usage of [...written, ...own]) {
    const isCounted = usage.payer === 'postpaid' || (cap.of === 'all' && usage.payer.startsWith('pack:'));
    if (isCounted && isOf(cap, usage)) calls = addCalls(calls, usage.calls);
  }
  return calls;
}
