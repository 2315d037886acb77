// A quote, and the lines of a bill, as people read them.

import type { PriceBook, Words } from '../core/price-book.ts';
import { formatMoney, groupDigits, noMoney, parseMoney, sumMoney } from '../core/units.ts';
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

/** Lines as a table; equal packs, and they alone, become one row. Below it, for each postpaid amount, how it came about. */
export async function showLines(lines: readonly Line[], book: PriceBook, output: Output): Promise<void> {
  if (lines.length === 0) return;
  const say = (zh: string, en: string) => output.say({ zh, en });
  const head = [say('项目', 'item'), say('次数', 'calls'), say('单价', 'unit price'), say('金额', 'amount')];
  const rows = Map.groupBy(lines, (line, index) => (isPack(line) ? kindOfPack(line) : index));
  const cells = [...rows.values()].map(([first, ...more]) => rowOf(first as Line, more, book, output));
  await output.table(head, cells, [1, 2, 3]);
  for (const line of lines) {
    if (line.kind === 'postpaid' || line.kind === 'adjustment') output.print(`  ${output.say(line.formula)}`);
  }
}

type PackLine = Exclude<Line, { readonly kind: 'postpaid' | 'adjustment' }>;

const isPack = (line: Line): line is PackLine => line.kind === 'pack' || line.kind === 'pack_refund';

const kindOfPack = ({ kind, product, size }: PackLine): string => `${kind} ${product} ${size}`;

/** `more`: equal packs that stand in the same row. */
function rowOf(line: Line, more: readonly Line[], book: PriceBook, output: Output): string[] {
  const quoteRequired = output.say({ zh: '需商务定价', en: 'ask for a price' });
  const amount = line.amount === null ? quoteRequired : groupDigits(line.amount);
  if (line.kind === 'postpaid') {
    const priced = line.tariff === null ? undefined : book.tariffs.get(line.tariff);
    // A prepaid-only meter has no tariff: the line is of the meter.
    const title = (priced ?? book.meters.get(line.meter ?? ''))?.title;
    const name = title === undefined ? (line.tariff ?? line.meter ?? '') : output.say(title);
    return [name, groupDigits(BigInt(line.calls)), line.unitPrice ?? '–', amount];
  }
  if (line.kind === 'adjustment') {
    const word = output.say({ zh: '调整', en: 'adjustment' });
    const name = line.tariff ?? line.meter ?? '';
    const change = BigInt(line.after) - BigInt(line.before);
    return [`${word} ${line.month} ${name}`, groupDigits(change), '–', amount];
  }
  const packs = [line, ...more.filter(isPack)];
  const count = packs.reduce((sum, each) => sum + (each.count ?? 1), 0);
  const price = sumMoney(packs.map((each) => parseMoney(each.amount) ?? noMoney));
  const title: Words = book.packProducts.get(line.product)?.title ?? { zh: line.product, en: line.product };
  const word = output.say(line.kind === 'pack' ? { zh: '资源包', en: 'pack' } : { zh: '退资源包', en: 'pack refund' });
  const name = `${count === 1 ? '' : `${count} × `}${word} ${output.say(title)}`;
  return [name, groupDigits(BigInt(line.size)), '–', groupDigits(formatMoney(price))];
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
