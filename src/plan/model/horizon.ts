// The months a plan is for, at the grain the planner sees them: packs are bought at 00:00 of a month's first day, and a month's
// calls stand in its last second, one after the other in the order given. So a pack pays in a month only when it lives through
// the whole of it. Docs: docs/concepts/planner.md.

import { endOfPeriod, nextPeriod, type Period, periodOf, startOfPeriod } from '../../core/calendar.ts';
import {
  comparePacks,
  isInsideLife,
  type PackFacts,
  type PackKind,
  type PackLife,
  packLife,
  packValidityOf,
} from '../../core/pack.ts';
import type { PackProduct, PackSize, PriceBook, Tariff } from '../../core/price-book.ts';
import { type Calls, type Instant, instantOf, noCalls, noMoney } from '../../core/units.ts';

/** `calls` of one meter in the month numbered `month` from 0. Uses stand in the order in which they are settled. */
export interface PlannedUse {
  readonly month: number;
  readonly meter: string;
  readonly calls: Calls;
}

/** A pack that is there before anything is bought. */
export interface ExistingPack {
  readonly product: string;
  readonly remaining: Calls;
  readonly gift: boolean;
  /** Null: as long as a pack delivered when the plan starts. */
  readonly expiresAt: Instant | null;
}

export interface Horizon {
  readonly book: PriceBook;
  readonly months: readonly Period[];
  /** When packs for each month are bought. */
  readonly buyAt: readonly Instant[];
  /** When each month's calls are made. */
  readonly useAt: readonly Instant[];
  /** The last month that the longest living pack bought for each month lives through; one less than the month itself when it covers none. */
  readonly lastCovered: readonly number[];
  readonly uses: readonly PlannedUse[];
  readonly existing: readonly PackFacts[];
  /** Tariffs that cost something in months without calls too; none where a part of a plan is looked at. */
  readonly idle: readonly Tariff[];
}

/** `count` packs of one size, bought for the month numbered `month`. */
export interface Purchase {
  readonly product: string;
  readonly size: PackSize;
  readonly month: number;
  readonly count: number;
}

export function horizonOf(
  book: PriceBook,
  start: Instant,
  length: number,
  uses: readonly PlannedUse[],
  existing: readonly ExistingPack[],
): Horizon {
  const zone = book.timeZone;
  const first = periodOf(zone, start);
  const months = Array.from({ length }, (_, index) => nextPeriod(first, index));
  const buyAt = months.map((month, index) => (index === 0 ? start : startOfPeriod(zone, month)));
  const useAt = months.map((month) => instantOf(endOfPeriod(zone, month) - 1000));
  const kinds = packKinds(book);
  const lastCovered = buyAt.map((at, index) =>
    Math.max(...kinds.map((kind) => lastCoveredBy(packLife(book, kind, at), useAt, index))),
  );
  const packs = existing.map((pack, index) => existingFacts(book, pack, index, start));
  const idle = [...book.tariffs.values()].filter(({ withoutCalls }) => withoutCalls === true);
  return { book, months, buyAt, useAt, lastCovered, uses, existing: packs, idle };
}

/** One pack for each life there is: few books have more than one. */
function packKinds(book: PriceBook): PackKind[] {
  const kinds = [...book.packProducts.values()].flatMap(({ id, sizes }) =>
    sizes.map(({ calls }) => ({ product: id, calls })),
  );
  const byLife = new Map(kinds.map((kind) => [JSON.stringify(packValidityOf(book, kind)), kind]));
  return byLife.size === 0 ? [{ product: '', calls: noCalls }] : [...byLife.values()];
}

const lastCoveredBy = (life: PackLife, useAt: readonly Instant[], index: number): number =>
  index - 1 + useAt.slice(index).filter((used) => isInsideLife(life, used)).length;

/** Whether all sizes of a product live as long as the longest living packs of the book: then they are one stock, first in first out. */
export const livesLongest = ({ book, buyAt, useAt, lastCovered }: Horizon, product: PackProduct): boolean =>
  product.sizes.every(({ calls }) =>
    buyAt.every(
      (at, index) =>
        lastCoveredBy(packLife(book, { product: product.id, calls }, at), useAt, index) === lastCovered[index],
    ),
  );

function existingFacts(book: PriceBook, pack: ExistingPack, index: number, start: Instant): PackFacts {
  const life = packLife(book, { product: pack.product, calls: pack.remaining }, start);
  return {
    no: index + 1,
    id: `have-${String(index + 1).padStart(4, '0')}`,
    product: pack.product,
    gift: pack.gift,
    calls: pack.remaining,
    price: noMoney,
    boughtAt: pack.gift ? start : instantOf(start - 1),
    effectiveAt: start,
    expiresAt: pack.expiresAt ?? life.expiresAt,
  };
}

/** The packs of purchases, equal ones as one, in the order they are bought. Their ids sort after those of existing packs. */
export function packsBought(horizon: Horizon, purchases: readonly Purchase[]): PackFacts[] {
  const { book, buyAt, existing } = horizon;
  const facts: PackFacts[] = [];
  for (const { product, size, month, count } of equalAsOne(purchases.toSorted((a, b) => a.month - b.month))) {
    const boughtAt = buyAt[month];
    if (boughtAt === undefined) throw new Error(`the plan has no month ${month}`);
    const life = packLife(book, { product, calls: size.calls }, boughtAt);
    const no = existing.length + facts.length + 1;
    const id = `plan-${String(no).padStart(7, '0')}`;
    facts.push({ no, id, product, gift: false, calls: size.calls, price: size.price, boughtAt, ...life, count });
  }
  return facts;
}

/** Purchases of the same size in the same month as one; in the order of the first of each. */
export function equalAsOne(purchases: readonly Purchase[]): Purchase[] {
  const groups = Map.groupBy(purchases, ({ product, size, month }) => `${month}|${product}|${size.calls}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, count: group.reduce((sum, each) => sum + each.count, 0) }];
  });
}

/** All packs of a plan in draw order. */
export function packsInDrawOrder(horizon: Horizon, bought: readonly PackFacts[]): PackFacts[] {
  return [...horizon.existing, ...bought].sort(comparePacks(horizon.book));
}
