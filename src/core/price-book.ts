// A price book as the core reads it: decoded, exact, indexed. Its JSON form and linter live in src/book.
// Source: docs/concepts/price-book.md.

import type { Period, Validity } from './calendar.ts';
import type { Block, Calls, Money, Price } from './units.ts';

/** One text in both languages of the product. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface PriceBook {
  readonly id: string;
  readonly title: Words;
  readonly currency: string;
  /** IANA name; packs end at midnight of this zone. */
  readonly timeZone: string;
  readonly meters: ReadonlyMap<string, Meter>;
  readonly tariffs: ReadonlyMap<string, Tariff>;
  readonly packProducts: ReadonlyMap<string, PackProduct>;
  readonly policies: Policies;
  readonly codeTable: readonly CodeRule[];
  /** What every account of the book is given. */
  readonly gifts?: readonly BookGift[];
  /** Months from which on all accounts of the book have another book's prices and code table, in order. */
  readonly versions?: readonly BookVersion[];
  /** The contracts of the account that the book is read for, in order of number: see contract.ts. */
  readonly contracts?: readonly Contract[];
}

/** From a month on prices and code table are those of another book, which differs in nothing else. */
export interface BookVersion {
  readonly from: Period;
  readonly book: PriceBook;
}

/** Calls that a book gives: once when an account is opened, or each month anew, ending with it. */
export interface BookGift {
  readonly product: string;
  readonly calls: Calls;
  readonly every: 'once' | 'month';
  /** Of a gift given once; null: as long as the book's packs. */
  readonly life: Validity | null;
}

/** The finest kind of billable call. `tariff` is null for a prepaid-only meter. */
export interface Meter {
  readonly id: string;
  readonly title: Words;
  readonly tariff: string | null;
  /** Which facts of an event (action, channel, library) mean this meter. A fact left out matches any. */
  readonly facts: readonly FactMatch[];
}

export interface FactMatch {
  readonly actions: readonly string[];
  readonly channels?: readonly string[];
  readonly libraries?: readonly string[];
}

export const tariffModes = ['volume', 'graduated', 'flat'] as const;
export type TariffMode = (typeof tariffModes)[number];
/** `lower-inclusive`: a tier holds from ≤ n < to. `upper-inclusive`: from < n ≤ to. */
export const tierBounds = ['lower-inclusive', 'upper-inclusive'] as const;
export type TierBound = (typeof tierBounds)[number];
/**
 * Which quantity chooses the tier: postpaid calls only, or all calls including those that packs paid. `gross` takes those of packs to come
 * first; `gross-in-order` takes each call at its place in the month's order of arrival.
 */
export const tierBases = ['after-packs', 'gross', 'gross-in-order'] as const;
export type TierBasis = (typeof tierBases)[number];

/** What a tier counts: the calls of a month, or those of each day of the account's zone. */
export const tierCounters = ['month', 'day'] as const;
export type TierCounter = (typeof tierCounters)[number];

export interface Tariff {
  readonly id: string;
  readonly title: Words;
  readonly mode: TariffMode;
  readonly bound: TierBound;
  readonly basis: TierBasis;
  /** Each day is rated by itself, and is a line of the bill. Left out: the month is. */
  readonly counter?: 'day';
  /** Ascending, without gap or overlap; the first starts at 0. A `flat` tariff has one. */
  readonly tiers: readonly Tier[];
  /** Of each month, whatever its tier. */
  readonly fee?: Money;
  /** What a month comes to at least and at most, its fees with it. */
  readonly minimum?: Money;
  readonly maximum?: Money;
  /** Fees and minimum are due too in months whose quantity is nothing. */
  readonly withoutCalls?: boolean;
}

/** `price` null: unpriced, a contract price is needed. `to` null: no end. */
export interface Tier {
  readonly from: Calls;
  readonly to: Calls | null;
  readonly price: Price | null;
  /** In place of `price`, which is null then: what calls of each meter of the tariff cost. */
  readonly prices?: ReadonlyMap<string, Price>;
  /** What its price, the book's or one agreed on, is for; absent: each call. */
  readonly block?: Block;
  /** Due once in a month that reaches the tier. */
  readonly fee?: Money;
}

/** How long packs live and may be given back, where that is not as the book's policies say. */
export interface PackTerms {
  readonly validity?: Validity;
  /** Null: never refundable. */
  readonly refundDays?: number | null;
  /** A pack that was used may be given back too: each used unit then costs this, or as much as the pack cost a unit. */
  readonly refundPart?: Price | 'paid';
}

export interface PackProduct extends PackTerms {
  readonly id: string;
  readonly title: Words;
  /** Meter → pack units that one call costs (1 unless a ratio is given). */
  readonly covers: ReadonlyMap<string, bigint>;
  /** Meter → how early its packs pay for calls of it, 1 first; only of meters that have one. */
  readonly priorities?: ReadonlyMap<string, number>;
  /** Ascending by size. */
  readonly sizes: readonly PackSize[];
}

/** Its terms stand before those of its product. */
export interface PackSize extends PackTerms {
  readonly calls: Calls;
  readonly price: Money;
}

/** Keys of the draw order (billing rules 4.2); the id is always the last, so the order is total. */
export const drawKeys = [
  'gift-first',
  'fewest-meters-first',
  'earliest-expiry',
  'earliest-effective',
  'earliest-bought',
  'smallest-first',
  'cheapest-first',
  'priority-first',
] as const;
export type DrawKey = (typeof drawKeys)[number];

/** When a pack begins to pay: at its delivery, at 00:00 of that day or of the next, or of the day that its buyer chooses. */
export const packStarts = ['instant', 'day', 'next-day', 'chosen'] as const;
export type PackStart = (typeof packStarts)[number];

/** Which calls a pack pays for: those from its start on, or also those before it of the day, or of the month, of its delivery. */
export const packCoverages = ['life', 'day', 'month'] as const;
export type PackCoverage = (typeof packCoverages)[number];

export interface Policies {
  /** Of packs whose product and size say nothing else. */
  readonly packValidity: Validity;
  readonly packStart: PackStart;
  /** Calls before a pack that it pays for too, those that are settled already with them. Left out: none. */
  readonly packCovers?: Exclude<PackCoverage, 'life'>;
  readonly packExpiry: 'end-of-day' | 'instant';
  /** Refundable until the end of day D + refundDays of the book's zone; null: never. */
  readonly refundDays: number | null;
  readonly drawOrder: readonly DrawKey[];
  readonly lateWindowDays: number;
  /** A period may become final this many days after its end: 2 means from 00:00 on the 3rd. */
  readonly finalAfterDays: number;
  readonly packsUsableInArrears: boolean;
  readonly arrearsGraceHours: number;
}

/** Which result codes of some actions are charged, from a date on (book zone, inclusive) until another (exclusive). */
export interface CodeRule {
  readonly actions: readonly string[];
  readonly channels?: readonly string[];
  readonly from: string | null;
  readonly until: string | null;
  readonly charged: CodeSet;
  readonly notCharged: CodeSet;
}

/** Codes are strings; ranges hold whole numbers, both ends included; `rest` means every other code. */
export interface CodeSet {
  readonly codes: ReadonlySet<string>;
  readonly ranges: readonly (readonly [bigint, bigint])[];
  readonly rest: boolean;
}

export const packSizeOf = (product: PackProduct, calls: Calls): PackSize | undefined =>
  product.sizes.find((size) => size.calls === calls);

/** The price of a tier, by its first call; for what the book's price of that tier is for. */
export interface TierPrice {
  readonly from: Calls;
  /** Null: none is agreed. */
  readonly price: Price | null;
}

/** What two people agree on: by tariff prices of tiers that the book has or, where one is new, all tiers of the account's own. */
export interface ContractTerms {
  readonly tariffs: ReadonlyMap<string, readonly TierPrice[]>;
  readonly packs: ReadonlyMap<string, readonly PackSize[]>;
}

export interface Contract {
  /** 1, 2, 3 … of the account. */
  readonly no: number;
  /** It prices this period and those after it, until a later contract does. */
  readonly from: Period;
  /** Of its prices, where that has other than two decimals. */
  readonly currency?: string;
  /** All tiers of each tariff that it prices, first to last. */
  readonly tariffs: ReadonlyMap<string, readonly Tier[]>;
  /** By product the sizes that it prices; other sizes cost what the book says. */
  readonly packs: ReadonlyMap<string, readonly PackSize[]>;
}
