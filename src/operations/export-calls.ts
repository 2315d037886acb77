// Every call of a bill's month as a file, for whoever wants to add them up. The amounts are exact decimals; their sum by tariff,
// rounded once, is the bill's line.

import { endOfPeriod, formatInstant, type Period, startOfPeriod } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { nameOf } from '../core/event-name.ts';
import type { FileFormat } from '../core/list-names.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { rate } from '../core/rate.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { modeRules } from '../core/tariff-modes.ts';
import { addCalls, type Calls, callsOf, formatMoney, noCalls, noMoney, shortened } from '../core/units.ts';
import type { StoredEvent } from '../store/ledger/events.ts';
import { refuseArchived } from './archive-events.ts';
import { drawnOf, drawsText, eventPieces } from './event-pieces.ts';
import { type Column, column, listFile, writeList } from './list-file.ts';
import { readHead } from './read-account.ts';
import type { BillReading } from './read-bills.ts';
import type { Reader, Suanpan } from './suanpan.ts';

/** What the calls of a bill are priced by. */
export interface CallTerms {
  readonly account: string;
  readonly month: Period;
  /** Ledger number of a final bill; null for a draft. */
  readonly seq: number | null;
  /** Unit prices of the bill's postpaid lines by tariff; null where there is no public one. */
  readonly prices: Readonly<Record<string, string | null>>;
  /** Calls that packs paid, by tariff, as text. */
  readonly drawn: Readonly<Record<string, string>>;
}

/** Refusal: ARCHIVED while the month's events lie in files. */
export async function readCallTerms(reader: Reader, bill: BillReading): Promise<CallTerms | Refusal> {
  const archived = await refuseArchived(reader.pool, bill.month);
  if (archived !== undefined) return archived;
  const reading = await readHead(reader.pool, reader, bill.account);
  if (isRefusal(reading)) return reading;
  const { lines, usage } = bill.document;
  const prices = lines.flatMap((line) =>
    line.kind === 'postpaid' && line.tariff !== null ? [[line.tariff, line.unitPrice] as const] : [],
  );
  const drawn = new Map<string, Calls>();
  for (const { meter, draws } of usage) {
    const tariff = reading.book.meters.get(meter)?.tariff;
    if (!tariff) continue;
    for (const { calls } of draws) drawn.set(tariff, addCalls(drawn.get(tariff) ?? noCalls, callsOf(calls)));
  }
  const { account, month, seq } = bill;
  const texts = [...drawn].map(([tariff, calls]) => [tariff, calls.toString()] as const);
  return { account, month, seq, prices: Object.fromEntries(prices), drawn: Object.fromEntries(texts) };
}

/**
 * Every call as CSV or NDJSON, in order of time. A final bill lists the ledger as it stood when it was closed, for ever: what was
 * voided by then costs nothing, what is voided, reviewed or reported later is as if it had not been. A piece at a time, the next
 * only when the last is taken: a reader that is slow or leaves costs nothing further.
 */
export async function exportCalls(
  suanpan: Suanpan,
  terms: CallTerms,
  format: FileFormat,
  withMark: boolean,
): Promise<AsyncIterable<string>> {
  const reading = await readHead(suanpan.pool, suanpan, terms.account);
  if (isRefusal(reading)) throw new Error(`account ${terms.account} of a bill is gone`);
  const { timeZone } = reading.head;
  const { account, month, seq: through } = terms;
  const span = { from: startOfPeriod(timeZone, month), to: endOfPeriod(timeZone, month) };
  const events = eventPieces(suanpan, { account, ...span, through }, null);
  const rows = new CallRows(terms, bookIn(reading.book, month), timeZone);
  return writeList(listFile(callColumns, rowPieces(events, rows)), format, withMark);
}

/** In the order in which they are counted. */
async function* rowPieces(pieces: AsyncIterable<StoredEvent[]>, rows: CallRows): AsyncGenerator<CallRow[]> {
  for await (const piece of pieces) yield piece.map((event) => rows.of(event));
}

type CallRow = ReturnType<CallRows['of']>;

const field = (name: keyof CallRow, kind?: Column<CallRow>['kind']) => column<CallRow>(name, (row) => row[name], kind);

const callColumns = [
  field('seq', 'count'),
  field('time'),
  field('event'),
  field('source'),
  field('meter'),
  field('department'),
  field('calls', 'count'),
  field('drawn', 'count'),
  field('packs'),
  field('postpaid', 'count'),
  field('tariff'),
  field('unit_price', 'amount'),
  field('amount', 'amount'),
  field('voided'),
];

/** Events as rows, in the order in which they are counted. */
class CallRows {
  readonly #pricing: CallPricing;
  readonly #timeZone: string;

  constructor(terms: CallTerms, book: PriceBook, timeZone: string) {
    this.#pricing = new CallPricing(terms, book);
    this.#timeZone = timeZone;
  }

  of(event: StoredEvent) {
    const voided = event.voidedAt === null ? '' : formatInstant(this.#timeZone, event.voidedAt);
    const postpaid = voided === '' ? event.postpaid : noCalls;
    const { id, source } = nameOf(event.id);
    const { tariff, price, amount } = this.#pricing.price(event.meter, postpaid);
    return {
      seq: event.seq,
      time: formatInstant(this.#timeZone, event.at),
      event: id,
      source: source ?? '',
      meter: event.meter ?? '',
      department: event.department ?? '',
      calls: event.calls,
      drawn: voided === '' ? drawnOf(event) : noCalls,
      packs: drawsText(event),
      postpaid,
      tariff,
      unit_price: price,
      amount,
      voided,
    };
  }
}

/**
 * What each call costs, exactly: at the unit price of the line, or in the slices its calls fall into,
 * counted in the order of the export. Eight places are exact: prices have no more, and calls are whole.
 */
class CallPricing {
  readonly #book: PriceBook;
  readonly #terms: CallTerms;
  readonly #before = new Map<string, Calls>();

  constructor(terms: CallTerms, book: PriceBook) {
    this.#book = book;
    this.#terms = terms;
  }

  price(meter: string | null, postpaid: Calls): { tariff: string; price: string; amount: string } {
    const tariff = this.#book.tariffs.get(this.#book.meters.get(meter ?? '')?.tariff ?? '');
    if (tariff === undefined || postpaid === noCalls)
      return { tariff: tariff?.id ?? '', price: '', amount: formatMoney(noMoney, this.#book.currency) };
    if (!modeRules[tariff.mode].hasOnePrice)
      return { tariff: tariff.id, price: '', amount: this.#inSlices(tariff, postpaid) };
    const price = this.#terms.prices[tariff.id] ?? null;
    if (price === null) return { tariff: tariff.id, price: '', amount: '' };
    return { tariff: tariff.id, price, amount: exactProduct(price, postpaid, this.#book.currency) };
  }

  #inSlices(tariff: Tariff, postpaid: Calls): string {
    const before = this.#before.get(tariff.id) ?? noCalls;
    this.#before.set(tariff.id, addCalls(before, postpaid));
    const below = tariff.basis === 'gross' ? callsOf(BigInt(this.#terms.drawn[tariff.id] ?? 0)) : noCalls;
    const { slices } = rate({ ...tariff, basis: 'gross' }, { postpaid, drawn: addCalls(below, before) });
    let sum = 0n;
    for (const { calls, price } of slices) {
      if (price === null) return '';
      sum += calls * scaled(price.text);
    }
    return unscaled(sum, this.#book.currency);
  }
}

const scale = 8;
const scaled = (price: string): bigint => {
  const [whole = '0', places = ''] = price.split('.');
  return BigInt(whole + places.padEnd(scale, '0'));
};

const exactProduct = (price: string, calls: Calls, currency: string): string =>
  unscaled(scaled(price) * calls, currency);

function unscaled(value: bigint, currency: string): string {
  const digits = value.toString().padStart(scale + 1, '0');
  return shortened(`${digits.slice(0, -scale)}.${digits.slice(-scale)}`, currency);
}
