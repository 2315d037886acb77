// The cheapest purchases of a part whose packs overlap: several products pay for one meter, or one product at several ratios.
// Which pack pays then depends on every pack there is, so every sensible set of purchases is lived through, month by month.
// Exact when it comes to an end; when patience ends before, see relaxed.ts.

import { drawnFrom } from '../../core/equal-packs.ts';
import { isInsideLife, type LivePack, livePackOf, packsFor } from '../../core/pack.ts';
import type { PackProduct, PackSize } from '../../core/price-book.ts';
import { rate } from '../../core/rate.ts';
import { settle } from '../../core/settle.ts';
import { addCalls, type Calls, type Instant, noCalls, subtractCalls } from '../../core/units.ts';
import { floorOf } from '../model/floor.ts';
import { type Horizon, type PlannedUse, type Purchase, packsBought, packsInDrawOrder } from '../model/horizon.ts';
import type { Counter, Part } from '../model/parts.ts';
import type { Found } from '../model/tabulated.ts';
import { endless, type TimeLeft } from '../model/time-left.ts';
import { type Cost, isLess } from './chains.ts';

export interface Searched {
  readonly found: Found | undefined;
  /** False: patience ended before the search did. */
  readonly isComplete: boolean;
}

interface Wish {
  readonly product: PackProduct;
  readonly size: PackSize;
}

interface Node extends Cost {
  readonly month: number;
  readonly packs: readonly LivePack[];
  readonly purchases: readonly Purchase[];
}

const perPack = 2 ** 26;

export class PartSearch {
  readonly #horizon: Horizon;
  readonly #part: Part;
  readonly #uses: readonly PlannedUse[];
  readonly #wishes: readonly Wish[];
  readonly #packsOnly: boolean;
  readonly #cheapestCall: number;
  readonly #seen = new Map<string, Cost>();
  readonly #timeLeft: TimeLeft;
  #patience: number;
  #best: Found | undefined;

  /** `packsOnly`: plans that leave calls to pay which a pack could have paid are left out. */
  constructor(horizon: Horizon, part: Part, packsOnly: boolean, timeLeft: TimeLeft = endless, patience = 400_000) {
    this.#horizon = horizon;
    this.#part = part;
    this.#uses = part.uses.map((index) => horizon.uses[index] as PlannedUse);
    this.#wishes = part.products.flatMap((product) => product.sizes.map((size) => ({ product, size })));
    this.#packsOnly = packsOnly;
    this.#patience = patience;
    this.#timeLeft = timeLeft;
    this.#cheapestCall = cheapestCall(part);
  }

  run(): Searched {
    const { existing } = this.#horizon;
    const packs = existing.map(livePackOf);
    const root: Node = { price: 0, tie: 0, month: 0, packs, purchases: [] };
    this.#visit(root);
    return { found: this.#best, isComplete: this.#patience > 0 };
  }

  #visit(node: Node): void {
    if (node.month === this.#horizon.months.length) {
      if (this.#best === undefined || isLess(node, this.#best)) this.#best = node;
      return;
    }
    this.#buy(node, 0, []);
  }

  /** Every set of purchases for the month of the node in which each pack may pay for something. */
  #buy(node: Node, index: number, bought: readonly Purchase[]): void {
    if (this.#patience <= 0) return;
    const wish = this.#wishes[index];
    if (wish === undefined) {
      this.#live(node, bought);
      return;
    }
    const spent = node.price + bought.reduce((sum, each) => sum + Number(each.size.price) * each.count, 0);
    for (let count = 0; ; count += 1) {
      if (this.#best !== undefined && spent + Number(wish.size.price) * count > this.#best.price) return;
      const purchase = { product: wish.product.id, size: wish.size, month: node.month, count };
      const all = count === 0 ? bought : [...bought, purchase];
      if (count > 0 && !this.#mayAllPay(wish.product, node.month, all)) return;
      this.#buy(node, index + 1, all);
      if (this.#patience <= 0) return;
    }
  }

  /**
   * A pack that pays for nothing can be left away. A pack pays only after those before it have too little left for a call, so
   * all but one of a product's packs are used up, except for less than the largest ratio.
   */
  #mayAllPay(product: PackProduct, month: number, bought: readonly Purchase[]): boolean {
    const mine = bought.filter((each) => each.product === product.id);
    const last = this.#horizon.lastCovered[month] ?? month;
    const inLife = this.#uses.filter((use) => use.month >= month && use.month <= last && product.covers.has(use.meter));
    const ratios = inLife.map((use) => product.covers.get(use.meter) ?? 1n);
    const most = largestOf([1n, ...ratios]);
    const units = inLife.reduce((sum, use, index) => sum + use.calls * (ratios[index] ?? 1n), 0n);
    const calls = inLife.reduce((sum, use) => sum + use.calls, 0n);
    const needed = mine.map(({ size }) => (size.calls >= most ? size.calls - most + 1n : 0n));
    const largest = largestOf([0n, ...needed]);
    const sum = mine.reduce((total, { count }, index) => total + (needed[index] ?? 0n) * BigInt(count), 0n);
    const packs = mine.reduce((total, { count }) => total + count, 0);
    return sum - largest < units && BigInt(packs) <= calls;
  }

  #live(node: Node, bought: readonly Purchase[]): void {
    const { month } = node;
    const packs = this.#packsFor(node, bought);
    this.#patience -= 5 + packs.length;
    if (this.#timeLeft() <= 0) this.#patience = 0;
    const settled = this.#settleMonth(month, packs);
    if (settled === undefined) return;
    const count = bought.reduce((sum, each) => sum + each.count, 0);
    const spent = bought.reduce((sum, each) => sum + Number(each.size.price) * each.count, 0);
    const later = this.#horizon.months.length - 1 - month;
    const cost = { price: node.price + spent + settled, tie: node.tie + count * (perPack + later) };
    const next: Node = {
      ...cost,
      month: month + 1,
      packs: packs.filter((pack) => pack.remaining > noCalls && pack.expiresAt > this.#useAt(month)),
      purchases: [...node.purchases, ...bought],
    };
    if (this.#best !== undefined && cost.price + Math.max(0, this.#leastFrom(next)) > this.#best.price) return;
    const key = `${next.month}|${next.packs.map((pack) => `${pack.product} ${pack.gift} ${pack.boughtAt} ${pack.expiresAt} ${leftIn(pack)}`).join('|')}`;
    const known = this.#seen.get(key);
    if (known !== undefined && !isLess(cost, known)) return;
    this.#seen.set(key, cost);
    this.#visit(next);
  }

  #useAt(month: number): Instant {
    const at = this.#horizon.useAt[month];
    if (at === undefined) throw new Error(`the plan has no month ${month}`);
    return at;
  }

  #packsFor(node: Node, bought: readonly Purchase[]): LivePack[] {
    const offset = (node.month + 1) * 1_000_000;
    const fresh = packsBought(this.#horizon, bought).map((facts) => ({
      ...livePackOf(facts),
      no: facts.no + offset,
      id: `plan-${String(facts.no + offset).padStart(10, '0')}`,
    }));
    const kept = node.packs.map((pack) => ({ ...pack }));
    const order = new Map(
      packsInDrawOrder({ ...this.#horizon, existing: kept }, fresh).map((pack, place) => [pack.no, place]),
    );
    return [...kept, ...fresh].sort((a, b) => (order.get(a.no) ?? 0) - (order.get(b.no) ?? 0));
  }

  /** The month's charges; undefined when a contract price would be needed that can be avoided, or packs were to pay it all. */
  #settleMonth(month: number, packs: LivePack[]): number | undefined {
    const left = new Map<string, Calls>();
    for (const { meter, calls } of this.#uses.filter((use) => use.month === month)) {
      const { draws, postpaid } = settle(
        { meter, calls, at: this.#useAt(month) },
        packsFor(meter, packs, this.#horizon.book),
        this.#horizon.book,
      );
      for (const draw of draws) {
        const pack = packs.find((each) => each.no === draw.pack);
        if (pack === undefined) continue;
        pack.remaining = subtractCalls(pack.remaining, draw.units);
        if (pack.runs !== undefined) pack.runs = drawnFrom(pack.runs, draw);
      }
      if (this.#packsOnly && postpaid > noCalls && this.#part.products.some((product) => covers(product, meter)))
        return undefined;
      const tariff = this.#horizon.book.meters.get(meter)?.tariff ?? '';
      left.set(tariff, addCalls(left.get(tariff) ?? noCalls, postpaid));
    }
    let sum = 0;
    for (const counter of this.#part.counters.filter((each) => each.month === month)) {
      const charge = chargeOf(counter, left.get(counter.tariff?.id ?? '') ?? noCalls);
      if (charge === undefined) return undefined;
      sum += charge;
    }
    return sum;
  }

  /** What the months from the node's on cost at least: every call that nothing in stock can pay costs the cheapest call there is. */
  #leastFrom({ month, packs }: Node): number {
    const ahead = this.#uses.filter((use) => use.month >= month);
    const calls = ahead.reduce((sum, use) => sum + use.calls, 0n);
    const alive = packs.filter((pack) => ahead.some((use) => isInsideLife(pack, this.#useAt(use.month))));
    const stock = alive.reduce((sum, pack) => sum + pack.remaining, 0n);
    const counters = this.#part.counters.filter((counter) => counter.month >= month);
    const slack = counters.reduce(
      (sum, { tariff, calls: all }) => sum + (tariff === null ? 0 : floorOf(tariff, all).slack),
      0,
    );
    return Number(calls > stock ? calls - stock : 0n) * this.#cheapestCall - counters.length - slack;
  }
}

/** What each of a pack's copies has left: with ratios the sum does not tell it. */
const leftIn = ({ runs, remaining }: LivePack): string =>
  runs?.map((run) => `${run.packs}x${run.remaining}`).join(' ') ?? String(remaining);

const largestOf = (numbers: readonly bigint[]): bigint =>
  numbers.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0))[0] ?? 0n;

const covers = (product: PackProduct, meter: string): boolean => {
  const ratio = product.covers.get(meter);
  return ratio !== undefined && product.sizes.some((size) => size.calls >= ratio);
};

function cheapestCall({ counters, products }: Part): number {
  const postpaid = counters.map(({ tariff, calls }) => (tariff === null ? 0 : floorOf(tariff, calls).perCall));
  const packs = products.flatMap((product) => product.sizes.map((size) => Number(size.price) / Number(size.calls)));
  return Math.min(...postpaid, ...packs) * (1 - 1e-9);
}

function chargeOf({ tariff, calls, unavoidable }: Counter, postpaid: Calls): number | undefined {
  if (tariff === null) return unavoidable || postpaid === noCalls ? 0 : undefined;
  const { amount, estimate } = rate(tariff, { postpaid, drawn: subtractCalls(calls, postpaid) });
  if (unavoidable) return Number(estimate ?? 0n);
  return amount === null ? undefined : Number(amount);
}
