// Every call of a bill's month as a file, for whoever wants to add them up. The amounts' sum by tariff, rounded once, is the bill's line.

import { placesAsked } from '../account/call-order.ts';
import { endOfPeriod, formatInstant, type Period, startOfPeriod } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { nameOf } from '../core/event-name.ts';
import type { FileFormat } from '../core/list-names.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { addCalls, type Calls, callsOf, instantOf, noCalls } from '../core/units.ts';
import { readOrderCuts } from '../store/ledger/call-order.ts';
import type { StoredEvent } from '../store/ledger/events.ts';
import { refuseArchived } from './archive-events.ts';
import {
  type CallPrice,
  type CallPriceOrNone,
  CallPricing,
  type CallTerms,
  type CutText,
  counterOf,
} from './call-pricing.ts';
import { drawnOf, drawsText, eventPieces } from './event-pieces.ts';
import { type Column, column, listFile, writeList } from './list-file.ts';
import { type HeadNow, orderAsked } from './period-facts.ts';
import { readHead } from './read-account.ts';
import type { BillReading } from './read-bills.ts';
import type { Reader, Suanpan } from './suanpan.ts';

/** Refusal: ARCHIVED while the month's events lie in files. */
export async function readCallTerms(reader: Reader, bill: BillReading): Promise<CallTerms | Refusal> {
  const archived = await refuseArchived(reader.pool, bill.month);
  if (archived !== undefined) return archived;
  const reading = await readHead(reader.pool, reader, bill.account);
  if (isRefusal(reading)) return reading;
  const { lines, usage } = bill.document;
  const prices = lines.flatMap((line): [string, CallPrice | null][] => {
    if (line.kind !== 'postpaid' || line.tariff === null) return [];
    const counter = counterOf(line.tariff, line.day);
    const textOf = ({ unitPrice, per, part }: CallPriceOrNone) =>
      unitPrice === null ? null : { unitPrice, per, part };
    const ofMeters = (line.slices ?? []).flatMap((slice): [string, CallPrice | null][] =>
      slice.meter === undefined ? [] : [[`${counter}|${slice.meter}`, textOf(slice)]],
    );
    return [[counter, textOf(line)], ...ofMeters];
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
  const cuts = await readCuts(reader, reading, month, seq);
  return { account, month, seq, prices: Object.fromEntries(prices), drawn: Object.fromEntries(texts), cuts };
}

async function readCuts(
  { pool, meters }: Reader,
  { head, book }: Omit<HeadNow, 'forfeits'>,
  month: Period,
  seq: number | null,
): Promise<CallTerms['cuts']> {
  const cuts: Record<string, readonly CutText[]> = {};
  for (const asked of placesAsked(book, month, [])) {
    // What came into a final month later is not on its bill.
    const order = { ...orderAsked(head, asked), before: seq === null ? null : instantOf(0) };
    const found = await readOrderCuts(pool, order, meters);
    cuts[asked.tariff.id] = found.map((cut) => ({ ...cut, bound: cut.bound.toString(), below: cut.below.toString() }));
  }
  return cuts;
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
