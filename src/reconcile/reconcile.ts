// The check of a bill that somebody else sent: what it says, what it should say, and why they differ.

import type { Period } from '../core/calendar.ts';
import type { PriceBook } from '../core/price-book.ts';
import { type Money, moneyOf } from '../core/units.ts';
import type { ProviderBill } from './bill-file.ts';
import type { CellKind, Cells, Where } from './cells.ts';
import { explain, type WrongCell } from './explain.ts';
import { type Cause, cause } from './hypothesis.ts';
import type { LoadedUsage } from './load-tape.ts';
import { type KnownPack, rightReading } from './reading.ts';

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

export interface Totals {
  readonly postpaid: Money;
  readonly purchases: Money;
  readonly total: Money;
}

export interface Reconciliation {
  readonly book: PriceBook;
  readonly month: Period;
  readonly usage: LoadedUsage;
  readonly differences: readonly Difference[];
  readonly billed: Totals;
  readonly expected: Totals;
}

/** Checks one bill. Differences stand in the order of draws, postpaid days, lines, purchases, total. */
export function reconcile(
  book: PriceBook,
  packs: readonly KnownPack[],
  usage: LoadedUsage,
  bill: ProviderBill,
): Reconciliation {
  const { expected, wrong } = explain(book, usage, bill, rightReading(book, packs, bill.month));
  const billedTotals = totalsOf(bill.cells);
  const differences = [...cellDifferences(wrong), ...lineDifferences(wrong, bill.cells, expected)];
  return {
    book,
    month: bill.month,
    usage,
    differences: [...differences.toSorted(inOrder), ...totalDifference(bill)],
    billed: bill.total === null ? billedTotals : { ...billedTotals, total: bill.total },
    expected: totalsOf(expected),
  };
}

function totalsOf(cells: Cells): Totals {
  const sum = (wanted: CellKind): Money => {
    let money = 0n;
    for (const { kind, value } of cells.values()) if (kind === wanted) money += value;
    return moneyOf(money);
  };
  const [postpaid, purchases] = [sum('amount'), sum('purchase')];
  return { postpaid, purchases, total: moneyOf(postpaid + purchases) };
}

function cellDifferences(wrong: readonly WrongCell[]): Difference[] {
  return wrong.flatMap(({ cell: { kind, where }, billed, expected, causes }): Difference[] => {
    if (kind === 'draw' || kind === 'postpaid') {
      return [{ kind, where, billed: { calls: billed ?? 0n }, expected: { calls: expected ?? 0n }, causes }];
    }
    if (kind !== 'purchase') return [];
    const [one, other] = [moneyOf(billed ?? 0n), moneyOf(expected ?? 0n)];
    return [{ kind, where, billed: { amount: one }, expected: { amount: other }, causes }];
  });
}

/** The figures of a tariff's line are one difference. */
function lineDifferences(wrong: readonly WrongCell[], billed: Cells, expected: Cells): Difference[] {
  const lines = Map.groupBy(
    wrong.filter(({ cell }) => cell.kind === 'calls' || cell.kind === 'price' || cell.kind === 'amount'),
    ({ cell }) => cell.where.tariff,
  );
  return [...lines].map(([tariff, cells]) => ({
    kind: 'line',
    where: { day: null, meter: null, pack: null, tariff },
    billed: figuresOf(billed, tariff),
    expected: figuresOf(expected, tariff),
    causes: distinct(cells.toSorted((a, b) => weight(b) - weight(a)).flatMap(({ causes }) => causes)),
  }));
}

/** The cause of a wrong amount is the cause of the line, then that of its price, then that of its calls. */
const weight = ({ cell: { kind } }: WrongCell): number => (kind === 'amount' ? 2 : kind === 'price' ? 1 : 0);

const distinct = (causes: readonly Cause[]): Cause[] => [...new Map(causes.map((each) => [each.en, each])).values()];

function figuresOf(cells: Cells, tariff: string | null): Figures {
  const figures: { calls?: bigint; unitPrice?: bigint; amount?: Money } = {};
  for (const { kind, where, value } of cells.values()) {
    if (where.tariff !== tariff) continue;
    if (kind === 'calls') figures.calls = value;
    else if (kind === 'price') figures.unitPrice = value;
    else if (kind === 'amount') figures.amount = moneyOf(value);
  }
  return figures;
}

/** A stated total that its own lines do not make. A total that is wrong because a line is wrong is no difference of its own. */
function totalDifference({ sum, total }: ProviderBill): Difference[] {
  if (total === null || total === sum) return [];
  return [
    {
      kind: 'total',
      where: { day: null, meter: null, pack: null, tariff: null },
      billed: { amount: total },
      expected: { amount: sum },
      causes: [cause('TOTAL_NOT_SUM', '合计不等于账单各行之和', 'the total is not the sum of the bill’s own lines')],
    },
  ];
}

const kinds: readonly DifferenceKind[] = ['draw', 'postpaid', 'line', 'purchase', 'total'];

function inOrder(a: Difference, b: Difference): number {
  const place = ({ where }: Difference) => `${where.day}|${where.meter}|${where.tariff}|${where.pack}`;
  return kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0);
}
