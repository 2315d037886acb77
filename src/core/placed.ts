// Calls by their place in a month's order of arrival, for tariffs whose price depends on it. The order itself may be a million calls long;
// what a tariff needs of it is how many postpaid calls of each meter lie between two of its bounds. Source: docs/decisions/0051.

import type { Period } from './calendar.ts';
import type { PriceBook, Tariff, Tier } from './price-book.ts';
import { addCalls, type Calls, noCalls, type Price } from './units.ts';

/** Postpaid calls of one meter that lie between the bound `from` and the next. */
export interface PlacedCalls {
  readonly from: Calls;
  readonly meter: string;
  readonly calls: Calls;
}

/** The postpaid calls of a month of a tariff, cut at `bounds`, which begin with 0 and rise. */
export interface Placed {
  readonly bounds: readonly Calls[];
  readonly parts: readonly PlacedCalls[];
}

/** Of a final month that a correction changes, also as it was before the corrections of a bill's month, and with them. */
export type PlacedWhen = 'now' | 'before' | 'after';

export interface PlacedMonth {
  readonly period: Period;
  readonly tariff: string;
  readonly when: PlacedWhen;
  readonly placed: Placed;
}

/** A tariff, also as its document writes it. */
type AnyTariff = Pick<Tariff, 'mode' | 'basis'> & AnyTiers;
interface AnyTiers {
  readonly tiers: readonly { readonly prices?: unknown }[];
}

/** Some tier has a price for each meter. Neither a contract nor a new version of the book changes it. */
export const hasMeterPrices = ({ tiers }: AnyTiers): boolean => tiers.some(({ prices }) => prices !== undefined);

/** What a month costs depends on the order of its calls. */
export const isInOrder = (tariff: AnyTariff): boolean =>
  tariff.mode === 'graduated' && (tariff.basis === 'gross-in-order' || hasMeterPrices(tariff));

/** What calls of a meter cost in a tier; null: no public price. */
export const priceOf = ({ price, prices }: Tier, meter: string): Price | null => prices?.get(meter) ?? price;

/** A tier's prices as they are written: one for all meters, or one for each. */
export const pricesOf = ({ price, prices }: Tier): readonly (readonly [meter: string | null, price: Price | null])[] =>
  prices === undefined ? [[null, price]] : [...prices];

/** No call of the tier has a public price. */
export const isUnpriced = ({ price, prices }: Tier): boolean => price === null && prices === undefined;

/** A tariff as the calls of one of its meters meet it: what a month of that meter alone costs. */
export function seenBy(tariff: Tariff, meter: string): Tariff {
  if (!hasMeterPrices(tariff)) return tariff;
  const tiers = tariff.tiers.map((tier) => {
    const { prices: _, ...alone } = tier;
    return { ...alone, price: priceOf(tier, meter) };
  });
  return { ...tariff, tiers };
}

/** Where a tariff's tiers begin: by the book, by each of its versions and by each contract. */
export function boundsOf(ofAccount: PriceBook, tariff: string): Calls[] {
  const tiers = [
    ...[ofAccount, ...(ofAccount.versions ?? []).map(({ book }) => book)].map(
      (book) => book.tariffs.get(tariff)?.tiers,
    ),
    ...(ofAccount.contracts ?? []).map(({ tariffs }) => tariffs.get(tariff)),
  ].flatMap((each) => each ?? []);
  return [...new Set([noCalls, ...tiers.map(({ from }) => from)])].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Which calls are counted on the way: those that packs paid too, or the postpaid ones alone. */
export const countsDrawn = ({ basis }: Tariff): boolean => basis !== 'after-packs';

/** Places calls as they come. In one event those that packs pay come first. */
export class Placing {
  readonly #bounds: readonly Calls[];
  readonly #countsDrawn: boolean;
  readonly #parts = new Map<string, PlacedCalls>();
  #counted: Calls;

  /** `placed`: what came before, `counted` calls of it. */
  constructor(tariff: Tariff, { bounds, parts }: Placed, counted: Calls = noCalls) {
    this.#bounds = bounds;
    this.#countsDrawn = countsDrawn(tariff);
    this.#counted = counted;
    for (const part of parts) this.#put(part);
  }

  add(meter: string, { postpaid, drawn }: { readonly postpaid: Calls; readonly drawn: Calls }): void {
    const begin = this.#countsDrawn ? addCalls(this.#counted, drawn) : this.#counted;
    for (const { from, calls } of piecesOf(this.#bounds, begin, postpaid)) this.#put({ from, meter, calls });
    this.#counted = addCalls(begin, postpaid);
  }

  placed(): Placed {
    return { bounds: this.#bounds, parts: inOrder([...this.#parts.values()]) };
  }

  #put(part: PlacedCalls): void {
    const key = `${part.from}|${part.meter}`;
    const before = this.#parts.get(key);
    this.#parts.set(key, before === undefined ? part : { ...part, calls: addCalls(before.calls, part.calls) });
  }
}

/** By bound, then by meter: the same whoever placed them. */
export const inOrder = (parts: readonly PlacedCalls[]): PlacedCalls[] =>
  parts.toSorted((a, b) => (a.from === b.from ? (a.meter < b.meter ? -1 : 1) : a.from < b.from ? -1 : 1));

/** The calls numbered `begin + 1` to `begin + count`, cut at bounds. */
export function piecesOf(bounds: readonly Calls[], begin: Calls, count: Calls): { from: Calls; calls: Calls }[] {
  const end = begin + count;
  return bounds.flatMap((from, index) => {
    const next = bounds[index + 1];
    const low = begin > from ? begin : from;
    const high = next === undefined || end < next ? end : next;
    return high > low ? [{ from, calls: (high - low) as Calls }] : [];
  });
}

/** Whether what prices ask of calls by meter and by place is the same. */
export const samePlaces = (one: Asked, other: Asked): boolean => textOf(one) === textOf(other);

type Asked = {
  readonly meters?: readonly { readonly meter: string; readonly calls: Calls }[];
  readonly placed?: Placed;
};

const textOf = ({ meters = [], placed }: Asked): string =>
  [
    ...meters.map(({ meter, calls }) => `${meter} ${calls}`),
    ...(placed?.parts ?? []).map(({ from, meter, calls }) => `${from} ${meter} ${calls}`),
  ].join('|');

/** The placed months of facts, as their bill asks for them. */
export const placedIn =
  (months: readonly PlacedMonth[] | undefined, period: Period, when: PlacedWhen) =>
  (tariff: Tariff): Placed | undefined =>
    isInOrder(tariff)
      ? months?.find((each) => each.period === period && each.tariff === tariff.id && each.when === when)?.placed
      : undefined;
