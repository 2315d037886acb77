// Calls that came before a pack which pays for them all the same: those of its day, or of its month, that are postpaid still. Each is
// settled again with the new packs alone, in ledger order, when they are delivered. Source: docs/decisions/0053.

import { type Day, dayOf, periodOfDay } from '../core/calendar.ts';
import { callsIn, drawnFrom } from '../core/equal-packs.ts';
import type { Outcome } from '../core/event.ts';
import type { LivePack } from '../core/pack.ts';
import type { Policies, PriceBook } from '../core/price-book.ts';
import { type Draw, settle } from '../core/settle.ts';
import { addCalls, type Calls, type Instant, noCalls, subtractCalls } from '../core/units.ts';
import { type CappedCall, countCaps } from './caps.ts';
import { dropEmptyPacks, type Head, livePack } from './head.ts';
import { type News, packNews } from './news.ts';
import { countUsage } from './use.ts';

/** What of a call is postpaid still. */
export interface UnpaidCall extends CappedCall {
  readonly meter: string;
  readonly calls: Calls;
}

/** Whether a pack could have paid for a call, had it been there: what is not charged, or came while service was stopped, none pays. */
export const mayBePaid = (
  call: { readonly outcome: Outcome; readonly stopped: boolean },
  policies: Policies,
): boolean => call.outcome === 'charged' && (!call.stopped || policies.packsUsableInArrears);

/** Pays earlier calls from packs that have just been delivered to a head, in the order of their delivery. */
export class EarlierCalls {
  readonly #head: Head;
  readonly #book: PriceBook;
  readonly #now: Instant;
  #packs: readonly LivePack[];
  readonly #units = new Map<number, Calls>();

  constructor(head: Head, book: PriceBook, packs: readonly { readonly no: number }[], now: Instant) {
    this.#head = head;
    this.#book = book;
    this.#now = now;
    const isOpen = [...head.postpaidCalls.values()].some((calls) => calls > noCalls);
    this.#packs =
      book.policies.packCovers === undefined || !isOpen
        ? []
        : packs.map(({ no }) => livePack(head, no)).toSorted((a, b) => a.no - b.no);
  }

  /** No call can be paid any more. */
  get isDone(): boolean {
    return this.#packs.length === 0;
  }

  /** Where such calls are: made in this time, by these meters. Undefined: there are none. */
  get reach(): { readonly from: Instant; readonly to: Instant; readonly meters: readonly string[] } | undefined {
    const [first] = this.#packs;
    if (first === undefined) return undefined;
    let [from, to]: [Instant, Instant] = [first.effectiveAt, first.expiresAt];
    const meters = new Set<string>();
    for (const { effectiveAt, expiresAt, product } of this.#packs) {
      if (effectiveAt < from) from = effectiveAt;
      if (expiresAt > to) to = expiresAt;
      for (const meter of this.#book.packProducts.get(product)?.covers.keys() ?? []) meters.add(meter);
    }
    return { from, to, meters: [...meters] };
  }

  /** Draws what the packs pay of the next call in ledger order. A month whose bill is final stays as it is. */
  pay(call: UnpaidCall): readonly Draw[] {
    const day = dayOf(this.#head.timeZone, call.at);
    if (this.#head.finals.has(periodOfDay(day))) return [];
    const { draws } = settle(call, this.#packs, this.#book);
    for (const draw of draws) this.#take(draw, call, day);
    return draws;
  }

  #take(draw: Draw, call: UnpaidCall, day: Day): void {
    const [head, payer] = [this.#head, `pack:${draw.pack}` as const];
    const pack = livePack(head, draw.pack);
    pack.remaining = subtractCalls(pack.remaining, draw.units);
    if (pack.runs !== undefined) pack.runs = drawnFrom(pack.runs, draw);
    pack.used = true;
    this.#units.set(pack.no, addCalls(this.#units.get(pack.no) ?? noCalls, draw.units));
    if (!this.#canPay(pack)) this.#packs = this.#packs.filter(({ no }) => no !== pack.no);
    const less = -draw.calls as Calls;
    countUsage(head, day, call.meter, 'postpaid', less);
    countUsage(head, day, call.meter, payer, draw.calls);
    const period = periodOfDay(day);
    head.postpaidCalls.set(period, addCalls(head.postpaidCalls.get(period) ?? noCalls, less));
    if (head.caps.length > 0) countCaps(head, call, { drawn: less, postpaid: draw.calls }, -1n, this.#now);
  }

  #canPay({ product, remaining, runs }: LivePack): boolean {
    for (const ratio of this.#book.packProducts.get(product)?.covers.values() ?? []) {
      if ((runs === undefined ? remaining / ratio : callsIn(runs, ratio)) > 0n) return true;
    }
    return false;
  }

  /** When all calls have been shown: what is to be told, by pack number. A pack that is used up leaves the head. */
  end(): Map<number, News> {
    const news = new Map<number, News>();
    for (const [no, units] of this.#units) {
      const pack = livePack(this.#head, no);
      const told = packNews(pack, units, pack.remaining, this.#head.packThresholds);
      if (told !== undefined) news.set(no, told);
    }
    if (this.#units.size > 0) dropEmptyPacks(this.#head);
    return news;
  }
}
