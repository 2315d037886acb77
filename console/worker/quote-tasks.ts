// Quotes, and the cost of a month as its calls grow.

import type { PriceBook, TierCounter } from '../../src/core/price-book.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { type Calls, callsOf, formatMoney, formatPrice, mostCalls } from '../../src/core/units.ts';
import { quote } from '../../src/scenario/quote.ts';
import { type QuoteRequest, quoteMonth } from '../../src/scenario/quote-month.ts';
import { rangeWords } from '../../src/words/figures.ts';
import { type BookChoice, bookOf, shippedIds } from './books.ts';
import { refused, unknownBook } from './outcome.ts';

interface Titled {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
}

export interface SoldProduct extends Titled {
  readonly covers: readonly string[];
  readonly sizes: readonly { readonly calls: number; readonly price: string }[];
}

export interface ShownBook extends Titled {
  readonly currency: string;
  readonly timeZone: string;
  readonly meters: readonly (Titled & { readonly tariff: string | null })[];
  readonly tariffs: readonly (Titled & { readonly counter: TierCounter; readonly tiers: readonly ShownTier[] })[];
  readonly products: readonly SoldProduct[];
}

export interface ShownTier {
  readonly from: number;
  readonly to: number | null;
  readonly range: string;
  readonly price: string | null;
  /** So many calls have the price together. */
  readonly per: number;
}

export function shownBook(book: PriceBook): ShownBook {
  const titled = ({ id, title }: { id: string; title: { zh: string; en: string } }): Titled => ({ id, ...title });
  return {
    ...titled(book),
    currency: book.currency,
    timeZone: book.timeZone,
    meters: [...book.meters.values()].map((meter) => ({ ...titled(meter), tariff: meter.tariff })),
    tariffs: [...book.tariffs.values()].map((tariff) => ({
      ...titled(tariff),
      counter: tariff.counter ?? 'month',
      tiers: tariff.tiers.map(({ from, to, price }) => ({
        from: Number(from),
        to: to === null ? null : Number(to),
        range: rangeWords(tariff.bound, from, to),
        price: price === null ? null : formatPrice(price, book.currency),
        per: price?.block === undefined ? 1 : Number(price.block.calls),
      })),
    })),
    products: [...book.packProducts.values()].map((product) => ({
      ...titled(product),
      covers: [...product.covers.keys()],
      sizes: product.sizes.map(({ calls, price }) => ({
        calls: Number(calls),
        price: formatMoney(price, book.currency),
      })),
    })),
  };
}

export interface Curve {
  /** Which of the request's uses grows. */
  readonly of: string;
  readonly points: readonly CurvePoint[];
  readonly cliffs: readonly Cliff[];
  readonly tiers: readonly ShownTier[];
}

export interface CurvePoint {
  readonly calls: number;
  /** Null: no public price. */
  readonly total: string | null;
  /** Without the bought packs; the same where there are none. */
  readonly withoutPacks: string | null;
}

/** Where one call more makes the month cheaper. */
export interface Cliff {
  readonly calls: number;
  readonly before: string;
  readonly after: string;
  readonly drop: string;
}

const samples = 160;

/** Calls to look at: evenly on the paper, whether it is logarithmic or not, and on both sides of each tier's bound. */
function callsToLookAt(tiers: readonly ShownTier[], top: number): number[] {
  const even = Array.from({ length: samples + 1 }, (_, index) => Math.round((top * index) / samples));
  const logarithmic = Array.from({ length: samples + 1 }, (_, index) => Math.round(top ** (index / samples)));
  const bounds = tiers.flatMap(({ from }) => [from - 1, from, from + 1]);
  const all = [...even, ...logarithmic, ...bounds].filter((calls) => calls >= 0 && calls <= top);
  return [...new Set(all)].toSorted((a, b) => a - b);
}

const grown = (request: QuoteRequest, index: number, calls: Calls): QuoteRequest => ({
  ...request,
  use: request.use.map((use, at) => (at === index ? { ...use, calls } : use)),
});

export interface CurveOrder {
  readonly book: BookChoice;
  readonly request: QuoteRequest;
  /** The use that grows, by its place in the request. */
  readonly index: number;
  readonly top: number;
}

function costCurve({ book: choice, request, index, top }: CurveOrder) {
  const book = bookOf(choice);
  if (book === undefined) return unknownBook(String(choice));
  const of = request.use[index]?.of ?? '';
  const tariff = book.tariffs.get(book.meters.get(of)?.tariff ?? of);
  const tiers = shownBook(book).tariffs.find(({ id }) => id === tariff?.id)?.tiers ?? [];
  const most = Math.min(top, Number(mostCalls));
  const bare = { ...request, packs: [] };
  const totalOf = (asked: QuoteRequest, calls: number) => {
    const month = quoteMonth(book, grown(asked, index, callsOf(calls)));
    return isRefusal(month) ? month : month.bill.total;
  };
  const points: CurvePoint[] = [];
  const cliffs: Cliff[] = [];
  let before: { readonly calls: number; readonly total: bigint | null } | undefined;
  for (const calls of callsToLookAt(tiers, most)) {
    const total = totalOf(request, calls);
    if (isRefusal(total)) return refused(total);
    const without = request.packs.length === 0 ? total : totalOf(bare, calls);
    const written = total === null ? null : formatMoney(total, book.currency);
    const withoutPacks = isRefusal(without) || without === null ? null : formatMoney(without, book.currency);
    points.push({ calls, total: written, withoutPacks });
    if (total !== null && before?.total != null && before.total > total && before.calls === calls - 1) {
      const drop = formatMoney((before.total - total) as typeof total, book.currency);
      cliffs.push({
        calls,
        before: formatMoney(before.total as typeof total, book.currency),
        after: formatMoney(total, book.currency),
        drop,
      });
    }
    before = { calls, total };
  }
  return { of, points, cliffs, tiers } satisfies Curve;
}

export const quoteTasks = {
  /** The shipped ones; a whole document stands in the place of the one with its id. */
  books({ own }: { readonly own: unknown }) {
    const mine = own === undefined ? undefined : bookOf({ document: own });
    const shipped = shippedIds.flatMap((id) => (id === mine?.id ? [] : [shownBook(bookOf(id) as PriceBook)]));
    return mine === undefined ? shipped : [shownBook(mine), ...shipped];
  },
  quote({ book: choice, request }: { readonly book: BookChoice; readonly request: QuoteRequest }) {
    const book = bookOf(choice);
    if (book === undefined) return unknownBook(String(choice));
    const answer = quote(book, request);
    return isRefusal(answer) ? refused(answer) : answer;
  },
  curve: costCurve,
};
