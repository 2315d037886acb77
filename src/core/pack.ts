// A pack's life: pending → active → exhausted or expired, or refunded. Told everything, remembers nothing.
// Source: billing rules 3, docs/concepts/packs.md.

import {
  type Day,
  dayOf,
  endOfLife,
  parseDay,
  periodOf,
  startOfDayAfter,
  startOfPeriod,
  type Validity,
} from './calendar.ts';
import type { Run } from './equal-packs.ts';
import {
  type DrawKey,
  type PackStart,
  type PackTerms,
  type Policies,
  type PriceBook,
  packSizeOf,
} from './price-book.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type Calls, divideHalfUp, type Instant, instantOf, type Money, noCalls, noMoney, sumMoney } from './units.ts';

/** What is settled about a pack on the day it is delivered. `no` numbers the packs of one account from 1. */
export interface PackFacts {
  readonly no: number;
  readonly id: string;
  readonly product: string;
  readonly gift: boolean;
  /** Size in calls (pack units where the product has ratios). */
  readonly calls: Calls;
  /** Price paid; zero for a gift. */
  readonly price: Money;
  readonly boughtAt: Instant;
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant;
  /** It pays for calls of this department alone. */
  readonly department?: string;
  /** So many equal packs under one id, each of this size and price: what a quote buys. Without it one, as in every ledger. */
  readonly count?: number;
}

/** A pack that can still pay, as the account's head carries it. */
export interface LivePack extends PackFacts {
  /** Units neither drawn nor held, in all. */
  remaining: Calls;
  /** Of equal packs under one id, what each has left, in draw order. */
  runs?: readonly Run[];
  /** True from the first draw on, also when that draw was voided since (billing rules 3.4). */
  used: boolean;
}

/** A pack as it is delivered: whole. */
export function livePackOf(facts: PackFacts): LivePack {
  if (facts.count === undefined) return { ...facts, remaining: facts.calls, used: false };
  const packs = BigInt(facts.count);
  const remaining = (facts.calls * packs) as Calls;
  return { ...facts, remaining, used: false, runs: [{ packs, remaining: facts.calls }] };
}

/** What the ledger knows of a pack at one moment. */
export interface PackStanding {
  readonly facts: PackFacts;
  readonly remaining: Calls;
  /** Units reserved by holds; they are part of `remaining`. */
  readonly held: Calls;
  readonly used: boolean;
  readonly forfeited: Calls;
  readonly refundedAt: Instant | null;
}

export const packStates = ['pending', 'active', 'exhausted', 'expired', 'refunded'] as const;
export type PackState = (typeof packStates)[number];

export interface PackLife {
  readonly effectiveAt: Instant;
  readonly expiresAt: Instant;
}

const dayLength = 86_400_000;

/** What a pack is, as its terms go by it. */
export type PackKind = Pick<PackFacts, 'product' | 'calls'>;

/** A size's own terms stand before its product's, and these before the book's. A gift of no size sold has its product's. */
const termsOf = (book: PriceBook, { product: id, calls }: PackKind): PackTerms => {
  const product = book.packProducts.get(id);
  return { ...product, ...(product === undefined ? undefined : packSizeOf(product, calls)) };
};

/** How long a pack lives. */
export const packValidityOf = (book: PriceBook, pack: PackKind): Validity =>
  termsOf(book, pack).validity ?? book.policies.packValidity;

/** Days in which a pack may be given back; null: never. */
export function refundDaysOf(book: PriceBook, pack: PackKind): number | null {
  const { refundDays } = termsOf(book, pack);
  return refundDays === undefined ? book.policies.refundDays : refundDays;
}

/** What each used unit costs of a pack that is given back in part; undefined: it may not be. */
export const refundPartOf = (book: PriceBook, pack: PackKind): PackTerms['refundPart'] =>
  termsOf(book, pack).refundPart;

/** Whose pack it is, and what its buyer chose. */
export interface PackTaker {
  /** The account's, whose days and months its bills go by; left out: the book's. */
  readonly timeZone?: string;
  readonly startsOn?: Day | undefined;
}

/** Life of a pack delivered at `deliveredAt`; of one whose buyer has chosen, from 00:00 of that day on (billing rules 3.1). */
export const packLife = (book: PriceBook, pack: PackKind, deliveredAt: Instant, taker: PackTaker = {}): PackLife =>
  lifeFrom(book, deliveredAt, packValidityOf(book, pack), taker);

export function lifeFrom(
  book: PriceBook,
  deliveredAt: Instant,
  validity: Validity,
  { timeZone = book.timeZone, startsOn }: PackTaker = {},
): PackLife {
  const { packStart, packExpiry } = book.policies;
  const chosen = startsOn === undefined ? undefined : parseDay(book.timeZone, startsOn);
  // Of the day of delivery itself what is left: calls before it were settled without the pack.
  const isWhole = chosen === undefined ? startDays[packStart] !== null : chosen > deliveredAt;
  const start = isWhole && chosen !== undefined ? chosen : packStartAt(book, book.timeZone, deliveredAt);
  // A life that starts with a day is one of whole days, also where the clocks skip the midnight of one of them.
  const expiry = packExpiry === 'instant' && isWhole ? 'start-of-day' : packExpiry;
  return {
    effectiveAt: coveredFrom(book, timeZone, deliveredAt, start),
    expiresAt: endOfLife(book.timeZone, start, validity, expiry),
  };
}

/** From when on a pack pays that starts at `start`: a book may have it pay for calls before too. Its life is no longer for that. */
function coveredFrom({ policies }: PriceBook, timeZone: string, deliveredAt: Instant, start: Instant): Instant {
  const { packCovers } = policies;
  if (packCovers === undefined) return start;
  const first =
    packCovers === 'day'
      ? startOfDayAfter(timeZone, deliveredAt, 0)
      : startOfPeriod(timeZone, periodOf(timeZone, deliveredAt));
  return first < start ? first : start;
}

/** From when a pack delivered at `deliveredAt` pays, by the calendar of a zone. A buyer who may choose another day has not. */
export function packStartAt({ policies }: PriceBook, zone: string, deliveredAt: Instant): Instant {
  const days = startDays[policies.packStart];
  return days === null ? deliveredAt : startOfDayAfter(zone, deliveredAt, days);
}

/** So many days after its delivery a pack starts with the day; null: it starts at once. */
const startDays: Record<PackStart, number | null> = { instant: null, day: 0, 'next-day': 1, chosen: null };

/** The same of a gift that ends with a month: one that is given on its last day starts at once, or it would never. */
export function giftStartAt(book: PriceBook, zone: string, deliveredAt: Instant, end: Instant): Instant {
  const start = packStartAt(book, zone, deliveredAt);
  return coveredFrom(book, zone, deliveredAt, start < end ? start : deliveredAt);
}

/** The furthest ahead that a buyer may choose, in days. */
const mostDaysAhead = 366;

/** Why a pack cannot start on a day that its buyer chooses: the book gives no choice, or the day is past or too far. */
export function refuseStart({ policies, timeZone }: PriceBook, startsOn: string, now: Instant): Refusal | undefined {
  const dayAfter = (days: number): Day => dayOf(timeZone, startOfDayAfter(timeZone, now, days));
  const [from, until] = [dayAfter(0), dayAfter(mostDaysAhead)];
  const { packStart } = policies;
  const isDay = parseDay(timeZone, startsOn) !== undefined;
  if (packStart === 'chosen' && isDay && from <= startsOn && startsOn <= until) return undefined;
  const why = packStart === 'chosen' ? { from, until } : { packStart };
  return refuse('START_NOT_FREE', { day: startsOn, ...why }, '/startsOn');
}

/** From this instant on no accepted call can reach the pack: what is left is forfeited (billing rules 3.2). */
export const forfeitFrom = (pack: PackLife, policies: Policies): Instant =>
  instantOf(pack.expiresAt + policies.lateWindowDays * dayLength);

export const isInsideLife = (pack: PackLife, at: Instant): boolean => pack.effectiveAt <= at && at < pack.expiresAt;

export function packState(standing: PackStanding, now: Instant): PackState {
  const { facts, refundedAt, remaining } = standing;
  if (refundedAt !== null) return 'refunded';
  if (now < facts.effectiveAt) return 'pending';
  if (now >= facts.expiresAt) return 'expired';
  return remaining === noCalls ? 'exhausted' : 'active';
}

/** The last instant of the refund window, exclusive: 00:00 of day D + 8 for 7 days (billing rules 3.4). Null: there is none. */
export function refundableUntil(book: PriceBook, pack: PackFacts): Instant | null {
  const days = refundDaysOf(book, pack);
  return days === null ? null : startOfDayAfter(book.timeZone, pack.boughtAt, days + 1);
}

interface RefundTerms {
  readonly exception?: boolean;
  readonly until?: Instant | null;
}

/**
 * Undefined when the pack may be refunded now; otherwise why not. `exception`: an operator's, who may do so after its window; `until`: the
 * end of that, where it is known already.
 */
export function refundRefusal(
  book: PriceBook,
  standing: PackStanding,
  now: Instant,
  { exception = false, until = refundableUntil(book, standing.facts) }: RefundTerms = {},
): Refusal | undefined {
  const { facts } = standing;
  if (facts.gift) return refuse('GIFT_NOT_REFUNDABLE', { pack: facts.id });
  if (standing.refundedAt !== null) return refuse('ALREADY_REFUNDED', { pack: facts.id });
  const isPart = standing.used && refundPartOf(book, facts) !== undefined;
  if ((standing.used && !isPart) || standing.held > noCalls) return refuse('PACK_IN_USE', { pack: facts.id });
  if (!exception && until === null) return refuse('NEVER_REFUNDABLE', { pack: facts.id });
  if (!exception && until !== null && now >= until) {
    return refuse('REFUND_WINDOW_CLOSED', { pack: facts.id, days: String(refundDaysOf(book, facts)) });
  }
  // A book may have packs that live shorter than their refund window: what was forfeited cannot be paid back as well.
  if (standing.forfeited > noCalls || (isPart && now >= facts.expiresAt)) {
    return refuse('PACK_EXPIRED', { pack: facts.id });
  }
  const isNothing = isPart && (standing.remaining === noCalls || refundAmount(book, standing) <= noMoney);
  return isNothing ? refuse('NOTHING_TO_REFUND', { pack: facts.id }) : undefined;
}

/** What a pack pays that is given back: its price while untouched, else that less what its used units cost, half up once. */
export function refundAmount(book: PriceBook, { facts, used, remaining }: PackStanding): Money {
  const refundPart = refundPartOf(book, facts);
  if (!used || refundPart === undefined) return facts.price;
  if (refundPart === 'paid') return worthOf(facts, remaining);
  const usedUnits = facts.calls - remaining;
  const rest = divideHalfUp(facts.price * refundPart.per - usedUnits * refundPart.amount, refundPart.per);
  return (rest < 0n ? 0n : rest) as Money;
}

/** What `calls` of a bought pack were worth at the price paid for it, half up; nothing for a gift. */
export const worthOf = (pack: PackFacts, calls: Calls): Money =>
  pack.calls === noCalls ? noMoney : (divideHalfUp(pack.price * calls, pack.calls) as Money);

/** What is left of it at the price paid; of equal packs each is rounded by itself, as if it stood alone. */
export const worthOfRest = (pack: LivePack): Money =>
  sumMoney(
    (pack.runs ?? [{ packs: 1n, remaining: pack.remaining }]).map(
      ({ packs, remaining }) => (packs * worthOf(pack, remaining)) as Money,
    ),
  );

type Comparator = (a: PackFacts, b: PackFacts, book: PriceBook, meter?: string) => number;

const breadth = (book: PriceBook, pack: PackFacts): number => book.packProducts.get(pack.product)?.covers.size ?? 0;

/** A cover without a priority stands behind all that have one. */
function priorityOf(book: PriceBook, pack: PackFacts, meter: string | undefined): number {
  if (meter === undefined) return lastPriority;
  return book.packProducts.get(pack.product)?.priorities?.get(meter) ?? lastPriority;
}

const lastPriority = Number.MAX_SAFE_INTEGER;

const signOf = (difference: bigint): number => (difference < 0n ? -1 : difference > 0n ? 1 : 0);

const comparators: Record<DrawKey, Comparator> = {
  'gift-first': (a, b) => Number(b.gift) - Number(a.gift),
  'fewest-meters-first': (a, b, book) => breadth(book, a) - breadth(book, b),
  'earliest-expiry': (a, b) => a.expiresAt - b.expiresAt,
  'earliest-effective': (a, b) => a.effectiveAt - b.effectiveAt,
  'earliest-bought': (a, b) => a.boughtAt - b.boughtAt,
  'smallest-first': (a, b) => signOf(a.calls - b.calls),
  // By what a call cost, exactly.
  'cheapest-first': (a, b) => signOf(a.price * b.calls - b.price * a.calls),
  'priority-first': (a, b, book, meter) => priorityOf(book, a, meter) - priorityOf(book, b, meter),
};

/** Which of two packs pays first for calls of a meter; without one, what decides whatever is called. */
export type PackOrder = (a: PackFacts, b: PackFacts, meter?: string) => number;

/** What one department bought for itself is used before what all share. */
const scopedFirst: Comparator = (a, b) => Number(b.department !== undefined) - Number(a.department !== undefined);

/** The order in which packs pay (billing rules 4.2): those of a department first, behind gifts where they lead. Total: it ends with the id. */
export function comparePacks(book: PriceBook): PackOrder {
  const { drawOrder } = book.policies;
  const keys = drawOrder.map((key) => comparators[key]);
  keys.splice(drawOrder[0] === 'gift-first' ? 1 : 0, 0, scopedFirst);
  return (a, b, meter) => {
    for (const compare of keys) {
      const order = compare(a, b, book, meter);
      if (order !== 0) return order;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  };
}

/** Whether which pack pays first depends on what is called. */
export const drawsByMeter = (book: PriceBook): boolean => book.policies.drawOrder.includes('priority-first');

/** Packs that stand in the book's order, in that of one meter. */
export const packsFor = <P extends PackFacts>(meter: string, packs: readonly P[], book: PriceBook): readonly P[] =>
  drawsByMeter(book) ? sortedFor(meter, packs, comparePacks(book)) : packs;

export const sortedFor = <P extends PackFacts>(meter: string, packs: readonly P[], order: PackOrder): readonly P[] =>
  packs.toSorted((a, b) => order(a, b, meter));

/** Whether a pack may pay for calls of a department; null or left out: of none that has a name. */
export const isForDepartment = ({ department }: PackFacts, of: string | null | undefined): boolean =>
  department === undefined || department === of;
