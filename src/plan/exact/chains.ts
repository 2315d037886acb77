// What one pool's packs cost, for every stretch of months and every number of calls left to pay there. Exact: dynamic
// programming over whole numbers. Why nothing is missed: docs/concepts/planner.md.
//
// Words. An epoch runs from a month `from` to the first later month with postpaid calls of the pool. Within it every call is
// drawn from packs, so calls can be numbered and each pack pays for the numbers from where the pack before it ended: a chain.
// A chain ends where its last pack is empty, or lapses with calls left; after a lapse the next chain starts with the next month.

import type { Pool, PoolSize } from '../model/parts.ts';

/** Fen, then what decides between equal costs: fewer packs, then later purchases. Smaller is better. */
export interface Cost {
  readonly price: number;
  readonly tie: number;
}

export const isLess = (a: Cost, b: Cost): boolean => a.price < b.price || (a.price === b.price && a.tie < b.tie);
export const addCost = (a: Cost, b: Cost): Cost => ({ price: a.price + b.price, tie: a.tie + b.tie });
export const noCost: Cost = { price: 0, tie: 0 };

/** A pool's epoch that leaves `postpaid` calls to pay in its last month. */
export interface Ending extends Cost {
  readonly postpaid: number;
  readonly chain: number;
  readonly node: number;
}

/** One pack, bought for a month. */
export interface Bought {
  readonly size: PoolSize;
  readonly month: number;
}

interface Lapse extends Cost {
  /** The last month the pack lives through. */
  readonly month: number;
  readonly bought: number;
  readonly node: number;
  readonly size: number;
}

/** Cheapest ways to reach call number `node × step` of the calls from month `start` on, each pack emptied within its life. */
interface Chain {
  readonly start: number;
  readonly price: Float64Array;
  readonly tie: Float64Array;
  readonly last: Int16Array;
  readonly lapses: readonly Lapse[];
}

/** Where an epoch's current chain starts, how it got there, and at which cost. */
interface Arrival extends Cost {
  readonly before: { readonly chain: number; readonly lapse: Lapse } | null;
}

export interface PoolTable {
  readonly pool: Pool;
  /** Ways to end the epoch that starts with month `from` in month `until`. */
  endings(from: number, until: number): readonly Ending[];
  /** Every call from month `from` on paid by packs. */
  coverAll(from: number): Cost;
  packsOfEnding(from: number, ending: Ending): Bought[];
  packsOfCoverAll(from: number): Bought[];
}

/** One pack outweighs all months by which packs can be bought later. */
const perPack = 2 ** 26;
const mostNodes = 4_000_000;

const at = (list: Float64Array | Int16Array | readonly number[], index: number): number => list[index] as number;

interface Shape {
  readonly sizes: readonly PoolSize[];
  readonly step: number;
  /** Calls of all months before each month. */
  readonly before: readonly number[];
  readonly lastCovered: readonly number[];
  readonly months: number;
}

/** Undefined when the pool is too large to be tabulated. */
export function tabulate(pool: Pool, lastCovered: readonly number[]): PoolTable | undefined {
  const months = lastCovered.length;
  const before = [0];
  for (let month = 0; month < months; month += 1) {
    const calls = pool.uses.filter((use) => use.month === month).reduce((sum, use) => sum + use.calls, 0);
    before.push(at(before, month) + calls);
  }
  const step = pool.sizes.map((size) => size.calls).reduce(greatestCommonDivisor);
  const shape: Shape = { sizes: pool.sizes, step, before, lastCovered, months };
  const nodes = before.slice(0, months).reduce((sum, calls) => sum + (at(before, months) - calls) / step + 1, 0);
  if (nodes > mostNodes) return undefined;
  const chains = lastCovered.map((_, start) => chainFrom(shape, start));
  return tableOf(pool, shape, chains);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function chainFrom(shape: Shape, start: number): Chain {
  const { sizes, step, before, months } = shape;
  const origin = at(before, start);
  const reach = at(before, months) - origin;
  const count = Math.floor(reach / step) + 1;
  const price = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const tie = new Float64Array(count);
  const last = new Int16Array(count).fill(-1);
  const lapses = new Map<number, Lapse>();
  price[0] = 0;
  let first = start;
  for (let node = 0; node < count; node += 1) {
    const position = node * step;
    if (position >= reach || price[node] === Number.POSITIVE_INFINITY) continue;
    while (at(before, first + 1) - origin <= position) first += 1;
    const limit = at(before, at(shape.lastCovered, first) + 1) - origin;
    const reached = { price: at(price, node), tie: at(tie, node) };
    for (const [index, size] of sizes.entries()) {
      const end = position + size.calls;
      const cost = { price: reached.price + size.price, tie: reached.tie + perPack + months - 1 - first };
      noteLapses(shape, lapses, { origin, first, end, node, size: index }, cost);
      if (end > limit) continue;
      const next = end / step;
      if (!isLess(cost, { price: at(price, next), tie: at(tie, next) })) continue;
      price[next] = cost.price;
      tie[next] = cost.tie;
      last[next] = index;
    }
  }
  return { start, price, tie, last, lapses: [...lapses.values()] };
}

interface Placed {
  readonly origin: number;
  /** The month of the first call the pack pays for. */
  readonly first: number;
  readonly end: number;
  readonly node: number;
  readonly size: number;
}

/** The months with which this pack may lapse before it is empty: bought when it is first needed, or earlier so that it lapses earlier. */
function noteLapses(shape: Shape, lapses: Map<number, Lapse>, placed: Placed, cost: Cost): void {
  const { before, lastCovered, months } = shape;
  const { origin, first, end, node, size } = placed;
  let later = months;
  for (let bought = first; bought >= 0; bought -= 1) {
    const month = at(lastCovered, bought);
    if (month < first) break;
    if (month === later) continue;
    later = month;
    if (end <= at(before, month + 1) - origin) continue;
    const tie = cost.tie + first - bought;
    const key = month === months - 1 ? month : month * months + bought + months;
    const known = lapses.get(key);
    if (known === undefined || isLess({ price: cost.price, tie }, known)) {
      lapses.set(key, { price: cost.price, tie, month, bought, node, size });
    }
  }
}

function tableOf(pool: Pool, shape: Shape, chains: readonly Chain[]): PoolTable {
  const { months, before, step } = shape;
  const arrivals = chains.map((_, from) => arrivalsFrom(shape, chains, from));
  const chainAt = (start: number): Chain => chains[start] as Chain;
  const arrivalAt = (from: number, month: number): Arrival | undefined => arrivals[from]?.[month];
  const exactEnd = (start: number): number => (at(before, months) - at(before, start)) / step;
  const known = new Map<number, readonly Ending[]>();

  const endings = (from: number, until: number): readonly Ending[] => {
    const key = from * months + until;
    const found = known.get(key) ?? endingsOf(shape, chains, arrivals[from] ?? [], from, until);
    known.set(key, found);
    return found;
  };
  const packsTo = (from: number, month: number): Bought[] => {
    const way = arrivalAt(from, month)?.before ?? null;
    if (way === null) return [];
    const { chain, lapse } = way;
    const lapsing = { size: shape.sizes[lapse.size] as PoolSize, month: lapse.bought };
    return [...packsTo(from, chain), ...packsAlong(shape, chainAt(chain), lapse.node), lapsing];
  };
  const exactCover = (from: number): { readonly cost: Cost; readonly chain: number } => {
    let best = { cost: arrivalAt(from, months) ?? { price: Number.POSITIVE_INFINITY, tie: 0 }, chain: -1 };
    for (let start = from; start < months; start += 1) {
      const arrival = arrivalAt(from, start);
      const node = exactEnd(start);
      if (arrival === undefined || !Number.isInteger(node)) continue;
      const chain = chainAt(start);
      const cost = addCost(arrival, { price: at(chain.price, node), tie: at(chain.tie, node) });
      if (isLess(cost, best.cost)) best = { cost, chain: start };
    }
    return best;
  };
  return {
    pool,
    endings,
    coverAll: (from) => (from === months ? noCost : exactCover(from).cost),
    packsOfEnding: (from, { chain, node }) =>
      boughtInOrder([...packsTo(from, chain), ...packsAlong(shape, chainAt(chain), node)]),
    packsOfCoverAll: (from) => {
      if (from === months) return [];
      const { chain } = exactCover(from);
      if (chain < 0) return boughtInOrder(packsTo(from, months));
      return boughtInOrder([...packsTo(from, chain), ...packsAlong(shape, chainAt(chain), exactEnd(chain))]);
    },
  };
}

/** The cheapest ways, within the epoch from `from`, to arrive at the start of each later month with nothing left and nothing postpaid. */
function arrivalsFrom({ months }: Shape, chains: readonly Chain[], from: number): (Arrival | undefined)[] {
  const arrivals: (Arrival | undefined)[] = [];
  arrivals[from] = { ...noCost, before: null };
  for (let start = from; start < months; start += 1) {
    const arrival = arrivals[start];
    if (arrival === undefined) continue;
    for (const lapse of chains[start]?.lapses ?? []) {
      // A pack bought before the epoch would have paid for the calls that were postpaid then.
      if (lapse.bought < from) continue;
      const cost = addCost(arrival, lapse);
      const known = arrivals[lapse.month + 1];
      if (known === undefined || isLess(cost, known)) {
        arrivals[lapse.month + 1] = { ...cost, before: { chain: start, lapse } };
      }
    }
  }
  return arrivals;
}

function endingsOf(
  { before, step }: Shape,
  chains: readonly Chain[],
  arrivals: readonly (Arrival | undefined)[],
  from: number,
  until: number,
): Ending[] {
  const best = new Map<number, Ending>();
  for (let start = from; start <= until; start += 1) {
    const [arrival, chain] = [arrivals[start], chains[start]];
    if (arrival === undefined || chain === undefined) continue;
    const origin = at(before, start);
    const [low, high] = [at(before, until) - origin, at(before, until + 1) - origin];
    for (let node = Math.ceil(low / step); node * step < high; node += 1) {
      if (at(chain.price, node) === Number.POSITIVE_INFINITY) continue;
      const cost = addCost(arrival, { price: at(chain.price, node), tie: at(chain.tie, node) });
      const postpaid = high - node * step;
      const known = best.get(postpaid);
      if (known === undefined || isLess(cost, known)) best.set(postpaid, { ...cost, postpaid, chain: start, node });
    }
  }
  return [...best.values()];
}

function packsAlong({ sizes, step, before }: Shape, chain: Chain, end: number): Bought[] {
  const packs: Bought[] = [];
  const origin = at(before, chain.start);
  for (let node = end; node > 0; ) {
    const size = sizes[at(chain.last, node)];
    if (size === undefined) throw new Error('a chain has no way back');
    node -= size.calls / step;
    const position = node * step;
    const month = before.findIndex((calls, index) => index > chain.start && calls - origin > position) - 1;
    packs.push({ size, month });
  }
  return packs.reverse();
}

/** A pack bought early, so that it lapses early, must not overtake those before it: they are bought no later than it. */
function boughtInOrder(packs: readonly Bought[]): Bought[] {
  let latest = Number.POSITIVE_INFINITY;
  return packs
    .toReversed()
    .map((pack) => {
      latest = Math.min(latest, pack.month);
      return { ...pack, month: latest };
    })
    .toReversed();
}
