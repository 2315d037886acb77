// suanpan bill: drafts, final bills, closing a month, export.

import type { Command } from 'commander';
import { parsePeriod } from '../core/calendar.ts';
import type { Bill, BillPage, Closed, Departments } from '../http/contract/bills.ts';
import type { Titled } from '../words/titles.ts';
import { accountOf, lookUp, openApi, path, reasonOf } from './client.ts';
import { exitCodes, type Output } from './output.ts';
import { answerWith, cell, examplesOf, printTable, tellNext, withAccount, withOnce, withPage } from './show.ts';
import { showBill } from './show-bill.ts';

const examples = `suanpan bill draft 2026-01 --account acme
suanpan bill close 2026-01
suanpan bill show acme-000001
suanpan bill export acme:2026-01 --detail calls --out calls.csv
`;

const monthWords = {
  zh: '月份写作 2026-01，月为 01 到 12',
  en: 'a month is written 2026-01, with 01 to 12 after the year',
};

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
  const say = (zh: string, en: string) => output.say({ zh, en });
  const bill = program
    .command('bill')
    .description(say('账单：草稿、出账、查看、导出', 'bills: draft, close, show, list, export'))
    .addHelpText('before', examplesOf(output, examples));
  bill
    .command('show')
    .description(say('一份账单', 'one bill'))
    .argument(
      '<ID>',
      say('账单编号（acme-000001）或 账户:月份（acme:2026-01）', 'number (acme-000001), or acme:2026-01'),
    )
    .action((id: string) => show(id, output));
  withAccount(bill.command('draft'), output)
    .description(
      say('本月账单的现状；已出账则为正式账单', 'the bill as it stands; the final one once the month is closed'),
    )
    .argument('<MONTH>', say('月份，如 2026-01', 'month, such as 2026-01'))
    .action(async (month: string, { account }: { account?: string }) => {
      if (parsePeriod(month) === undefined) return output.misused(monthWords);
      const id = await accountOf(account, output);
      if (id !== undefined) await show(`${id}:${month}`, output);
    });
  withOnce(bill.command('close'), output)
    .description(
      say('出账：一个账户或全部；重复执行没有影响', 'close a month, for one account or all; again changes nothing'),
    )
    .argument('<MONTH>', say('月份，如 2026-01', 'month, such as 2026-01'))
    .option('--account <ID>', say('只为此账户出账', 'this account only'))
    .action((month: string, options: { account?: string; idempotencyKey?: string }) => close(month, options, output));
  withPage(bill.command('list'), output)
    .description(say('账单列表', 'bills'))
    .option('--account <ID>', say('一个账户的', "one account's"))
    .option('--month <YYYY-MM>', say('一个月的', "one month's"))
    .action((options: ListOptions) => list(options, output));
  bill
    .command('departments')
    .description(say('按部门分摊，合计分毫不差', 'a bill split by department; the parts sum to the whole'))
    .argument('<ID>', say('账单编号或 账户:月份', 'number, or ACCOUNT:MONTH'))
    .action((id: string) => departments(id, output));
  bill
    .command('export')
    .description(say('导出账单，或逐次调用的明细', 'a bill as a file, or each of its calls'))
    .argument('<ID>', say('账单编号或 账户:月份', 'number, or ACCOUNT:MONTH'))
    .option('--format <csv|json|xlsx>', say('格式', 'format'), 'csv')
    .option('--detail <lines|calls>', say('账单行，或每次调用', 'the lines, or every call'), 'lines')
    .option('--bom', say('为 Excel 加字节序标记', 'a byte order mark, for Excel'))
    .option('-o, --out <FILE>', say('写入文件；- 为标准输出', 'file to write; - for standard output'), '-')
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
  const say = (zh: string, en: string) => output.say({ zh, en });
  const call = { method: 'GET', path: path`/v1/bills/${id}/departments` } as const;
  await answerWith<Departments>(call, output, (split) =>
    printTable<DepartmentShare>(
      output,
      [
        { title: say('部门', 'department'), of: ({ department }) => department },
        { title: say('次数', 'calls'), of: ({ calls }) => calls, right: true },
        { title: say('金额', 'amount'), of: ({ amount }) => amount, right: true },
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
    output.print(
      output.say({
        zh: `${month}：新出账 ${closed} 个账户，先前已出账 ${alreadyFinal} 个`,
        en: `${month}: ${closed} accounts closed now, ${alreadyFinal} closed before`,
      }),
    );
  const answer = await answerWith<Closed>(call, output, show, callInLines);
  if (answer === undefined || answer.refused.length === 0) return;
  process.exitCode = exitCodes.failure;
  for (const { account: of, code, detail } of answer.refused) output.tell(`${of}: ${code}: ${detail}`);
}

async function list(query: ListOptions, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  await answerWith<BillPage>(
    { method: 'GET', path: '/v1/bills', query: { ...query } },
    output,
    async ({ bills, next }) => {
      const columns = [
        { title: say('账户', 'account'), of: (bill: Summary) => bill.account },
        { title: say('月份', 'month'), of: (bill: Summary) => bill.month },
        { title: say('编号', 'number'), of: (bill: Summary) => bill.number },
        { title: say('状态', 'state'), of: (bill: Summary) => bill.state },
        { title: say('预付', 'prepaid'), of: (bill: Summary) => bill.prepaid, right: true },
        { title: say('后付', 'postpaid'), of: (bill: Summary) => bill.postpaid, right: true },
        { title: say('调整', 'adjustments'), of: (bill: Summary) => bill.adjustments, right: true },
        { title: say('合计', 'total'), of: (bill: Summary) => bill.total, right: true },
      ];
      await printTable(output, columns, bills);
      tellNext(output, next);
    },
  );
}

/** Streamed: the calls of a month may be millions of lines. */
async function exportBill(id: string, options: ExportOptions, output: Output): Promise<void> {
  const { format, detail, out } = options;
  const query = { format, detail, ...(options.bom === true ? { bom: '1' } : {}) };
  const response = await openApi({ method: 'GET', path: path`/v1/bills/${id}/export`, query }, output);
  if (response?.body == null) return;
  const [{ pipeline }, { createWriteStream }] = await Promise.all([import('node:stream/promises'), import('node:fs')]);
  try {
    if (out === '-') await pipeline(response.body, process.stdout, { end: false });
    else await pipeline(response.body, createWriteStream(out));
  } catch (error) {
    const ofFile = error instanceof Error && 'syscall' in error && error.syscall !== 'read';
    output.fail(ofFile ? exitCodes.failure : exitCodes.network, {
      zh: `导出未完成：${reasonOf(error)}`,
      en: `the export is not complete: ${reasonOf(error)}`,
    });
    return;
  }
  if (out !== '-') output.tell(output.say({ zh: `已写入 ${cell(out)}`, en: `written to ${cell(out)}` }));
}
