// The check of a bill that somebody else sent: what it says, what it should say, and why they differ.

import { type Period, periodOf } from '../core/calendar.ts';
import type { PriceBook, Words } from '../core/price-book.ts';
import { type Money, moneyOf, noMoney } from '../core/units.ts';
import { tokenWords } from '../usage-files/notes.ts';
import { FileTrouble } from '../usage-files/row-problem.ts';
import { faceidWords } from '../words/faceid.ts';
import { moneyWords } from '../words/figures.ts';
import { reconcileWords } from '../words/reconcile.ts';
import type { ProviderBill } from './bill-file.ts';
import { binsOf } from './bins.ts';
import { type Explanation, explain, type WrongCell } from './explain.ts';
import {
  boughtIn,
  type CellKind,
  type Cells,
  type ExpectedLine,
  postpaidOf,
  purchasesOf,
  type Where,
} from './figures.ts';
import { type Cause, cause } from './hypothesis.ts';
import type { LoadedUsage } from './load-tape.ts';
import { type KnownPack, type Reading, rightReading } from './reading.ts';

/** One side of a difference: the figures of that place that are compared. `unitPrice` is in 10^-8 of the currency. */
export interface Figures {
  readonly calls?: bigint;
  readonly unitPrice?: bigint;
  readonly amount?: Money;
}

export type DifferenceKind = 'draw' | 'postpaid' | 'line' | 'purchase' | 'total';

export interface Difference {
  readonly kind: DifferenceKind;
  readonly where: Where;
  readonly billed: Figures;
  readonly expected: Figures;
  /** The likely one first. */
  readonly causes: readonly Cause[];
}

/** Null: the bill does not list it; or on the side of what it should be, a tier that was reached has no price. */
export interface Totals {
  readonly postpaid: Money | null;
  readonly purchases: Money | null;
  readonly total: Money | null;
}

export interface Reconciliation {
  readonly book: PriceBook;
  readonly month: Period;
  readonly usage: LoadedUsage;
  readonly differences: readonly Difference[];
  readonly billed: Totals;
  readonly expected: Totals;
  /** Null: it makes no difference, or no total is compared. */
  readonly totalReading: TotalReading | null;
  /** What should be looked at before any difference: files that do not belong together. */
  readonly warnings: readonly Words[];
  /** Lines that reach a tier without a public price. */
  readonly unpriced: readonly ExpectedLine[];
  readonly notCompared: readonly Words[];
}

/** A bill that lists no packs may have them in its total or not: which it is taken for is said, never left to be guessed. */
export interface TotalReading extends Words {
  readonly code: 'WITH_PACKS' | 'WITHOUT_PACKS';
}

/** Checks one bill. Differences stand in the order of draws, postpaid days, lines, purchases, total. */
export function reconcile(
  book: PriceBook,
  packs: readonly KnownPack[],
  usage: LoadedUsage,
  sent: ProviderBill,
): Reconciliation {
  const right = rightReading(book, packs, sent.month);
  const { bill, explanation } = explainTotal(book, usage, sent, right);
  const { expected, wrong, lines } = explanation;
  const found = [...cellDifferences(wrong, bill), ...lineDifferences(wrong, bill.cells, expected)];
  const { billed, should } = totalsOf(bill, right, lines);
  const differences = found.toSorted(inOrder);
  const totalReading = readingOf(bill, should, right);
  return {
    book,
    month: bill.month,
    usage,
    differences: [...differences, ...totalDifference(bill, purchasesOf(right))],
    billed,
    expected: should,
    totalReading,
    warnings: [
      ...monthWarning(usage, bill, book.timeZone),
      ...recordWarnings(usage),
      ...(totalReading?.code === 'WITHOUT_PACKS' ? [{ zh: totalReading.zh, en: totalReading.en }] : []),
    ],
    unpriced: lines.filter(({ amount }) => amount === null),
    notCompared: bill.notCompared,
  };
}

/**
 * A total without lines is that of the month, with the packs bought in it. Packs are often paid for by themselves: where it is to
 * the fen what the postpaid calls alone come to, or come to under fewer mistakes, it is taken for that.
 */
function explainTotal(book: PriceBook, usage: LoadedUsage, sent: ProviderBill, right: Reading) {
  const whole = { bill: sent, explanation: explain(book, usage, sent, right) };
  const { bare, bareHasPacks } = sent.shape;
  const causes = causesOfTotal(whole.explanation);
  if (bare === null || !bareHasPacks || purchasesOf(right) === noMoney || causes === 0) return whole;
  const bill = { ...sent, shape: { ...sent.shape, bareHasPacks: false } };
  const explanation = explain(book, usage, bill, right);
  const isAlone = bare === postpaidOf(explanation.lines) || causesOfTotal(explanation) < causes;
  return isAlone ? { bill, explanation } : whole;
}

/** How many mistakes there are where the total is wrong; without end where none makes it come out. */
function causesOfTotal({ wrong }: Explanation): number {
  const total = wrong.find(({ cell }) => cell.kind === 'total');
  if (total === undefined) return 0;
  if (total.causes.some(({ code }) => code === 'UNEXPLAINED')) return Number.POSITIVE_INFINITY;
  return new Set(wrong.flatMap(({ causes }) => causes.map(({ en }) => en))).size;
}

/** Both sides' totals of the same things: packs that the bill does not list count only where its total has them in it. */
function totalsOf(
  bill: ProviderBill,
  right: Reading,
  lines: readonly ExpectedLine[],
): { billed: Totals; should: Totals } {
  const { shape, cells, total, sum } = bill;
  const [postpaid, purchases] = [sumOf(cells, 'amount'), sumOf(cells, 'purchase')];
  const listed = { postpaid: shape.lines === 'none' ? null : postpaid, purchases: shape.purchases ? purchases : null };
  const [ours, bought] = [postpaidOf(lines), purchasesOf(right)];
  const others = moneyOf(sum - postpaid - purchases);
  const hasPacks = shape.purchases || (shape.bare === null ? isWithPacks(bill, bought) : shape.bareHasPacks);
  const packs = hasPacks ? bought : noMoney;
  return {
    billed: { ...listed, total: shape.lines === 'none' ? total : (total ?? sum) },
    should: {
      postpaid: ours,
      purchases: hasPacks ? bought : null,
      total: ours === null ? null : moneyOf(ours + packs + others),
    },
  };
}

function readingOf({ shape, total }: ProviderBill, should: Totals, right: Reading): TotalReading | null {
  const bought = purchasesOf(right);
  if (total === null || should.total === null || shape.purchases || bought === noMoney) return null;
  const ids = boughtIn(right).map(({ id }) => id);
  const few = `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ' …' : ''}`;
  const money = moneyWords(bought, right.settling.book.currency);
  return should.purchases === null
    ? { code: 'WITHOUT_PACKS', ...reconcileWords.billsTotalIsComparedWithoutThe(few, money) }
    : { code: 'WITH_PACKS', ...reconcileWords.billsTotalIsComparedWithThe(few, money) };
}

function sumOf(cells: Cells, wanted: CellKind): Money {
  let money = 0n;
  for (const { kind, value } of cells.values()) if (kind === wanted) money += value;
  return moneyOf(money);
}

/** Whether a total has the month's packs in it although the bill does not list them. */
const isWithPacks = ({ total, sum, shape }: ProviderBill, bought: Money): boolean =>
  total !== null && !shape.purchases && bought !== noMoney && total === sum + bought;

/** Of FaceID's own answers: those that may not be whole, and those that speak against the code table. */
const recordWarnings = ({ tokens, disagreements }: LoadedUsage): Words[] => [
  ...(tokens === null ? [] : tokenWords(tokens)),
  ...(disagreements === null ? [] : [faceidWords.disagreements(disagreements.count, disagreements.first)]),
];

/** A bill with calls and a record without any of its month: before anything is said about the bill, that is said. */
/**
 * Throws FileTrouble where the bill has calls and the record has them in other months alone: nothing on the bill could be known, and
 * the provider would be blamed for all of it.
 */
export function checkMonth(path: string, usage: LoadedUsage, bill: ProviderBill, zone: string): void {
  if (usage.tape.length === 0) return;
  const [wrong] = monthWarning(usage, bill, zone);
  const isBilled = [...bill.cells.values()].some(({ kind, value }) => callKinds.includes(kind) && value !== 0n);
  if (wrong !== undefined && isBilled)
    throw new FileTrouble('MONTH_NOT_IN_FILE', reconcileWords.otherFile(path, wrong));
}

const callKinds: readonly CellKind[] = ['draw', 'postpaid', 'calls'];

function monthWarning({ tape }: LoadedUsage, { month, cells }: ProviderBill, zone: string): Words[] {
  const counts = [...cells.values()].filter(({ kind }) => callKinds.includes(kind));
  const months = new Set(binsOf(tape).list.map(({ start }) => periodOf(zone, start as never)));
  if (months.has(month) || (months.size === 0 && counts.every(({ value }) => value === 0n))) return [];
  const found = [...months].toSorted().join(', ');
  return months.size === 0 ? [reconcileWords.thereIsNoCallInThe] : [reconcileWords.noCallOfTheRecordLies(month, found)];
}

function cellDifferences(wrong: readonly WrongCell[], bill: ProviderBill): Difference[] {
  return wrong.flatMap(({ cell: { kind, where }, billed, expected, causes }): Difference[] => {
    if (kind === 'draw' || kind === 'postpaid') {
      return [{ kind, where, billed: { calls: billed ?? 0n }, expected: { calls: expected ?? 0n }, causes }];
    }
    if (kind === 'total') {
      const apart = (billed ?? 0n) - (expected ?? 0n);
      const total = bill.total ?? noMoney;
      return [{ kind, where, billed: { amount: total }, expected: { amount: moneyOf(total - apart) }, causes }];
    }
    if (kind !== 'purchase') return [];
    const [one, other] = [moneyOf(billed ?? 0n), moneyOf(expected ?? 0n)];
    return [{ kind, where, billed: { amount: one }, expected: { amount: other }, causes }];
  });
}

const ofLines: readonly CellKind[] = ['calls', 'price', 'slice', 'amount'];

/** The figures of a tariff's line, or of a day of it, are one difference. */
function lineDifferences(wrong: readonly WrongCell[], billed: Cells, expected: Cells): Difference[] {
  const lines = Map.groupBy(
    wrong.filter(({ cell }) => ofLines.includes(cell.kind)),
    ({ cell }) => lineKey(cell.where),
  );
  return [...lines.values()].flatMap((cells): Difference[] => {
    const where = cells[0]?.cell.where;
    if (where === undefined) return [];
    return [
      {
        kind: 'line',
        where: { day: where.day, meter: null, pack: null, tariff: where.tariff },
        billed: figuresOf(billed, where),
        expected: figuresOf(expected, where),
        causes: distinct(cells.toSorted((a, b) => weight(b) - weight(a)).flatMap(({ causes }) => causes)),
      },
    ];
  });
}

const lineKey = ({ tariff, day }: Where): string => `${day ?? ''}|${tariff ?? ''}`;

/** The cause of a wrong amount is the cause of the line, then that of its price, then that of its calls. */
const weight = ({ cell: { kind } }: WrongCell): number => (kind === 'amount' ? 2 : kind === 'calls' ? 0 : 1);

const distinct = (causes: readonly Cause[]): Cause[] => [...new Map(causes.map((each) => [each.en, each])).values()];

function figuresOf(cells: Cells, place: Where): Figures {
  const figures: { calls?: bigint; unitPrice?: bigint; amount?: Money } = {};
  for (const { kind, where, value } of cells.values()) {
    if (!ofLines.includes(kind) || lineKey(where) !== lineKey(place)) continue;
    if (kind === 'calls') figures.calls = value;
    else if (kind === 'price') figures.unitPrice = value;
    else if (kind === 'amount') figures.amount = moneyOf(value);
  }
  return figures;
}

/** A stated total that its own lines do not make. A total that is wrong because a line is wrong is no difference of its own. */
function totalDifference(bill: ProviderBill, bought: Money): Difference[] {
  const { sum, total, shape } = bill;
  if (total === null || total === sum || shape.bare !== null || isWithPacks(bill, bought)) return [];
  return [
    {
      kind: 'total',
      where: { day: null, meter: null, pack: null, tariff: null },
      billed: { amount: total },
      expected: { amount: sum },
      causes: [cause('TOTAL_NOT_SUM', reconcileWords.totalIsNotTheSumOf)],
    },
  ];
}

const kinds: readonly DifferenceKind[] = ['draw', 'postpaid', 'line', 'purchase', 'total'];

function inOrder(a: Difference, b: Difference): number {
  const place = ({ where }: Difference) => `${where.day}|${where.meter}|${where.tariff}|${where.pack}`;
  return kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0);
}
