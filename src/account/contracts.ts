// What an account agrees on with its operator. Source: billing rules 6.4; docs/decisions/0023.

import { formatInstant, nextPeriod, type Period, periodOf } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { decimalsOf } from '../core/currency.ts';
import { hasMeterPrices } from '../core/placed.ts';
import type { Contract, ContractTerms, PriceBook, Tariff, Tier, TierPrice } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Instant, type Price, priceFor } from '../core/units.ts';
import { unknownProduct } from './commands.ts';
import type { Head } from './head.ts';

/** What is to hold from a period on, in place of all that was agreed for it before. With no price at all: the book's again. */
export interface ContractOrder extends ContractTerms {
  readonly from: Period;
}

export interface AgreedContract {
  readonly seq: number;
  readonly contract: Contract;
  readonly at: Instant;
}

/** Months that are not final for so long are looked at by a person. */
const mostMonthsBack = 24;

/** The most contracts of one account: each is read whenever the account is. */
export const mostContracts = 500;

/**
 * Agrees on prices. They hold from a period that has not begun; what has no price may be given one for earlier periods too: no bill
 * can have counted on there being none. Refusals: those of `contractOf`, PRICES_STAND.
 */
export function agreeContract(
  head: Head,
  book: PriceBook,
  order: ContractOrder,
  now: Instant,
): AgreedContract | Refusal {
  const contract = contractOf(book, order);
  if (isRefusal(contract)) return contract;
  const refusal = refuseStanding(head, book, contract, now);
  if (refusal !== undefined) return refusal;
  // Nothing below may refuse.
  head.seq += 1;
  return { seq: head.seq, contract, at: now };
}

/** The contract that an order means, whenever it begins. Refusals: UNKNOWN_TARIFF, UNKNOWN_PRODUCT, UNKNOWN_TIER, PRICED_BY_METER, TOO_MANY_CONTRACTS. */
export function contractOf(book: PriceBook, { from, tariffs: ordered, packs }: ContractOrder): Contract | Refusal {
  const no = (book.contracts ?? []).length + 1;
  if (no > mostContracts) return refuse('TOO_MANY_CONTRACTS', { most: String(mostContracts) });
  const tariffs = new Map<string, readonly Tier[]>();
  // What is not named costs what the book says then.
  const priced = bookIn({ ...book, contracts: [] }, from);
  for (const [id, prices] of ordered) {
    const tariff = priced.tariffs.get(id);
    if (tariff === undefined) {
      const known = [...book.tariffs.keys()].join(', ');
      return refuse('UNKNOWN_TARIFF', { tariff: id, book: book.id, known }, '/tariffs');
    }
    if (hasMeterPrices(tariff)) return refuse('PRICED_BY_METER', { tariff: id }, '/tariffs');
    const tiers = tiersOf(tariff, prices);
    if (isRefusal(tiers)) return tiers;
    tariffs.set(id, tiers);
  }
  for (const id of packs.keys()) {
    if (!book.packProducts.has(id)) return { ...unknownProduct(book, id), pointer: '/packs' };
  }
  const { currency } = book;
  return { no, from, ...(decimalsOf(currency) === 2 ? {} : { currency }), tariffs, packs };
}

/** The account's book with one more contract. */
export const withContract = (book: PriceBook, contract: Contract): PriceBook => ({
  ...book,
  contracts: [...(book.contracts ?? []), contract],
});

/**
 * Prices of tiers that the tariff has; or, where one of them is new, all tiers of the account's own, rising from 0. Where the book prices
 * blocks, or has fees of tiers, there are none of its own: a price would not say what it is for, nor what is due beside it.
 */
function tiersOf(tariff: Tariff, prices: readonly TierPrice[]): Tier[] | Refusal {
  const froms = prices.map(({ from }) => from);
  const isRising = froms.every((from, index) => index === 0 || from > (froms[index - 1] ?? 0n));
  const unknown = froms.find((from) => tariff.tiers.every((tier) => tier.from !== from));
  const hasTerms = tariff.tiers.some(({ block, fee }) => block !== undefined || fee !== undefined);
  const ownTiers = tariff.mode === 'flat' ? 'flat' : hasTerms ? 'blocks' : 'whole';
  const isOwn = unknown !== undefined && froms[0] === 0n && ownTiers === 'whole';
  if (!isRising || froms.length === 0 || (unknown !== undefined && !isOwn)) {
    const known = tariff.tiers.map(({ from }) => from).join(', ');
    const from = String(unknown ?? froms[0] ?? '');
    return refuse('UNKNOWN_TIER', { tariff: tariff.id, from, known, ownTiers }, '/tariffs');
  }
  if (isOwn) return prices.map(({ from, price }, index) => ({ from, to: prices[index + 1]?.from ?? null, price }));
  return tariff.tiers.map((tier) => {
    const agreed = prices.find(({ from }) => from === tier.from);
    if (agreed === undefined) return tier;
    return { ...tier, price: agreed.price === null ? null : priceFor(agreed.price, tier.block) };
  });
}

/** A price that calls may have been made at stands. */
function refuseStanding(head: Head, book: PriceBook, contract: Contract, now: Instant): Refusal | undefined {
  const running = periodOf(head.timeZone, now);
  const stand = refuse(
    'PRICES_STAND',
    { month: contract.from, from: nextPeriod(running, 1), now: formatInstant(head.timeZone, now) },
    '/from',
  );
  if (contract.from < nextPeriod(running, -mostMonthsBack)) return stand;
  const then = withContract(book, contract);
  for (let period = contract.from; period <= running; period = nextPeriod(period, 1)) {
    if (!onlyFills(bookIn(book, period), bookIn(then, period))) return stand;
  }
  return undefined;
}

/** A price that was null may be any; another is the same in value, however it is written. */
const isPricedAs = (before: Price | null, after: Price | null): boolean =>
  before === null ||
  (after !== null &&
    before.amount * after.per === after.amount * before.per &&
    before.block?.calls === after.block?.calls &&
    before.block?.part === after.block?.part);

/** All that had a price has the same one. */
function onlyFills(before: PriceBook, after: PriceBook): boolean {
  for (const { id, tiers } of before.tariffs.values()) {
    const agreed = after.tariffs.get(id)?.tiers ?? [];
    const same = tiers.every(({ from, to, price }, index) => {
      const tier = agreed[index];
      return tier?.from === from && tier.to === to && isPricedAs(price, tier.price);
    });
    if (!same || agreed.length !== tiers.length) return false;
  }
  for (const { id, sizes } of before.packProducts.values()) {
    const agreed = after.packProducts.get(id)?.sizes ?? [];
    if (agreed.length !== sizes.length) return false;
    if (sizes.some(({ calls, price }, index) => agreed[index]?.calls !== calls || agreed[index]?.price !== price))
      return false;
  }
  return true;
}
