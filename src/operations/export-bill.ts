// A bill as files: its lines for people, its calls for whoever wants to add them up.
// The amounts of the calls are exact decimals; their sum by tariff, rounded once, is the bill's line.

import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { stringify as stringifyOnce } from 'csv-stringify/sync';
import { endOfPeriod, formatInstant, startOfPeriod } from '../core/calendar.ts';
import { nameOf } from '../core/event-name.ts';
import { writeJson } from '../core/json.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { rate } from '../core/rate.ts';
import { isRefusal } from '../core/refusal.ts';
import { addCalls, type Calls, type Instant, noCalls } from '../core/units.ts';
import { listEvents, type StoredEvent } from '../store/events.ts';
import { readHead } from './read-account.ts';
import type { BillReading } from './read-bills.ts';
import type { Suanpan } from './suanpan.ts';

interface LineDocument {
  readonly kind: string;
  readonly month?: string;
  readonly tariff?: string | null;
  readonly meter?: string;
  readonly product?: string;
  readonly pack?: string;
  readonly calls?: number | bigint;
  readonly size?: number | bigint;
  readonly tier?: number | null;
  readonly unitPrice?: string | null;
  readonly amount: string | null;
  readonly formula: { readonly zh: string; readonly en: string };
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
export const defused = (text: string): string => (/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text);

const lineColumns = {
  zh: ['类型', '账期', '计费项', '产品', '资源包', '次数', '阶梯', '单价', '金额', '说明'],
  en: ['kind', 'month', 'tariff', 'product', 'pack', 'calls', 'tier', 'unit_price', 'amount', 'formula'],
};

type Cell = string | number | bigint;

/** The bill's lines and then its totals, in the columns of `lineColumns`. */
function lineRows(document: Record<string, unknown>, language: 'zh' | 'en'): Cell[][] {
  const bill = document as unknown as { readonly month: string; readonly lines: readonly LineDocument[] };
  const rows = bill.lines.map((line): Cell[] => [
    line.kind,
    line.month ?? bill.month,
    line.tariff ?? line.meter ?? '',
    line.product ?? '',
    line.pack ?? '',
    line.calls ?? line.size ?? '',
    line.tier ?? '',
    line.unitPrice ?? '',
    line.amount ?? '',
    line.formula[language],
  ]);
  const totals = ['prepaid', 'postpaid', 'adjustments', 'total'].map((name): Cell[] => {
    const amount = document[name];
    return [name, bill.month, '', '', '', '', '', '', typeof amount === 'string' ? amount : '', ''];
  });
  return [...rows, ...totals];
}

/** The bill's lines and totals as CSV. Columns: docs/reference/exports.md. */
export function exportLines(document: Record<string, unknown>, language: 'zh' | 'en'): string {
  const rows = lineRows(document, language).map((row) =>
    row.map((cell, at) => (at === 4 ? defused(String(cell)) : cell)),
  );
  return stringifyOnce([lineColumns[language], ...rows]);
}

/** The same as an Excel workbook: text as text, counts and amounts as numbers. */
export async function exportWorkbook(document: Record<string, unknown>, language: 'zh' | 'en'): Promise<Buffer> {
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const text = (value: string) => ({ value, type: String }) as const;
  /** Excel keeps fifteen digits: what has more is text, exact to the last. */
  const number = (cell: Cell, format: string) => {
    if (cell === '') return null;
    const digits = String(cell).replace(/\D/g, '').length;
    return digits > 15 ? text(String(cell)) : ({ value: Number(cell), type: Number, format } as const);
  };
  const rows = lineRows(document, language).map((row) => [
    ...row.slice(0, 5).map((cell) => text(String(cell))),
    number(row[5] ?? '', '#,##0'),
    number(row[6] ?? '', '0'),
    text(String(row[7])),
    number(row[8] ?? '', '#,##0.00'),
    text(String(row[9])),
  ]);
  const head = lineColumns[language].map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  return writeWorkbook([head, ...rows], { sheet: String(document.month) }).toBuffer();
}

const callColumns = [
  'seq',
  'time',
  'event',
  'source',
  'meter',
  'department',
  'calls',
  'drawn',
  'packs',
  'postpaid',
  'tariff',
  'unit_price',
  'amount',
  'voided',
];

/**
 * Every call of the bill's month as CSV or NDJSON, in order of time. A final bill lists what had arrived when it was closed;
 * an event voided before is listed with the amount it no longer costs as 0.
 */
export async function exportCalls(
  suanpan: Suanpan,
  bill: BillReading,
  format: 'csv' | 'json',
  mark: string,
): Promise<Readable> {
  const reading = await readHead(suanpan.pool, suanpan, bill.account);
  if (isRefusal(reading)) throw new Error(`account ${bill.account} of a bill is gone`);
  const { head, book } = reading;
  const month = { from: startOfPeriod(head.timeZone, bill.month), to: endOfPeriod(head.timeZone, bill.month) };
  const rows = callRows(suanpan, bill, month, head.timeZone, book);
  if (format === 'json') return Readable.from(ndjson(rows));
  return Readable.from(cells(rows)).pipe(stringify({ header: true, columns: callColumns, bom: mark !== '' }));
}

type CallRow = ReturnType<typeof callRow>;

async function* ndjson(rows: AsyncIterable<CallRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${writeJson(row)}\n`;
}

async function* cells(rows: AsyncIterable<CallRow>): AsyncGenerator<CallRow> {
  for await (const row of rows) {
    const { event, source, department, packs } = row;
    const texts = { event: defused(event), source: defused(source), department: defused(department) };
    yield { ...row, ...texts, packs: defused(packs) };
  }
}

const pageSize = 2_000;

async function* callRows(
  suanpan: Suanpan,
  bill: BillReading,
  month: { readonly from: Instant; readonly to: Instant },
  timeZone: string,
  book: PriceBook,
): AsyncGenerator<CallRow> {
  const pricing = new CallPricing(bill, book);
  let after: { at: Instant; seq: number } | null = null;
  for (;;) {
    const page: StoredEvent[] = await listEvents(
      suanpan.pool,
      { account: bill.account, ...month, after, limit: pageSize },
      suanpan.meters,
    );
    for (const event of page) {
      if (bill.seq !== null && event.settledSeq > bill.seq) continue;
      yield callRow(event, pricing, timeZone, bill.seq);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = { at: last.at, seq: last.seq };
  }
}

function callRow(event: StoredEvent, pricing: CallPricing, timeZone: string, seq: number | null) {
  const voided = event.voidedSeq !== null && (seq === null || event.voidedSeq <= seq);
  const postpaid = voided ? noCalls : event.postpaid;
  const { tariff, price, amount } = pricing.price(event.meter, postpaid);
  const { id, source } = nameOf(event.id);
  return {
    seq: event.seq,
    time: formatInstant(timeZone, event.at),
    event: id,
    source: source ?? '',
    meter: event.meter ?? '',
    department: event.department ?? '',
    calls: event.calls,
    drawn: voided ? noCalls : drawnOf(event),
    packs: event.draws.map(({ pack, calls }) => `${pack}:${calls}`).join(' '),
    postpaid,
    tariff,
    unit_price: price,
    amount,
    voided: voided && event.voidedAt !== null ? formatInstant(timeZone, event.voidedAt) : '',
  };
}

const drawnOf = (event: StoredEvent): Calls => event.draws.reduce((sum, draw) => addCalls(sum, draw.calls), noCalls);

/**
 * What each call costs, exactly: volume and flat at the unit price of the line, graduated in the slices its calls fall into,
 * counted in the order of the export. Eight places are exact: prices have no more, and calls are whole.
 */
class CallPricing {
  readonly #book: PriceBook;
  readonly #prices = new Map<string, string | null>();
  readonly #before = new Map<string, Calls>();
  readonly #drawn = new Map<string, Calls>();

  constructor(bill: BillReading, book: PriceBook) {
    this.#book = book;
    const lines = bill.document.lines as readonly LineDocument[];
    for (const line of lines) {
      if (line.kind === 'postpaid' && line.tariff) this.#prices.set(line.tariff, line.unitPrice ?? null);
    }
    const usage = bill.document.usage as readonly {
      readonly meter: string;
      readonly draws: readonly { readonly calls: number | bigint }[];
    }[];
    for (const { meter, draws } of usage) {
      const tariff = book.meters.get(meter)?.tariff;
      if (!tariff) continue;
      for (const { calls } of draws) {
        this.#drawn.set(tariff, addCalls(this.#drawn.get(tariff) ?? noCalls, BigInt(calls) as Calls));
      }
    }
  }

  price(meter: string | null, postpaid: Calls): { tariff: string; price: string; amount: string } {
    const tariff = this.#book.tariffs.get(this.#book.meters.get(meter ?? '')?.tariff ?? '');
    if (tariff === undefined || postpaid === noCalls) return { tariff: tariff?.id ?? '', price: '', amount: '0.00' };
    if (tariff.mode === 'graduated') return { tariff: tariff.id, price: '', amount: this.#graduated(tariff, postpaid) };
    const price = this.#prices.get(tariff.id) ?? null;
    if (price === null) return { tariff: tariff.id, price: '', amount: '' };
    return { tariff: tariff.id, price, amount: exactProduct(price, postpaid) };
  }

  #graduated(tariff: Tariff, postpaid: Calls): string {
    const before = this.#before.get(tariff.id) ?? noCalls;
    this.#before.set(tariff.id, addCalls(before, postpaid));
    const below = tariff.basis === 'gross' ? (this.#drawn.get(tariff.id) ?? noCalls) : noCalls;
    const { slices } = rate({ ...tariff, basis: 'gross' }, { postpaid, drawn: addCalls(below, before) });
    let sum = 0n;
    for (const { calls, price } of slices) {
      if (price === null) return '';
      sum += calls * scaled(price.text);
    }
    return unscaled(sum);
  }
}

const scale = 8;
const scaled = (price: string): bigint => {
  const [whole = '0', places = ''] = price.split('.');
  return BigInt(whole + places.padEnd(scale, '0'));
};

const exactProduct = (price: string, calls: Calls): string => unscaled(scaled(price) * calls);

function unscaled(value: bigint): string {
  const digits = value.toString().padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale).replace(/0{1,6}$/, '')}`;
}
