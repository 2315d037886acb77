// A bill as numbers that can be compared one by one: calls drawn by day, meter and pack; postpaid calls by day and meter; the
// calls, unit price and amount of each tariff's line.

import { dayOf } from '../core/calendar.ts';
import type { PriceBook } from '../core/price-book.ts';
import { rate, unitPrice } from '../core/rate.ts';
import { type Calls, divideHalfUp, type Money, type Price } from '../core/units.ts';
import type { Reading } from './reading.ts';
import type { Settled } from './replay.ts';

export type CellKind = 'draw' | 'postpaid' | 'calls' | 'price' | 'amount' | 'purchase';

export interface Where {
  readonly day: string | null;
  readonly meter: string | null;
  readonly pack: string | null;
  readonly tariff: string | null;
}

/** `value` counts calls, fen, or for a price 10^-8 of the currency. */
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
}

const nowhere: Where = { day: null, meter: null, pack: null, tariff: null };

export function addCell(cells: Cells, kind: CellKind, where: Partial<Where>, value: bigint): void {
  const whole = { ...nowhere, ...where };
  const key = `${kind}|${whole.day ?? ''}|${whole.meter ?? ''}|${whole.tariff ?? ''}|${whole.pack ?? ''}`;
  cells.set(key, { kind, where: whole, value: value + (cells.get(key)?.value ?? 0n) });
}

/** 10^-8 of the currency's unit, so that prices of the book and the bill compare as whole numbers. */
export const priceValue = (price: Price): bigint => (price.amount * 1_000_000n) / price.per;

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
  addLines(cells, settled, reading);
  if (shape.purchases) addPurchases(cells, reading);
  return cells;
}

function addPurchases(cells: Cells, { settling: { packs, zone }, month }: Reading): void {
  for (const pack of packs) {
    if (pack.gift || dayOf(zone, pack.boughtAt).slice(0, 7) !== month) continue;
    addCell(cells, 'purchase', { pack: pack.id }, pack.price);
  }
}

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

function addLines(cells: Cells, settled: Settled, { rating, settling }: Reading): void {
  const { book, rounding, prices, lineCalls } = rating;
  const sums = quantities(settled, settling.book);
  for (const id of lineCalls.keys()) if (!sums.has(id)) sums.set(id, { postpaid: 0n, drawn: 0n });
  for (const [id, { postpaid, drawn }] of sums) {
    const tariff = book.tariffs.get(id);
    const calls = (lineCalls.get(id) ?? postpaid) as Calls;
    if (tariff === undefined || calls === 0n) continue;
    addCell(cells, 'calls', { tariff: id }, calls);
    const rated = rate(tariff, { postpaid: calls, drawn: drawn as Calls });
    const price = prices.get(id) ?? unitPrice(tariff, rated);
    if (price !== null) addCell(cells, 'price', { tariff: id }, priceValue(price));
    const how = rounding.get(id) ?? 'line';
    if (price !== null && (how !== 'line' || prices.has(id))) {
      const days = how === 'day' ? dailyCalls(settled, settling.book, id) : [calls];
      addCell(cells, 'amount', { tariff: id }, roundedAmount(days, price, how));
    } else if (rated.amount !== null) addCell(cells, 'amount', { tariff: id }, rated.amount);
  }
}

function dailyCalls(settled: Settled, book: PriceBook, tariff: string): bigint[] {
  const days = new Map<string, bigint>();
  for (const [key, calls] of settled.postpaid) {
    const [day = '', meter = ''] = key.split('|');
    if (book.meters.get(meter)?.tariff === tariff) days.set(day, (days.get(day) ?? 0n) + calls);
  }
  return [...days.values()];
}

function roundedAmount(parts: readonly bigint[], { amount, per }: Price, how: string): Money {
  const each = how === 'call' ? divideHalfUp(amount, per) : 0n;
  let sum = 0n;
  for (const calls of parts) {
    if (how === 'call') sum += calls * each;
    else sum += how === 'down' ? (calls * amount) / per : divideHalfUp(calls * amount, per);
  }
  return sum as Money;
}

/** Keys whose values differ. A unit price counts only where both sides state one. */
export function differing(billed: Cells, expected: Cells): Set<string> {
  const keys = new Set<string>();
  for (const [key, { kind, value }] of billed) {
    const other = expected.get(key);
    if (other === undefined && kind === 'price') continue;
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
