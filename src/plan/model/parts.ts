// A plan falls into parts that do not touch each other: meters that share a pack product or a tariff belong together.
// What existing packs pay is settled first, so that a part only knows the calls that are left.

import { comparePacks, type PackFacts } from '../../core/pack.ts';
import type { PackProduct, PackSize, Tariff } from '../../core/price-book.ts';
import { rate } from '../../core/rate.ts';
import { addCalls, type Calls, noCalls, subtractCalls } from '../../core/units.ts';
import { type Horizon, livesLongest, type PlannedUse, packsBought } from './horizon.ts';
import { liveThrough } from './live-through.ts';

/** Calls are plain numbers here: below 2^53, so exact. */
export interface PoolUse {
  readonly month: number;
  readonly tariff: string | null;
  readonly calls: number;
}

export interface PoolSize {
  readonly size: PackSize;
  /** Calls that one pack pays for: its units divided by the ratio, whole. */
  readonly calls: number;
  /** Fen. */
  readonly price: number;
}

/** A pack product that pays for meters no other product pays for, each at the same ratio. */
export interface Pool {
  readonly product: PackProduct;
  readonly sizes: readonly PoolSize[];
  /** In the order of settlement. */
  readonly uses: readonly PoolUse[];
}

/** A tariff's month, or that of prepaid-only meters (`tariff` null), within a part. */
export interface Counter {
  readonly month: number;
  readonly tariff: Tariff | null;
  /** All calls of the month, whoever pays. */
  readonly calls: Calls;
  /** Postpaid whatever is bought: no pack covers them. */
  readonly base: Calls;
  /** No purchase avoids that the month needs a contract price. */
  readonly unavoidable: boolean;
}

export interface Part {
  readonly counters: readonly Counter[];
  /** Undefined where packs overlap in ways that need every pack to be looked at: see search.ts. */
  readonly pools: readonly Pool[] | undefined;
  readonly products: readonly PackProduct[];
  /** Indexes into the uses of the horizon. */
  readonly uses: readonly number[];
}

export function partsOf(horizon: Horizon, areSearched: boolean): Part[] {
  const parts = partsJoinedBy(horizon, areSearched);
  // Where packs overlap, what existing packs pay depends on the purchases: then whatever they cover belongs together too.
  const isSettled = horizon.existing.length === 0 || parts.every((part) => part.pools !== undefined);
  return isSettled ? parts : partsJoinedBy(horizon, true);
}

function partsJoinedBy(horizon: Horizon, existingToo: boolean): Part[] {
  const { book, uses, existing } = horizon;
  const before = liveThrough(horizon, []);
  const products = usefulProducts(horizon);
  const there = existingToo ? existing.flatMap((pack) => book.packProducts.get(pack.product) ?? []) : [];
  const groups = new Groups();
  for (const { meter } of uses) {
    groups.join(`meter ${meter}`, `tariff ${book.meters.get(meter)?.tariff ?? `of ${meter}`}`);
    for (const product of [...products, ...there]) {
      if (product.covers.has(meter)) groups.join(`meter ${meter}`, `pack ${product.id}`);
    }
  }
  const byGroup = Map.groupBy(uses.keys(), (index) => groups.find(`meter ${uses[index]?.meter ?? ''}`));
  return [...byGroup.values()].map((indexes) => {
    const meters = new Set(indexes.map((index) => uses[index]?.meter ?? ''));
    const mine = products.filter((product) => [...product.covers.keys()].some((meter) => meters.has(meter)));
    const left = indexes.map((index) => ({ ...useAt(uses, index), calls: before.settled[index]?.postpaid ?? noCalls }));
    const counters = countersOf(horizon, indexes, left, mine);
    return { uses: indexes, products: mine, counters, pools: poolsOf(horizon, left, mine) };
  });
}

function useAt(uses: readonly PlannedUse[], index: number): PlannedUse {
  const use = uses[index];
  if (use === undefined) throw new Error(`the plan has no use ${index}`);
  return use;
}

class Groups {
  readonly #above = new Map<string, string>();

  find(name: string): string {
    const above = this.#above.get(name);
    return above === undefined ? name : this.find(above);
  }

  join(a: string, b: string): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first !== second) this.#above.set(first, second);
  }
}

/** Pack products of which at least one size pays for a call that the plan holds. */
function usefulProducts({ book, uses, lastCovered }: Horizon): PackProduct[] {
  const meters = new Set(uses.map((use) => use.meter));
  if (lastCovered.every((last, month) => last < month)) return [];
  return [...book.packProducts.values()].flatMap((product) => {
    const ratios = [...product.covers].filter(([meter]) => meters.has(meter)).map(([, ratio]) => ratio);
    const sizes = product.sizes.filter((size) => ratios.some((ratio) => size.calls >= ratio));
    return sizes.length === 0 ? [] : [{ ...product, sizes }];
  });
}

const canCover = (products: readonly PackProduct[], meter: string): boolean =>
  products.some((product) => {
    const ratio = product.covers.get(meter);
    return ratio !== undefined && product.sizes.some((size) => size.calls >= ratio);
  });

function countersOf(
  { book, uses }: Horizon,
  indexes: readonly number[],
  left: readonly PlannedUse[],
  products: readonly PackProduct[],
): Counter[] {
  const counters = new Map<string, { month: number; tariff: Tariff | null; calls: Calls; base: Calls }>();
  for (const [place, index] of indexes.entries()) {
    const { month, meter, calls } = useAt(uses, index);
    const tariff = book.tariffs.get(book.meters.get(meter)?.tariff ?? '') ?? null;
    const key = `${month}|${tariff?.id ?? ''}`;
    const counter = counters.get(key) ?? { month, tariff, calls: noCalls, base: noCalls };
    counter.calls = addCalls(counter.calls, calls);
    if (!canCover(products, meter)) counter.base = addCalls(counter.base, useAt(left, place).calls);
    counters.set(key, counter);
  }
  return [...counters.values()].map((counter) => {
    const { tariff, calls, base } = counter;
    const amount = tariff === null ? null : rate(tariff, { postpaid: base, drawn: subtractCalls(calls, base) }).amount;
    return { ...counter, unavoidable: base > noCalls && amount === null };
  });
}

/** The part as pools, or undefined when a meter has several products, a product several ratios, or a new pack pays before an existing one. */
function poolsOf(
  horizon: Horizon,
  left: readonly PlannedUse[],
  products: readonly PackProduct[],
): readonly Pool[] | undefined {
  const { book } = horizon;
  const open = left.filter((use) => use.calls > noCalls);
  const pools: Pool[] = [];
  for (const product of products) {
    const mine = open.filter((use) => product.covers.has(use.meter));
    const ratios = new Set(mine.map((use) => product.covers.get(use.meter) ?? 1n));
    const [ratio = 1n] = ratios;
    if (ratios.size > 1) return undefined;
    if (mine.some((use) => products.some((other) => other !== product && other.covers.has(use.meter))))
      return undefined;
    if (!existingFirst(horizon, product) || !isFirstInFirstOut(horizon, product)) return undefined;
    const uses = mine.map(({ month, meter, calls }) => ({
      month,
      tariff: book.meters.get(meter)?.tariff ?? null,
      calls: Number(calls),
    }));
    const sizes = product.sizes
      .map((size) => ({ size, calls: Number(size.calls / ratio), price: Number(size.price) }))
      .filter((size) => size.calls > 0);
    if (uses.length > 0 && sizes.length > 0) pools.push({ product, sizes, uses });
  }
  return pools;
}

/** Whether every existing pack that pays for the same meters is drawn before any that may be bought, in whichever month. */
function existingFirst(horizon: Horizon, product: PackProduct): boolean {
  const [size] = product.sizes;
  if (size === undefined) return true;
  const order = comparePacks(horizon.book);
  const shared = new Set(horizon.uses.map(({ meter }) => meter).filter((meter) => product.covers.has(meter)));
  const rivals = horizon.existing.flatMap((pack) =>
    metersOf(horizon, pack).flatMap((meter) => (shared.has(meter) ? [{ pack, meter }] : [])),
  );
  const bought = horizon.months.map((_, month) => ({ product: product.id, size, month, count: 1 }));
  return packsBought(horizon, bought).every((pack) =>
    rivals.every((rival) => order(rival.pack, pack, rival.meter) < 0),
  );
}

/** Whether packs of a product are one stock: bought earlier, drawn and ended earlier, whatever their sizes. */
function isFirstInFirstOut(horizon: Horizon, product: PackProduct): boolean {
  const isBySize = horizon.book.policies.drawOrder.some((key) => key === 'smallest-first' || key === 'cheapest-first');
  return !(isBySize && product.sizes.length > 1) && livesLongest(horizon, product);
}

const metersOf = ({ book }: Horizon, pack: PackFacts): readonly string[] => [
  ...(book.packProducts.get(pack.product)?.covers.keys() ?? []),
];
