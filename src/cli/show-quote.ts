// A quote, and the lines of a bill, as people read them.

import type { PriceBook, Words } from '../core/price-book.ts';
import { groupDigits } from '../core/units.ts';
import type { Quote } from '../scenario/quote.ts';
import type { Output } from './output.ts';

type Line = Quote['lines'][number];

export async function showQuote(quoted: Quote, book: PriceBook, output: Output): Promise<void> {
  const { bold, yellow } = output.colors;
  output.print(`${bold(output.say(book.title))}  ${book.id}  ${book.currency}`);
  await showLines(quoted.lines, book, output);
  showTotals(quoted, output);
  for (const notice of quoted.notices) output.print(`${yellow('!')} ${output.say(notice)}`);
}

/** Lines as a table; equal packs become one row. Below it, for each postpaid amount, how it came about. */
export async function showLines(lines: readonly Line[], book: PriceBook, output: Output): Promise<void> {
  if (lines.length === 0) return;
  const say = (zh: string, en: string) => output.say({ zh, en });
  const head = [say('项目', 'item'), say('次数', 'calls'), say('单价', 'unit price'), say('金额', 'amount')];
  const rows = new Map<string, { count: number; row: string[] }>();
  for (const line of lines) {
    const row = rowOf(line, book, output);
    const known = rows.get(row.join('|'));
    if (known === undefined) rows.set(row.join('|'), { count: 1, row });
    else known.count += 1;
  }
  const cells = [...rows.values()].map(({ count, row: [item = '', ...rest] }) => [
    count === 1 ? item : `${count} × ${item}`,
    ...rest,
  ]);
  await output.table(head, cells, [1, 2, 3]);
  for (const line of lines) {
    if (line.kind === 'postpaid' || line.kind === 'adjustment') output.print(`  ${output.say(line.formula)}`);
  }
}

function rowOf(line: Line, book: PriceBook, output: Output): string[] {
  const quoteRequired = output.say({ zh: '需商务定价', en: 'ask for a price' });
  const amount = line.amount === null ? quoteRequired : groupDigits(line.amount);
  if (line.kind === 'postpaid') {
    const title = (line.tariff === null ? undefined : book.tariffs.get(line.tariff))?.title;
    const name = title === undefined ? (line.tariff ?? '') : output.say(title);
    return [name, groupDigits(BigInt(line.calls)), line.unitPrice ?? '–', amount];
  }
  if (line.kind === 'adjustment') {
    const word = output.say({ zh: '调整', en: 'adjustment' });
    return [
      `${word} ${line.month} ${line.tariff ?? ''}`,
      groupDigits(BigInt(line.after) - BigInt(line.before)),
      '–',
      amount,
    ];
  }
  const title: Words = book.packProducts.get(line.product)?.title ?? { zh: line.product, en: line.product };
  const word = output.say(line.kind === 'pack' ? { zh: '资源包', en: 'pack' } : { zh: '退资源包', en: 'pack refund' });
  return [`${word} ${output.say(title)}`, groupDigits(BigInt(line.size)), '–', amount];
}

interface Totals {
  readonly prepaid: string;
  readonly postpaid: string | null;
  readonly total: string | null;
  readonly estimate: string | null;
}

export function showTotals({ prepaid, postpaid, total, estimate }: Totals, output: Output): void {
  const { bold } = output.colors;
  const write = (amount: string | null) =>
    amount === null ? output.say({ zh: '需商务定价', en: 'a contract price is needed' }) : groupDigits(amount);
  const parts = [
    `${output.say({ zh: '预付', en: 'prepaid' })} ${write(prepaid)}`,
    `${output.say({ zh: '后付', en: 'postpaid' })} ${write(postpaid)}`,
    bold(`${output.say({ zh: '合计', en: 'total' })} ${write(total)}`),
    ...(estimate === null ? [] : [`${output.say({ zh: '估算', en: 'estimate' })} ${groupDigits(estimate)}`]),
  ];
  output.print(parts.join(output.language === 'zh' ? '，' : ', '));
}
