// What an account's pages list, as files: calls, what packs paid, packs, entries of the balance. A piece at a time, the next only when
// the last is taken; the ledger as it stood when the file was begun. Columns: docs/reference/exports.md.

import { setImmediate as othersFirst } from 'node:timers/promises';
import type { ClientBase, Pool } from 'pg';
import type { MoneyEntry } from '../account/commands.ts';
import { formatInstant } from '../core/calendar.ts';
import { nameOf } from '../core/event-name.ts';
import type { ListName } from '../core/list-names.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Calls, formatMoney, type Instant, noCalls } from '../core/units.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import type { EventFilter, EventWish, StoredEvent } from '../store/ledger/events.ts';
import { listEntries } from '../store/ledger/money.ts';
import { listPacksOf } from '../store/ledger/packs.ts';
import { listWords } from '../words/lists.ts';
import { refuseArchivedBetween } from './archive-events.ts';
import { drawnOf, drawsText, eventPieces, pieceSize } from './event-pieces.ts';
import { type Cell, type Column, column, type ListFile, listFile } from './list-file.ts';
import { type PackDocument, type Reading, readHead, readPackPage } from './read-account.ts';
import { filterOf, isWished } from './read-ledger.ts';
import type { Reader } from './suanpan.ts';
import { amountFormat, numberCell, textCell, titleCell } from './workbook.ts';

export interface ListOrder {
  readonly account: string;
  readonly list: ListName;
  /** Of calls and draws: from this moment on, and before that one. */
  readonly from: Instant;
  readonly to: Instant;
  readonly wish: EventWish;
  /** The account's last ledger number that counts; not given: the latest. */
  readonly through?: number;
}

/** Opens a list. Refusals: NOT_FOUND, UNKNOWN_METER, ARCHIVED where events of its time lie in files. */
export async function openList(reader: Reader, order: ListOrder, clock: Instant): Promise<ListFile | Refusal> {
  const reading = await readHead(reader.pool, reader, order.account);
  if (isRefusal(reading)) return reading;
  switch (order.list) {
    case 'calls':
    case 'draws':
      return openEvents(reader, reading, order);
    case 'packs':
      return listFile(packColumns(reading), packPieces(reader, order.account, clock));
    case 'entries':
      return listFile(entryColumns(reading), entryPieces(reader, order.account, order.through ?? reading.head.seq));
  }
}

/** The filter of a list of calls; null: none is wished for, or the list is of something else. Refusals: UNKNOWN_METER, ARCHIVED. */
export async function filterOfList(
  client: ClientBase | Pool,
  { meters }: Reader,
  { head, book }: Reading,
  order: ListOrder,
): Promise<EventFilter | null | Refusal> {
  if (order.list !== 'calls' && order.list !== 'draws') return null;
  const archived = await refuseArchivedBetween(client, head.timeZone, order);
  if (archived !== undefined) return archived;
  return isWished(order.wish) ? filterOf(order.wish, book, meters) : null;
}

async function openEvents(reader: Reader, reading: Reading, order: ListOrder): Promise<ListFile | Refusal> {
  const filter = await filterOfList(reader.pool, reader, reading, order);
  if (filter !== null && isRefusal(filter)) return filter;
  const { account, from, to, through = reading.head.seq } = order;
  const events = eventPieces(reader, { account, from, to, through }, filter);
  const { timeZone } = reading.head;
  if (order.list === 'calls') return listFile(callColumns(timeZone), events);
  const packs = new Map((await listPacksOf(reader.pool, order.account)).map(({ facts }) => [facts.id, facts]));
  return listFile(drawColumns(timeZone, packs), drawPieces(events, order.wish.payer));
}

interface DrawRow {
  readonly event: StoredEvent;
  readonly pack: string;
  readonly calls: Calls;
}

/** `payer`: of this pack alone. */
async function* drawPieces(
  pieces: AsyncIterable<StoredEvent[]>,
  payer: string | null | undefined,
): AsyncGenerator<DrawRow[]> {
  for await (const events of pieces) {
    const rows = events
      .flatMap((event) => event.draws.map(({ pack, calls }) => ({ event, pack, calls })))
      .filter(({ pack }) => payer == null || payer === 'postpaid' || payer === pack);
    if (rows.length > 0) yield rows;
  }
}

const momentIn =
  (timeZone: string) =>
  (at: Instant | null): string =>
    at === null ? '' : formatInstant(timeZone, at);

function callColumns(timeZone: string): Column<StoredEvent>[] {
  const moment = momentIn(timeZone);
  const of = column<StoredEvent>;
  return [
    of('seq', ({ seq }) => seq, 'count'),
    of('time', ({ at }) => moment(at)),
    of('received', ({ receivedAt }) => moment(receivedAt)),
    of('event', ({ id }) => nameOf(id).id),
    of('source', ({ id }) => nameOf(id).source),
    of('meter', ({ meter }) => meter),
    of('action', ({ facts }) => facts?.action ?? null),
    of('channel', ({ facts }) => facts?.channel ?? null),
    of('library', ({ facts }) => facts?.library ?? null),
    of('result_code', ({ facts }) => facts?.resultCode ?? null),
    of('department', ({ department }) => department),
    of('calls', ({ calls }) => calls, 'count'),
    of('outcome', ({ outcome }) => outcome),
    of('drawn', drawnOf, 'count'),
    of('packs', drawsText),
    of('postpaid', ({ postpaid, outcome }) => (outcome === 'charged' ? postpaid : noCalls), 'count'),
    of('voided', ({ voidedAt }) => moment(voidedAt)),
    of('reviewed', ({ reviewedAt }) => moment(reviewedAt)),
  ];
}

function drawColumns(
  timeZone: string,
  packs: ReadonlyMap<string, { readonly product: string; readonly gift: boolean }>,
): Column<DrawRow>[] {
  const moment = momentIn(timeZone);
  const of = column<DrawRow>;
  return [
    of('seq', ({ event }) => event.seq, 'count'),
    of('time', ({ event }) => moment(event.at)),
    of('event', ({ event }) => nameOf(event.id).id),
    of('source', ({ event }) => nameOf(event.id).source),
    of('meter', ({ event }) => event.meter),
    of('department', ({ event }) => event.department),
    of('pack', ({ pack }) => pack),
    of('product', ({ pack }) => packs.get(pack)?.product ?? null),
    of('gift', ({ pack }) => packs.get(pack)?.gift ?? null),
    of('calls', ({ calls }) => calls, 'count'),
    of('voided', ({ event }) => moment(event.voidedAt)),
  ];
}

function packColumns({ book }: Reading): Column<PackDocument>[] {
  const of = column<PackDocument>;
  return [
    of('pack', ({ id }) => id),
    of('product', ({ product }) => product),
    of('gift', ({ gift }) => gift),
    of('state', ({ state }) => state),
    of('calls', ({ calls }) => calls, 'count'),
    of('remaining', ({ remaining }) => remaining, 'count'),
    of('held', ({ held }) => held, 'count'),
    of('forfeited', ({ forfeited }) => forfeited, 'count'),
    of('price', ({ price }) => price, 'amount'),
    of('currency', () => book.currency),
    of('bought', ({ boughtAt }) => boughtAt),
    of('effective', ({ effectiveAt }) => effectiveAt),
    of('expires', ({ expiresAt }) => expiresAt),
    of('refundable_until', ({ refundableUntil }) => refundableUntil),
    of('refunded', ({ refundedAt }) => refundedAt),
  ];
}

async function* packPieces(reader: Reader, account: string, clock: Instant): AsyncGenerator<PackDocument[]> {
  for (let after: number | null = 0; after !== null; ) {
    const wanted = { account, after, limit: pieceSize, state: null };
    const page: Awaited<ReturnType<typeof readPackPage>> = await inSnapshot(reader.pool, async (client) => {
      const reading = await readHead(client, reader, account);
      if (isRefusal(reading)) throw new Error(`account ${account} is gone`);
      return readPackPage(client, reading, wanted, clock);
    });
    if (page.packs.length > 0) yield page.packs;
    after = page.next;
    await othersFirst();
  }
}

function entryColumns({ head, book }: Reading): Column<MoneyEntry>[] {
  const of = column<MoneyEntry>;
  return [
    of('seq', ({ seq }) => seq, 'count'),
    of('time', ({ at }) => formatInstant(head.timeZone, at)),
    of('kind', ({ kind }) => kind),
    of('amount', ({ amount }) => formatMoney(amount, book.currency), 'amount'),
    of('balance', ({ balance }) => formatMoney(balance, book.currency), 'amount'),
    of('currency', () => book.currency),
    of('reference', ({ reference }) => reference),
  ];
}

/** Newest first, as the page has them; none that came after the file was begun. */
async function* entryPieces({ pool }: Reader, account: string, through: number): AsyncGenerator<MoneyEntry[]> {
  for (let before: number | null = through + 1; before !== null; ) {
    const entries: MoneyEntry[] = await listEntries(pool, account, before, pieceSize);
    if (entries.length > 0) yield entries;
    before = entries.length < pieceSize ? null : (entries.at(-1)?.seq ?? null);
    await othersFirst();
  }
}

/** The most rows of a workbook: more of them no office program opens gladly. */
export const mostWorkbookRows = 50_000;

/** The list as a workbook; counts and amounts are numbers. Refusals: those of `openList`, INVALID_INPUT where it would be too long. */
export async function listWorkbook(reader: Reader, order: ListOrder, clock: Instant): Promise<Uint8Array | Refusal> {
  const [reading, list] = [await readHead(reader.pool, reader, order.account), await openList(reader, order, clock)];
  if (isRefusal(reading)) return reading;
  if (isRefusal(list)) return list;
  const rows: (readonly Cell[])[] = [];
  for await (const piece of list.pieces) {
    for (const cells of piece) rows.push(cells);
    if (rows.length > mostWorkbookRows)
      return refuse('INVALID_INPUT', { problem: listWords.workbookTooLong(mostWorkbookRows) }, '/format');
  }
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const { headings } = list;
  const formats = { count: '#,##0', amount: amountFormat(reading.book.currency) };
  const cells = rows.map((row) =>
    row.map((cell, at) => {
      const kind = headings[at]?.kind ?? 'text';
      if (cell === null || cell === '') return null;
      return kind === 'text' ? textCell(String(cell)) : numberCell(String(cell), formats[kind]);
    }),
  );
  return writeWorkbook([headings.map(({ name }) => titleCell(name)), ...cells], { sheet: order.list }).toBuffer();
}
