// A bill as people read it: every line, and in words how its amount came about.

import type { Bill } from '../http/contract/bills.ts';
import type { Titles } from '../words/titles.ts';
import type { Output } from './output.ts';
import { cell, printTable } from './show.ts';
import { showLines, showTotals } from './show-lines.ts';

export async function showBill(bill: Bill, titles: Titles, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  const state = bill.state === 'final' ? say('正式', 'final') : say('草稿', 'draft');
  const parts = [say('账单', 'bill'), bill.number, bill.account, bill.month, `(${state})`];
  output.print(`${output.colors.bold(parts.filter((part) => part !== undefined).join(' '))}  ${bill.currency}`);
  await showLines(bill.lines, titles, output);
  showTotals(bill, output);
  await showUsage(bill, output);
  for (const { pack, calls, saved } of bill.giftsUsed) {
    output.print(
      say(
        `赠送 ${pack} 用了 ${calls} 次，省 ${cell(saved)}`,
        `gift ${pack}: ${calls} calls used, ${cell(saved)} saved`,
      ),
    );
  }
  for (const { pack, calls } of bill.forfeited) {
    output.print(say(`${pack} 到期作废 ${calls} 次`, `${pack}: ${calls} calls forfeited`));
  }
  for (const notice of bill.notices) output.print(`${output.colors.yellow('!')} ${output.say(notice)}`);
  if (bill.digest !== undefined) output.print(`${say('摘要', 'digest')} ${bill.digest}`);
}

async function showUsage(bill: Bill, output: Output): Promise<void> {
  const say = (zh: string, en: string) => output.say({ zh, en });
  if (bill.usage.length === 0) return;
  type Row = Bill['usage'][number];
  const columns = [
    { title: say('计量项', 'meter'), of: (row: Row) => row.meter },
    { title: say('次数', 'calls'), of: (row: Row) => row.calls, right: true },
    {
      title: say('资源包抵扣', 'paid by packs'),
      of: (row: Row) => row.draws.map(({ pack, calls }) => `${pack} ${calls}`).join('\n'),
    },
    { title: say('后付费', 'postpaid'), of: (row: Row) => row.postpaid, right: true },
    { title: say('不计费', 'not charged'), of: (row: Row) => row.notCharged, right: true },
  ];
  await printTable(output, columns, bill.usage);
}
