// Every call of a bill's month as a file, for whoever wants to add them up. The amounts' sum by tariff, rounded once, is the bill's line.

import { dayOf, endOfPeriod, formatInstant, type Period, startOfPeriod } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { decimalsOf } from '../core/currency.ts';
import { nameOf } from '../core/event-name.ts';
import type { FileFormat } from '../core/list-names.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { chargeOf, rate } from '../core/rate.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { modeRules } from '../core/tariff-modes.ts';
import {
  addCalls,
  type BlockText,
  blockOf,
  type Calls,
  callsOf,
  formatMoney,
  noCalls,
  noMoney,
  type Price,
  parsePrice,
  shortened,
} from '../core/units.ts';
import type { StoredEvent } from '../store/ledger/events.ts';
import { unitPriceText } from '../words/figures.ts';
import { refuseArchived } from './archive-events.ts';
import { drawnOf, drawsText, eventPieces } from './event-pieces.ts';
import { type Column, column, listFile, writeList } from './list-file.ts';
import { readHead } from './read-account.ts';
import type { BillReading } from './read-bills.ts';
import type { Reader, Suanpan } from './suanpan.ts';

/** A unit price as a bill's line writes it. */
interface CallPrice extends BlockText {
  readonly unitPrice: string;
}

/** What the calls of a bill are priced by. */
export interface CallTerms {
  readonly account: string;
  readonly month: Period;
  /** Ledger number of a final bill; null for a draft. */
  readonly seq: number | null;
  /** Unit prices of the bill's postpaid lines by `counterOf`; null where there is no public one. */
  readonly prices: Readonly<Record<string, CallPrice | null>>;
  /** Calls that packs paid, by `counterOf`, as text. */
  readonly drawn: Readonly<Record<string, string>>;
}

/** What a line of the bill counts: a tariff's month, or one day of it. */
const counterOf = (tariff: string, day: string | undefined): string =>
  day === undefined ? tariff : `${tariff}|${day}`;

/** Refusal: ARCHIVED while the month's events lie in files. */
export async function readCallTerms(reader: Reader, bill: BillReading): Promise<CallTerms | Refusal> {
  const archived = await refuseArchived(reader.pool, bill.month);
  if (archived !== undefined) return archived;
  const reading = await readHead(reader.pool, reader, bill.account);
  if (isRefusal(reading)) return reading;
  const { lines, usage } = bill.document;
  const prices = lines.flatMap((line): [string, CallPrice | null][] => {
    if (line.kind !== 'postpaid' || line.tariff === null) return [];
    const { unitPrice, per, part } = line;
    return [[counterOf(line.tariff, line.day), unitPrice === null ? null : { unitPrice, per, part }]];
  });
  const drawn = new Map<string, Calls>();
  for (const { meter, draws } of usage) {
    const tariff = reading.book.meters.get(meter)?.tariff;
    if (!tariff) continue;
    for (const { calls } of draws) drawn.set(tariff, addCalls(drawn.get(tariff) ?? noCalls, callsOf(calls)));
  }
  for (const line of lines) {
    if (line.kind !== 'postpaid' || line.tariff === null || line.day === undefined) continue;
    drawn.set(counterOf(line.tariff, line.day), callsOf(line.drawn));
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
    this.#pricing = new CallPricing(terms, book, timeZone);
    this.#timeZone = timeZone;
  }

  of(event: StoredEvent) {
    const voided = event.voidedAt === null ? '' : formatInstant(this.#timeZone, event.voidedAt);
    const postpaid = voided === '' ? event.postpaid : noCalls;
    const { id, source } = nameOf(event.id);
    const { tariff, price, amount } = this.#pricing.price(event, postpaid);
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
 * What each call costs: what the month comes to with it less what it comes to without, in the order of the export. So whole blocks are
 * charged to the calls that begin them, or fill them. All is cut off at eight places, which only a price of blocks may need more of:
 * the sum of all, rounded once, is the bill's line.
 */
class CallPricing {
  readonly #book: PriceBook;
  readonly #terms: CallTerms;
  readonly #timeZone: string;
  readonly #before = new Map<string, { readonly calls: Calls; readonly amount: bigint }>();
  /** Of the lines, as they are read. */
  readonly #prices: ReadonlyMap<string, Price | null>;

  constructor(terms: CallTerms, book: PriceBook, timeZone: string) {
    this.#book = book;
    this.#terms = terms;
    this.#timeZone = timeZone;
    this.#prices = new Map(
      Object.entries(terms.prices).map(([counter, price]) => [
        counter,
        price === null ? null : (parsePrice(price.unitPrice, book.currency, blockOf(price)) ?? null),
      ]),
    );
  }

  price({ meter, at }: StoredEvent, postpaid: Calls): { tariff: string; price: string; amount: string } {
    const tariff = this.#book.tariffs.get(this.#book.meters.get(meter ?? '')?.tariff ?? '');
    const { currency } = this.#book;
    if (tariff === undefined || postpaid === noCalls)
      return { tariff: tariff?.id ?? '', price: '', amount: formatMoney(noMoney, currency) };
    const counter = counterOf(tariff.id, tariff.counter === 'day' ? dayOf(this.#timeZone, at) : undefined);
    const { hasOnePrice } = modeRules[tariff.mode];
    const price = hasOnePrice ? (this.#terms.prices[counter] ?? null) : null;
    const before = this.#before.get(counter) ?? { calls: noCalls, amount: 0n };
    const calls = addCalls(before.calls, postpaid);
    const amount = this.#amountOf(tariff, counter, calls);
    this.#before.set(counter, { calls, amount: amount ?? before.amount });
    return {
      tariff: tariff.id,
      price: price === null ? '' : unitPriceText(price),
      amount: amount === null ? '' : unscaled(amount - before.amount, currency),
    };
  }

  /** In 10^-8 of the currency; null where a price is missing. */
  #amountOf(tariff: Tariff, counter: string, calls: Calls): bigint | null {
    if (!modeRules[tariff.mode].hasOnePrice) {
      const below = tariff.basis === 'gross' ? callsOf(BigInt(this.#terms.drawn[counter] ?? 0)) : noCalls;
      return cutOff(rate({ ...tariff, basis: 'gross' }, { postpaid: calls, drawn: below }).slices, this.#book.currency);
    }
    return cutOff([{ calls, price: this.#prices.get(counter) ?? null }], this.#book.currency);
  }
}

function cutOff(
  slices: readonly { readonly calls: Calls; readonly price: Price | null }[],
  currency: string,
): bigint | null {
  const sum = slices.some(({ price }) => price === null) ? null : chargeOf(slices, null);
  return sum === null ? null : (sum.amount * 10n ** BigInt(8 - decimalsOf(currency))) / sum.per;
}

function unscaled(value: bigint, currency: string): string {
  const digits = value.toString().padStart(9, '0');
  return shortened(`${digits.slice(0, -8)}.${digits.slice(-8)}`, currency);
}
