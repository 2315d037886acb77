// Long lists as files, in the background: asked for at once, written by a job piece by piece, fetched when they are done. A server that
// dies in the middle leaves nothing half done: the file is begun anew, of the ledger as it stood when it was asked for.

import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import type { FileFormat } from '../core/list-names.ts';
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
import { filterOfList, type ListOrder, openList } from './export-list.ts';
import { writeList } from './list-file.ts';
import { readHead } from './read-account.ts';
import type { Reader, Suanpan } from './suanpan.ts';

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
  order: ListOrder & { readonly format: FileFormat; readonly bom: boolean },
  by: string,
  now: Instant,
): Promise<ExportRow | Refusal> {
  const { account, format, bom, list, from, to, wish } = order;
  const reading = await readHead(tx, reader, account);
  if (isRefusal(reading)) return reading;
  if ((await countOpenExports(tx, account)) >= mostOpen) return refuse('TOO_MANY_EXPORTS', { most: String(mostOpen) });
  const filter = await filterOfList(tx, reader, reading, order);
  if (filter !== null && isRefusal(filter)) return filter;
  const asked = { list, format, bom, from, to, wish };
  const id = `ex_${randomUUID()}`;
  const row = { id, account, asked, through: reading.head.seq, askedBy: by, askedAt: now };
  return await insertExport(tx, row);
}

/** A file that is done. Refusals: NOT_FOUND, EXPORT_NOT_DONE. */
export async function findDoneExport({ pool }: Reader, account: string, id: string): Promise<ExportRow | Refusal> {
  const row = await findExport(pool, account, id);
  if (row === undefined) return refuseMissing('export', id);
  return row.state === 'done' ? row : refuse('EXPORT_NOT_DONE', { id, state: row.state });
}

/** Its pieces. */
export async function* readExport({ pool }: Reader, { id }: ExportRow): AsyncGenerator<Buffer> {
  for (let no = 1; ; no += 1) {
    const piece = await readPiece(pool, id, no);
    if (piece === undefined) return;
    yield piece;
  }
}

/** The job: writes what waits, oldest first, and forgets what is old. */
export async function writeExports(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  const { pool, clock } = suanpan;
  const result = { done: 0, waiting: 0, failed: 0 };
  await forgetExports(pool, instantOf(clock() - keptDays * 86_400_000));
  while (!stop.aborted) {
    const next = await nextOpenExport(pool);
    if (next === undefined) break;
    const ended = await writeExport(suanpan, next, stop).catch((error: unknown) => giveUp(suanpan, next, error));
    if (ended === 'stopped') break;
    result[ended] += 1;
  }
  return result;
}

async function writeExport(
  suanpan: Suanpan,
  row: ExportRow,
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
  let [no, taken] = [0, 0];
  const pieces = counted(opened.pieces, (rows) => {
    taken += rows;
  });
  const texts = writeList({ ...opened, pieces }, asked.format, asked.bom);
  for await (const text of inPieces(texts)) {
    if (stop.aborted) return 'stopped';
    no += 1;
    const [place, rows] = [no, taken];
    const content = await compressed(text);
    await inTransaction(pool, (tx) => addPiece(tx, id, place, content, rows));
  }
  await endExport(pool, id, { at: clock(), problem: null });
  return 'done';
}

/** One that cannot be written keeps those behind it waiting for nothing. What may pass, such as a database that is away, waits for the next run. */
async function giveUp({ pool, clock }: Suanpan, { id }: ExportRow, error: unknown): Promise<'failed'> {
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

async function* counted<Piece extends readonly unknown[]>(
  pieces: AsyncIterable<Piece>,
  count: (rows: number) => void,
): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    count(piece.length);
    yield piece;
  }
}
