// The bill that somebody else sent: a CSV file. Columns and an example stand in docs/guide/check-a-provider-bill.md.

import { type Period, parseDay, parsePeriod } from '../core/calendar.ts';
import type { PriceBook } from '../core/price-book.ts';
import { type Money, noMoney, type Price, parseMoney, parsePrice } from '../core/units.ts';
import { readTable, type TableRow } from '../usage-files/csv-table.ts';
import { type CellProblem, type CellProblemCode, cellProblem } from './cell-problem.ts';
import { addCell, type BillShape, type Cells, priceValue } from './cells.ts';
import { wholeNumber } from './packs-file.ts';

const columns = {
  required: ['kind', 'calls', 'amount'],
  optional: ['day', 'meter', 'pack', 'tariff', 'unit_price'],
};

export interface ProviderBill {
  readonly month: Period;
  readonly cells: Cells;
  readonly shape: BillShape;
  /** Unit price of each tariff's line, as written. */
  readonly prices: ReadonlyMap<string, Price>;
  /** Sum of the amounts of its lines. */
  readonly sum: Money;
  /** What it says it comes to; null where it does not say. */
  readonly total: Money | null;
}

/** Reads a bill. `month` is that of the command line; without it, that of the bill's days. */
export function readBill(
  path: string,
  book: PriceBook,
  month: Period | undefined,
): ProviderBill | { readonly problems: readonly CellProblem[] } {
  const reader = new BillReader(book, month);
  for (const row of readTable(path, columns)) reader.take(row);
  return reader.finish();
}

class BillReader {
  readonly #book: PriceBook;
  readonly #problems: CellProblem[] = [];
  readonly #cells: Cells = new Map();
  readonly #prices = new Map<string, Price>();
  readonly #drawRows: TableRow[] = [];
  readonly #slices = new Set<string>();
  #month: Period | undefined;
  #postpaidDays = false;
  #purchases = false;
  #sum = noMoney;
  #total: Money | null = null;

  constructor(book: PriceBook, month: Period | undefined) {
    this.#book = book;
    this.#month = month;
  }

  take(row: TableRow): void {
    this.#checkDay(row);
    this.#checkMeter(row);
    const kind = row.cell('kind');
    if (kind === 'pack') this.#takeDraw(row);
    else if (kind === 'postpaid' && row.cell('day') !== '') this.#takePostpaidDay(row);
    else if (kind === 'postpaid') this.#takeLine(row);
    else if (kind === 'purchase') this.#takePurchase(row);
    else if (kind === 'total') this.#total = ((this.#total ?? noMoney) + this.#moneyIn(row)) as Money;
    else this.#blame(row, 'UNKNOWN_KIND', 'kind', '应为 pack、postpaid、purchase、total 之一', kindWords);
  }

  #checkDay(row: TableRow): void {
    const day = row.cell('day');
    if (day === '') return;
    if (parseDay(this.#book.timeZone, day) === undefined) {
      this.#blame(row, 'WRONG_FORMAT', 'day', '应为日期，如 2026-01-31', 'must be a day such as 2026-01-31');
      return;
    }
    this.#month ??= parsePeriod(day.slice(0, 7));
    if (this.#month !== undefined && !day.startsWith(this.#month)) {
      this.#blame(row, 'OTHER_MONTH', 'day', `${day} 不在 ${this.#month} 内`, `${day} is not in ${this.#month}`);
    }
  }

  #checkMeter(row: TableRow): void {
    const meter = row.cell('meter');
    if (meter === '' || this.#book.meters.has(meter)) return;
    this.#blame(row, 'UNKNOWN_METER', 'meter', `价目表没有计量项 ${meter}`, `the book has no meter ${meter}`);
  }

  #takeDraw(row: TableRow): void {
    if (row.cell('pack') === '') this.#blame(row, 'MISSING', 'pack', '缺少 pack', 'pack is missing');
    this.#callsIn(row);
    this.#drawRows.push(row);
  }

  #takePostpaidDay(row: TableRow): void {
    const [day, meter] = [row.cell('day'), row.cell('meter')];
    if (meter === '') this.#blame(row, 'MISSING', 'meter', '缺少 meter', 'meter is missing');
    this.#postpaidDays = true;
    addCell(this.#cells, 'postpaid', { day, meter }, this.#callsIn(row));
  }

  #takeLine(row: TableRow): void {
    const tariff = row.cell('tariff');
    if (!this.#book.tariffs.has(tariff)) {
      const en = `the book has no tariff "${tariff}"`;
      this.#blame(row, 'UNKNOWN_TARIFF', 'tariff', `价目表没有后付费计费项「${tariff}」`, en);
      return;
    }
    const amount = this.#moneyIn(row);
    this.#sum = (this.#sum + amount) as Money;
    addCell(this.#cells, 'calls', { tariff }, this.#callsIn(row));
    addCell(this.#cells, 'amount', { tariff }, amount);
    if (row.cell('unit_price') !== '') this.#slices.add(`${tariff}|${row.cell('unit_price')}`);
    const price = parsePrice(row.cell('unit_price'));
    if (price !== undefined) this.#prices.set(tariff, price);
    else if (row.cell('unit_price') !== '') {
      this.#blame(row, 'WRONG_FORMAT', 'unit_price', '应为单价，如 0.85', 'must be a price such as 0.85');
    }
  }

  #takePurchase(row: TableRow): void {
    const amount = this.#moneyIn(row);
    this.#purchases = true;
    this.#sum = (this.#sum + amount) as Money;
    addCell(this.#cells, 'purchase', { pack: row.cell('pack') }, amount);
  }

  #callsIn(row: TableRow): bigint {
    const calls = wholeNumber(row.cell('calls'));
    if (calls === undefined) this.#blame(row, 'WRONG_FORMAT', 'calls', '应为整数', 'must be a whole number');
    return calls ?? 0n;
  }

  #moneyIn(row: TableRow): Money {
    const amount = parseMoney(row.cell('amount'));
    if (amount === undefined) {
      this.#blame(row, 'WRONG_FORMAT', 'amount', '应为金额，如 4207.50', 'must be an amount such as 4207.50');
    }
    return amount ?? noMoney;
  }

  #blame(row: TableRow, code: CellProblemCode, column: string, zh: string, en: string): void {
    this.#problems.push(cellProblem(row.line, code, column, `${column} ${zh}`, `${column}: ${en}`));
  }

  finish(): ProviderBill | { readonly problems: readonly CellProblem[] } {
    const draws = this.#addDraws();
    this.#addPrices();
    if (this.#month === undefined && this.#problems.length === 0) {
      const en = 'the bill names no day; give the month with --month';
      this.#problems.push(cellProblem(1, 'NO_MONTH', 'day', '账单没有日期，请用 --month 给出账期', en));
    }
    if (this.#month === undefined || this.#problems.length > 0) return { problems: this.#problems };
    return {
      month: this.#month,
      cells: this.#cells,
      shape: { draws, postpaidDays: this.#postpaidDays, purchases: this.#purchases },
      prices: this.#prices,
      sum: this.#sum,
      total: this.#total,
    };
  }

  /** Draws are compared as finely as every one of the rows says. */
  #addDraws(): BillShape['draws'] {
    if (this.#drawRows.length === 0) return null;
    const shape = {
      day: this.#drawRows.every((row) => row.cell('day') !== ''),
      meter: this.#drawRows.every((row) => row.cell('meter') !== ''),
    };
    for (const row of this.#drawRows) {
      const [day, meter] = [shape.day ? row.cell('day') : null, shape.meter ? row.cell('meter') : null];
      addCell(this.#cells, 'draw', { day, meter, pack: row.cell('pack') }, wholeNumber(row.cell('calls')) ?? 0n);
    }
    return shape;
  }

  /** A tariff with several unit prices (graduated slices) is compared by its calls and amount. */
  #addPrices(): void {
    for (const [tariff, price] of this.#prices) {
      const several = [...this.#slices].filter((slice) => slice.startsWith(`${tariff}|`)).length > 1;
      if (several) this.#prices.delete(tariff);
      else addCell(this.#cells, 'price', { tariff }, priceValue(price));
    }
  }
}

const kindWords = 'must be pack, postpaid, purchase or total';
