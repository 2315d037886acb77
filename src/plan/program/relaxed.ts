// Parts too large to be searched whose packs overlap. An integer program with more freedom than the rules give, packs may be saved
// and calls may be split between them, tells what no plan undercuts; its purchases, priced by the core and improved step by
// step, are the plan. The difference is the gap that the proof tells.

import type { PackProduct } from '../../core/price-book.ts';
import { noCalls } from '../../core/units.ts';
import { ChargeRows, money, negated } from '../model/charge-rows.ts';
import { equalAsOne, type Horizon, type PlannedUse, type Purchase } from '../model/horizon.ts';
import { type Lived, liveThrough } from '../model/live-through.ts';
import type { Part } from '../model/parts.ts';
import { secondsOf, type TimeLeft } from '../model/time-left.ts';
import type { Solved } from './integer-program.ts';
import { Program, solveProgram, type Term } from './solver.ts';

const infinite = Number.POSITIVE_INFINITY;
/** How many plans near the first are tried. */
const mostSteps = 400;

export async function relaxPart(horizon: Horizon, part: Part, packsOnly: boolean, timeLeft: TimeLeft): Promise<Solved> {
  const mine: Horizon = { ...horizon, uses: part.uses.flatMap((index) => horizon.uses[index] ?? []), idle: [] };
  const scale = mine.uses.some((use) => use.calls > 5000n) ? 1000 : 1;
  const writer = new RelaxedWriter(mine, part, scale, packsOnly);
  const solution = await solveProgram(writer.write(), 0.004, secondsOf(timeLeft, 4));
  const purchases = writer.orders.flatMap(({ column, ...order }): Purchase[] => {
    const count = Math.round(solution?.values[column] ?? 0);
    return count === 0 ? [] : [{ ...order, count }];
  });
  const bound = Math.max(0, (solution?.bound ?? 0) * money);
  const repaired = repair(mine, part, purchases, packsOnly, timeLeft);
  return { purchases: packsOnly ? repaired : improve(mine, part, repaired, bound, timeLeft), bound };
}

type Order = Omit<Purchase, 'count'> & { readonly column: number };

class RelaxedWriter {
  readonly program = new Program();
  readonly orders: Order[] = [];
  readonly #horizon: Horizon;
  readonly #part: Part;
  readonly #scale: number;
  readonly #packsOnly: boolean;
  /** For each use, the variables that hold how many of its calls each pool pays. */
  readonly #paid: Term[][];

  constructor(horizon: Horizon, part: Part, scale: number, packsOnly: boolean) {
    this.#horizon = horizon;
    this.#part = part;
    this.#scale = scale;
    this.#packsOnly = packsOnly;
    this.#paid = horizon.uses.map(() => []);
  }

  write(): Program {
    for (const product of this.#part.products) this.#writeProduct(product);
    for (const pack of this.#horizon.existing) {
      const product = this.#horizon.book.packProducts.get(pack.product);
      if (product === undefined) continue;
      const alive = (use: PlannedUse) => (this.#horizon.useAt[use.month] ?? 0) < pack.expiresAt;
      const drawn = this.#writeDraws(product, alive);
      this.program.require(-infinite, drawn, Number(pack.calls) / this.#scale);
    }
    this.#writeCharges();
    return this.program;
  }

  /** The draws of the uses that a pool may pay, in pack units. */
  #writeDraws(product: PackProduct, isAlive: (use: PlannedUse) => boolean): Term[] {
    return this.#horizon.uses.flatMap((use, index): Term[] => {
      const ratio = product.covers.get(use.meter);
      if (ratio === undefined || !isAlive(use)) return [];
      const calls = this.program.variable(0, 0, Number(use.calls) / this.#scale);
      this.#paid[index]?.push([calls, 1]);
      return [[calls, Number(ratio)]];
    });
  }

  #writeProduct(product: PackProduct): void {
    const { program } = this;
    const { lastCovered } = this.#horizon;
    let stock: Term[] = [];
    for (const month of lastCovered.keys()) {
      const alive = this.orders.filter(
        (order) => order.product === product.id && (lastCovered[order.month] ?? -1) >= month,
      );
      if (stock.length > 0) {
        const kept = program.variable(0, 0, infinite);
        program.require(-infinite, [[kept, 1], ...negated(stock)], 0);
        program.require(-infinite, [[kept, 1], ...negated(alive.map((order) => this.#unitsOf(order)))], 0);
        stock = [[kept, 1]];
      }
      const drawn = this.#writeDraws(product, (use) => use.month === month);
      const orders = this.#writeOrders(product, month);
      const left = program.variable(0, 0, infinite);
      const bought = orders.map((order) => this.#unitsOf(order));
      program.require(-infinite, [[left, 1], ...drawn, ...negated([...stock, ...bought])], 0);
      stock = [[left, 1]];
    }
  }

  #unitsOf({ column, size }: Order): Term {
    return [column, Number(size.calls) / this.#scale];
  }

  #writeOrders(product: PackProduct, month: number): Order[] {
    const last = this.#horizon.lastCovered[month] ?? month;
    const ahead = this.#horizon.uses
      .filter((use) => use.month >= month && use.month <= last)
      .reduce((sum, use) => sum + use.calls * (product.covers.get(use.meter) ?? 0n), 0n);
    if (ahead === 0n) return [];
    const orders = product.sizes.map((size) => {
      // Twice: what ratios leave over in one pack is paid by another.
      const most = 2 * Math.ceil(Number(ahead) / Number(size.calls));
      const column = this.program.variable(Number(size.price) / money, 0, most, true);
      return { column, product: product.id, size, month };
    });
    this.orders.push(...orders);
    return orders;
  }

  #writeCharges(): void {
    const { book, uses } = this.#horizon;
    const charges = new ChargeRows(this.program, this.#scale);
    for (const [index, use] of uses.entries()) {
      const paid = this.#paid[index] ?? [];
      const calls = Number(use.calls) / this.#scale;
      const isCovered = this.#packsOnly && this.#part.products.some((product) => product.covers.has(use.meter));
      const postpaid = this.program.variable(0, 0, isCovered ? 0 : calls);
      this.program.require(calls, [...paid, [postpaid, 1]], calls);
      charges.add(use.month, book.meters.get(use.meter)?.tariff ?? null, postpaid, Number(use.calls));
    }
    for (const counter of this.#part.counters) charges.write(counter, 0);
  }
}

/** Adds small packs where packs are still to pay: for a price that is missing, or because nothing is to be postpaid. */
function repair(
  horizon: Horizon,
  part: Part,
  purchases: readonly Purchase[],
  packsOnly: boolean,
  timeLeft: TimeLeft,
): readonly Purchase[] {
  let plan = purchases;
  for (let step = 0; step < mostSteps && timeLeft() > 0; step += 1) {
    const lived = liveThrough(horizon, plan);
    const unpriced = new Set(
      lived.counters.flatMap(({ amount, month, tariff }) => (amount === null ? [`${month}|${tariff ?? ''}`] : [])),
    );
    const open = horizon.uses.find((use, index) => {
      const key = `${use.month}|${horizon.book.meters.get(use.meter)?.tariff ?? ''}`;
      const isOpen = (lived.settled[index]?.postpaid ?? noCalls) > noCalls && (packsOnly || unpriced.has(key));
      return isOpen && part.products.some((product) => product.covers.has(use.meter));
    });
    const product = part.products.find((each) => open !== undefined && each.covers.has(open.meter));
    const size = product?.sizes[0];
    if (open === undefined || product === undefined || size === undefined) return plan;
    plan = [...plan, { product: product.id, size, month: open.month, count: 1 }];
  }
  return plan;
}

/** The first neighbour that is cheaper, again and again: one pack less, another size, a month earlier or later, one pack more. */
function improve(
  horizon: Horizon,
  part: Part,
  purchases: readonly Purchase[],
  bound: number,
  timeLeft: TimeLeft,
): readonly Purchase[] {
  let plan = purchases;
  let lived = liveThrough(horizon, plan);
  let steps = 0;
  for (let isBetter = true; isBetter && Number(lived.estimate) - bound >= 1; ) {
    isBetter = false;
    for (const next of neighbours(horizon, part, plan)) {
      steps += 1;
      if (steps > mostSteps || timeLeft() <= 0) return plan;
      const other = liveThrough(horizon, next);
      if (!isCheaper(other, lived)) continue;
      plan = equalAsOne(next);
      lived = other;
      isBetter = true;
      break;
    }
  }
  return plan;
}

const isCheaper = (a: Lived, b: Lived): boolean =>
  (a.total === null) === (b.total === null) ? a.estimate < b.estimate : b.total === null;

function* neighbours({ months }: Horizon, part: Part, plan: readonly Purchase[]): Generator<readonly Purchase[]> {
  for (const [index, several] of plan.entries()) {
    const purchase = { ...several, count: 1 };
    const others = plan.flatMap((each, other) =>
      other !== index ? [each] : each.count === 1 ? [] : [{ ...each, count: each.count - 1 }],
    );
    yield others;
    for (const month of [purchase.month - 1, purchase.month + 1]) {
      if (month >= 0 && month < months.length) yield [...others, { ...purchase, month }];
    }
    const sizes = part.products.find((product) => product.id === purchase.product)?.sizes ?? [];
    for (const size of sizes) if (size !== purchase.size) yield [...others, { ...purchase, size }];
  }
  for (const product of part.products) {
    for (const size of product.sizes) {
      for (const month of months.keys()) yield [...plan, { product: product.id, size, month, count: 1 }];
    }
  }
}
