// Past months lived again on other terms, day by day through the core: another book, other packs, more or fewer calls.
// Nothing is priced here and nothing is saved. What is and is not repeated: docs/concepts/forecast.md.

import {
  bringPack,
  bringUp,
  buy,
  charge,
  factsOf,
  type MemoryLedger,
  openLedger,
  refund,
} from '../account/memory-ledger.ts';
import { type Bill, makeBill, packNoOf } from '../core/bill.ts';
import { type Day, dayOf, endOfPeriod, type Period, periodOfDay } from '../core/calendar.ts';
import { type PackFacts, worthOfRest } from '../core/pack.ts';
import { isInOrder } from '../core/placed.ts';
import type { PriceBook, Tariff, Words } from '../core/price-book.ts';
import { allOrRefusal, isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import {
  addCalls,
  type Calls,
  divideHalfUp,
  type Instant,
  instantOf,
  type Money,
  noCalls,
  subtractCalls,
} from '../core/units.ts';
import type { DayUsage } from '../core/usage.ts';
import { callsWords } from '../words/figures.ts';
import { whatIfWords } from '../words/what-if.ts';
import { inOrderOfPayers } from './day-order.ts';
import { midnightOf } from './live-ahead.ts';
import { carriedPacks, type Left, leftOf, type Past, type PastPack, spanOf, unitsBefore } from './past.ts';

export interface PackWish {
  readonly product: string;
  readonly size: Calls;
  readonly count: number;
}

/** How the months are lived again. */
export interface Terms {
  readonly book: PriceBook;
  /** Bought at the start of the first month, in place of all that was bought in the months. Null: what was really bought. */
  readonly packs: readonly PackWish[] | null;
  readonly growth: Growth;
}

/** The factor `times / per`, exact. */
export interface Growth {
  readonly times: bigint;
  readonly per: bigint;
}

export interface ReplayNotice extends Words {
  readonly code: 'PACK_NOT_SOLD' | 'REFUND_NOT_REPEATED' | 'PACK_USELESS';
  readonly facts: Readonly<Record<string, string | bigint>>;
}

export interface Replayed {
  readonly bills: readonly Bill[];
  readonly left: Left;
  readonly notices: readonly ReplayNotice[];
}

/**
 * Refusals: UNKNOWN_METER where the book lacks a meter that was called, PRICED_BY_PLACE (pointer /book); UNKNOWN_PRODUCT and SIZE_NOT_SOLD of the
 * wished packs (pointer /packs/…); INVALID_AMOUNT of a bill that no ledger could hold.
 */
export function replay(past: Past, terms: Terms): Replayed | Refusal {
  const unknown = past.uses.find(({ meter }) => !terms.book.meters.has(meter));
  if (unknown !== undefined) return refuse('UNKNOWN_METER', { meter: unknown.meter, book: terms.book.id }, '/book');
  const inOrder = past.uses
    .map(({ meter }) => tariffOf(terms.book, meter))
    .find((tariff) => tariff && isInOrder(tariff));
  // Of a day only sums are known.
  if (inOrder !== undefined) return refuse('PRICED_BY_PLACE', { tariff: inOrder.id }, '/book');
  const again = new Again(past, terms);
  const refusal = again.begin();
  if (refusal !== undefined) return refusal;
  const byDay = Map.groupBy(past.uses, (use) => use.day);
  const days = new Set([...byDay.keys(), ...again.daysOfTrades()]);
  const bills = past.months.map((month) => {
    for (const day of [...days].filter((each) => periodOfDay(each) === month).toSorted()) {
      again.live(day, byDay.get(day) ?? []);
    }
    return again.bill(month);
  });
  const granted = allOrRefusal(bills);
  return isRefusal(granted) ? granted : { bills: granted, left: again.left(), notices: again.notices };
}

const tariffOf = ({ tariffs, meters }: PriceBook, meter: string): Tariff | undefined =>
  tariffs.get(meters.get(meter)?.tariff ?? '');

/** Nobody's balance is asked in a what-if. */
const enough = (10n ** 30n) as Money;

class Again {
  readonly notices: ReplayNotice[] = [];
  readonly #past: Past;
  readonly #terms: Terms;
  readonly #ledger: MemoryLedger;
  /** The real packs, for the order in which they paid. */
  readonly #real: ReadonlyMap<number, PackFacts>;
  /** Real and grown calls of the running month by meter: rounding is done on the sum. */
  readonly #grown = new Map<string, { readonly real: Calls; readonly grown: Calls }>();

  constructor(past: Past, terms: Terms) {
    this.#past = past;
    this.#terms = terms;
    this.#ledger = openLedger(terms.book, { id: past.account, balance: enough, timeZone: past.timeZone });
    this.#real = new Map(past.packs.map(({ facts }) => [facts.no, facts]));
    this.#ledger.head.packCount = Math.max(0, ...this.#real.keys());
  }

  /** The packs that were there before stay as they were; then those that are wished. */
  begin(): Refusal | undefined {
    const { book, packs } = this.#terms;
    for (const pack of carriedPacks(this.#past)) {
      bringPack(this.#ledger, pack.facts, unitsBefore(this.#past, pack));
      if (book.packProducts.get(pack.facts.product) === undefined) this.#useless(pack.facts);
    }
    const { from } = spanOf(this.#past);
    for (const [index, { product, size, count }] of (packs ?? []).entries()) {
      const refusal = buy(this.#ledger, { id: this.#freeId(index + 1), product, size, count }, from);
      if (refusal !== undefined) return { ...refusal, pointer: `/packs/${index}${refusal.pointer ?? ''}` };
    }
    return undefined;
  }

  /** A real pack may be called as a wished one would be. */
  #freeId(no: number): string {
    const id = `what-if-${no}`;
    return this.#past.packs.some(({ facts }) => facts.id === id) ? `${id}-wished` : id;
  }

  #dayOf = (at: Instant): Day => dayOf(this.#past.timeZone, at);

  get #paysEarlier(): boolean {
    return this.#past.book.policies.packCovers !== undefined;
  }

  /** Days on which a pack was delivered or refunded in the months. */
  daysOfTrades(): Day[] {
    const { from, to } = spanOf(this.#past);
    const times = this.#past.packs.flatMap(({ facts, refundedAt }) => [
      facts.boughtAt,
      ...(refundedAt === null ? [] : [refundedAt]),
    ]);
    return times.filter((at) => from <= at && at < to).map(this.#dayOf);
  }

  /** Deliveries and refunds first: a refunded pack had paid nothing, and a delivered one is not drawn before its time. */
  live(day: Day, uses: readonly DayUsage[]): void {
    const trades = this.#past.packs.flatMap((pack) => [
      { at: pack.facts.boughtAt, take: () => this.#receive(pack) },
      ...(pack.refundedAt === null ? [] : [{ at: pack.refundedAt, take: (at: Instant) => this.#refund(pack, at) }]),
    ]);
    for (const { at, take } of trades.filter((each) => this.#dayOf(each.at) === day).toSorted((a, b) => a.at - b.at)) {
      take(at);
    }
    for (const { meter, calls, at, pack } of this.#inOrder(day, uses)) {
      const grown = this.#grow(meter, calls);
      if (grown > noCalls) charge(this.#ledger, { meter, calls: grown, at, department: pack?.department ?? null });
    }
  }

  /** Gifts do not depend on what is bought: they come as they came. */
  #receive({ facts }: PastPack): void {
    if (facts.gift) {
      bringPack(this.#ledger, facts, facts.calls);
      return;
    }
    if (this.#terms.packs !== null) return;
    const { id, product, calls: size, department } = facts;
    const order = { id, product, size, ...(department === undefined ? {} : { department }) };
    // It keeps its number, so that bills name packs in the same order.
    this.#ledger.head.packCount = facts.no - 1;
    if (buy(this.#ledger, order, facts.boughtAt) !== undefined) this.#notSold(facts);
  }

  #refund({ facts }: PastPack, at: Instant): void {
    if (!this.#ledger.packs.has(facts.id)) return;
    if (refund(this.#ledger, facts.id, at) !== undefined) this.#notRefunded(facts);
  }

  /**
   * A day's calls in an order that explains who really paid: first what packs paid, in draw order and not before each pack's time,
   * then the postpaid rest. On unchanged terms every call is so paid as it was.
   */
  #inOrder(day: Day, uses: readonly DayUsage[]) {
    const midnight = midnightOf(this.#past.timeZone, day);
    const placed = uses.map((use) => {
      const payer = use.payer === 'postpaid' ? undefined : this.#real.get(packNoOf(use.payer));
      // A pack that came on a later day pays when it comes: until then the call is postpaid.
      const pack = payer !== undefined && this.#dayOf(payer.boughtAt) > day && this.#paysEarlier ? undefined : payer;
      const at = pack === undefined || pack.effectiveAt < midnight ? midnight : pack.effectiveAt;
      return { ...use, pack, at };
    });
    return inOrderOfPayers(placed, this.#past.book);
  }

  /** Rounded on the month's running sum, so that a month's calls are its real calls times the factor, rounded once. */
  #grow(meter: string, calls: Calls): Calls {
    const { times, per } = this.#terms.growth;
    const before = this.#grown.get(meter) ?? { real: noCalls, grown: noCalls };
    const real = addCalls(before.real, calls);
    const grown = divideHalfUp(real * times, per) as Calls;
    this.#grown.set(meter, { real, grown });
    return subtractCalls(grown, before.grown);
  }

  bill(period: Period): Bill | Refusal {
    const ledger = this.#ledger;
    bringUp(ledger, instantOf(endOfPeriod(this.#past.timeZone, period) - 1));
    this.#grown.clear();
    // What the packs lose is not asked; lost, it pays no more.
    return makeBill({ ...factsOf(ledger, period), forfeits: [] }, this.#terms.book);
  }

  left(): Left {
    const { packs } = this.#ledger.head;
    const left = packs.map((pack) => ({ facts: pack, units: pack.remaining, worth: worthOfRest(pack) }));
    return leftOf(left, spanOf(this.#past).to);
  }

  #notSold({ id, product, calls }: PackFacts): void {
    this.notices.push({
      code: 'PACK_NOT_SOLD',
      ...whatIfWords.doesNotSellInPacksOf(this.#terms.book.id, product, callsWords(calls), id),
      facts: { pack: id, product, size: calls },
    });
  }

  #notRefunded({ id }: PackFacts): void {
    this.notices.push({
      code: 'REFUND_NOT_REPEATED',
      ...whatIfWords.onTheseTermsPackHasBeen(id),
      facts: { pack: id },
    });
  }

  #useless({ id, product }: PackFacts): void {
    this.notices.push({
      code: 'PACK_USELESS',
      ...whatIfWords.hasNoPackProduct(this.#terms.book.id, product, id),
      facts: { pack: id, product },
    });
  }
}

/** "1.2" → 12/10. Undefined unless it is a decimal from 0.0001 to 1000 with at most four places. */
export function parseGrowth(text: string): Growth | undefined {
  const match = /^(\d{1,4})(?:\.(\d{1,4}))?$/.exec(text);
  if (match === null) return undefined;
  const times = BigInt((match[1] ?? '') + (match[2] ?? '').padEnd(4, '0'));
  return times < 1n || times > 10_000_000n ? undefined : { times, per: 10_000n };
}
