// One import: rows from a file to a destination, read while earlier ones are written. Running it again continues it, because
// what is in the ledger already is a duplicate and has no effect.

import type { Words } from '../../core/price-book.ts';
import type { UsageReading } from '../../usage-files/read.ts';
import { type Destination, type ImportTrouble, troubleOf } from './destination.ts';
import { readAhead } from './read-ahead.ts';
import { importProgress } from './reading-progress.ts';
import type { ImportCounts, Tally } from './tally.ts';

/** Events that were read and wait for their account’s turn: of 100,000 accounts still some of each. */
const mostWaiting = 500_000;

export interface ImportOrder {
  /** '-' is standard input. */
  readonly path: string;
  readonly reading: UsageReading;
  /** For events that name none. */
  readonly account: string | undefined;
  /** Null checks the file's shape and sends nothing. */
  readonly destination: Destination | null;
  readonly tally: Tally;
  /** Ctrl-C: what is under way is finished, nothing more is begun. */
  readonly stop: AbortSignal;
  readonly say: (words: Words) => string;
}

export interface ImportReport extends ImportCounts {
  readonly seconds: number;
  /** Where the rejected rows stand; null when there are none. */
  readonly rejects: string | null;
  /** False: stopped or failed before the end of the file. Running it again continues it. */
  readonly complete: boolean;
}

export interface ImportOutcome {
  readonly report: ImportReport;
  /** What ended it before its time, if anything did. */
  readonly trouble: ImportTrouble | null;
  /** What was found out about the file. */
  readonly notes: readonly Words[];
}

export async function runImport(order: ImportOrder): Promise<ImportOutcome> {
  const { tally, destination, stop } = order;
  const began = performance.now();
  let trouble: ImportTrouble | null = null;
  const note = (error: unknown): void => {
    trouble ??= troubleOf(error);
  };
  const notes: Words[] = [];
  await sendRows(order, notes).catch(note);
  await destination?.finish(stop.aborted || trouble !== null).catch(note);
  await tally.close().catch(note);
  const seconds = Math.round(performance.now() - began) / 1000;
  const complete = trouble === null && !stop.aborted;
  return { report: { ...tally.counts, seconds, rejects: tally.rejectsFile, complete }, trouble, notes };
}

async function sendRows(
  { path, reading, account, destination, tally, stop, say }: ImportOrder,
  notes: Words[],
): Promise<void> {
  const file = readAhead({ path, reading, account, mostWaiting }, stop);
  const progress = importProgress(file.bytes, say);
  try {
    for await (const { columns, rejects } of file) {
      tally.counts.read += columns.lines.length + rejects.length;
      for (const reject of rejects) tally.reject(reject);
      if (destination === null) tally.take('accepted', columns.lines.length);
      else {
        destination.add(columns);
        await destination.room();
      }
      await tally.room();
      progress.show(tally.counts.read);
    }
  } finally {
    progress.stop();
    notes.push(...file.notes);
  }
}
