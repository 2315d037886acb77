// What an account's owner and operator do besides calling: top up, buy, gift, refund. Same terms as head.ts.
// Source: billing rules 3 and 6.8.

import { type Day, endOfPeriod, nextPeriod, periodOf, startOfPeriod } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import {
  giftStartAt,
  livePackOf,
  type PackFacts,
  type PackLife,
  type PackStanding,
  packLife,
  refundAmount,
  refundRefusal,
  refuseStart,
} from '../core/pack.ts';
import { type PriceBook, packSizeOf } from '../core/price-book.ts';
import { amountLimits, type Refusal, refuse } from '../core/refusal.ts';
import {
  addMoney,
  type Calls,
  formatMoney,
  type Instant,
  isStorable,
  type Money,
  mostCalls,
  negateMoney,
  noCalls,
  noMoney,
} from '../core/units.ts';
import { addPack, dropPack, type Head, heldUnits } from './head.ts';

export type EntryKind = 'top-up' | 'purchase' | 'refund' | 'bill' | 'credit';

/** An append-only line of the account's money balance. */
export interface MoneyEntry {
  readonly seq: number;
  readonly kind: EntryKind;
  /** Signed: what the balance rose by. */
  readonly amount: Money;
  readonly balance: Money;
  readonly at: Instant;
  /** The pack or bill it is for, the payer's own reference of a top-up, or what a credit is for. */
  readonly reference: string;
  /** Arrears that it begins or ends. */
  readonly arrears?: 'begun' | 'ended';
}

/** Why a balance cannot change by an amount: no ledger row could hold it. One that a quote imagines is beyond that anyhow. */
export function balanceRefusal(
  head: Head,
  { currency }: PriceBook,
  amount: Money,
  pointer?: string,
): Refusal | undefined {
  const balance = addMoney(head.balance, amount);
  if (isStorable(balance) || !isStorable(head.balance)) return undefined;
  const after = formatMoney(balance, currency);
  return refuse('INVALID_AMOUNT', { sum: 'balance', value: after, ...amountLimits(currency) }, pointer);
}

/** Adds to the balance. A balance of zero or more ends arrears (billing rules 6.9). */
export function enterMoney(head: Head, kind: EntryKind, amount: Money, reference: string, now: Instant): MoneyEntry {
  const wasInArrears = head.negativeSince !== null;
  head.balance = addMoney(head.balance, amount);
  if (head.balance >= noMoney) head.negativeSince = null;
  else if (kind === 'bill') head.negativeSince ??= now;
  const isInArrears = head.negativeSince !== null;
  const arrears =
    isInArrears === wasInArrears ? {} : { arrears: isInArrears ? ('begun' as const) : ('ended' as const) };
  head.seq += 1;
  return { seq: head.seq, kind, amount, balance: head.balance, at: now, reference, ...arrears };
}

/** Why an amount is none to pay. The text says what a payment must be only here: an amount that was computed is no payment. */
export const refusePayment = (facts: Refusal['facts'], pointer?: string): Refusal =>
  refuse('INVALID_AMOUNT', { payment: 'positive', ...facts }, pointer);

export const topUp = (
  head: Head,
  book: PriceBook,
  amount: Money,
  reference: string,
  now: Instant,
): MoneyEntry | Refusal => payIn(head, book, 'top-up', amount, reference, now);

/** Money that nobody paid in. */
export const credit = (
  head: Head,
  book: PriceBook,
  amount: Money,
  reason: string,
  now: Instant,
): MoneyEntry | Refusal => payIn(head, book, 'credit', amount, reason, now);

function payIn(
  head: Head,
  book: PriceBook,
  kind: 'top-up' | 'credit',
  amount: Money,
  reference: string,
  now: Instant,
): MoneyEntry | Refusal {
  if (amount <= noMoney) {
    const facts = { amount: formatMoney(amount, book.currency), ...amountLimits(book.currency) };
    return refusePayment(facts, '/amount');
  }
  const refusal = balanceRefusal(head, book, amount, '/amount');
  if (refusal !== undefined) return refusal;
  return enterMoney(head, kind, amount, reference, now);
}

export interface Purchase {
  readonly pack: PackFacts;
  readonly entry: MoneyEntry;
}

export interface PackOrder {
  readonly id: string;
  readonly product: string;
  readonly size: Calls;
  /** So many equal packs that stand as one. A ledger's packs have an id each and no count. */
  readonly count?: number;
  /** The day that it is to start on, where the book lets its buyers choose; without one at its delivery. */
  readonly startsOn?: Day;
  /** It is to pay for calls of this department alone. */
  readonly department?: string;
  /** What an earlier order agreed that one costs, whether or not the size is still sold. */
  readonly agreed?: Money;
}

/**
 * Buys a pack from the balance. Whoever buys many of one size at once gives their `lives`, which the calendar is slow to say.
 * Refusals: UNKNOWN_PRODUCT, SIZE_NOT_SOLD, START_NOT_FREE, INSUFFICIENT_BALANCE.
 */
export function buyPack(
  head: Head,
  book: PriceBook,
  order: PackOrder,
  now: Instant,
  lives?: PackLife,
): Purchase | Refusal {
  const today = bookIn(book, periodOf(head.timeZone, now));
  const product = today.packProducts.get(order.product);
  if (product === undefined) return unknownProduct(book, order.product);
  const { agreed, startsOn, ...terms } = order;
  const size = agreed === undefined ? packSizeOf(product, order.size) : { calls: order.size, price: agreed };
  if (size === undefined)
    return sizeNotSold(
      product.id,
      order.size,
      product.sizes.map((sold) => sold.calls),
    );
  const refusal = startsOn === undefined ? undefined : refuseStart(book, startsOn, now);
  if (refusal !== undefined) return refusal;
  const price = (size.price * BigInt(order.count ?? 1)) as Money;
  if (head.balance < price) return insufficientBalance(book, product.id, head.balance, price);
  // Nothing below may refuse.
  const life =
    lives ?? packLife(today, { product: product.id, calls: size.calls }, now, { timeZone: head.timeZone, startsOn });
  const entry = enterMoney(head, 'purchase', negateMoney(price), order.id, now);
  const pack = deliver(head, book, {
    ...terms,
    ...life,
    gift: false,
    calls: size.calls,
    price: size.price,
    boughtAt: now,
  });
  return { pack, entry };
}

export const insufficientBalance = ({ currency }: PriceBook, pack: string, balance: Money, price: Money): Refusal =>
  refuse('INSUFFICIENT_BALANCE', {
    pack,
    balance: formatMoney(balance, currency),
    price: formatMoney(price, currency),
  });

export const unknownProduct = (book: PriceBook, product: string): Refusal =>
  refuse('UNKNOWN_PRODUCT', { product, book: book.id, known: [...book.packProducts.keys()].join(', ') }, '/product');

export const sizeNotSold = (product: string, size: Calls, sold: readonly Calls[]): Refusal =>
  refuse('SIZE_NOT_SOLD', { product, size: size.toString(), sold: sold.join(', ') }, '/size');

export interface GiftOrder {
  readonly id: string;
  readonly product: string;
  readonly calls: Calls;
  /** Null: one gift with the book's pack life. A number: so many monthly gifts, each ending with its month. */
  readonly months: number | null;
  /** It is to pay for calls of this department alone. */
  readonly department?: string;
}

export interface Gift {
  readonly seq: number;
  readonly pack: PackFacts;
}

/** The most months one order of monthly gifts may cover. */
export const mostGiftMonths = 36;

/**
 * Gives calls (billing rules 3.5). Monthly gifts are all delivered at once, each pending until 00:00 of its 1st (the first
 * from its delivery, as the book's packs start), so that no clockwork has to grant them and a late call finds the gift of its own
 * month. Their months are the account's, as those of its bills.
 */
export function giveGift(head: Head, book: PriceBook, order: GiftOrder, now: Instant): Gift[] | Refusal {
  if (!book.packProducts.has(order.product)) return unknownProduct(book, order.product);
  if (order.calls < 1n || order.calls > mostCalls) {
    return refuse('INVALID_QUANTITY', { calls: order.calls.toString() }, '/calls');
  }
  if (order.months !== null && (order.months < 1 || order.months > mostGiftMonths)) {
    return refuse('INVALID_INPUT', { problem: `months: 1…${mostGiftMonths}` }, '/months');
  }
  // Nothing below may refuse.
  const { id, product, calls, months, department } = order;
  const scope = department === undefined ? {} : { department };
  const terms = { product, calls, gift: true, price: noMoney, boughtAt: now, ...scope };
  const lives =
    months === null
      ? [{ id, ...packLife(book, { product, calls }, now, head) }]
      : monthlyLives(head, book, { id, months }, now);
  return lives.map((life) => {
    head.seq += 1;
    return { seq: head.seq, pack: deliver(head, book, { ...terms, ...life }) };
  });
}

function monthlyLives(
  { timeZone }: Head,
  book: PriceBook,
  { id, months }: { readonly id: string; readonly months: number },
  now: Instant,
) {
  const first = periodOf(timeZone, now);
  return Array.from({ length: months }, (_, index) => {
    const period = nextPeriod(first, index);
    return {
      id: `${id}-${index + 1}`,
      effectiveAt:
        index === 0 ? giftStartAt(book, timeZone, now, endOfPeriod(timeZone, period)) : startOfPeriod(timeZone, period),
      expiresAt: endOfPeriod(timeZone, period),
    };
  });
}

export function deliver(head: Head, book: PriceBook, terms: Omit<PackFacts, 'no'>): PackFacts {
  head.packCount += 1;
  const facts: PackFacts = {
    no: head.packCount,
    id: terms.id,
    product: terms.product,
    gift: terms.gift,
    calls: terms.calls,
    price: terms.price,
    boughtAt: terms.boughtAt,
    effectiveAt: terms.effectiveAt,
    expiresAt: terms.expiresAt,
    ...(terms.department === undefined ? {} : { department: terms.department }),
    ...(terms.count === undefined ? {} : { count: terms.count }),
  };
  addPack(head, book, livePackOf(facts));
  return facts;
}

/**
 * Pays the full price of an untouched pack back (billing rules 3.4), or what is left of it where its book says how; `exception`: also
 * after its window. Refusals: those of `refundRefusal`, INVALID_AMOUNT.
 */
export function refundPack(
  head: Head,
  book: PriceBook,
  standing: PackStanding,
  now: Instant,
  exception = false,
): MoneyEntry | Refusal {
  const sold = bookIn(book, periodOf(head.timeZone, standing.facts.boughtAt));
  const amount = refundAmount(sold, standing);
  const refusal = refundRefusal(sold, standing, now, { exception }) ?? balanceRefusal(head, book, amount);
  if (refusal !== undefined) return refusal;
  // Nothing below may refuse.
  dropPack(head, standing.facts.no);
  return enterMoney(head, 'refund', amount, standing.facts.id, now);
}

export interface PackEnds {
  readonly forfeited: Calls;
  readonly refundedAt: Instant | null;
  /** Some event drew from the pack, voided or not. Only rows tell it of a pack that was forfeited whole: the head forgets. */
  readonly used?: boolean;
}

/**
 * What is known of a pack: its facts, its ends as the ledger has them, and what the head carries.
 * A pack that the head no longer carries is exhausted, forfeited or refunded.
 */
export function standingOf(head: Head, facts: PackFacts, ends: PackEnds): PackStanding {
  const live = head.packs.find((pack) => pack.no === facts.no);
  const held = heldUnits(head, facts.no);
  const untouched = ends.refundedAt !== null || ends.forfeited === facts.calls;
  return {
    facts,
    remaining: live === undefined ? noCalls : ((live.remaining + held) as Calls),
    held,
    used: ends.used ?? (live === undefined ? !untouched : live.used),
    forfeited: ends.forfeited,
    refundedAt: ends.refundedAt,
  };
}
