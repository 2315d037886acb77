// suanpan bill: drafts, final bills, closing a month, export.

import type { Command } from 'commander';
import { parsePeriod } from '../core/calendar.ts';
import type { Bill, BillPage, Closed, CloseReadiness, Departments } from '../http/contract/bills.ts';
import { cliBillWords } from '../words/cli/bill.ts';
import { headingWords } from '../words/cli/headings.ts';
import type { Titled } from '../words/titles.ts';
import { accountOf, lookUp, path } from './client.ts';
import { exitCodes, type Output } from './output.ts';
import { saveFile } from './save-file.ts';
import { allPagesOf, answerWith, examplesOf, printTable, tellNext, withAccount, withOnce, withPage } from './show.ts';
import { showBill } from './show-bill.ts';

const examples = `suanpan bill draft 2026-01 --account acme
suanpan bill ready 2026-01
suanpan bill close 2026-01
suanpan bill show acme-000001
suanpan bill export acme:2026-01 --detail calls --out calls.csv
`;

const monthWords = cliBillWords.monthIsWritten202601;

type Summary = BillPage['bills'][number];
type DepartmentShare = Departments['departments'][number];

interface ListOptions {
  readonly account?: string;
  readonly month?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

interface ExportOptions {
  readonly format: string;
  readonly detail: string;
  readonly bom?: true;
  readonly out: string;
}

export function registerBill(program: Command, output: Output): void {
  const { say } = output;
  const bill = program
    .command('bill')
    .description(say(cliBillWords.billCommand))
    .addHelpText('before', examplesOf(output, examples));
  bill
    .command('show')
    .description(say(cliBillWords.oneBill))
    .argument('<ID>', say(cliBillWords.numberOrMonth))
    .action((id: string) => show(id, output));
  withAccount(bill.command('draft'), output)
    .description(say(cliBillWords.billAsItStands))
    .argument('<MONTH>', say(cliBillWords.month))
    .action(async (month: string, { account }: { account?: string }) => {
      if (parsePeriod(month) === undefined) return output.misused(monthWords);
      const id = await accountOf(account, output);
      if (id !== undefined) await show(`${id}:${month}`, output);
    });
  bill
    .command('ready')
    .description(say(cliBillWords.whoIsReady))
    .argument('<MONTH>', say(cliBillWords.month))
    .action((month: string) => ready(month, output));
  withOnce(bill.command('close'), output)
    .description(say(cliBillWords.closeAMonth))
    .argument('<MONTH>', say(cliBillWords.month))
    .option('--account <ID>', say(cliBillWords.thisAccountOnly))
    .action((month: string, options: { account?: string; idempotencyKey?: string }) => close(month, options, output));
  withPage(bill.command('list'), output)
    .description(say(cliBillWords.billList))
    .option('--account <ID>', say(cliBillWords.ofOneAccount))
    .option('--month <YYYY-MM>', say(cliBillWords.ofOneMonth))
    .action((options: ListOptions) => list(options, output));
  bill
    .command('departments')
    .description(say(cliBillWords.billSplitByDepartment))
    .argument('<ID>', say(cliBillWords.numberToExport))
    .action((id: string) => departments(id, output));
  bill
    .command('export')
    .description(say(cliBillWords.billAsAFile))
    .argument('<ID>', say(cliBillWords.numberToExport))
    .option('--format <csv|xlsx|pdf|json|focus>', say(cliBillWords.format), 'csv')
    .option('--detail <lines|calls>', say(cliBillWords.lines), 'lines')
    .option('--bom', say(cliBillWords.byteOrderMark))
    .option('-o, --out <FILE>', say(cliBillWords.fileToWrite), '-')
    .action((id: string, options: ExportOptions) => exportBill(id, options, output));
}

async function show(id: string, output: Output): Promise<void> {
  const call = { method: 'GET', path: path`/v1/bills/${id}` } as const;
  await answerWith<Bill>(call, output, (bill) => showTitled(bill, output));
}

interface BookTitles {
  readonly tariffs: readonly (Titled & { readonly id: string })[];
  readonly meters: readonly (Titled & { readonly id: string })[];
  readonly packProducts: readonly (Titled & { readonly id: string })[];
}

/** A bill names tariffs by their ids: what they are called stands in its book. */
async function showTitled(bill: Bill, output: Output): Promise<void> {
  const book = (await lookUp(path`/v1/price-books/${bill.book}`, output)) as BookTitles | undefined;
  const byId = (named: BookTitles['tariffs'] = []) => new Map(named.map((each) => [each.id, each]));
  const [tariffs, meters, packProducts] = [byId(book?.tariffs), byId(book?.meters), byId(book?.packProducts)];
  await showBill(bill, { tariffs, meters, packProducts }, output);
}

async function departments(id: string, output: Output): Promise<void> {
  const { say } = output;
  const call = { method: 'GET', path: path`/v1/bills/${id}/departments` } as const;
  await answerWith<Departments>(call, output, (split) =>
    printTable<DepartmentShare>(
      output,
      [
        { title: say(headingWords.department), of: ({ department }) => department },
        { title: say(headingWords.calls), of: ({ calls }) => calls, right: true },
        { title: say(headingWords.amount), of: ({ amount }) => amount, right: true },
      ],
      split.departments,
    ),
  );
}

async function close(
  month: string,
  options: { readonly account?: string; readonly idempotencyKey?: string },
  output: Output,
): Promise<void> {
  if (parsePeriod(month) === undefined) return output.misused(monthWords);
  const { account, idempotencyKey } = options;
  const call = {
    method: 'POST',
    path: '/v1/bills/close',
    body: { month, account },
    once: { key: idempotencyKey },
  } as const;
  if (account !== undefined) {
    await answerWith<Bill>(call, output, (bill) => showTitled(bill, output));
    return;
  }
  const { callInLines } = await import('./answer-lines.ts');
  const show = ({ closed, alreadyFinal }: Closed) =>
    output.print(output.say(cliBillWords.accountsClosedNow(month, closed, alreadyFinal)));
  const answer = await answerWith<Closed>(call, output, show, callInLines);
  if (answer === undefined || answer.refused.length === 0) return;
  process.exitCode = exitCodes.failure;
  for (const { account: of, code, detail } of answer.refused) output.tell(`${of}: ${code}: ${detail}`);
}

async function list(query: ListOptions, output: Output): Promise<void> {
  const { say } = output;
  await answerWith<BillPage>(
    { method: 'GET', path: '/v1/bills', query: { ...query } },
    output,
    async ({ bills, next }) => {
      const columns = [
        { title: say(headingWords.account), of: (bill: Summary) => bill.account },
        { title: say(headingWords.month), of: (bill: Summary) => bill.month },
        { title: say(cliBillWords.number), of: (bill: Summary) => bill.number },
        { title: say(headingWords.state), of: (bill: Summary) => bill.state },
        { title: say(headingWords.prepaid), of: (bill: Summary) => bill.prepaid, right: true },
        { title: say(headingWords.postpaidShort), of: (bill: Summary) => bill.postpaid, right: true },
        { title: say(cliBillWords.adjustments), of: (bill: Summary) => bill.adjustments, right: true },
        { title: say(headingWords.total), of: (bill: Summary) => bill.total, right: true },
      ];
      await printTable(output, columns, bills);
      tellNext(output, next);
    },
  );
}

async function ready(month: string, output: Output): Promise<void> {
  const { say } = output;
  if (parsePeriod(month) === undefined) return output.misused(monthWords);
  const call = { method: 'GET', path: '/v1/bills/readiness', query: { month } } as const;
  const show = async ({ ready: count, blocked }: CloseReadiness) => {
    output.print(say(cliBillWords.readyAndBlocked(count, blocked.length)));
    type Blocked = CloseReadiness['blocked'][number];
    const columns = [
      { title: say(headingWords.account), of: (row: Blocked) => row.account },
      { title: say(cliBillWords.why), of: (row: Blocked) => row.detail },
    ];
    await printTable(output, columns, blocked);
  };
  await answerWith<CloseReadiness>(call, output, show, allPagesOf('blocked', ['looked', 'ready']));
}

async function exportBill(id: string, options: ExportOptions, output: Output): Promise<void> {
  const { format, detail, out } = options;
  const query = { format, detail, ...(options.bom === true ? { bom: '1' } : {}) };
  await saveFile({ method: 'GET', path: path`/v1/bills/${id}/export`, query }, out, output);
}
