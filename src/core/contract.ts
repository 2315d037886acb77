// Prices that one account has agreed on, on top of its book: a tariff's tiers, a pack's price. Source: billing rules 6.4.

import { versionIn, withPricesOf } from './book-version.ts';
import type { Period } from './calendar.ts';
import { noCurrency } from './currency.ts';
import { type Contract, type PackProduct, type PriceBook, packSizeOf, type Tariff, type Tier } from './price-book.ts';
import {
  type BlockPart,
  blockOf,
  callsOf,
  formatMoney,
  formatPrice,
  type Money,
  parseMoney,
  parsePrice,
} from './units.ts';

/** The contract that prices a period: the latest that begins with it or before. */
export const contractIn = ({ contracts = [] }: PriceBook, period: Period): Contract | undefined =>
  contracts.findLast(({ from }) => from <= period);

const priced = new WeakMap<Contract, WeakMap<PriceBook, PriceBook>>();

/**
 * An account's book as it prices a period: the version of its book that holds then, and the account's contract over it. What packs cover and
 * how they are drawn is a matter of neither.
 */
export function bookIn(ofAccount: PriceBook, period: Period): PriceBook {
  const contract = contractIn(ofAccount, period);
  const version = versionIn(ofAccount, period)?.book;
  const book = version === undefined ? ofAccount : withPricesOf(ofAccount, version);
  if (contract === undefined) return book;
  const basis = version ?? ofAccount;
  const known = priced.get(contract)?.get(basis);
  if (known !== undefined) return known;
  const { contracts: _, versions: __, ...shared } = book;
  const made: PriceBook = {
    ...shared,
    tariffs: new Map([...book.tariffs].map(([id, tariff]) => [id, tariffUnder(contract, tariff)])),
    packProducts: new Map([...book.packProducts].map(([id, product]) => [id, productUnder(contract, product)])),
  };
  const others = priced.get(contract) ?? new WeakMap<PriceBook, PriceBook>();
  priced.set(contract, others.set(basis, made));
  return made;
}

function tariffUnder({ tariffs }: Contract, tariff: Tariff): Tariff {
  const tiers = tariffs.get(tariff.id);
  return tiers === undefined ? tariff : { ...tariff, tiers };
}

function productUnder({ packs }: Contract, product: PackProduct): PackProduct {
  const agreed = packs.get(product.id);
  if (agreed === undefined) return product;
  // A contract agrees on prices: how long a pack lives, and may be given back, stays as the book says.
  const priced = agreed.map((size) => ({ ...packSizeOf(product, size.calls), ...size }));
  const others = product.sizes.filter(({ calls }) => agreed.every((size) => size.calls !== calls));
  return { ...product, sizes: [...others, ...priced].toSorted((a, b) => (a.calls < b.calls ? -1 : 1)) };
}

/** The prices of a contract as JSON: what is stored, and shown. */
export const contractDocument = ({ currency, tariffs, packs }: Pick<Contract, 'currency' | 'tariffs' | 'packs'>) => ({
  currency,
  tariffs: Object.fromEntries(
    [...tariffs].map(([id, tiers]) => [
      id,
      tiers.map(({ from, to, price, block, fee }) => ({
        from,
        to,
        price: price === null ? null : formatPrice(price, currency ?? noCurrency),
        ...(block === undefined ? {} : { per: block.calls, part: block.part }),
        ...(fee === undefined ? {} : { fee: formatMoney(fee, currency ?? noCurrency) }),
      })),
    ]),
  ),
  packs: Object.fromEntries(
    [...packs].map(([id, sizes]) => [
      id,
      sizes.map(({ calls, price }) => ({ size: calls, price: formatMoney(price, currency ?? noCurrency) })),
    ]),
  ),
});

interface TierText {
  readonly from: number;
  readonly to: number | null;
  readonly price: string | null;
  readonly per?: number;
  readonly part?: BlockPart;
  readonly fee?: string;
}

/** Reads what `contractDocument` wrote. Throws for anything else. */
export function readContract(no: number, from: Period, document: unknown): Contract {
  const { tariffs, packs, ...named } = document as {
    readonly currency?: string;
    readonly tariffs: Record<string, readonly TierText[]>;
    readonly packs: Record<string, readonly { size: number; price: string }[]>;
  };
  const { currency = noCurrency } = named;
  const known = <Value>(value: Value | undefined, text: string): Value => {
    if (value === undefined) throw new Error(`contract ${no}: ${text} is no price`);
    return value;
  };
  return {
    no,
    from,
    ...(currency === noCurrency ? {} : { currency }),
    tariffs: new Map(
      Object.entries(tariffs).map(([id, tiers]) => [
        id,
        tiers.map(({ from: first, to, price, per, part, fee }): Tier => {
          const block = blockOf({ per, part });
          return {
            from: callsOf(first),
            to: to === null ? null : callsOf(to),
            price: price === null ? null : known(parsePrice(price, currency, block), price),
            ...(block === undefined ? {} : { block }),
            ...(fee === undefined ? {} : { fee: known(parseMoney(fee, currency), fee) }),
          };
        }),
      ]),
    ),
    packs: new Map(
      Object.entries(packs).map(([id, sizes]) => [
        id,
        sizes.map(({ size, price }) => ({
          calls: callsOf(size),
          price: known<Money>(parseMoney(price, currency), price),
        })),
      ]),
    ),
  };
}
