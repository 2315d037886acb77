// A new version of a price book: other prices and another code table from a month on, and nothing else. Source: docs/decisions/0034.

import type { Period } from './calendar.ts';
import { canonicalJson } from './json.ts';
import { hasMeterPrices } from './placed.ts';
import type { BookVersion, PriceBook } from './price-book.ts';

/** The book whose prices a period has: the latest version that begins with it or before; the book's own before all. */
export const versionIn = ({ versions = [] }: PriceBook, period: Period): BookVersion | undefined =>
  versions.findLast(({ from }) => from <= period);

const made = new WeakMap<PriceBook, WeakMap<PriceBook, PriceBook>>();

/** A book with the prices of another. */
export function withPricesOf(book: PriceBook, prices: PriceBook): PriceBook {
  const known = made.get(book)?.get(prices);
  if (known !== undefined) return known;
  const { versions: _, ...shared } = book;
  const priced: PriceBook = { ...shared, tariffs: prices.tariffs, packProducts: prices.packProducts };
  const others = made.get(book) ?? new WeakMap<PriceBook, PriceBook>();
  made.set(book, others.set(prices, priced));
  return priced;
}

/** What of a book is no price, by name and in one form. */
const termsOf = (book: PriceBook): Readonly<Record<string, unknown>> => ({
  currency: book.currency,
  timeZone: book.timeZone,
  meters: [...book.meters.values()].map(({ id, tariff, facts }) => [id, tariff, facts]),
  tariffs: [...book.tariffs.values()].map(({ id, mode, bound, basis, counter = 'month' }) => [
    id,
    mode,
    bound,
    basis,
    counter,
  ]),
  blocks: [...book.tariffs.values()].map(({ id, tiers }) => [
    id,
    tiers.flatMap(({ from, block }) => (block === undefined ? [] : [[from, block.calls, block.part].map(String)])),
  ]),
  meterPrices: [...book.tariffs.values()].flatMap((tariff) => (hasMeterPrices(tariff) ? [tariff.id] : [])),
  fees: [...book.tariffs.values()].map(({ id, tiers, fee, minimum, maximum, withoutCalls = false }) => [
    id,
    [fee, minimum, maximum, withoutCalls].map(String),
    tiers.flatMap((tier) => (tier.fee === undefined ? [] : [[tier.from, tier.fee].map(String)])),
  ]),
  packProducts: [...book.packProducts.values()].map(
    ({ id, covers, priorities, validity, refundDays, refundPart, sizes }) => [
      id,
      [validity, refundDays, refundPart].map((term) => term ?? null),
      sizes.flatMap(({ calls, price: _, ...terms }) =>
        Object.keys(terms).length === 0 ? [] : [[calls.toString(), terms]],
      ),
      [...covers].map(([meter, ratio]) => [meter, ratio.toString(), priorities?.get(meter) ?? null]),
    ],
  ),
  policies: book.policies,
  codeTable: book.codeTable.map(({ charged, notCharged, ...rule }) => [
    rule,
    ...[charged, notCharged].map(({ codes, ranges, rest }) => [
      [...codes],
      ranges.map((range) => range.map(String)),
      rest,
    ]),
  ]),
});

/** What a book differs in from another beside its prices: none, or the code table alone, where it may be a version of it. */
export function differencesOf(book: PriceBook, other: PriceBook): string[] {
  const [own, others] = [termsOf(book), termsOf(other)];
  return Object.keys(own).filter((name) => sorted(own[name]) !== sorted(others[name]));
}

/** Lists by id may stand in any order. */
const sorted = (value: unknown): string =>
  canonicalJson(Array.isArray(value) ? value.map((each) => canonicalJson(each)).toSorted() : value);
