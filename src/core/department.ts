// A bill split by department, for charge-back inside one account: parts in proportion to calls that sum exactly to the whole.
// Source: billing rules 6.10.

import type { BillDocument } from './bill-document.ts';
import type { PriceBook } from './price-book.ts';
import {
  addMoney,
  type Calls,
  formatMoney,
  type Money,
  noCalls,
  noMoney,
  parseMoney,
  sumCalls,
  sumMoney,
} from './units.ts';

/** Calls of one department and meter in the bill's month. `department` empty: the calls named none. */
export interface DepartmentCalls {
  readonly department: string;
  readonly meter: string;
  readonly calls: Calls;
}

/**
 * Shares of `total` in proportion to `weights`, by largest remainder; equal remainders go to the earlier name.
 * The shares sum to `total` exactly. Without any weight there is no share.
 */
export function largestRemainder(total: Money, weights: ReadonlyMap<string, Calls>): Map<string, Money> {
  const whole = sumCalls(weights.values());
  if (whole === noCalls) return new Map();
  const sign = total < noMoney ? -1n : 1n;
  const magnitude = total * sign;
  const shares = [...weights].map(([name, weight]) => {
    const exact = magnitude * weight;
    return { name, share: exact / whole, remainder: exact % whole };
  });
  let left = magnitude - shares.reduce((sum, { share }) => sum + share, 0n);
  const order = shares.toSorted((a, b) =>
    a.remainder === b.remainder ? (a.name < b.name ? -1 : 1) : a.remainder > b.remainder ? -1 : 1,
  );
  for (const entry of order) {
    if (left === 0n) break;
    entry.share += 1n;
    left -= 1n;
  }
  return new Map(shares.map(({ name, share }) => [name, (share * sign) as Money]));
}

type Line = BillDocument['lines'][number];

/** Which meters' calls a line is shared by: those of its tariff, its meter, or those its pack covers. */
function metersOf(line: Line, book: PriceBook): ReadonlySet<string> {
  if ('product' in line) return new Set(book.packProducts.get(line.product)?.covers.keys() ?? []);
  if (line.tariff === null) return new Set(line.meter === undefined ? [] : [line.meter]);
  return new Set([...book.meters.values()].filter(({ tariff }) => tariff === line.tariff).map(({ id }) => id));
}

export interface DepartmentShare {
  readonly department: string;
  readonly calls: Calls;
  readonly amount: string;
}

/** A bill's amounts by department. A line without any call in the month stays with the department that has no name. */
export function splitBill(
  bill: Pick<BillDocument, 'lines'>,
  usage: readonly DepartmentCalls[],
  book: PriceBook,
): DepartmentShare[] {
  const amounts = new Map<string, Money>();
  const add = (department: string, amount: Money) =>
    amounts.set(department, addMoney(amounts.get(department) ?? noMoney, amount));
  for (const { department } of usage) add(department, noMoney);
  for (const line of bill.lines) {
    const amount = line.amount === null ? undefined : parseMoney(line.amount);
    if (amount === undefined) continue;
    const meters = metersOf(line, book);
    const weights = new Map<string, Calls>();
    for (const { department, meter, calls } of usage) {
      if (meters.has(meter)) weights.set(department, sumCalls([weights.get(department) ?? noCalls, calls]));
    }
    const shares = largestRemainder(amount, weights);
    if (shares.size === 0) add('', amount);
    for (const [department, share] of shares) add(department, share);
    if (shares.size > 0 && sumMoney(shares.values()) !== amount) throw new Error('the parts do not sum to the whole');
  }
  return [...amounts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([department, amount]) => ({
      department,
      calls: sumCalls(usage.filter((each) => each.department === department).map((each) => each.calls)),
      amount: formatMoney(amount),
    }));
}
