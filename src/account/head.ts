// An account's head: everything that decides about its next call, in one small value with one version. The functions of this room
// work on a head that the caller owns and throws away when the change is not saved; nothing else about them is impure.
// Source: billing rules 4, 5; docs/decisions/0002.

import type { Day, Period } from '../core/calendar.ts';
import { comparePacks, type LivePack } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { Draw, Payer } from '../core/settle.ts';
import { addCalls, type Calls, type Instant, instantOf, type Money, noCalls } from '../core/units.ts';
import type { DayUsage } from '../core/usage.ts';

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
  /** Percents of a pack, falling, at which its account asked to be told that it is low; null: as usual, at a fifth. */
  packThresholds: readonly number[] | null;
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
  /** Those that have a name, in order of their numbers. */
  caps: readonly NamedCap[];
  /** What of them is used, by number and day or month; nothing of what is over. */
  capped: Map<string, Calls>;
}

export interface Hold {
  readonly id: string;
  /** Ledger number of the authorisation. */
  readonly seq: number;
  readonly meter: string;
  readonly calls: Calls;
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly department: string | null;
  readonly draws: readonly Draw[];
  readonly postpaid: Calls;
  /** An operator made it: no key of the account captures or releases it. */
  readonly byOperator: boolean;
  /** The key that made it, where some cap is of that key. */
  readonly key: string | null;
  /** Its expiry says nothing of the call's fate: it becomes an event that is held for review. Otherwise the calls go back. */
  readonly review: boolean;
}

export interface Cap {
  /** 1, 2, 3 … of its account, never another's; 0: the account's own. */
  readonly no: number;
  /** Null: the account's own, a setting. */
  readonly name: string | null;
  readonly per: 'day' | 'month';
  /** In front of packs, or of postpaid only. */
  readonly of: 'all' | 'postpaid';
  readonly most: Calls;
  /** Null: of any. */
  readonly department: string | null;
  readonly meter: string | null;
  /** The first of the keys that were rotated into one another. */
  readonly key: string | null;
}

export interface NamedCap extends Cap {
  readonly name: string;
}

/**
 * What time it is for an account: the clock's, but never before what has happened to it. So a server whose clock is behind
 * neither misses a gift that another has just given nor opens what it has closed.
 */
export const timeOf = (head: Head, clock: Instant): Instant => (clock > head.time ? clock : head.time);

/** Service is stopped: suspended, or a charged bill left the balance negative longer than the grace (billing rules 6.9). */
export const isStopped = (head: Head, book: PriceBook, now: Instant): boolean =>
  head.negativeSince !== null && now >= head.negativeSince + book.policies.arrearsGraceHours * 3_600_000;

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

/** What the head has counted by day. */
export const usageOf = (head: Head): DayUsage[] =>
  [...head.usage].map(([key, calls]) => ({ ...usageKeyParts(key), calls }));

export function usageKeyParts(key: UsageKey): { readonly day: Day; readonly meter: string; readonly payer: Payer } {
  const first = key.indexOf('|');
  const last = key.lastIndexOf('|');
  return { day: key.slice(0, first) as Day, meter: key.slice(first + 1, last), payer: key.slice(last + 1) as Payer };
}

/** Units of a pack that holds reserve. */
export function heldUnits(head: Head, packNo: number): Calls {
  let units = noCalls;
  for (const hold of head.holds) {
    for (const draw of hold.draws) if (draw.pack === packNo) units = addCalls(units, draw.units);
  }
  return units;
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
    packThresholds: null,
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
    caps: [],
    capped: new Map(),
  };
}
