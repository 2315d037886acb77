// The cheapest purchases of a whole plan: part by part, by the method that fits each, then priced by the core.

import { formatMoney, type Money, moneyOf } from '../core/units.ts';
import { type PoolTable, tabulate } from './exact/chains.ts';
import { PartSearch } from './exact/search.ts';
import { chargesOf } from './model/charges.ts';
import { equalAsOne, type Horizon, type Purchase } from './model/horizon.ts';
import { type Lived, liveThrough } from './model/live-through.ts';
import type { Part, Pool } from './model/parts.ts';
import { cheapestOf, purchasesOf } from './model/tabulated.ts';
import { secondsOf, type TimeLeft } from './model/time-left.ts';
import { solvePart } from './program/integer-program.ts';
import { relaxPart } from './program/relaxed.ts';

/** `tables`: dynamic programming; `search`: every sensible purchase; `program`: integer program; `relaxed`: a bound from one. */
export type Method = 'tables' | 'search' | 'program' | 'relaxed';

export interface Optimum {
  readonly purchases: readonly Purchase[];
  readonly lived: Lived;
  readonly methods: readonly Method[];
  /** How much cheaper another plan might be: zero where the optimum is proved. */
  readonly gap: Money;
}

/** Packs only: no call is postpaid that a pack could have paid. */
export type Aim = 'cheapest' | 'packs-only';

interface PartOptimum {
  readonly purchases: readonly Purchase[];
  readonly method: Method;
  /** Fen; what these purchases cost according to the method, and what none undercut. Undefined: known to be equal. */
  readonly bound: number | undefined;
}

/** A part with its pools tabulated; undefined where they overlap or are too large. */
export interface PreparedPart {
  readonly part: Part;
  readonly tables: readonly PoolTable[] | undefined;
}

export function prepare(part: Part, lastCovered: readonly number[]): PreparedPart {
  if (part.pools === undefined) return { part, tables: undefined };
  const tables: PoolTable[] = [];
  for (const pool of part.pools) {
    const table = tabulate(pool, lastCovered);
    if (table === undefined) return { part, tables: undefined };
    tables.push(table);
  }
  return { part, tables };
}

export async function optimumOf(
  horizon: Horizon,
  parts: readonly PreparedPart[],
  aim: Aim,
  timeLeft: TimeLeft,
  method?: Method,
): Promise<Optimum> {
  const found: PartOptimum[] = [];
  for (const part of parts) found.push(await partOptimum(horizon, part, aim, timeLeft, method));
  const purchases = merged(found.flatMap((each) => each.purchases));
  const gap = parts.reduce((sum, { part }, index) => sum + gapOf(horizon, part, found[index]), 0n);
  // Without calls there is nothing to look through.
  const methods: Method[] = found.length === 0 ? ['tables'] : [...new Set(found.map((each) => each.method))];
  return { purchases, lived: liveThrough(horizon, purchases), methods, gap: moneyOf(gap) };
}

async function partOptimum(
  horizon: Horizon,
  { part, tables }: PreparedPart,
  aim: Aim,
  timeLeft: TimeLeft,
  method: Method | undefined,
): Promise<PartOptimum> {
  const { pools } = part;
  if (pools === undefined || method === 'search') return searched(horizon, part, aim, timeLeft);
  if (method !== 'program' && tables !== undefined) {
    const purchases = tabulated(horizon, part, pools, tables, aim, timeLeft);
    if (purchases !== undefined) return { purchases, method: 'tables', bound: undefined };
  }
  const solved = await solvePart(part, pools, horizon.lastCovered, aim === 'packs-only', secondsOf(timeLeft, 10));
  if (solved !== undefined) return { ...solved, method: 'program' };
  return searched(horizon, part, aim, timeLeft);
}

/**
 * First without any month that needs a contract price; when there is no such plan, with those that cannot be avoided.
 * A search that does not come to its end gives way to the relaxed program.
 */
async function searched(horizon: Horizon, part: Part, aim: Aim, timeLeft: TimeLeft): Promise<PartOptimum> {
  // Half of what is left: what a search does not end in, the program that follows is to bound.
  const half = timeLeft() / 2;
  const searchLeft: TimeLeft = () => (half === Number.POSITIVE_INFINITY ? half : timeLeft() - half);
  const counters = part.counters.map((counter) => ({ ...counter, unavoidable: false }));
  for (const each of [{ ...part, counters }, part]) {
    const { found, isComplete } = new PartSearch(horizon, each, aim === 'packs-only', searchLeft).run();
    if (isComplete && found !== undefined) return { purchases: found.purchases, method: 'search', bound: undefined };
    if (!isComplete) break;
  }
  return { ...(await relaxPart(horizon, part, aim === 'packs-only', timeLeft)), method: 'relaxed' };
}

function tabulated(
  horizon: Horizon,
  part: Part,
  pools: readonly Pool[],
  tables: readonly PoolTable[],
  aim: Aim,
  timeLeft: TimeLeft,
): readonly Purchase[] | undefined {
  if (aim === 'packs-only') return tables.flatMap((table) => purchasesOf(table, table.packsOfCoverAll(0)));
  return cheapestOf(tables, chargesOf(part, pools, horizon.months.length), horizon.months.length, timeLeft)?.purchases;
}

/** The part's own cost, priced by the core, less what no purchases undercut. Money is whole fen: less than one is none. */
function gapOf(horizon: Horizon, part: Part, found: PartOptimum | undefined): bigint {
  if (found === undefined || found.bound === undefined) return 0n;
  const uses = part.uses.flatMap((index) => horizon.uses[index] ?? []);
  const { estimate } = liveThrough({ ...horizon, uses, idle: [] }, found.purchases);
  const least = BigInt(Math.ceil(found.bound - 0.5));
  return estimate > least ? estimate - least : 0n;
}

/** Purchases of the same size in the same month as one, in the order of month, product and size. */
function merged(purchases: readonly Purchase[]): Purchase[] {
  return equalAsOne(purchases).sort(
    (a, b) =>
      a.month - b.month ||
      (a.product < b.product ? -1 : a.product > b.product ? 1 : Number(a.size.calls - b.size.calls)),
  );
}

const methodWords: Record<Method, string> = {
  tables: 'exact dynamic programming',
  search: 'exhaustive search',
  program: 'integer program (HiGHS)',
  relaxed: 'bound by integer program (HiGHS)',
};

/** How the optimum was proved, for people and programs. */
export const proofOf = ({ methods, gap }: Optimum, currency: string) => ({
  method: methods.map((each) => methodWords[each]).join(' + '),
  gap: formatMoney(gap, currency),
});
