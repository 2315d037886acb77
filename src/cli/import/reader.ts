// The thread that reads the file of an import: bytes, rows, their shape. It answers each request with one batch, so that no more of
// them are under way than were asked for, and stops reading while enough events wait here.

import { parentPort, workerData } from 'node:worker_threads';
import type { Words } from '../../core/price-book.ts';
import { disagreement } from '../../usage-files/faceid/records.ts';
import { noteWords } from '../../usage-files/notes.ts';
import { readUsageFile, type UsageReading } from '../../usage-files/read.ts';
import type { UsageRow } from '../../usage-files/row.ts';
import type { ExitCode } from '../output.ts';
import type { EventBatch } from './batch.ts';
import { eventDocument, troubleOf } from './destination.ts';
import { refusedByContract } from './refused-by-contract.ts';
import type { Reject } from './tally.ts';
import { WaitingEvents } from './waiting-events.ts';

export interface ReaderOrder {
  /** '-' is standard input. */
  readonly path: string;
  readonly reading: UsageReading;
  /** For events that name none. */
  readonly account: string | undefined;
  /** Events that wait here for their account's turn. */
  readonly mostWaiting: number;
}

/** The last answer: all there is has been handed over. */
export interface ReaderEnd {
  /** Why the file was not read to its end, if it was not. */
  readonly trouble: { readonly words: Words; readonly exitCode: ExitCode; readonly code: string | undefined } | null;
  /** What was found out about the file. */
  readonly notes: readonly Words[];
}

/** Events of one batch: with several thousand, the ledger copies instead of inserting. */
const mostOfBatch = 5_000;
/** Events of an account that wait for its turn, on average: a change of its head costs as much as several of them. */
const worthATurn = 8;
/** Those that wait at most, on average: more of them spare little, and ids far apart in the file make the unique key's pages cold. */
const mostOfAccount = 64;
/** Rejected rows keep their text, so fewer of them may wait. */
const mostRejects = 1_000;

const order = workerData as ReaderOrder;
const file = readUsageFile(order.path, order.reading);
const waiting = new WaitingEvents();
let rejects: Reject[] = [];
let asked = 0;
let end: ReaderEnd | undefined;
let wake: (() => void) | undefined;

const mostAhead = (): number =>
  Math.min(order.mostWaiting, Math.max(4 * mostOfBatch, mostOfAccount * waiting.accounts));
const isFull = (): boolean => waiting.size >= mostAhead() || rejects.length >= mostRejects;
const isDue = (): boolean =>
  isFull() ||
  waiting.size >= Math.max(mostOfBatch, worthATurn * waiting.accounts) ||
  rejects.length >= mostRejects ||
  (end !== undefined && waiting.size + rejects.length > 0);

function answer(): void {
  for (; asked > 0 && isDue(); asked -= 1) {
    const columns = waiting.take(mostOfBatch);
    const { counts, lines, calls, times, kindNos } = columns;
    const batch: EventBatch = { columns, rejects, bytesRead: file.bytes.read };
    parentPort?.postMessage(
      batch,
      [counts, lines, calls, times, kindNos].map(({ buffer }) => buffer),
    );
    rejects = [];
  }
  if (!isFull()) wake?.();
  if (asked === 0 || end === undefined) return;
  parentPort?.postMessage(end);
  parentPort?.close();
}

function take(row: UsageRow): void {
  const { line, event, text } = row;
  const problem = row.problem ?? (event === undefined ? undefined : (disagreement(row) ?? refusedByContract(event)));
  if (problem !== undefined) {
    const content = event === undefined ? (text ?? null) : eventDocument(event, event.account);
    rejects.push({ line, status: 'rejected', content, ...problem });
  } else if (event !== undefined) waiting.add(line, event.account ?? order.account, event);
}

async function read(): Promise<ReaderEnd['trouble']> {
  try {
    for await (const rows of file) {
      for (const row of rows) take(row);
      answer();
      while (isFull()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    return null;
  } catch (error) {
    const { words, exitCode, code } = troubleOf(error);
    return { words, exitCode, code };
  }
}

parentPort?.on('message', () => {
  asked += 1;
  answer();
});
end = { trouble: await read(), notes: noteWords(order.path, file.notes) };
answer();
