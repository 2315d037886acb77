// The lines of a quote, a draft or a bill, as people read them: one way for all.

import { formatMoney, groupDigits, noMoney, parseMoney, sumMoney } from '../core/units.ts';
import type { Bill } from '../http/contract/bills.ts';
import type { Quote } from '../scenario/quote.ts';
import { cliBillWords } from '../words/cli/bill.ts';
import { headingWords } from '../words/cli/headings.ts';
import { unitPriceText } from '../words/figures.ts';
import { feeWords, type Titles } from '../words/titles.ts';
import type { Output } from './output.ts';

type Line = Bill['lines'][number] | Quote['lines'][number];

/** Lines as a table; equal packs, and they alone, become one row. Below it, for each other amount, how it came about. */
export async function showLines(
  { lines, currency }: { readonly lines: readonly Line[]; readonly currency: string },
  titles: Titles,
  output: Output,
): Promise<void> {
  if (lines.length === 0) return;
  const { say } = output;
  const head = [say(cliBillWords.item), say(headingWords.calls), say(headingWords.unitPrice), say(headingWords.amount)];
  const rows = Map.groupBy(lines, (line, index) => (isPack(line) ? kindOfPack(line) : index));
  const cells = [...rows.values()].map(([first, ...more]) =>
    rowOf({ currency, line: first as Line, more }, titles, output),
  );
  await output.table(head, cells, [1, 2, 3]);
  for (const line of lines) if (!isPack(line)) output.print(`  ${explanation(line, titles, output)}`);
}

type PackLine = Extract<Line, { readonly kind: 'pack' | 'pack_refund' }>;

const isPack = (line: Line): line is PackLine => line.kind === 'pack' || line.kind === 'pack_refund';

const kindOfPack = ({ kind, product, size }: PackLine): string => `${kind} ${product} ${size}`;

type CallLine = Exclude<Line, PackLine>;

/** Of its tariff; a prepaid-only meter has none: the line is of the meter. */
function nameOf(line: CallLine, titles: Titles, output: Output): string {
  const { tariff } = line;
  const meter = 'meter' in line ? line.meter : undefined;
  const title = (tariff === null ? titles.meters.get(meter ?? '') : titles.tariffs.get(tariff))?.title;
  return title === undefined ? (tariff ?? meter ?? '') : output.say(title);
}

/** Two tariffs may have the same formula: it says whose it is, where it does not say so itself. */
const explanation = (line: CallLine, titles: Titles, output: Output): string =>
  line.kind === 'adjustment' || line.tariff === null
    ? output.say(line.formula)
    : `${nameOf(line, titles, output)}${output.say({ zh: '：', en: ': ' })}${output.say(line.formula)}`;

interface Row {
  readonly currency: string;
  readonly line: Line;
  /** Equal packs that stand in the same row. */
  readonly more: readonly Line[];
}

function rowOf({ currency, line, more }: Row, titles: Titles, output: Output): string[] {
  const quoteRequired = output.say(headingWords.askForAPrice);
  const amount = line.amount === null ? quoteRequired : groupDigits(line.amount);
  if (line.kind === 'postpaid') {
    const day = line.day === undefined ? '' : `${line.day} `;
    return [
      `${day}${nameOf(line, titles, output)}`,
      groupDigits(BigInt(line.calls)),
      unitPriceText(line) || '–',
      amount,
    ];
  }
  if (line.kind === 'adjustment') {
    const word = output.say(cliBillWords.adjustment);
    const change = BigInt(line.after) - BigInt(line.before);
    return [`${word} ${line.month} ${nameOf(line, titles, output)}`, groupDigits(change), '–', amount];
  }
  if (line.kind === 'fee')
    return [`${nameOf(line, titles, output)} · ${output.say(feeWords[line.reason])}`, '–', '–', amount];
  const packs = [line, ...more.filter(isPack)];
  const count = packs.reduce((sum, each) => sum + (each.count ?? 1), 0);
  const price = sumMoney(packs.map((each) => parseMoney(each.amount, currency) ?? noMoney));
  const title = titles.packProducts.get(line.product)?.title ?? { zh: line.product, en: line.product };
  const word = output.say(line.kind === 'pack' ? headingWords.pack : cliBillWords.packRefund);
  const name = `${count === 1 ? '' : `${count} × `}${word} ${output.say(title)}`;
  return [name, groupDigits(BigInt(line.size)), '–', groupDigits(formatMoney(price, currency))];
}

interface Totals {
  readonly prepaid: string;
  readonly postpaid: string | null;
  /** A quote has none. */
  readonly adjustments?: string | null;
  readonly total: string | null;
  readonly estimate: string | null;
}

export function showTotals({ prepaid, postpaid, adjustments, total, estimate }: Totals, output: Output): void {
  const { bold } = output.colors;
  const write = (amount: string | null) =>
    amount === null ? output.say(cliBillWords.contractPriceIsNeeded) : groupDigits(amount);
  const parts = [
    `${output.say(headingWords.prepaid)} ${write(prepaid)}`,
    `${output.say(headingWords.postpaidShort)} ${write(postpaid)}`,
    ...(adjustments === undefined ? [] : [`${output.say(cliBillWords.adjustments)} ${write(adjustments)}`]),
    bold(`${output.say(headingWords.total)} ${write(total)}`),
    ...(estimate === null ? [] : [`${output.say(cliBillWords.estimate)} ${groupDigits(estimate)}`]),
  ];
  output.print(parts.join(output.language === 'zh' ? '，' : ', '));
}
