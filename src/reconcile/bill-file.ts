// The bill that somebody else sent, as a table. Columns and an example stand in docs/guide/check-a-provider-bill.md.

import { type Period, parseDay, parsePeriod } from '../core/calendar.ts';
import type { PriceBook, Words } from '../core/price-book.ts';
import { type Calls, formatMoney, type Money, moneyOf, noMoney, type Price } from '../core/units.ts';
import type { Source } from '../usage-files/bytes.ts';
import { readDay, readMoney, readMonth, readPrice, readWhole, shown } from '../usage-files/cells.ts';
import type { ColumnMap } from '../usage-files/columns.ts';
import type { FileNotes } from '../usage-files/notes.ts';
import { tableFields } from '../usage-files/table-fields.ts';
import { type Table, type TableRow, tableOf } from '../usage-files/table-of.ts';
import { nameFlaw } from '../words/name-flaws.ts';
import { reconcileWords } from '../words/reconcile.ts';
import { about } from '../words/words.ts';
import { isOwnBill, kindOf, kindWords, type RowKind } from './bill-kinds.ts';
import { type BilledLine, isAverage } from './billed-line.ts';
import { type CellProblem, type CellProblemCode, cellProblem } from './cell-problem.ts';
import { addCell, type BillShape, type Cells, priceValue } from './figures.ts';
import { NotCompared } from './not-compared.ts';

const columns = { ...tableFields.bill, passOver: 'any' as const };

/** The figures of each kind of row that are compared; whatever else stands in it is named. */
const compared: Readonly<Record<RowKind, readonly string[]>> = {
  draw: ['day', 'meter', 'pack', 'calls'],
  day: ['day', 'meter', 'calls', 'amount'],
  line: ['tariff', 'calls', 'unit_price', 'amount'],
  fee: ['tariff', 'amount'],
  purchase: ['pack', 'amount'],
  total: ['amount'],
  subtotal: [],
  other: [],
};

export interface ProviderBill {
  readonly month: Period;
  readonly cells: Cells;
  readonly shape: BillShape;
  /** Unit price of each tariff's line, as written; not of a tariff with several. */
  readonly prices: ReadonlyMap<string, Price>;
  /** Sum of the amounts of its rows. */
  readonly sum: Money;
  /** What it says it comes to; null where it does not say. */
  readonly total: Money | null;
  /** Figures that stand on the bill and that nothing here can be compared with. */
  readonly notCompared: readonly Words[];
  readonly notes: FileNotes;
}

/** Nothing of it would be wrong, and nobody should be told that it is right. */
const nothingToCompare = cellProblem(1, 'NOTHING_TO_COMPARE', 'kind', reconcileWords.noRowOfTheBillCan);

export interface BillProblems {
  readonly problems: readonly CellProblem[];
}

/** Reads a bill. `month` is that of the command line; without it, that of the bill's days. */
export async function readBill(
  source: Source,
  book: PriceBook,
  month: Period | undefined,
  map?: ColumnMap,
): Promise<ProviderBill | BillProblems> {
  const table = await tableOf(source, { ...columns, map }, 'kind');
  const reader = new BillReader(book, month, table);
  for (const row of table.rows) reader.take(row);
  return reader.finish();
}

class BillReader {
  readonly #book: PriceBook;
  readonly #table: Table;
  readonly #problems: CellProblem[] = [];
  readonly #cells: Cells = new Map();
  readonly #lines: BilledLine[] = [];
  readonly #drawRows: TableRow[] = [];
  readonly #dayRows: TableRow[] = [];
  readonly #totalRows: TableRow[] = [];
  readonly #notCompared = new NotCompared();
  #month: Period | undefined;
  #purchases = false;
  #sum = noMoney;

  constructor(book: PriceBook, month: Period | undefined, table: Table) {
    this.#book = book;
    this.#month = month;
    this.#table = table;
  }

  take(row: TableRow): void {
    this.#checkMonth(row);
    this.#checkDay(row);
    this.#checkMeter(row);
    const kind = kindOf(row, this.#table);
    if (kind === undefined) this.#blame(row, 'UNKNOWN_KIND', 'kind', kindWords);
    else {
      for (const column of columns.optional) {
        if (column !== 'month' && !compared[kind].includes(column)) this.#leaveOut(row, column);
      }
      this.#byKind[kind](row);
    }
  }

  readonly #byKind: Readonly<Record<RowKind, (row: TableRow) => void>> = {
    draw: (row) => this.#takeDraw(row),
    day: (row) => this.#takeDay(row),
    line: (row) => this.#takeLine(row),
    fee: (row) => this.#takeFee(row),
    purchase: (row) => this.#takePurchase(row),
    total: (row) => this.#totalRows.push(row),
    subtotal: () => undefined,
    other: (row) => this.#takeOther(row),
  };

  #checkMonth(row: TableRow): void {
    const text = row.cell('month');
    if (text === '') return;
    const isOwn = isOwnBill(this.#table);
    const month = readMonth(text) ?? (isOwn ? readDay(text)?.slice(0, 7) : undefined);
    if (month !== undefined && isOwn && row.cell('kind') === 'adjustment') return;
    if (month === undefined) this.#wrong(row, 'month', reconcileWords.writeItAs202601);
    else this.#sameMonth(row, 'month', month);
  }

  #checkDay(row: TableRow): void {
    if (row.cell('day') === '') return;
    const day = readDay(row.cell('day'));
    if (day === undefined || parseDay(this.#book.timeZone, day) === undefined) {
      this.#wrong(row, 'day', reconcileWords.writeADaySuchAs2026);
    } else this.#sameMonth(row, 'day', day.slice(0, 7));
  }

  #sameMonth(row: TableRow, column: string, month: string): void {
    this.#month ??= parsePeriod(month);
    if (this.#month === undefined || month === this.#month) return;
    const found = shown(row.cell(column));
    this.#blame(row, 'OTHER_MONTH', column, reconcileWords.isNotIn(found, this.#month));
  }

  #checkMeter(row: TableRow): void {
    const meter = row.cell('meter');
    if (meter === '' || this.#book.meters.has(meter)) return;
    this.#blame(row, 'UNKNOWN_METER', 'meter', reconcileWords.bookHasNoMeter(shown(meter)));
  }

  #takeDraw(row: TableRow): void {
    this.#checkPack(row);
    this.#callsIn(row);
    this.#drawRows.push(row);
  }

  #checkPack(row: TableRow): void {
    const pack = row.cell('pack');
    if (pack === '') this.#blame(row, 'MISSING', 'pack', reconcileWords.packMissing);
    else {
      const flaw = nameFlaw(pack);
      if (flaw !== undefined) this.#wrong(row, 'pack', flaw);
    }
  }

  #takeDay(row: TableRow): void {
    const [day, meter] = [readDay(row.cell('day')) ?? '', row.cell('meter')];
    if (meter === '') this.#blame(row, 'MISSING', 'meter', reconcileWords.meterMissing);
    this.#dayRows.push(row);
    addCell(this.#cells, 'postpaid', { day, meter }, this.#callsIn(row));
  }

  #tariffIn(row: TableRow): string | undefined {
    const tariff = row.cell('tariff');
    if (this.#book.tariffs.has(tariff)) return tariff;
    this.#blame(row, 'UNKNOWN_TARIFF', 'tariff', reconcileWords.bookHasNoTariff(shown(tariff)));
    return undefined;
  }

  /** The amount of a tariff is that of its calls and its fees. */
  #takeFee(row: TableRow): void {
    const tariff = this.#tariffIn(row);
    if (tariff === undefined) return;
    const amount = this.#moneyIn(row);
    this.#sum = moneyOf(this.#sum + amount);
    addCell(this.#cells, 'amount', { tariff }, amount);
  }

  #takeLine(row: TableRow): void {
    const tariff = this.#tariffIn(row);
    if (tariff === undefined) return;
    const text = row.cell('unit_price');
    const price = text === '' ? null : readPrice(text, this.#book.currency);
    if (price === undefined) this.#wrong(row, 'unit_price', reconcileWords.writeAPriceSuchAs0);
    const line = { tariff, calls: this.#callsIn(row), price: price ?? null, amount: this.#moneyIn(row) };
    this.#lines.push(line);
    this.#sum = moneyOf(this.#sum + line.amount);
    addCell(this.#cells, 'calls', { tariff }, line.calls);
    addCell(this.#cells, 'amount', { tariff }, line.amount);
  }

  #takePurchase(row: TableRow): void {
    this.#checkPack(row);
    const amount = this.#moneyIn(row);
    this.#purchases = true;
    this.#sum = moneyOf(this.#sum + amount);
    addCell(this.#cells, 'purchase', { pack: row.cell('pack') }, amount);
  }

  /** Discounts, vouchers and the like follow from no usage: they count in the total, and are named. */
  #takeOther(row: TableRow): void {
    const amount = this.#moneyIn(row);
    this.#sum = moneyOf(this.#sum + amount);
  }

  #leaveOut(row: TableRow, column: string): void {
    if (row.cell(column) !== '') this.#notCompared.add(column, row.cell('kind'), row.line);
  }

  #callsIn(row: TableRow): Calls {
    const calls = readWhole(row.cell('calls'));
    if (calls === undefined) this.#wrong(row, 'calls', reconcileWords.writeAWholeNumberSuchAs);
    return (calls ?? 0n) as Calls;
  }

  #moneyIn(row: TableRow): Money {
    const { currency } = this.#book;
    const amount = readMoney(row.cell('amount'), currency);
    if (amount === undefined) {
      // 4207.50 CNY, 420750 JPY, 420.750 KWD.
      this.#wrong(row, 'amount', reconcileWords.writeAnAmount(formatMoney(moneyOf(420_750n), currency)));
    }
    return amount ?? noMoney;
  }

  #wrong(row: TableRow, column: string, told: Words): void {
    this.#blame(row, 'WRONG_FORMAT', column, about(shown(row.cell(column)), told));
  }

  #blame(row: TableRow, code: CellProblemCode, column: string, told: Words): void {
    this.#problems.push(cellProblem(row.line, code, this.#table.title(column), told));
  }

  finish(): ProviderBill | BillProblems {
    const draws = this.#addDraws();
    const dayAmounts = this.#addDayAmounts();
    const total = this.#readTotal();
    const { prices, printed, slices } = this.#addPrices();
    const lines = this.#lines.length > 0 ? 'whole' : dayAmounts ? 'amounts' : 'none';
    const bare = total !== null && lines === 'none' ? moneyOf(total - this.#sum) : null;
    if (bare !== null) addCell(this.#cells, 'total', {}, bare);
    if (this.#problems.length === 0 && this.#cells.size === 0) this.#problems.push(nothingToCompare);
    if (this.#month === undefined && this.#problems.length === 0) {
      this.#problems.push(cellProblem(1, 'NO_MONTH', 'day', reconcileWords.billNamesNoDay));
    }
    if (this.#month === undefined || this.#problems.length > 0) return { problems: this.#problems };
    const shape = {
      draws,
      postpaidDays: this.#dayRows.length > 0,
      purchases: this.#purchases,
      lines,
      printed,
      slices,
      bare,
      bareHasPacks: !this.#purchases,
    } as const;
    return {
      month: this.#month,
      cells: this.#cells,
      shape,
      prices,
      sum: this.#sum,
      total,
      notCompared: this.#notCompared.words(),
      notes: this.#table.notes,
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
      const day = shape.day ? (readDay(row.cell('day')) ?? null) : null;
      const meter = shape.meter ? row.cell('meter') : null;
      addCell(this.#cells, 'draw', { day, meter, pack: row.cell('pack') }, readWhole(row.cell('calls')) ?? 0n);
      if (!shape.day) this.#leaveOut(row, 'day');
      if (!shape.meter) this.#leaveOut(row, 'meter');
    }
    return shape;
  }

  /** Amounts of days are those of the tariffs, or of their days, where the bill has no lines, and every day has one. */
  #addDayAmounts(): boolean {
    const priced = this.#dayRows.filter((row) => row.cell('amount') !== '');
    if (this.#lines.length > 0 || priced.length === 0 || priced.length < this.#dayRows.length) {
      for (const row of priced) this.#leaveOut(row, 'amount');
      return false;
    }
    for (const row of priced) {
      const tariff = this.#book.meters.get(row.cell('meter'))?.tariff ?? null;
      const amount = this.#moneyIn(row);
      this.#sum = moneyOf(this.#sum + amount);
      const isOfDay = this.#book.tariffs.get(tariff ?? '')?.counter === 'day';
      addCell(this.#cells, 'amount', { tariff, ...(isOfDay ? { day: readDay(row.cell('day')) ?? '' } : {}) }, amount);
    }
    return true;
  }

  #readTotal(): Money | null {
    const [row, second] = this.#totalRows;
    if (row === undefined) return null;
    if (second !== undefined) {
      const places = this.#totalRows.map(({ line }) => line).join(', ');

      this.#problems.push(
        cellProblem(second.line, 'TWICE', 'kind', reconcileWords.totalStandsTimes(this.#totalRows.length, places)),
      );
    }
    return this.#moneyIn(row);
  }

  /** A line of one price is compared by it; one of several, by the calls at each. */
  #addPrices(): Pick<BillShape, 'printed' | 'slices'> & Pick<ProviderBill, 'prices'> {
    const prices = new Map<string, Price>();
    const printed = new Map<string, { price: bigint; isAverage: boolean }>();
    const slices = new Set<string>();
    for (const [tariff, rows] of Map.groupBy(this.#lines, (line) => line.tariff)) {
      const different = new Set(rows.map(({ price }) => (price === null ? null : priceValue(price))));
      const price = rows[0]?.price ?? null;
      if (different.size === 1 && price !== null) {
        prices.set(tariff, price);
        printed.set(tariff, {
          price: priceValue(price),
          isAverage: rows.every((row) => isAverage(row, this.#book.currency)),
        });
        addCell(this.#cells, 'price', { tariff }, priceValue(price));
      } else if (different.size > 1 && !different.has(null)) {
        slices.add(tariff);
        for (const { calls, price: own } of rows)
          if (own !== null) addCell(this.#cells, 'slice', { tariff }, calls, priceValue(own));
      } else if (different.size > 1) {
        for (const row of this.#table.rows) if (row.cell('tariff') === tariff) this.#leaveOut(row, 'unit_price');
      }
    }
    return { prices, printed, slices };
  }
}
