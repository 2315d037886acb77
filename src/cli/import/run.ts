// One import: rows from a file to a destination, read while earlier ones are written. Running it again continues it, because
// what is in the ledger already is a duplicate and has no effect.

import { FileTrouble, type RowProblem, rowProblem } from '../../usage-files/problem.ts';
import { readUsageFile, type UsageFormat } from '../../usage-files/read.ts';
import type { ParsedEvent, UsageRow } from '../../usage-files/row.ts';
import { type Destination, eventDocument, type ImportedEvent, ImportTrouble } from './destination.ts';
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
    const problem = row.problem ?? (row.event === undefined ? undefined : refusedByContract(row.event));
    if (problem === undefined) events.push(row as ImportedEvent);
    else {
      const content = row.event === undefined ? (row.text ?? null) : eventDocument(row.event);
      tally.reject({ line: row.line, status: 'rejected', content, ...problem });
    }
  }
  return events;
}

const longest: readonly (readonly [keyof ParsedEvent, number])[] = [
  ['id', 200],
  ['account', 64],
  ['meter', 100],
  ['department', 100],
  ['action', 100],
  ['channel', 100],
  ['library', 100],
  ['resultCode', 100],
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const control = /[\u0000-\u001f\u007f]/;

/** What the server's contract refuses in a row that a file may hold. Straight into the database the same rows are refused. */
function refusedByContract(event: ParsedEvent): RowProblem | undefined {
  for (const [field, most] of longest) {
    const text = event[field];
    if (typeof text !== 'string') continue;
    if (text.length > most) {
      return rowProblem(
        'OUT_OF_RANGE',
        `/${field}`,
        `${field} 超过 ${most} 个字符`,
        `${field} is over ${most} characters`,
      );
    }
    if (control.test(text)) {
      return rowProblem('UNSAFE_TEXT', `/${field}`, `${field} 含有控制字符`, `${field} holds a control character`);
    }
  }
  if (event.meter !== undefined || event.resultCode !== undefined) return undefined;
  return rowProblem('MISSING', '/resultCode', '有 action 时须有 resultCode', 'resultCode is missing beside action');
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
