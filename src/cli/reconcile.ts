// suanpan reconcile: is the bill that a provider sent right? No server, no database.

import type { Command } from 'commander';
import type { Period } from '../core/calendar.ts';
import { writeJson } from '../core/json.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { CellProblem } from '../reconcile/cell-problem.ts';
import type { LoadedUsage } from '../reconcile/load-tape.ts';
import { FileTrouble } from '../usage-files/problem.ts';
import type { UsageFormat } from '../usage-files/read.ts';
import { exitCodes, type Output } from './output.ts';

interface ReconcileOptions {
  readonly book: string;
  readonly usage: string;
  readonly bill: string;
  readonly packs?: string;
  readonly account?: string;
  readonly month?: string;
  readonly format?: UsageFormat;
}

const examples = `suanpan reconcile --book faceid-legacy --packs packs.csv --usage calls.ndjson.gz --bill bill.csv
suanpan reconcile --book my-book.json --packs packs.csv --usage calls.csv --bill bill.csv --account acme --json
zcat calls-*.gz | suanpan reconcile --book faceid-legacy --usage - --bill bill.csv --month 2026-01
`;

export function registerReconcile(program: Command, output: Output): void {
  const say = (zh: string, en: string) => output.say({ zh, en });
  program
    .command('reconcile')
    .description(
      say(
        '核对服务商发来的账单：逐项重算，找出不符之处及原因（不需要服务）',
        'check a bill that a provider sent: every figure again, and why it differs (needs no server)',
      ),
    )
    .requiredOption('--book <ID|FILE>', say('价目表的 id 或文件', 'price book: its id or a file'))
    .requiredOption(
      '--usage <FILE>',
      say('调用明细：NDJSON 或 CSV，可为 gzip；- 表示标准输入', 'the calls: NDJSON or CSV, plain or gzip; - for stdin'),
    )
    .requiredOption('--bill <FILE>', say('要核对的账单，CSV', 'the bill to check, CSV'))
    .option('--packs <FILE>', say('持有的资源包，CSV', 'the packs one has, CSV'))
    .option('--account <ID>', say('明细中有多个账户时，核对哪一个', 'which account, where the calls are of several'))
    .option('--month <YYYY-MM>', say('账期；默认取自账单中的日期', 'the month; by default that of the bill’s days'))
    .option('--format <ndjson|csv>', say('明细的格式；默认自动识别', 'format of the calls; found out by default'))
    .addHelpText('before', `${say('示例：', 'Examples:')}\n${examples.replaceAll(/^(?=.)/gm, '  ')}`)
    .action((options: ReconcileOptions) => runReconcile(options, output));
}

/** Exit code 0: the bill is right; 1: it is not; 2: a file or argument is not what it should be; 3: a file is not there. */
async function runReconcile(options: ReconcileOptions, output: Output): Promise<void> {
  const [{ bookOf }, { parsePeriod }] = await Promise.all([import('./read-book.ts'), import('../core/calendar.ts')]);
  const month = options.month === undefined ? undefined : parsePeriod(options.month);
  if (options.month !== undefined && month === undefined) {
    output.misused({
      zh: `--month ${options.month}：应写成 2026-01`,
      en: `--month ${options.month}: write it as 2026-01`,
    });
    return;
  }
  if (options.format !== undefined && !['ndjson', 'csv'].includes(options.format)) {
    const [zh, en] = [`--format ${options.format}：应为 ndjson 或 csv`, `--format ${options.format}: ndjson or csv`];
    output.misused({ zh, en });
    return;
  }
  const book = await bookOf(options.book, output);
  if (book === undefined) return;
  try {
    await check(options, book, month, output);
  } catch (error) {
    if (!(error instanceof FileTrouble)) throw error;
    output.fail(error.code === 'NOT_FOUND' ? exitCodes.notFound : exitCodes.usage, error.words, error.code);
  }
}

async function check(
  options: ReconcileOptions,
  book: PriceBook,
  month: Period | undefined,
  output: Output,
): Promise<void> {
  const [{ readPacks }, { readBill }, { reconcile }, { reconciliationDocument, reconciliationText }] =
    await Promise.all([
      import('../reconcile/packs-file.ts'),
      import('../reconcile/bill-file.ts'),
      import('../reconcile/reconcile.ts'),
      import('../reconcile/report.ts'),
    ]);
  const { packs, problems } =
    options.packs === undefined ? { packs: [], problems: [] } : readPacks(options.packs, book);
  if (problems.length > 0) {
    tellProblems(options.packs ?? '', problems, output);
    return;
  }
  const bill = readBill(options.bill, book, month);
  if ('problems' in bill) {
    tellProblems(options.bill, bill.problems, output);
    return;
  }
  const usage = await readCalls(options, book, output);
  const result = reconcile(book, packs, usage, bill);
  if (output.json) output.printJson(reconciliationDocument(result));
  else output.print(reconciliationText(result, output.language).trimEnd());
  if (result.differences.length > 0) process.exitCode = exitCodes.failure;
}

async function readCalls(options: ReconcileOptions, book: PriceBook, output: Output): Promise<LoadedUsage> {
  const [{ readUsageFile }, { loadTape }, { importProgress }] = await Promise.all([
    import('../usage-files/read.ts'),
    import('../reconcile/load-tape.ts'),
    import('./import/progress.ts'),
  ]);
  const file = readUsageFile(options.usage, { format: options.format });
  const progress = importProgress(file.bytes, (zh, en) => output.say({ zh, en }));
  try {
    const usage = await loadTape(file, book, options.account, progress.show);
    progress.stop();
    tellUnusable(usage, output);
    return usage;
  } finally {
    progress.stop();
  }
}

/** Rows that could not be used are no differences, but whoever reads "the bill is right" must know of them. */
function tellUnusable({ unusable, problems }: LoadedUsage, output: Output): void {
  if (unusable === 0 || output.json) return;
  for (const { line, pointer, ...words } of problems) {
    output.tell(output.say({ zh: `第 ${line} 行 ${pointer} ${words.zh}`, en: `line ${line} ${pointer} ${words.en}` }));
  }
  const more = unusable - problems.length;
  if (more > 0) output.tell(output.say({ zh: `…另有 ${more} 行`, en: `… and ${more} more rows` }));
}

/** The packs and the bill must be right to be compared: their problems end the command. */
function tellProblems(file: string, problems: readonly CellProblem[], output: Output): void {
  process.exitCode = exitCodes.usage;
  if (output.json) {
    output.tell(writeJson({ error: { code: 'INVALID_INPUT', file, problems } }));
    return;
  }
  const count = problems.length;
  output.tell(output.say({ zh: `错误: ${file} 有 ${count} 处问题`, en: `error: ${file} has ${count} problem(s)` }));
  for (const { line, zh, en } of problems) {
    output.tell(`  ${output.say({ zh: `第 ${line} 行：${zh}`, en: `line ${line}: ${en}` })}`);
  }
}
