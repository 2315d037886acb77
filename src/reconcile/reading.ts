// One way to read the facts: the calls, the packs and the rules as we understand them, or as a provider may have misread them.
// A cause is tested by computing the bill under another reading; nothing is ever changed in place.

import type { Period } from '../core/calendar.ts';
import { comparePacks, type PackFacts, type PackOrder } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { Calls, Instant, Price } from '../core/units.ts';
import type { Kind } from './tape.ts';

/** A pack as the packs file gives it. */
export interface KnownPack extends PackFacts {
  /** What was left when the billed month began; null: all of it, earlier calls in the file draw first. */
  readonly opening: Calls | null;
}

export interface LooseCalls {
  readonly at: Instant;
  readonly meter: string;
  readonly calls: bigint;
}

/** Everything that decides who pays which call. */
export interface SettlingReading {
  readonly book: PriceBook;
  readonly zone: string;
  readonly packs: readonly KnownPack[];
  readonly compare: PackOrder;
  readonly isCounted: (kind: Kind) => boolean;
  /** Which repeated ids count again. */
  readonly repeats: 'none' | 'duplicates' | 'all';
  readonly arrival: 'call-time' | 'file';
  /** Calls to leave out, by `day|meter`. */
  readonly without: ReadonlyMap<string, bigint>;
  /** Calls on top of those of the file, by time. */
  readonly extra: readonly LooseCalls[];
}

export type Rounding = 'line' | 'call' | 'day' | 'down';

/** Everything that decides what postpaid calls cost. */
export interface RatingReading {
  readonly book: PriceBook;
  readonly rounding: ReadonlyMap<string, Rounding>;
  /** One price for all calls of a tariff, whatever its tiers say. */
  readonly prices: ReadonlyMap<string, Price>;
  /** Postpaid calls of a tariff where the bill gives no days to compare. */
  readonly lineCalls: ReadonlyMap<string, bigint>;
}

export interface Reading {
  readonly month: Period;
  readonly settling: SettlingReading;
  readonly rating: RatingReading;
}

/** The right reading: the rules of the book. */
export function rightReading(book: PriceBook, packs: readonly KnownPack[], month: Period): Reading {
  return {
    month,
    settling: {
      book,
      zone: book.timeZone,
      packs,
      compare: comparePacks(book),
      isCounted: (kind) => kind.outcome === 'charged',
      repeats: 'none',
      arrival: 'call-time',
      without: new Map(),
      extra: [],
    },
    rating: { book, rounding: new Map(), prices: new Map(), lineCalls: new Map() },
  };
}

export const settlingWith = (reading: Reading, change: Partial<SettlingReading>): Reading => ({
  ...reading,
  settling: { ...reading.settling, ...change },
});

export const ratingWith = (reading: Reading, change: Partial<RatingReading>): Reading => ({
  ...reading,
  rating: { ...reading.rating, ...change },
});
