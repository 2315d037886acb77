// suanpan reconcile: is the bill that a provider sent right? No server, no database.

import type { Command } from 'commander';
import type { Period } from '../core/calendar.ts';
import { writeJson } from '../core/json.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { CellProblem } from '../reconcile/cell-problem.ts';
import type { CheckedBill } from '../reconcile/check-bill.ts';
import type { LoadedUsage } from '../reconcile/load-tape.ts';
import type { Columns } from '../usage-files/columns.ts';
import { type FileNotes, noteWords } from '../usage-files/notes.ts';
import type { UsageFile, UsageReading } from '../usage-files/read.ts';
import { FileTrouble } from '../usage-files/row-problem.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliReconcileWords } from '../words/cli/reconcile.ts';
import { faceidWords } from '../words/faceid.ts';
import { rulesWith, withFaceidRules } from './faceid-reading.ts';
import { exitCodes, type Output } from './output.ts';
import { examplesOf } from './show.ts';
import { tellUnread } from './unread-rows.ts';
import { type ReadingOptions, readingOf, withReadingOptions } from './usage-reading.ts';

interface ReconcileOptions extends ReadingOptions {
  readonly book: string;
  readonly usage: string;
  readonly bill: string;
  readonly packs?: string;
  readonly account?: string;
  readonly month?: string;
  readonly skipUnread?: true;
  readonly faceidRules?: string;
  readonly second?: string;
}

const examples = `suanpan reconcile --book faceid-legacy --packs packs.csv --usage calls.ndjson.gz --bill bill.csv
suanpan reconcile --book my-book.json --packs packs.csv --usage calls.csv --bill bill.csv --account acme --json
zcat calls-*.gz | suanpan reconcile --book faceid-legacy --usage - --bill bill.csv --month 2026-01
`;

export function registerReconcile(program: Command, output: Output): void {
  const { say } = output;
  const command = program
    .command('reconcile')
    .description(say(cliReconcileWords.checkABillThatAProvider))
    .requiredOption('--book <ID|FILE>', say(headingWords.priceBook))
    .requiredOption('--usage <FILE>', say(cliReconcileWords.calls))
    .requiredOption('--bill <FILE>', say(cliReconcileWords.billToCheck))
    .option('--packs <FILE>', say(cliReconcileWords.packsOneHas))
    .option('--account <ID>', say(cliReconcileWords.whichAccount))
    .option('--month <YYYY-MM>', say(cliReconcileWords.monthOrThatOfTheBill))
    .option('--second <FILE>', say(faceidWords.secondWay))
    .option('--skip-unread', say(cliReconcileWords.compareWithoutTheRowsOfThe))
    .addHelpText('before', examplesOf(output, examples))
    .action((options: ReconcileOptions) => runReconcile(options, output));
  withFaceidRules(withReadingOptions(command, output), output);
}

/** Exit code 0: the bill is right; 1: it is not; 2: a file or argument is not what it should be; 3: a file is not there. */
async function runReconcile(options: ReconcileOptions, output: Output): Promise<void> {
  const [{ bookOf }, { parsePeriod }] = await Promise.all([import('./read-book.ts'), import('../core/calendar.ts')]);
  const month = options.month === undefined ? undefined : parsePeriod(options.month);
  if (options.month !== undefined && month === undefined) {
    output.misused(cliReconcileWords.monthIsNoMonth(options.month));
    return;
  }
  const found = await readingOf(options, output);
  if (found === undefined) return;
  const book = await bookOf(options.book, output);
  if (book === undefined) return;
  const { faceidRules, second, usage } = options;
  if (second !== undefined && (faceidRules === undefined || usage === '-' || second === '-')) {
    output.misused(faceidWords.secondNeedsFile);
    return;
  }
  const faceid = faceidRules === undefined ? undefined : await rulesWith(faceidRules, book, output);
  if (faceidRules !== undefined && faceid === undefined) return;
  const reading = { ...found.reading, faceid };
  try {
    await check({ options, reading, columns: found.columns, book, month, output });
  } catch (error) {
    if (!(error instanceof FileTrouble)) throw error;
    output.fail(error.code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.usage, error.words, error.code);
  }
}

interface Order {
  readonly options: ReconcileOptions;
  readonly reading: UsageReading;
  readonly columns: Columns;
  readonly book: PriceBook;
  readonly month: Period | undefined;
  readonly output: Output;
}

async function check({ options, output, ...order }: Order): Promise<void> {
  const [{ checkBill }, { onDisk }, { importProgress }] = await Promise.all([
    import('../reconcile/check-bill.ts'),
    import('../usage-files/disk.ts'),
    import('./import/reading-progress.ts'),
  ]);
  const file = (path: string | undefined) => (path === undefined ? undefined : onDisk(path));
  const { account, skipUnread } = options;
  const files = {
    usage: onDisk(options.usage),
    bill: onDisk(options.bill),
    packs: file(options.packs),
    second: file(options.second),
  };
  let progress: { readonly stop: () => void } | undefined;
  const listener = {
    notes: (path: string, notes: FileNotes) => {
      progress?.stop();
      for (const words of noteWords(path, notes)) output.tell(output.say(words));
    },
    opened: ({ bytes }: UsageFile) => {
      const shown = importProgress(bytes, output.say);
      progress = shown;
      return shown.show;
    },
  };
  try {
    await tell(await checkBill({ ...order, ...files, account, skipUnread: skipUnread === true }, listener), output);
  } finally {
    progress?.stop();
  }
}

async function tell(checked: CheckedBill, output: Output): Promise<void> {
  if (checked.at === 'cells') return tellProblems(checked.path, checked.problems, output);
  if (checked.at === 'rows') return refuseUnread(checked.path, checked.usage, output);
  const { result, ways, isRight } = checked;
  if (result.usage.unusable > 0) tellUnread(result.usage.unusable, result.usage.problems, output);
  const { reconciliationDocument, reconciliationText } = await import('../reconcile/report.ts');
  if (output.json) output.printJson({ ...reconciliationDocument(result), ...(ways === undefined ? {} : { ways }) });
  else output.print(reconciliationText(result, output.language).trimEnd());
  if (!isRight) process.exitCode = exitCodes.failure;
  if (ways === undefined || output.json) return;
  const { waysWords } = await import('../reconcile/ways-words.ts');
  output.print(`\n${waysWords(ways).map(output.say).join('\n')}`);
}

/** A bill is not judged by a part of the record: the provider would be blamed for what was not read. */
function refuseUnread(path: string, usage: LoadedUsage, output: Output): void {
  const { unusable, rows, problems } = usage;
  if (output.json) {
    process.exitCode = exitCodes.usage;
    output.tell(writeJson({ error: { code: 'ROWS_UNREAD', file: path, rows, unread: unusable, problems } }));
    return;
  }
  const isAll = unusable === rows - usage.otherAccounts;
  const told = isAll
    ? cliReconcileWords.noRowCanBeRead(path, rows)
    : cliReconcileWords.ofRowsCannotBeRead(path, rows, unusable);
  output.misused(told, 'ROWS_UNREAD');
  tellUnread(unusable, problems, output);
}

/** The packs and the bill must be right to be compared: their problems end the command. */
function tellProblems(file: string, problems: readonly CellProblem[], output: Output): void {
  process.exitCode = exitCodes.usage;
  if (output.json) {
    output.tell(writeJson({ error: { code: 'INVALID_INPUT', file, problems } }));
    return;
  }
  const count = problems.length;
  output.tell(output.say(cliReconcileWords.fileHasProblems(file, count)));
  for (const { line, code, column, ...words } of problems) {
    output.tell(`  ${output.say(cliReconcileWords.inCell(line, column, words))}  [${code}]`);
  }
}
