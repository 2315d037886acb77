// One import: rows from a file to a destination, read while earlier ones are written. Running it again continues it, because
// what is in the ledger already is a duplicate and has no effect.

import type { UsageFormat } from '../../usage-files/read.ts';
import { type Destination, type ImportTrouble, troubleOf } from './destination.ts';
import { importProgress } from './progress.ts';
import { readAhead } from './read-ahead.ts';
import type { ImportCounts, Tally } from './tally.ts';

/** Events that were read and wait for their account’s turn: of 100,000 accounts still some of each. */
const mostWaiting = 500_000;

export interface ImportOrder {
  /** '-' is standard input. */
  readonly path: string;
  readonly format: UsageFormat | undefined;
  /** For events that name none. */
  readonly account: string | undefined;
  /** Null checks the file's shape and sends nothing. */
  readonly destination: Destination | null;
  readonly tally: Tally;
  /** Ctrl-C: what is under way is finished, nothing more is begun. */
  readonly stop: AbortSignal;
  readonly say: (zh: string, en: string) => string;
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
}

export async function runImport(order: ImportOrder): Promise<ImportOutcome> {
  const { tally, destination, stop } = order;
  const began = performance.now();
  let trouble: ImportTrouble | null = null;
  const note = (error: unknown): void => {
    trouble ??= troubleOf(error);
  };
  await sendRows(order).catch(note);
  await destination?.finish(stop.aborted || trouble !== null).catch(note);
  await tally.close().catch(note);
  const seconds = Math.round(performance.now() - began) / 1000;
  const complete = trouble === null && !stop.aborted;
  return { report: { ...tally.counts, seconds, rejects: tally.rejectsFile, complete }, trouble };
}

async function sendRows({ path, format, account, destination, tally, stop, say }: ImportOrder): Promise<void> {
  const file = readAhead({ path, format, account, mostWaiting }, stop);
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
  }
}
