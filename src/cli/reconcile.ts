// suanpan reconcile: is the bill that a provider sent right? No server, no database.

import type { Command } from 'commander';
import type { Period } from '../core/calendar.ts';
import { writeJson } from '../core/json.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { ProviderBill } from '../reconcile/bill-file.ts';
import type { CellProblem } from '../reconcile/cell-problem.ts';
import type { LoadedUsage } from '../reconcile/load-tape.ts';
import type { TwoWays } from '../reconcile/two-ways.ts';
import type { Columns } from '../usage-files/columns.ts';
import { type FileNotes, noteWords } from '../usage-files/notes.ts';
import type { UsageReading } from '../usage-files/read.ts';
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

async function check(order: Order): Promise<void> {
  const { output } = order;
  const [{ checkMonth, reconcile }, { reconciliationDocument, reconciliationText }] = await Promise.all([
    import('../reconcile/reconcile.ts'),
    import('../reconcile/report.ts'),
  ]);
  const sent = await readSent(order);
  if (sent === undefined) return;
  const second = await openSecond(order, sent.bill);
  const usage = await readCalls(order, second?.ways);
  if (usage === undefined) return;
  checkMonth(order.options.usage, usage, sent.bill, order.book.timeZone);
  const other = second === undefined ? undefined : await second.load();
  if (other !== undefined && other.unusable > usage.unusable) {
    refuseUnread(order.options.second ?? '', other, output);
    return;
  }
  const judge = (calls: LoadedUsage) => reconcile(order.book, sent.packs, calls, sent.bill);
  const result = judge(usage);
  const compared = second?.ways.compared();
  const byEach = {
    first: result.differences.length,
    second: other === undefined ? 0 : judge(other).differences.length,
  };
  const ways = compared === undefined ? {} : { ways: { ...compared, differences: byEach } };
  if (output.json) output.printJson({ ...reconciliationDocument(result), ...ways });
  else output.print(reconciliationText(result, output.language).trimEnd());
  const isWrong = result.differences.length > 0 || usage.disagreements !== null;
  if (isWrong || compared?.isSame === false) process.exitCode = exitCodes.failure;
  if (compared === undefined || output.json) return;
  const { tellWays } = await import('./second-way.ts');
  tellWays(compared, byEach, output);
}

/** FaceID's attempts by the other way, where such a file is given. */
async function openSecond({ options, reading, book }: Order, bill: ProviderBill) {
  const { usage, second, account } = options;
  if (second === undefined) return undefined;
  const [{ secondWay }, { readUsageFile }] = await Promise.all([
    import('./second-way.ts'),
    import('../usage-files/read.ts'),
  ]);
  const open = { first: () => readUsageFile(usage, reading), second: () => readUsageFile(second, reading) };
  return secondWay(open, book, bill, account);
}

/** The packs and the bill, or undefined when one of them has ended the command. */
async function readSent({ options, reading, columns, book, month, output }: Order) {
  const [{ noPacks, readPacks, unpricedPacks }, { readBill }] = await Promise.all([
    import('../reconcile/packs-file.ts'),
    import('../reconcile/bill-file.ts'),
  ]);
  const known =
    options.packs === undefined
      ? noPacks
      : await readPacks(options.packs, book, columns.packs?.timeZone ?? reading.timeZone, columns.packs);
  tellNotes(options.packs, known.notes, output);
  if (known.problems.length > 0) {
    tellProblems(options.packs ?? '', known.problems, output);
    return undefined;
  }
  const bill = await readBill(options.bill, book, month, columns.bill);
  if ('problems' in bill) {
    tellProblems(options.bill, bill.problems, output);
    return undefined;
  }
  tellNotes(options.bill, bill.notes, output);
  const unpriced = unpricedPacks(known, bill, book.timeZone);
  if (unpriced.length > 0) {
    tellProblems(options.packs ?? '', unpriced, output);
    return undefined;
  }
  return { packs: known.packs, bill };
}

function tellNotes(path: string | undefined, notes: FileNotes, output: Output): void {
  for (const words of noteWords(path ?? '', notes)) output.tell(output.say(words));
}

/** The calls, or undefined when rows that could not be read have ended the command. */
async function readCalls(
  { options, reading, book, output }: Order,
  ways: TwoWays | undefined,
): Promise<LoadedUsage | undefined> {
  const [{ readUsageFile }, { checkAccount, loadTape }, { importProgress }] = await Promise.all([
    import('../usage-files/read.ts'),
    import('../reconcile/load-tape.ts'),
    import('./import/reading-progress.ts'),
  ]);
  const whole = readUsageFile(options.usage, reading);
  const file = ways?.watch(whole) ?? whole;
  const progress = importProgress(file.bytes, output.say);
  try {
    const usage = await loadTape(file, book, options.account, progress.show);
    progress.stop();
    // What became of tokens stands in the answer.
    tellNotes(options.usage, { ...file.notes, tokens: undefined }, output);
    checkAccount(options.usage, usage);
    if (usage.unusable === 0) return usage;
    const none = usage.unusable === usage.rows - usage.otherAccounts;
    if (options.skipUnread !== true || none) return refuseUnread(options.usage, usage, output);
    tellUnread(usage.unusable, usage.problems, output);
    return usage;
  } finally {
    progress.stop();
  }
}

/** A bill is not judged by a part of the record: the provider would be blamed for what was not read. */
function refuseUnread(path: string, usage: LoadedUsage, output: Output): undefined {
  const { unusable, rows, problems } = usage;
  if (output.json) {
    process.exitCode = exitCodes.usage;
    output.tell(writeJson({ error: { code: 'ROWS_UNREAD', file: path, rows, unread: unusable, problems } }));
    return undefined;
  }
  output.misused(cliReconcileWords.ofRowsCannotBeRead(path, rows, unusable), 'ROWS_UNREAD');
  tellUnread(unusable, problems, output);
  return undefined;
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
