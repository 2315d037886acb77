// The cheapest purchases of a part whose pools are tabulated: month by month over all ways in which the pools' epochs can end.
// Pools meet only where they leave calls of one tariff to pay in the same month, and that is where an epoch ends.

import { addCost, type Bought, type Cost, type Ending, isLess, noCost, type PoolTable } from '../exact/chains.ts';
import type { Charges } from './charges.ts';
import type { Purchase } from './horizon.ts';
import type { TimeLeft } from './time-left.ts';

/** In which month each pool's current epoch started, and the cheapest way there. */
interface State extends Cost {
  readonly from: readonly number[];
  readonly ends: readonly PoolEnd[];
  readonly before: State | null;
}

interface PoolEnd {
  readonly pool: number;
  readonly from: number;
  readonly ending: Ending;
}

interface Joint extends Cost {
  readonly ends: readonly PoolEnd[];
}

export interface Found extends Cost {
  readonly purchases: readonly Purchase[];
}

/** How many combinations of endings may be looked at. */
const patience = 20_000_000;

/** Undefined when there is more to look at than is sensible. */
export function cheapestOf(
  tables: readonly PoolTable[],
  charges: Charges,
  months: number,
  timeLeft: TimeLeft,
): Found | undefined {
  const start: State = { ...noCost, from: tables.map(() => 0), ends: [], before: null };
  let states = new Map([[keyOf(start.from), start]]);
  const search = new EndingSearch(tables, charges);
  for (let month = 0; month < months; month += 1) {
    const next = new Map<string, State>();
    for (const state of states.values()) {
      for (let ending = 0; ending < 2 ** tables.length; ending += 1) {
        const joint = search.cheapest(month, state.from, ending);
        if (search.looked > patience || timeLeft() <= 0) return undefined;
        if (joint === undefined) continue;
        const from = state.from.map((each, pool) => ((ending >> pool) % 2 === 1 ? month + 1 : each));
        const cost = addCost(state, joint);
        const known = next.get(keyOf(from));
        if (known === undefined || isLess(cost, known)) {
          next.set(keyOf(from), { ...cost, from, ends: joint.ends, before: state });
        }
      }
    }
    states = next;
  }
  return bestOf(tables, states.values());
}

const keyOf = (from: readonly number[]): string => from.join(',');

function bestOf(tables: readonly PoolTable[], states: Iterable<State>): Found | undefined {
  let best: { readonly state: State; readonly cost: Cost } | undefined;
  for (const state of states) {
    const cost = tables.reduce(
      (sum, table, pool) => addCost(sum, table.coverAll(state.from[pool] ?? 0)),
      state as Cost,
    );
    if (Number.isFinite(cost.price) && (best === undefined || isLess(cost, best.cost))) best = { state, cost };
  }
  if (best === undefined) return undefined;
  const purchases: Purchase[] = [];
  for (const [pool, table] of tables.entries()) {
    purchases.push(...purchasesOf(table, table.packsOfCoverAll(best.state.from[pool] ?? 0)));
  }
  for (let state: State | null = best.state; state !== null; state = state.before) {
    for (const { pool, from, ending } of state.ends) {
      const table = tables[pool] as PoolTable;
      purchases.push(...purchasesOf(table, table.packsOfEnding(from, ending)));
    }
  }
  return { ...best.cost, purchases };
}

export function purchasesOf({ pool }: PoolTable, packs: readonly Bought[]): Purchase[] {
  return packs.map(({ size, month }) => ({ product: pool.product.id, size: size.size, month, count: 1 }));
}

/** The cheapest way in which a set of pools ends its epochs in one month. */
class EndingSearch {
  looked = 0;
  readonly #tables: readonly PoolTable[];
  readonly #charges: Charges;
  readonly #known = new Map<string, Joint | undefined>();
  readonly #sorted = new Map<string, readonly Candidate[]>();

  constructor(tables: readonly PoolTable[], charges: Charges) {
    this.#tables = tables;
    this.#charges = charges;
  }

  cheapest(month: number, from: readonly number[], ending: number): Joint | undefined {
    const pools = from.flatMap((start, pool) => ((ending >> pool) % 2 === 1 ? [{ pool, from: start }] : []));
    const key = `${month}|${pools.map((each) => `${each.pool} ${each.from}`).join()}`;
    if (this.#known.has(key)) return this.#known.get(key);
    const found = this.#search(month, pools);
    this.#known.set(key, found);
    return found;
  }

  #search(month: number, pools: readonly { readonly pool: number; readonly from: number }[]): Joint | undefined {
    const lists = pools.map(({ pool, from }) => this.#candidates(month, pool, from));
    if (lists.some((list) => list.length === 0)) return undefined;
    // What the pools after each one cost at least.
    const rest = lists.map((_, index) => lists.slice(index + 1).reduce((sum, list) => sum + (list[0]?.least ?? 0), 0));
    const postpaid = this.#tables.map(() => 0);
    const chosen: PoolEnd[] = [];
    let best: Joint | undefined;
    const choose = (index: number, cost: Cost, least: number): void => {
      const place = pools[index];
      if (place === undefined) {
        this.looked += 1;
        const whole = addCost(cost, { price: this.#charges.ofMonth(month, postpaid), tie: 0 });
        if (Number.isFinite(whole.price) && (best === undefined || isLess(whole, best))) {
          best = { ...whole, ends: [...chosen] };
        }
        return;
      }
      for (const candidate of lists[index] ?? []) {
        const soFar = least + candidate.least;
        if (best !== undefined && soFar + (rest[index] ?? 0) > best.price) break;
        postpaid[place.pool] = candidate.ending.postpaid;
        chosen.push({ ...place, ending: candidate.ending });
        choose(index + 1, addCost(cost, candidate.ending), soFar);
        chosen.pop();
        postpaid[place.pool] = 0;
      }
    };
    choose(0, noCost, 0);
    return best;
  }

  /** The pool's endings, by what each costs at least together with its own calls left to pay. */
  #candidates(month: number, pool: number, from: number): readonly Candidate[] {
    const key = `${month}|${pool}|${from}`;
    const known = this.#sorted.get(key);
    if (known !== undefined) return known;
    const alone = this.#tables.map(() => 0);
    const list = (this.#tables[pool]?.endings(from, month) ?? []).flatMap((ending): Candidate[] => {
      this.looked += 1;
      alone[pool] = ending.postpaid;
      if (this.#charges.ofMonth(month, alone) === Number.POSITIVE_INFINITY) return [];
      return [{ ending, least: ending.price + this.#charges.atLeast(month, pool, ending.postpaid) }];
    });
    list.sort((a, b) => a.least - b.least);
    this.#sorted.set(key, list);
    return list;
  }
}

interface Candidate {
  readonly ending: Ending;
  readonly least: number;
}
