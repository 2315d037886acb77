// One month lived in memory: the packs delivered at its start, then the calls, then its draft bill. The same path as a real month,
// stopped before it is final; no second way of computing anything.

import { buy, factsOf, gift, type MemoryLedger, openLedger, use } from '../account/memory-ledger.ts';
import { type Bill, makeBill } from '../core/bill.ts';
import { type Period, startOfDayAfter, startOfPeriod } from '../core/calendar.ts';
import { packStartAt } from '../core/pack.ts';
import { hasMeterPrices } from '../core/placed.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Calls, type Money, noCalls } from '../core/units.ts';
import { countsByDay } from '../core/usage.ts';

export interface QuoteRequest {
  /** `of` is a meter or a tariff; a name that is both means the meter. */
  readonly use: readonly UseWish[];
  readonly packs: readonly PackWish[];
  readonly gifts: readonly { readonly product: string; readonly calls: Calls }[];
}

export interface UseWish {
  readonly of: string;
  readonly calls: Calls;
  /** The calls are of each of so many days; rows of one meter follow one another from the 1st on. Left out: of the month. */
  readonly days?: number;
}

export interface PackWish {
  readonly product: string;
  readonly size: Calls;
  readonly count: number;
}

export interface QuotedMonth {
  readonly ledger: MemoryLedger;
  readonly bill: Bill;
}

/** The most packs of one kind that a quote may hold. */
export const mostPacks = 1000;

/** No rule depends on which month it is as long as prices have no dates of their own. */
const quotedPeriod = '2026-01' as Period;
/** Nobody's balance is asked in a quote. */
const enough = (10n ** 30n) as Money;

/** Refusals: UNKNOWN_METER, AMBIGUOUS_METER, DAYS_NEEDED, UNKNOWN_PRODUCT, SIZE_NOT_SOLD, INVALID_QUANTITY, INVALID_INPUT, INVALID_AMOUNT. */
export function quoteMonth(book: PriceBook, request: QuoteRequest): QuotedMonth | Refusal {
  const ledger = openLedger(book, { id: 'quote', balance: enough });
  const refusal = deliverAll(ledger, request) ?? useAll(ledger, request);
  if (refusal !== undefined) return refusal;
  const bill = makeBill(factsOf(ledger, quotedPeriod), book);
  return isRefusal(bill) ? bill : { ledger, bill };
}

const startOf = ({ book }: MemoryLedger) => startOfPeriod(book.timeZone, quotedPeriod);

function deliverAll(ledger: MemoryLedger, { packs, gifts }: QuoteRequest): Refusal | undefined {
  const at = startOf(ledger);
  for (const [index, { product, calls }] of gifts.entries()) {
    const refusal = gift(ledger, { id: nth('gift', index, gifts.length), product, calls, months: null }, at);
    if (refusal !== undefined) return pointed(refusal, `/gifts/${index}`);
  }
  for (const [index, { product, size, count }] of packs.entries()) {
    if (!Number.isInteger(count) || count < 1 || count > mostPacks) {
      const problem = { problem: `count: 1…${mostPacks}` };
      return refuse('INVALID_INPUT', problem, `/packs/${index}/count`);
    }
    // Equal packs are one thing with a count: the work does not grow with it.
    const refusal = buy(ledger, { id: nth('pack', index, packs.length), product, size, count }, at);
    if (refusal !== undefined) return pointed(refusal, `/packs/${index}`);
  }
  return undefined;
}

/** The days of the quoted month. */
const mostDays = 31;

/** A row of the request with the meter that it means and the days, from 0, that its calls are of. */
interface PlacedUse {
  readonly index: number;
  readonly meter: string;
  readonly calls: Calls;
  readonly from: number;
  readonly until: number;
}

function useAll(ledger: MemoryLedger, request: QuoteRequest): Refusal | undefined {
  // Calls that the packs can pay for: where those start a day later, so does the month.
  const first = packStartAt(ledger.book, ledger.book.timeZone, startOf(ledger));
  const placed = placeAll(ledger.book, request, first > startOf(ledger) ? mostDays - 1 : mostDays);
  if (isRefusal(placed)) return placed;
  const last = Math.max(...placed.map(({ until }) => until), 1);
  for (let day = 0; day < last; day += 1) {
    const at = day === 0 ? first : startOfDayAfter(ledger.book.timeZone, first, day);
    for (const { index, meter, calls, from, until } of placed) {
      // A month without calls costs what it costs: no event has none, but a quote may ask for it.
      if (day < from || day >= until || calls === noCalls) continue;
      const report = { id: `use-${index + 1}-${day + 1}`, meter, facts: null, calls, at, department: null };
      const used = use(ledger, report, at);
      if (isRefusal(used)) return pointed(used, `/use/${index}`);
    }
  }
  return undefined;
}

function placeAll(book: PriceBook, request: QuoteRequest, most: number): PlacedUse[] | Refusal {
  const placed: PlacedUse[] = [];
  const taken = new Map<string, number>();
  for (const [index, { of, calls, days }] of request.use.entries()) {
    const meter = meterOf(book, of, request);
    if (isRefusal(meter)) return { ...meter, pointer: `/use/${index}/of` };
    if (days === undefined && countsByDay(book, meter)) {
      return refuse('DAYS_NEEDED', { tariff: book.meters.get(meter)?.tariff ?? '', of }, `/use/${index}/days`);
    }
    const from = days === undefined ? 0 : (taken.get(meter) ?? 0);
    const until = from + (days ?? 1);
    if (until > most || (days !== undefined && (!Number.isInteger(days) || days < 1))) {
      return refuse('INVALID_INPUT', { problem: `${of}: days 1…${most - from}` }, `/use/${index}/days`);
    }
    if (days !== undefined) taken.set(meter, until);
    placed.push({ index, meter, calls, from, until });
  }
  return placed;
}

/** Ids that sort in the order given: packs that are alike in all else pay in it. */
const nth = (kind: string, index: number, of: number): string =>
  `${kind}-${String(index + 1).padStart(String(of).length, '0')}`;

const pointed = (refusal: Refusal, above: string): Refusal => ({
  ...refusal,
  pointer: `${above}${refusal.pointer ?? ''}`,
});

/**
 * The meter that a name means. A tariff fed by several meters stands for the one that the given packs cover, or for the first
 * when they cover none. Where meters have prices of their own, or packs cover several in different ways, the answer would depend on
 * which is meant: AMBIGUOUS_METER.
 */
function meterOf(book: PriceBook, name: string, request: QuoteRequest): string | Refusal {
  if (book.meters.has(name)) return name;
  const tariff = book.tariffs.get(name);
  if (tariff === undefined) return unknownName(book, name);
  const feeding = metersOf(book, tariff);
  const covered = feeding.filter((meter) => coverage(book, meter, request) !== '');
  if (feeding.length > 1 && hasMeterPrices(tariff)) {
    return refuse('AMBIGUOUS_METER', { tariff: name, meters: feeding.join(', ') });
  }
  if (new Set(covered.map((meter) => coverage(book, meter, request))).size > 1) {
    return refuse('AMBIGUOUS_METER', { tariff: name, meters: covered.join(', ') });
  }
  return covered[0] ?? feeding[0] ?? unknownName(book, name);
}

const metersOf = (book: PriceBook, tariff: Tariff): string[] =>
  [...book.meters.values()].filter((meter) => meter.tariff === tariff.id).map((meter) => meter.id);

/** Which of the given packs and gifts pay for a meter, and at what ratio. */
function coverage(book: PriceBook, meter: string, { packs, gifts }: QuoteRequest): string {
  const products = new Set([...packs, ...gifts].map(({ product }) => product));
  return [...products]
    .flatMap((product) => {
      const ratio = book.packProducts.get(product)?.covers.get(meter);
      return ratio === undefined ? [] : [`${product} ${ratio}`];
    })
    .join(', ');
}

function unknownName(book: PriceBook, name: string): Refusal {
  const known = new Set([...book.meters.keys(), ...book.tariffs.keys()]);
  return refuse('UNKNOWN_METER', { meter: name, book: book.id, known: [...known].join(', ') });
}
