// A day's calls, of which only the payers are known, in an order in which they would be paid by them again.

import { comparePacks, drawsByMeter, type PackFacts } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';

/** Calls of one meter that one payer paid. */
export interface PaidUse {
  readonly meter: string;
  /** Undefined: postpaid. */
  readonly pack: PackFacts | undefined;
}

/** First what packs paid, in draw order, then the postpaid rest. */
export function inOrderOfPayers<U extends PaidUse>(uses: readonly U[], book: PriceBook): readonly U[] {
  const compare = comparePacks(book);
  const sorted = uses.toSorted((a, b) => {
    if (a.pack === undefined || b.pack === undefined) {
      return Number(a.pack === undefined) - Number(b.pack === undefined) || (a.meter < b.meter ? -1 : 1);
    }
    return compare(a.pack, b.pack) || (a.meter < b.meter ? -1 : 1);
  });
  if (!drawsByMeter(book)) return sorted;
  // Where each meter has its own order, a pack pays after all those that stand before it for that meter have paid whatever they did.
  const begun = new Set<U>();
  const placed: U[] = [];
  const place = (use: U): void => {
    if (begun.has(use)) return;
    begun.add(use);
    const { pack, meter } = use;
    for (const other of sorted) {
      if (pack === undefined || other.pack === undefined || other.pack === pack) continue;
      const isCovering = book.packProducts.get(other.pack.product)?.covers.has(meter) === true;
      if (isCovering && compare(other.pack, pack, meter) < 0) place(other);
    }
    placed.push(use);
  };
  for (const use of sorted) place(use);
  return placed;
}
