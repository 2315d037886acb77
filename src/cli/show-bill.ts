// A bill as people read it: every line, and in words how its amount came about.

import type { Bill } from '../http/contract/bills.ts';
import { cliBillWords } from '../words/cli/bill.ts';
import { headingWords } from '../words/cli/headings.ts';
import type { Titles } from '../words/titles.ts';
import type { Output } from './output.ts';
import { cell, printTable } from './show.ts';
import { showLines, showTotals } from './show-lines.ts';

export async function showBill(bill: Bill, titles: Titles, output: Output): Promise<void> {
  const { say } = output;
  const state = bill.state === 'final' ? say(cliBillWords.final) : say(cliBillWords.draft);
  const parts = [say(headingWords.bill), bill.number, bill.account, bill.month, `(${state})`];
  output.print(`${output.colors.bold(parts.filter((part) => part !== undefined).join(' '))}  ${bill.currency}`);
  await showLines(bill, titles, output);
  showTotals(bill, output);
  await showUsage(bill, output);
  for (const { pack, calls, saved } of bill.giftsUsed) {
    output.print(say(cliBillWords.gift(pack, calls, cell(saved))));
  }
  for (const { pack, calls } of bill.forfeited) {
    output.print(say(cliBillWords.callsForfeited(pack, calls)));
  }
  for (const notice of bill.notices) output.print(`${output.colors.yellow('!')} ${output.say(notice)}`);
  if (bill.digest !== undefined) output.print(`${say(cliBillWords.digest)} ${bill.digest}`);
}

async function showUsage(bill: Bill, output: Output): Promise<void> {
  const { say } = output;
  if (bill.usage.length === 0) return;
  type Row = Bill['usage'][number];
  const columns = [
    { title: say(headingWords.meter), of: (row: Row) => row.meter },
    { title: say(headingWords.calls), of: (row: Row) => row.calls, right: true },
    {
      title: say(cliBillWords.paidByPacks),
      of: (row: Row) => row.draws.map(({ pack, calls }) => `${pack} ${calls}`).join('\n'),
    },
    { title: say(headingWords.postpaid), of: (row: Row) => row.postpaid, right: true },
    { title: say(headingWords.notCharged), of: (row: Row) => row.notCharged, right: true },
  ];
  await printTable(output, columns, bill.usage);
}
