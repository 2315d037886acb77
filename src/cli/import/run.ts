// One import: rows from a file to a destination, read while earlier ones are written. Running it again continues it, because
// what is in the ledger already is a duplicate and has no effect.

import { FileTrouble } from '../../usage-files/problem.ts';
import { readUsageFile, type UsageFormat } from '../../usage-files/read.ts';
import type { UsageRow } from '../../usage-files/row.ts';
import { type Destination, type ImportedEvent, ImportTrouble } from './destination.ts';
import { importProgress } from './progress.ts';
import type { ImportCounts, Tally } from './tally.ts';

export interface ImportOrder {
  /** '-' is standard input. */
  readonly path: string;
  readonly format: UsageFormat | undefined;
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

async function sendRows({ path, format, destination, tally, stop, say }: ImportOrder): Promise<void> {
  const file = readUsageFile(path, { format });
  const progress = importProgress(file.bytes, say);
  try {
    for await (const rows of file) {
      if (stop.aborted) return;
      tally.counts.read += rows.length;
      const events = goodRows(rows, tally);
      if (destination === null) tally.take('accepted', events.length);
      else {
        destination.add(events);
        await destination.room();
      }
      await tally.room();
      progress.show(tally.counts.read);
    }
  } finally {
    progress.stop();
  }
}

function goodRows(rows: readonly UsageRow[], tally: Tally): ImportedEvent[] {
  const events: ImportedEvent[] = [];
  for (const row of rows) {
    if (row.problem === undefined) events.push(row as ImportedEvent);
    else tally.reject({ line: row.line, status: 'rejected', content: null, ...row.problem });
  }
  return events;
}

function troubleOf(error: unknown): ImportTrouble {
  if (error instanceof ImportTrouble) return error;
  if (error instanceof FileTrouble) return new ImportTrouble(error.words, error.code === 'NOT_FOUND' ? 3 : 1, error);
  const isFileError = error instanceof Error && 'syscall' in error && 'code' in error;
  if (!isFileError) throw error;
  return new ImportTrouble(
    { zh: `文件读写失败：${error.message}`, en: `reading or writing failed: ${error.message}` },
    1,
    error,
  );
}
