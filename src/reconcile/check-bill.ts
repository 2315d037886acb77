// The whole check of a bill: its files are read, held against each other, and judged. What is told on the way goes to a listener.

import type { Period } from '../core/calendar.ts';
import type { PriceBook } from '../core/price-book.ts';
import { type UsageFile, type UsageReading, usageFileOf } from '../usage-files/batches.ts';
import type { Source } from '../usage-files/bytes.ts';
import type { Columns } from '../usage-files/columns.ts';
import type { FileNotes } from '../usage-files/notes.ts';
import { type ProviderBill, readBill } from './bill-file.ts';
import type { CellProblem } from './cell-problem.ts';
import { checkAccount, type LoadedUsage, loadTape } from './load-tape.ts';
import { noPacks, readPacks, unpricedPacks } from './packs-file.ts';
import { checkMonth, type Reconciliation, reconcile } from './reconcile.ts';
import { TwoWays, type WaysCompared } from './two-ways.ts';

export interface BillCheck {
  readonly book: PriceBook;
  readonly usage: Source;
  readonly bill: Source;
  readonly packs: Source | undefined;
  /** FaceID's attempts by the other way. */
  readonly second: Source | undefined;
  readonly reading: UsageReading;
  readonly columns: Columns;
  readonly account: string | undefined;
  /** Without it, that of the bill's days. */
  readonly month: Period | undefined;
  /** Compares without the rows of the calls that cannot be read. */
  readonly skipUnread: boolean;
}

export interface CheckListener {
  readonly notes: (path: string, notes: FileNotes) => void;
  /** Before the calls are read; what it returns is told how many rows were. */
  readonly opened: (usage: UsageFile) => (rows: number) => void;
}

/** How many figures of the bill differ by each way. */
export type ComparedWays = WaysCompared & { readonly differences: { readonly first: number; readonly second: number } };

export type CheckedBill =
  /** A table that must be right and is not: nothing was compared. */
  | { readonly at: 'cells'; readonly path: string; readonly problems: readonly CellProblem[] }
  /** A bill is not judged by a part of the record: the provider would be blamed for what was not read. */
  | { readonly at: 'rows'; readonly path: string; readonly usage: LoadedUsage }
  | {
      readonly at: 'end';
      readonly result: Reconciliation;
      readonly ways: ComparedWays | undefined;
      /** Whether bill, record and both ways say the same. */
      readonly isRight: boolean;
    };

/** Throws FileTrouble for a file that cannot be read, or that has nothing of the account or month. */
export async function checkBill(check: BillCheck, listener: CheckListener): Promise<CheckedBill> {
  const { book, usage, second, skipUnread, account } = check;
  const sent = await readSent(check, listener);
  if ('at' in sent) return sent;
  const ways = second === undefined ? undefined : new TwoWays(book.timeZone, sent.bill.month);
  if (second !== undefined) await ways?.readSecond(usageFileOf(second, check.reading));
  const calls = await readCalls(check, ways, listener);
  const isNone = calls.unusable > 0 && calls.unusable === calls.rows - calls.otherAccounts;
  if (isNone || (calls.unusable > 0 && !skipUnread)) return { at: 'rows', path: usage.path, usage: calls };
  checkMonth(usage.path, calls, sent.bill, book.timeZone);
  const other =
    second === undefined || ways === undefined
      ? undefined
      : await loadTape(
          ways.secondInstead(usageFileOf(usage, check.reading), usageFileOf(second, check.reading)),
          book,
          account,
        );
  if (second !== undefined && other !== undefined && other.unusable > calls.unusable) {
    return { at: 'rows', path: second.path, usage: other };
  }
  const judge = (by: LoadedUsage) => reconcile(book, sent.packs, by, sent.bill);
  const result = judge(calls);
  const compared =
    ways === undefined || other === undefined
      ? undefined
      : {
          ...ways.compared(),
          differences: { first: result.differences.length, second: judge(other).differences.length },
        };
  const isRight = result.differences.length === 0 && calls.disagreements === null && compared?.isSame !== false;
  return { at: 'end', result, ways: compared, isRight };
}

/** The packs and the bill, which must be right to be compared. */
async function readSent(check: BillCheck, { notes }: CheckListener) {
  const { book, packs, bill, columns, reading, month } = check;
  const wrong = (file: Source | undefined, problems: readonly CellProblem[]) =>
    ({ at: 'cells', path: file?.path ?? '', problems }) as const;
  const zone = columns.packs?.timeZone ?? reading.timeZone;
  const known = packs === undefined ? noPacks : await readPacks(packs, book, zone, columns.packs);
  notes(packs?.path ?? '', known.notes);
  if (known.problems.length > 0) return wrong(packs, known.problems);
  const sent: ProviderBill | { readonly problems: readonly CellProblem[] } = await readBill(
    bill,
    book,
    month,
    columns.bill,
  );
  if ('problems' in sent) return wrong(bill, sent.problems);
  notes(bill.path, sent.notes);
  const unpriced = unpricedPacks(known, sent, book.timeZone);
  return unpriced.length > 0 ? wrong(packs, unpriced) : { packs: known.packs, bill: sent };
}

async function readCalls(check: BillCheck, ways: TwoWays | undefined, listener: CheckListener): Promise<LoadedUsage> {
  const { usage, reading, book, account } = check;
  const whole = usageFileOf(usage, reading);
  const file = ways?.watch(whole) ?? whole;
  const calls = await loadTape(file, book, account, listener.opened(file));
  // What became of tokens stands in the answer.
  listener.notes(usage.path, { ...file.notes, tokens: undefined });
  checkAccount(usage.path, calls);
  return calls;
}
