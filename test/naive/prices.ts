// Contract prices, as the naive implementation understands them: each deal is the whole of what the account pays from a month on.

import { decimal, monthOf, nextMonth, placesOf } from './figures.ts';
import type { BookJson, ProductJson, StepJson, TariffJson } from './json.ts';
import { hasPrices } from './order.ts';

/** What the account pays from a month on, in full. */
export type Deal = { from: string; tariffs: TariffJson[]; products: ProductJson[] };
type Priced = { book: BookJson; deals: Deal[]; zone: string; now: number };

/** The prices of a month: the last deal that had begun by then, or the book's. */
export function pricesOf(w: Priced, month: string): { tariffs: TariffJson[]; products: ProductJson[] } {
  const begun = w.deals.filter((deal) => deal.from <= month);
  return begun.at(-1) ?? { tariffs: w.book.tariffs, products: w.book.packProducts };
}

const sameNumber = (a: string, b: string): boolean => decimal(a, 8) === decimal(b, 8);

/** Nothing that a call or a pack could have been charged at is another now. */
function keepsPrices(old: ReturnType<typeof pricesOf>, fresh: ReturnType<typeof pricesOf>): boolean {
  const tiersKept = old.tariffs.every(({ id, tiers }) => {
    const now = fresh.tariffs.find((t) => t.id === id)?.tiers ?? [];
    return (
      now.length === tiers.length &&
      tiers.every(({ from, price }, i) => {
        const other = now[i];
        if (other?.from !== from) return false;
        return price == null || (other.price != null && sameNumber(price, other.price));
      })
    );
  });
  const sizes = (products: ProductJson[]) =>
    JSON.stringify(products.map((p) => [p.id, p.sizes.map((s) => [s.calls, String(decimal(s.price, 3))])]));
  return tiersKept && sizes(old.products) === sizes(fresh.products);
}

export function price(w: Priced, step: StepJson): string | null {
  const { from = '' } = step;
  const [tariffs, packs] = [step.tariffs ?? {}, step.packs ?? {}];
  const tooFine = Object.values(packs).flatMap((sizes) => sizes.map((s) => s.price.split('.')[1] ?? ''));
  if (tooFine.some((part) => part.length > placesOf(w.book))) return 'INVALID_AMOUNT';
  const deal: Deal = { from, tariffs: structuredClone(w.book.tariffs), products: structuredClone(w.book.packProducts) };
  for (const [id, prices] of Object.entries(tariffs)) {
    const tariff = deal.tariffs.find((t) => t.id === id);
    if (!tariff) return 'UNKNOWN_TARIFF';
    if (hasPrices(tariff)) return 'PRICED_BY_METER';
    const froms = prices.map((p) => p.from);
    const has = (first: number): boolean => tariff.tiers.some((t) => t.from === first);
    if (froms.some((first, i) => i > 0 && first <= (froms[i - 1] as number))) return 'UNKNOWN_TIER';
    const own = froms[0] === 0 && !froms.every(has);
    if (own) {
      if (tariff.mode === 'flat' || tariff.tiers.some((t) => t.per ?? t.fee)) return 'UNKNOWN_TIER';
      tariff.tiers = prices.map((p, i) => ({ ...p, to: prices[i + 1]?.from ?? null }));
    } else {
      if (!froms.every(has)) return 'UNKNOWN_TIER';
      for (const p of prices)
        (tariff.tiers.find((t) => t.from === p.from) as TariffJson['tiers'][number]).price = p.price;
    }
  }
  for (const [id, sizes] of Object.entries(packs)) {
    const product = deal.products.find((p) => p.id === id);
    if (!product) return 'UNKNOWN_PRODUCT';
    for (const { size, price: agreed } of sizes) {
      product.sizes = product.sizes.filter((s) => s.calls !== size);
      product.sizes.push({ calls: size, price: agreed });
    }
    product.sizes.sort((a, b) => a.calls - b.calls);
  }
  const running = monthOf(w.now, w.zone);
  for (let month = from; month <= running; month = nextMonth(month)) {
    if (!keepsPrices(pricesOf(w, month), deal)) return 'PRICES_STAND';
  }
  w.deals.push(deal);
  return null;
}
