// A bill split by department, for charge-back inside one account: parts in proportion to calls that sum exactly to the whole.
// Source: billing rules 6.10.

import type { BillDocument } from './bill-document.ts';
import type { PriceBook } from './price-book.ts';
import {
  addCalls,
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
  if (left === 0n) return new Map(shares.map(({ name, share }) => [name, (share * sign) as Money]));
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
  if (line.kind !== 'fee' && line.tariff === null) return new Set(line.meter === undefined ? [] : [line.meter]);
  return new Set([...book.meters.values()].filter(({ tariff }) => tariff === line.tariff).map(({ id }) => id));
}

export interface DepartmentShare {
  readonly department: string;
  readonly calls: Calls;
  readonly amount: string;
}

/** Lines of one amount that are shared by the calls of the same meters: their shares are the same, and worked out once. */
interface EqualLines {
  readonly meters: ReadonlySet<string>;
  readonly amount: Money;
  count: bigint;
}

function equalLines(lines: readonly Line[], book: PriceBook): EqualLines[] {
  const groups = new Map<string, EqualLines>();
  for (const line of lines) {
    const amount = line.amount === null ? undefined : parseMoney(line.amount, book.currency);
    if (amount === undefined) continue;
    const meters = metersOf(line, book);
    const key = JSON.stringify([String(amount), ...[...meters].toSorted()]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { meters, amount, count: 1n });
    else group.count += 1n;
  }
  return [...groups.values()];
}

function callsByDepartment(usage: Iterable<DepartmentCalls>): Map<string, Calls> {
  const sums = new Map<string, Calls>();
  for (const { department, calls } of usage) sums.set(department, addCalls(sums.get(department) ?? noCalls, calls));
  return sums;
}

/**
 * A bill's amounts by department. `owners`: packs by id that are for one department, which bears their price alone. A line without any call in the month stays with the department that has no name. Whoever sends the
 * events names the departments, as many as there are events: nothing here may take longer than their number and its logarithm.
 */
export function splitBill(
  bill: Pick<BillDocument, 'lines'>,
  usage: readonly DepartmentCalls[],
  book: PriceBook,
  owners: ReadonlyMap<string, string> = new Map(),
): DepartmentShare[] {
  const calls = callsByDepartment(usage);
  const amounts = new Map<string, Money>([...calls.keys()].map((department) => [department, noMoney]));
  const add = (department: string, amount: bigint) =>
    amounts.set(department, addMoney(amounts.get(department) ?? noMoney, amount as Money));
  const isOwned = (line: Line): boolean => 'pack' in line && owners.has(line.pack);
  for (const line of bill.lines.filter(isOwned)) {
    const amount = line.amount === null ? undefined : parseMoney(line.amount, book.currency);
    if ('pack' in line && amount !== undefined) add(owners.get(line.pack) ?? '', amount);
  }
  const shared = bill.lines.filter((line) => !isOwned(line));
  for (const { meters, amount, count } of equalLines(shared, book)) {
    const shares = largestRemainder(amount, callsByDepartment(usage.filter(({ meter }) => meters.has(meter))));
    if (shares.size === 0) add('', amount * count);
    for (const [department, share] of shares) add(department, share * count);
    if (shares.size > 0 && sumMoney(shares.values()) !== amount) throw new Error('the parts do not sum to the whole');
  }
  return [...amounts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([department, amount]) => ({
      department,
      calls: calls.get(department) ?? noCalls,
      amount: formatMoney(amount, book.currency),
    }));
}
