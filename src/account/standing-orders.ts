// Packs that an account buys by itself when those it has run low or end. Source: docs/decisions/0028.

import type { PriceBook } from '../core/price-book.ts';
import { type Calls, callsOf, type Instant, type Money, sumCalls } from '../core/units.ts';
import type { Head } from './head.ts';

export interface StandingOrder {
  readonly name: string;
  /** Packs of a product, or all that cover a meter. */
  readonly watch: { readonly product: string } | { readonly meter: string };
  /** Bought when fewer calls than this are left in all, or fewer than so many percent of the packs that are not yet empty. */
  readonly below: { readonly calls: Calls } | { readonly percent: number } | null;
  /** Bought so many days before the last of the packs ends. */
  readonly daysBefore: number | null;
  /** `advised`: the size that the planner advises then. */
  readonly buy: { readonly product: string; readonly size: Calls | 'advised'; readonly count: number };
  /** The most purchases of a month of the account's, and what they may cost together. */
  readonly mostPurchases: number;
  readonly mostMoney: Money;
}

/** The most standing orders of one account: each is looked at every minute. */
export const mostStandingOrders = 20;

export const productsOf = ({ watch }: StandingOrder, book: PriceBook): string[] =>
  'product' in watch
    ? [watch.product]
    : [...book.packProducts.values()].flatMap(({ id, covers }) => (covers.has(watch.meter) ? [id] : []));

/**
 * What makes an order due now, undefined where nothing does. `last` is the number of the latest pack that was ever delivered of what is
 * watched: packs up to it can run low once. Whatever is bought is a later pack, and may run low in its turn.
 */
export function causeOf(
  order: StandingOrder,
  head: Head,
  book: PriceBook,
  last: number,
  now: Instant,
): string | undefined {
  const { below, daysBefore } = order;
  const products = productsOf(order, book);
  // What is one department's own is left to nobody else.
  const live = head.packs.filter(
    ({ product, expiresAt, department }) => products.includes(product) && expiresAt > now && department === undefined,
  );
  const left = sumCalls(live.map(({ remaining }) => remaining));
  const whole = sumCalls(live.map(({ calls, count = 1 }) => callsOf(calls * BigInt(count))));
  if (below !== null) {
    const isLow = 'calls' in below ? left < below.calls : left * 100n < whole * BigInt(below.percent) || left === 0n;
    if (isLow) return `low:${last}`;
  }
  const ends = Math.max(...live.map(({ expiresAt }) => expiresAt));
  if (daysBefore !== null && live.length > 0 && ends - now <= daysBefore * 86_400_000) return `ends:${last}`;
  return undefined;
}
