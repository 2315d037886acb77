// A bill as numbers that can be compared one by one: calls drawn by day, meter and pack; postpaid calls by day and meter; the
// calls, unit price and amount of each tariff's line.

import { dayOf } from '../core/calendar.ts';
import { decimalsOf } from '../core/currency.ts';
import { hasMeterPrices, isInOrder } from '../core/placed.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { chargeOf, type Quantities, type Rated, rate, withFees } from '../core/rate.ts';
import {
  amountOf,
  type Calls,
  divideHalfUp,
  type Money,
  moneyOf,
  noCalls,
  noMoney,
  type Price,
  shortened,
  sumCalls,
  sumOrNull,
} from '../core/units.ts';
import { FileTrouble } from '../usage-files/row-problem.ts';
import { reconcileWords } from '../words/reconcile.ts';
import type { Reading, Rounding } from './reading.ts';
import type { Settled } from './settle-month.ts';

export type CellKind = 'draw' | 'postpaid' | 'calls' | 'price' | 'slice' | 'amount' | 'purchase' | 'total';

export interface Where {
  readonly day: string | null;
  readonly meter: string | null;
  readonly pack: string | null;
  readonly tariff: string | null;
}

/** `value` counts calls, the currency's smallest unit, or for a price 10^-8 of that. */
export interface Cell {
  readonly kind: CellKind;
  readonly where: Where;
  readonly value: bigint;
}

export type Cells = Map<string, Cell>;

/** How finely a bill is divided: what is compared is what both sides can tell. */
export interface BillShape {
  /** Null: the bill does not list draws at all. */
  readonly draws: { readonly day: boolean; readonly meter: boolean } | null;
  /** The bill lists postpaid calls by day and meter. */
  readonly postpaidDays: boolean;
  readonly purchases: boolean;
  /** Lines with calls and amounts, amounts that days add up to, or nothing of the kind. */
  readonly lines: 'whole' | 'amounts' | 'none';
  /** The one unit price printed on a tariff's line, and whether it can be the average of the line's amount. */
  readonly printed: ReadonlyMap<string, { readonly price: bigint; readonly isAverage: boolean }>;
  /** Tariffs whose lines have several prices: the calls at each are compared. */
  readonly slices: ReadonlySet<string>;
  /** What the total leaves for postpaid calls (and packs, where the bill lists none); null where lines make it up. */
  readonly bare: Money | null;
  /** Whether the packs bought in the month are taken to be in it. */
  readonly bareHasPacks: boolean;
}

const nowhere: Where = { day: null, meter: null, pack: null, tariff: null };

/** `price` tells the slices of a tariff apart. */
export function addCell(cells: Cells, kind: CellKind, where: Partial<Where>, value: bigint, price?: bigint): void {
  const whole = { ...nowhere, ...where };
  const key = `${kind}|${whole.day ?? ''}|${whole.meter ?? ''}|${whole.tariff ?? ''}|${whole.pack ?? ''}|${price ?? ''}`;
  cells.set(key, { kind, where: whole, value: value + (cells.get(key)?.value ?? 0n) });
}

/** 10^-8 of the currency's smallest unit, for what the price is for, so that prices of the book and the bill compare as whole numbers. */
export const priceValue = ({ amount, per, block }: Price): bigint =>
  (amount * (block?.calls ?? 1n) * 100_000_000n) / per;

/** 8500000000 of CNY → "0.85". */
export function priceText(value: bigint, currency: string): string {
  const places = 8 + decimalsOf(currency);
  const digits = value.toString().padStart(places + 1, '0');
  return shortened(`${digits.slice(0, -places)}.${digits.slice(-places)}`, currency);
}

/** A line that the bill should have. */
export interface ExpectedLine {
  readonly tariff: string;
  readonly calls: Calls;
  /** Calls by price, dear or cheap; null: a tier that was reached has no public price. */
  readonly slices: ReadonlyMap<bigint, bigint> | null;
  readonly amount: Money | null;
  /** Of a tariff counted by the day: the amount of each day. */
  readonly days?: ReadonlyMap<string, Money>;
}

/** The bill that a reading leads to, in the shape of the one it is compared with. */
export function cellsOf(settled: Settled, reading: Reading, shape: BillShape): Cells {
  const cells: Cells = new Map();
  for (const [key, calls] of settled.draws) {
    const [day = '', meter = '', ...rest] = key.split('|');
    const pack = rest.join('|');
    if (shape.draws === null) continue;
    const where = { ...(shape.draws.day ? { day } : {}), ...(shape.draws.meter ? { meter } : {}), pack };
    addCell(cells, 'draw', where, calls);
  }
  if (shape.postpaidDays) {
    for (const [key, calls] of settled.postpaid) {
      const [day = '', meter = ''] = key.split('|');
      addCell(cells, 'postpaid', { day, meter }, calls);
    }
  }
  const lines = linesOf(settled, reading);
  for (const line of lines) addLine(cells, line, shape);
  if (shape.purchases) {
    for (const { id, price } of boughtIn(reading)) addCell(cells, 'purchase', { pack: id }, price);
  }
  const postpaid = postpaidOf(lines);
  if (shape.bare !== null && postpaid !== null) {
    addCell(cells, 'total', {}, postpaid + (shape.bareHasPacks ? purchasesOf(reading) : 0n));
  }
  return cells;
}

function addLine(cells: Cells, { tariff, calls, slices, amount, days }: ExpectedLine, shape: BillShape): void {
  if (shape.lines === 'none') return;
  if (shape.lines === 'amounts' && days !== undefined) {
    for (const [day, ofDay] of days) addCell(cells, 'amount', { tariff, day }, ofDay);
    return;
  }
  if (amount !== null) addCell(cells, 'amount', { tariff }, amount);
  if (shape.lines === 'amounts') return;
  addCell(cells, 'calls', { tariff }, calls);
  if (slices === null) return;
  if (shape.slices.has(tariff)) {
    for (const [price, part] of slices) addCell(cells, 'slice', { tariff }, part, price);
    return;
  }
  const printed = shape.printed.get(tariff);
  const prices = [...slices.keys()];
  // For several slices a bill prints the average, or one of their prices: neither is wrong.
  const isOne = printed !== undefined && (printed.isAverage || slices.has(printed.price));
  const price = prices.length > 1 && isOne ? printed.price : prices.at(-1);
  if (price !== undefined && (prices.length === 1 || printed !== undefined)) addCell(cells, 'price', { tariff }, price);
}

/** The packs that the month's purchases are: bought ones, gifts cost nothing. */
export const boughtIn = ({ settling: { packs, zone }, month }: Reading) =>
  packs.filter((pack) => !pack.gift && dayOf(zone, pack.boughtAt).slice(0, 7) === month);

/** Null where a tier that was reached has no price: never nothing. */
export const postpaidOf = (lines: readonly ExpectedLine[]): Money | null =>
  sumOrNull(lines.map(({ amount }) => amount));

export const purchasesOf = (reading: Reading): Money =>
  moneyOf(boughtIn(reading).reduce((sum, { price }) => sum + price, 0n));

/** Postpaid and drawn calls of each tariff; prepaid-only meters have none. */
function quantities(settled: Settled, book: PriceBook): Map<string, { postpaid: bigint; drawn: bigint }> {
  const found = new Map<string, { postpaid: bigint; drawn: bigint }>();
  const add = (meter: string, what: 'postpaid' | 'drawn', calls: bigint) => {
    const tariff = book.meters.get(meter)?.tariff ?? null;
    if (tariff === null) return;
    const sums = found.get(tariff) ?? { postpaid: 0n, drawn: 0n };
    sums[what] += calls;
    found.set(tariff, sums);
  };
  for (const [key, calls] of settled.postpaid) add(key.split('|')[1] ?? '', 'postpaid', calls);
  for (const [key, calls] of settled.draws) add(key.split('|')[1] ?? '', 'drawn', calls);
  return found;
}

/** The postpaid lines that a reading leads to. */
export function linesOf(settled: Settled, { rating, settling }: Reading): ExpectedLine[] {
  const { book, rounding, prices, lineCalls } = rating;
  const sums = quantities(settled, settling.book);
  const idle = [...book.tariffs.values()].flatMap(({ id, withoutCalls }) => (withoutCalls === true ? [id] : []));
  for (const id of [...lineCalls.keys(), ...idle]) if (!sums.has(id)) sums.set(id, { postpaid: 0n, drawn: 0n });
  return [...sums].flatMap(([id, { postpaid, drawn }]): ExpectedLine[] => {
    const tariff = book.tariffs.get(id);
    const how = rounding.get(id) ?? 'line';
    if (tariff?.counter === 'day' && !hasMeterPrices(tariff))
      return lineOfDays(tariff, dayQuantities(settled, settling.book, id), rating);
    const calls = (lineCalls.get(id) ?? postpaid) as Calls;
    if (tariff === undefined) return [];
    // Sums do not tell what such a month costs; where no pack paid, and all meters cost the same, they do.
    if (hasMeterPrices(tariff) || (isInOrder(tariff) && drawn !== 0n))
      throw new FileTrouble('PRICED_BY_PLACE', reconcileWords.pricedByPlace(tariff.title));
    const rated = rate(tariff, { postpaid: calls, drawn: drawn as Calls });
    if (calls === 0n && rated.fees.length === 0) return [];
    const priced = pricedParts(rated, calls, prices.get(id));
    if (priced === null) return [{ tariff: id, calls, slices: null, amount: null }];
    const days =
      how === 'day' && priced.length === 1
        ? [...dayQuantities(settled, settling.book, id).values()].map((day) => day.postpaid)
        : null;
    const ofCalls = roundedAmount(priced, how, days);
    const { amount } = withFees(tariff, rated.reached, { amount: ofCalls, estimate: ofCalls });
    return [{ tariff: id, calls, slices: byPrice(priced), amount }];
  });
}

/** Null: a tier that was reached has no price. */
function pricedParts({ slices }: Rated, postpaid: Calls, own: Price | undefined): PricedPart[] | null {
  const parts = (own === undefined ? slices : [{ calls: postpaid, price: own }]).filter(
    ({ calls }) => calls !== noCalls,
  );
  const priced = parts.flatMap(({ calls, price }) => (price === null ? [] : [{ calls, price }]));
  return priced.length < parts.length ? null : priced;
}

/** A tariff counted by the day: each day is rated and rounded by itself, and the line is their sum. */
function lineOfDays(
  tariff: Tariff,
  days: ReadonlyMap<string, Quantities>,
  { rounding, prices }: Reading['rating'],
): ExpectedLine[] {
  const parts: PricedPart[] = [];
  const amounts = new Map<string, Money>();
  let amount: Money | null = noMoney;
  for (const [day, quantities] of days) {
    if (quantities.postpaid === noCalls) continue;
    const priced = pricedParts(rate(tariff, quantities), quantities.postpaid, prices.get(tariff.id));
    if (priced === null) amount = null;
    else {
      parts.push(...priced);
      const ofDay = roundedAmount(priced, rounding.get(tariff.id) ?? 'line', null);
      amounts.set(day, ofDay);
      if (amount !== null) amount = moneyOf(amount + ofDay);
    }
  }
  const calls = sumCalls([...days.values()].map(({ postpaid }) => postpaid));
  if (calls === noCalls) return [];
  return [{ tariff: tariff.id, calls, slices: amount === null ? null : byPrice(parts), amount, days: amounts }];
}

function byPrice(parts: readonly PricedPart[]): Map<bigint, bigint> {
  const slices = new Map<bigint, bigint>();
  for (const { calls, price } of parts) slices.set(priceValue(price), (slices.get(priceValue(price)) ?? 0n) + calls);
  return slices;
}

/** Postpaid and drawn calls of a tariff by day, in the order of days. */
function dayQuantities(settled: Settled, book: PriceBook, tariff: string): Map<string, Quantities> {
  const days = new Map<string, Quantities>();
  const add = (key: string, what: 'postpaid' | 'drawn', calls: bigint) => {
    const [day = '', meter = ''] = key.split('|');
    if (book.meters.get(meter)?.tariff !== tariff) return;
    const sums = days.get(day) ?? { postpaid: noCalls, drawn: noCalls };
    days.set(day, { ...sums, [what]: sums[what] + calls });
  };
  for (const [key, calls] of settled.postpaid) add(key, 'postpaid', calls);
  for (const [key, calls] of settled.draws) add(key, 'drawn', calls);
  return days;
}

interface PricedPart {
  readonly calls: Calls;
  readonly price: Price;
}

/** `days`: the calls of each day, where days are rounded; null where they are not, or where a day has no one price. */
function roundedAmount(parts: readonly PricedPart[], how: Rounding, days: readonly bigint[] | null): Money {
  const [first] = parts;
  if (how === 'call') return moneyOf(sumOf(parts, ({ calls, price }) => calls * divideHalfUp(price.amount, price.per)));
  if (days !== null && first !== undefined) {
    return moneyOf(days.reduce((sum, calls) => sum + amountOf(calls as Calls, first.price), 0n));
  }
  const { amount, per } = chargeOf(parts);
  return moneyOf(how === 'down' ? amount / per : divideHalfUp(amount, per));
}

const sumOf = (parts: readonly PricedPart[], value: (part: PricedPart) => bigint): bigint =>
  parts.reduce((sum, part) => sum + value(part), 0n);

/** Figures that one side may leave open: a price, the calls at one, a total that a missing price leaves unknown. */
const isOpen = (kind: CellKind, other: Cell | undefined, expected: Cells, where: Where): boolean =>
  other === undefined &&
  (kind === 'price' || kind === 'total' || (kind === 'slice' && !hasSlices(expected, where.tariff)));

const hasSlices = (cells: Cells, tariff: string | null): boolean =>
  [...cells.values()].some(({ kind, where }) => kind === 'slice' && where.tariff === tariff);

/** Keys whose values differ. A unit price counts only where both sides state one. */
export function differing(billed: Cells, expected: Cells): Set<string> {
  const keys = new Set<string>();
  for (const [key, { kind, value, where }] of billed) {
    const other = expected.get(key);
    if (isOpen(kind, other, expected, where)) continue;
    if ((other?.value ?? 0n) !== value || (other === undefined && kind === 'amount')) keys.add(key);
  }
  for (const [key, { kind, value }] of expected) {
    if (!billed.has(key) && kind !== 'price' && value !== 0n) keys.add(key);
  }
  return keys;
}

/** How many calls apart two bills are, over all cells that count calls. */
export function distance(billed: Cells, expected: Cells, keys: Iterable<string>): bigint {
  let sum = 0n;
  for (const key of keys) {
    const [one, other] = [billed.get(key), expected.get(key)];
    const kind = (one ?? other)?.kind;
    if (kind !== 'draw' && kind !== 'postpaid' && kind !== 'calls') continue;
    const apart = (one?.value ?? 0n) - (other?.value ?? 0n);
    sum += apart < 0n ? -apart : apart;
  }
  return sum;
}
