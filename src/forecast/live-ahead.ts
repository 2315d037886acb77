// Days to come, lived through the core: the account's own packs pay in their order, the rest is postpaid, and the month's bill is
// rated as ever. A forecast is a bill with other numbers; nothing is priced here.

import { bookForfeits } from '../account/forfeits.ts';
import { type Head, usageOf } from '../account/head.ts';
import { expireHolds } from '../account/hold.ts';
import { settleUse } from '../account/use.ts';
import { type Bill, makeBill, type PeriodFacts } from '../core/bill.ts';
import { type Day, endOfPeriod, parseDay, periodOfDay } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { countedOf } from '../core/counted.ts';
import type { PackFacts } from '../core/pack.ts';
import { Placing, placedIn } from '../core/placed.ts';
import type { PriceBook } from '../core/price-book.ts';
import { rate, reachedBy } from '../core/rate.ts';
import type { Refusal } from '../core/refusal.ts';
import { type Calls, type Instant, instantOf, noCalls, subtractCalls } from '../core/units.ts';
import { periodUsage, type UsageTotal } from '../core/usage.ts';

/** An account at one moment: what a forecast starts from. */
export interface Standing {
  readonly head: Head;
  readonly book: PriceBook;
  /** The running period's facts so far, forfeits due by now booked. */
  readonly facts: PeriodFacts;
  readonly now: Instant;
}

/** Calls of one meter, from today on, a number for each day. */
export interface MeterDays {
  readonly meter: string;
  readonly calls: readonly Calls[];
}

/** One way the days to come may go. */
export interface Lived {
  /** The bill of the running period as it stands at its end. Refusal: INVALID_AMOUNT. */
  readonly bill: Bill | Refusal;
  /** The day on which a pack has nothing left that a call could use, by its number. */
  readonly dry: ReadonlyMap<number, Day>;
  /** Units that a pack has left when it expires. */
  readonly forfeits: ReadonlyMap<number, Calls>;
  /** The day of this period on which its postpaid calls reach the account's cap. */
  readonly capDay: Day | null;
  /** The day of this period from which on a tariff has no public price, or a prepaid-only meter (`meter:ID`) goes unpaid. */
  readonly unpriced: ReadonlyMap<string, Day>;
  /** The first day to come on which a call is not paid by a pack. */
  readonly postpaidDay: Day | null;
}

/** A day to come, and when its calls are settled: at its start, today's at once. */
export interface DayAhead {
  readonly day: Day;
  readonly at: Instant;
}

export const daysAhead = (days: readonly Day[], { head, now }: Standing): DayAhead[] =>
  days.map((day, index) => ({ day, at: index === 0 ? now : midnightOf(head.timeZone, day) }));

/** Lives `days`, the first of which is today; they reach at least to the end of the running period. */
export function liveAhead(start: Standing, days: readonly DayAhead[], usage: readonly MeterDays[]): Lived {
  const walk = new Walk(start);
  let bill: Bill | Refusal | undefined;
  for (const [index, ahead] of days.entries()) {
    if (periodOfDay(ahead.day) !== start.facts.period) bill ??= walk.bill();
    if (bill !== undefined && walk.isSettled()) break;
    walk.live(
      ahead,
      usage.map(({ meter, calls }) => ({ meter, calls: calls[index] ?? noCalls })),
    );
  }
  return { bill: bill ?? walk.bill(), ...walk.seen() };
}

/** A copy that may be changed: nothing of what comes is ever saved. Calls in the air are let go, arrears taken as paid. */
function copyOf({ head, book }: Standing): Head {
  const copy: Head = {
    ...head,
    packs: head.packs.map((pack) => ({ ...pack })),
    postpaidCalls: new Map(head.postpaidCalls),
    caps: [],
    capped: new Map(),
    usage: new Map(),
    finals: new Set(head.finals),
    holds: [...head.holds],
    negativeSince: null,
  };
  expireHolds(copy, book, instantOf(Number.MAX_SAFE_INTEGER));
  return copy;
}

class Walk {
  readonly #start: Standing;
  readonly #head: Head;
  readonly #dry = new Map<number, Day>();
  readonly #forfeits = new Map<number, Calls>();
  readonly #unpriced = new Map<string, Day>();
  /** The period's calls by meter and payer: those counted and those lived. */
  #usage: readonly UsageTotal[];
  /** Of tariffs priced by the order of calls: what was counted, and behind it what was lived. */
  readonly #placing = new Map<string, Placing>();
  #capDay: Day | null = null;
  #postpaidDay: Day | null = null;

  constructor(start: Standing) {
    this.#start = start;
    this.#head = copyOf(start);
    this.#usage = start.facts.usage;
    const { book, facts } = start;
    for (const { tariff, quantities } of countedOf(facts.usage, book, placedIn(facts.placed, facts.period, 'now')))
      if (quantities.placed !== undefined)
        this.#placing.set(tariff.id, new Placing(tariff, quantities.placed, reachedBy(tariff, quantities)));
    for (const { period, when, tariff: id, placed } of facts.placed ?? []) {
      const tariff = book.tariffs.get(id);
      if (period !== facts.period || when !== 'now' || tariff === undefined || this.#placing.has(id)) continue;
      this.#placing.set(id, new Placing(tariff, placed));
    }
  }

  seen() {
    return {
      dry: this.#dry,
      forfeits: this.#forfeits,
      unpriced: this.#unpriced,
      capDay: this.#capDay,
      postpaidDay: this.#postpaidDay,
    };
  }

  /** No pack is left whose fate is open. */
  isSettled(): boolean {
    return this.#head.packs.every(({ no }) => this.#dry.has(no) || this.#forfeits.has(no));
  }

  live({ day, at }: DayAhead, uses: readonly { readonly meter: string; readonly calls: Calls }[]): void {
    const head = this.#head;
    const { book } = this.#start;
    for (const pack of head.packs) {
      if (pack.expiresAt <= at && !this.#dry.has(pack.no)) this.#forfeits.set(pack.no, pack.remaining);
    }
    for (const { meter, calls } of uses) {
      if (calls === noCalls || !book.meters.has(meter)) continue;
      const { postpaid } = settleUse(head, book, { id: day, meter, calls, at, outcome: 'charged' }, at);
      if (periodOfDay(day) === this.#start.facts.period) {
        const placing = this.#placing.get(book.meters.get(meter)?.tariff ?? '');
        placing?.add(meter, { postpaid, drawn: subtractCalls(calls, postpaid) });
      }
      if (postpaid > noCalls) this.#postpaidDay ??= day;
    }
    this.#noteDryPacks(day);
    if (periodOfDay(day) === this.#start.facts.period) {
      this.#usage = periodUsage(book, [...this.#usage, ...usageOf(head)]);
      this.#noteLimits(day);
    }
    head.usage.clear();
  }

  #noteDryPacks(day: Day): void {
    const left = new Map(this.#head.packs.map((pack) => [pack.no, pack.remaining]));
    for (const pack of this.#start.head.packs) {
      const least = leastUnits(this.#start.book, pack);
      if ((left.get(pack.no) ?? noCalls) >= least || this.#forfeits.has(pack.no) || this.#dry.has(pack.no)) continue;
      this.#dry.set(pack.no, day);
    }
  }

  #noteLimits(day: Day): void {
    const { facts } = this.#start;
    const book = bookIn(this.#start.book, facts.period);
    const { cap, postpaidCalls } = this.#head;
    if (cap !== null && (postpaidCalls.get(facts.period) ?? noCalls) >= cap) this.#capDay ??= day;
    for (const { tariff, quantities } of countedOf(this.#usage, book, (tariff) =>
      this.#placing.get(tariff.id)?.placed(),
    )) {
      if (!this.#unpriced.has(tariff.id) && rate(tariff, quantities).amount === null)
        this.#unpriced.set(tariff.id, day);
    }
    for (const { meter, payer, calls } of this.#usage) {
      const isUnpaid = payer === 'postpaid' && calls > noCalls && book.meters.get(meter)?.tariff === null;
      if (isUnpaid && !this.#unpriced.has(`meter:${meter}`)) this.#unpriced.set(`meter:${meter}`, day);
    }
  }

  bill(): Bill | Refusal {
    const { book, facts } = this.#start;
    const { timeZone } = this.#head;
    const end = endOfPeriod(timeZone, facts.period);
    const due = bookForfeits({ ...this.#head }, book, instantOf(end - 1));
    const forfeits = [...facts.forfeits, ...due.map(({ pack, units }) => ({ pack: pack.no, units }))];
    const lived = [...this.#placing].map(([tariff, placing]) => ({
      ...{ period: facts.period, tariff, when: 'now' as const },
      placed: placing.placed(),
    }));
    const others = (facts.placed ?? []).filter(({ period }) => period !== facts.period);
    const placed = [...others, ...lived];
    return makeBill({ ...facts, usage: this.#usage, forfeits, ...(placed.length === 0 ? {} : { placed }) }, book);
  }
}

/** The fewest units that one call costs a pack: with less left it pays for nothing. */
function leastUnits(book: PriceBook, pack: PackFacts): bigint {
  const ratios = [...(book.packProducts.get(pack.product)?.covers.values() ?? [])];
  return ratios.toSorted((a, b) => Number(a - b))[0] ?? 1n;
}

export function midnightOf(timeZone: string, day: Day): Instant {
  const at = parseDay(timeZone, day);
  if (at === undefined) throw new Error(`no such day: ${day}`);
  return at;
}
