// What each call of a bill's month costs, one by one, in the order of its file.

import { dayOf, type Period } from '../core/calendar.ts';
import { decimalsOf } from '../core/currency.ts';
import { countsDrawn, hasMeterPrices, isInOrder, piecesOf, priceOf } from '../core/placed.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { chargeOf } from '../core/rate.ts';
import { hasOnePrice, modeRules, tierAt, tierIndex } from '../core/tariff-modes.ts';
import {
  addCalls,
  type BlockText,
  blockOf,
  type Calls,
  callsOf,
  formatMoney,
  noCalls,
  noMoney,
  type Price,
  parsePrice,
  shortened,
  subtractCalls,
} from '../core/units.ts';
import type { StoredEvent } from '../store/ledger/events.ts';
import { unitPriceText } from '../words/figures.ts';

/** A unit price as a bill's line writes it. */
export interface CallPrice extends BlockText {
  readonly unitPrice: string;
}

export type CallPriceOrNone = BlockText & { readonly unitPrice: string | null };

/** What the calls of a bill are priced by. */
export interface CallTerms {
  readonly account: string;
  readonly month: Period;
  /** Ledger number of a final bill; null for a draft. */
  readonly seq: number | null;
  /** Unit prices of the bill's postpaid lines by `counterOf`, and by meter where each has its own; null where there is no public one. */
  readonly prices: Readonly<Record<string, CallPrice | null>>;
  /** Calls that packs paid, by `counterOf`, as text. */
  readonly drawn: Readonly<Record<string, string>>;
  /** By tariff priced by the order of calls: where its tiers begin. Calls as text. */
  readonly cuts: Readonly<Record<string, readonly CutText[]>>;
}

/** Of the call settled under `seq` the first `below` lie before the bound. */
export interface CutText {
  readonly bound: string;
  readonly seq: number;
  readonly below: string;
}

/** What a line of the bill counts: a tariff's month, or one day of it. */
export const counterOf = (tariff: string, day: string | undefined): string =>
  day === undefined ? tariff : `${tariff}|${day}`;

/** Calls that are rounded as one: of a tier, and of a meter where meters have prices of their own. */
interface Piece {
  readonly key: string;
  readonly calls: Calls;
  readonly price: Price | null;
}

interface CounterSoFar {
  readonly pieces: ReadonlyMap<string, Piece>;
  readonly calls: Calls;
  readonly amount: bigint;
}

const nothing: CounterSoFar = { pieces: new Map(), calls: noCalls, amount: 0n };

/**
 * What each call costs: what the month comes to with it less what it comes to without, in the order of the export. So whole blocks are
 * charged to the calls that begin them, or fill them. All is cut off at eight places, which only a price of blocks may need more of:
 * the sum of all, rounded once, is the bill's line.
 */
export class CallPricing {
  readonly #book: PriceBook;
  readonly #terms: CallTerms;
  readonly #timeZone: string;
  readonly #before = new Map<string, CounterSoFar>();
  /** Of the lines, as they are read. */
  readonly #prices: ReadonlyMap<string, Price | null>;

  constructor(terms: CallTerms, book: PriceBook, timeZone: string) {
    this.#book = book;
    this.#terms = terms;
    this.#timeZone = timeZone;
    this.#prices = new Map(
      Object.entries(terms.prices).map(([counter, price]) => [
        counter,
        price === null ? null : (parsePrice(price.unitPrice, book.currency, blockOf(price)) ?? null),
      ]),
    );
  }

  price(event: StoredEvent, postpaid: Calls): { tariff: string; price: string; amount: string } {
    const tariff = this.#book.tariffs.get(this.#book.meters.get(event.meter ?? '')?.tariff ?? '');
    const { currency } = this.#book;
    if (tariff === undefined || postpaid === noCalls)
      return { tariff: tariff?.id ?? '', price: '', amount: formatMoney(noMoney, currency) };
    const counter = counterOf(tariff.id, tariff.counter === 'day' ? dayOf(this.#timeZone, event.at) : undefined);
    const before = this.#before.get(counter) ?? nothing;
    const pieces = new Map(before.pieces);
    for (const piece of this.#piecesOf(tariff, counter, event, before.calls)) {
      const known = pieces.get(piece.key)?.calls ?? noCalls;
      pieces.set(piece.key, { ...piece, calls: addCalls(known, piece.calls) });
    }
    const amount = cutOff([...pieces.values()], currency);
    this.#before.set(counter, { pieces, calls: addCalls(before.calls, postpaid), amount: amount ?? before.amount });
    const name = hasOnePrice(tariff) ? counter : `${counter}|${event.meter}`;
    const price = modeRules[tariff.mode].hasOnePrice ? (this.#terms.prices[name] ?? null) : null;
    return {
      tariff: tariff.id,
      price: price === null ? '' : unitPriceText(price),
      amount: amount === null ? '' : unscaled(amount - before.amount, currency),
    };
  }

  /** `before`: postpaid calls of the counter in the rows above. */
  #piecesOf(tariff: Tariff, counter: string, event: StoredEvent, before: Calls): Piece[] {
    const { postpaid } = event;
    const meter = event.meter ?? '';
    if (modeRules[tariff.mode].hasOnePrice) {
      const key = hasMeterPrices(tariff) ? meter : '';
      const price = this.#prices.get(key === '' ? counter : `${counter}|${meter}`) ?? null;
      return [{ key, calls: postpaid, price }];
    }
    const below = tariff.basis === 'gross' ? callsOf(BigInt(this.#terms.drawn[counter] ?? 0)) : noCalls;
    const bounds = tariff.tiers.map(({ from }) => from);
    const parts = isInOrder(tariff)
      ? placedParts(this.#terms.cuts[tariff.id] ?? [], tariff, event)
      : piecesOf(bounds, addCalls(below, before), postpaid);
    return parts.map(({ from, calls }) => {
      const tier = tierIndex(tariff, from, 'lower-inclusive');
      const price = priceOf(tierAt(tariff, tier), meter);
      return { key: `${tier}|${hasMeterPrices(tariff) ? meter : ''}`, calls, price };
    });
  }
}

/** How the postpaid calls of an event lie between the bounds of the month's order, wherever the event stands in the file. */
function placedParts(
  cuts: CallTerms['cuts'][string],
  tariff: Tariff,
  { settledSeq, calls, postpaid }: StoredEvent,
): { from: Calls; calls: Calls }[] {
  const counted = countsDrawn(tariff) ? calls : postpaid;
  const drawn = subtractCalls(counted, postpaid);
  const lowOf = ({ seq, below }: CallTerms['cuts'][string][number]): bigint =>
    seq === settledSeq ? BigInt(below) : seq < settledSeq ? 0n : counted;
  return cuts.flatMap((cut, index) => {
    const next = cuts[index + 1];
    const [low, high] = [lowOf(cut), next === undefined ? counted : lowOf(next)];
    const from = drawn - low > 0n ? drawn : low;
    return high > from ? [{ from: callsOf(BigInt(cut.bound)), calls: (high - from) as Calls }] : [];
  });
}

function cutOff(
  slices: readonly { readonly calls: Calls; readonly price: Price | null }[],
  currency: string,
): bigint | null {
  const sum = slices.some(({ price }) => price === null) ? null : chargeOf(slices);
  return sum === null ? null : (sum.amount * 10n ** BigInt(8 - decimalsOf(currency))) / sum.per;
}

function unscaled(value: bigint, currency: string): string {
  const digits = value.toString().padStart(9, '0');
  return shortened(`${digits.slice(0, -8)}.${digits.slice(-8)}`, currency);
}
