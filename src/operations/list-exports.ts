// Long lists as files, in the background: asked for at once, written by a job piece by piece, fetched when they are done. A server that
// dies in the middle leaves nothing half done: the file is begun anew, of the ledger as it stood when it was asked for.

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import type { ListName } from '../core/list-names.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { mayPass } from '../store/connection/failures.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import type { JobResult } from '../store/ledger/jobs.ts';
import {
  addPiece,
  beginExport,
  countCalls,
  countOpenExports,
  type ExportRow,
  endExport,
  findExport,
  forgetExports,
  insertExport,
  nextOpenExport,
  readPiece,
} from '../store/ledger/list-exports.ts';
import type { Parts } from './change.ts';
import { filterOfList, type ListFile, type ListOrder, listAsCsv, listAsLines, openList } from './export-list.ts';
import { readHead } from './read-account.ts';
import type { EventWish } from './read-ledger.ts';
import type { Reader, Suanpan } from './suanpan.ts';

export type ExportFormat = 'csv' | 'json';

/** What is kept of the asking. */
interface Asked {
  readonly list: ListName;
  readonly format: ExportFormat;
  readonly bom: boolean;
  readonly from: Instant;
  readonly to: Instant;
  readonly wish: EventWish;
}

export type ListExport = ExportRow<Asked>;

/** Files of one account that may wait or be written at a time. */
const mostOpen = 5;
/** Days that a file is kept once it is done. */
export const keptDays = 7;
/** Characters that are written as one piece. */
const pieceLength = 1_000_000;

const compressed = promisify(gzip);

/** Asks for a file. Refusals: NOT_FOUND, TOO_MANY_EXPORTS, UNKNOWN_METER, ARCHIVED. */
export async function askForExport(
  tx: ClientBase,
  reader: Reader,
  order: ListOrder & { readonly format: ExportFormat; readonly bom: boolean },
  by: string,
  now: Instant,
): Promise<ListExport | Refusal> {
  const { account, format, bom, list, from, to, wish } = order;
  const reading = await readHead(tx, reader as Parts, account);
  if (isRefusal(reading)) return reading;
  if ((await countOpenExports(tx, account)) >= mostOpen) return refuse('TOO_MANY_EXPORTS', { most: String(mostOpen) });
  const filter = await filterOfList(tx, reader, reading, order);
  if (filter !== null && isRefusal(filter)) return filter;
  const asked: Asked = { list, format, bom, from, to, wish };
  const id = `ex_${randomUUID()}`;
  const row = { id, account, asked, through: reading.head.seq, askedBy: by, askedAt: now };
  return (await insertExport(tx, row)) as ListExport;
}

/** The file of one that is done; undefined: it is not. Refusal: NOT_FOUND. */
export async function openExport(
  { pool }: Reader,
  account: string,
  id: string,
): Promise<{ readonly row: ListExport; readonly file: Readable } | Refusal | undefined> {
  const row = (await findExport(pool, account, id)) as ListExport | undefined;
  if (row === undefined) return refuseMissing('export', id);
  if (row.state !== 'done') return undefined;
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let no = 1; ; no += 1) {
      const piece = await readPiece(pool, id, no);
      if (piece === undefined) return;
      yield piece;
    }
  }
  return { row, file: Readable.from(pieces(), { highWaterMark: 1 }) };
}

/** The job: writes what waits, oldest first, and forgets what is old. */
export async function writeExports(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  const { pool, clock } = suanpan;
  const result = { done: 0, waiting: 0, failed: 0 };
  await forgetExports(pool, instantOf(clock() - keptDays * 86_400_000));
  while (!stop.aborted) {
    const next = (await nextOpenExport(pool)) as ListExport | undefined;
    if (next === undefined) break;
    const ended = await writeExport(suanpan, next, stop).catch((error: unknown) => giveUp(suanpan, next, error));
    if (ended === 'stopped') break;
    result[ended] += 1;
  }
  return result;
}

async function writeExport(
  suanpan: Suanpan,
  row: ListExport,
  stop: AbortSignal,
): Promise<'done' | 'failed' | 'stopped'> {
  const { pool, clock } = suanpan;
  const { id, account, asked, through } = row;
  const opened = await openList(suanpan, { account, ...asked, through }, row.askedAt);
  if (isRefusal(opened)) {
    await endExport(pool, id, { at: clock(), problem: opened.refused });
    return 'failed';
  }
  const isCounted = asked.list === 'calls' && Object.values(asked.wish).every((wanted) => wanted === undefined);
  const all = isCounted ? await countCalls(pool, { account, from: asked.from, to: asked.to, through }) : null;
  await inTransaction(pool, (tx) => beginExport(tx, id, all));
  const counted = new CountedList(opened);
  const texts =
    asked.format === 'json' ? listAsLines(counted.list) : listAsCsv(counted.list, asked.bom ? '\uFEFF' : '');
  let no = 0;
  for await (const text of inPieces(texts)) {
    if (stop.aborted) return 'stopped';
    no += 1;
    const [place, rows] = [no, counted.rows];
    const content = await compressed(text);
    await inTransaction(pool, (tx) => addPiece(tx, id, place, content, rows));
  }
  await endExport(pool, id, { at: clock(), problem: null });
  return 'done';
}

/** One that cannot be written keeps those behind it waiting for nothing. What may pass, such as a database that is away, waits for the next run. */
async function giveUp({ pool, clock }: Suanpan, { id }: ListExport, error: unknown): Promise<'failed'> {
  if (mayPass(error)) throw error;
  await endExport(pool, id, { at: clock(), problem: 'INTERNAL_ERROR' });
  return 'failed';
}

/** Texts put together until they are long enough. */
async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  // An empty list is a file too.
  yield piece;
}

/** A list that counts the rows taken from it. */
class CountedList {
  rows = 0;
  readonly list: ListFile;

  constructor({ columns, pieces }: ListFile) {
    const counted = async function* (this: CountedList): AsyncGenerator<readonly unknown[]> {
      for await (const piece of pieces) {
        this.rows += piece.length;
        yield piece;
      }
    };
    this.list = { columns, pieces: counted.call(this) };
  }
}
