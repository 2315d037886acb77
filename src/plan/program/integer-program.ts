// A part of pools as an integer program: for parts too large to be tabulated, and a second opinion in the tests.
// Packs pay whenever they can, so the program may not save them for a dearer month: a use is postpaid only as far as its pool
// is empty after it. Within a pool the oldest packs pay first, so what lapses is what was bought longest ago.

import { ChargeRows, money, negated } from '../model/charge-rows.ts';
import type { Purchase } from '../model/horizon.ts';
import type { Part, Pool } from '../model/parts.ts';
import { Program, solveProgram, type Term } from './solver.ts';

export interface Solved {
  readonly purchases: readonly Purchase[];
  /** Fen that no purchases undercut. */
  readonly bound: number;
}

interface Order {
  readonly column: number;
  readonly pool: Pool;
  readonly size: Pool['sizes'][number];
  readonly month: number;
}

const infinite = Number.POSITIVE_INFINITY;

export async function solvePart(
  part: Part,
  pools: readonly Pool[],
  lastCovered: readonly number[],
  packsOnly: boolean,
  seconds = 10,
): Promise<Solved | undefined> {
  const writer = new PartWriter(lastCovered, scaleOf(pools), packsOnly);
  for (const pool of pools) writer.writePool(pool);
  for (const counter of part.counters) writer.charges.write(counter, Number(counter.base));
  const solution = await solveProgram(writer.program, 0.004, seconds);
  if (solution === undefined) return undefined;
  const purchases = writer.orders.flatMap(({ column, pool, size, month }): Purchase[] => {
    const count = Math.round(solution.values[column] ?? 0);
    return count === 0 ? [] : [{ product: pool.product.id, size: size.size, month, count }];
  });
  return { purchases, bound: solution.bound * money };
}

/** Calls are counted in thousands where there are many, so that all numbers of the program are of like size. */
const scaleOf = (pools: readonly Pool[]): number =>
  pools.some((pool) => pool.uses.some((use) => use.calls > 5000)) ? 1000 : 1;

interface Stock {
  /** What the pool holds. */
  readonly terms: readonly Term[];
}

class PartWriter {
  readonly program = new Program();
  readonly charges: ChargeRows;
  readonly orders: Order[] = [];
  readonly #lastCovered: readonly number[];
  readonly #scale: number;
  readonly #packsOnly: boolean;

  constructor(lastCovered: readonly number[], scale: number, packsOnly: boolean) {
    this.#lastCovered = lastCovered;
    this.#scale = scale;
    this.#packsOnly = packsOnly;
    this.charges = new ChargeRows(this.program, scale);
  }

  writePool(pool: Pool): void {
    let stock: Stock = { terms: [] };
    for (const month of this.#lastCovered.keys()) {
      const orders = this.#writeOrders(pool, month);
      const kept = this.#writeLapse(pool, month, stock);
      stock = { terms: [...kept.terms, ...orders.map(({ column, size }): Term => [column, size.calls / this.#scale])] };
      stock = this.#writeUses(pool, month, stock);
    }
  }

  #callsAhead(pool: Pool, month: number, last: number): number {
    const ahead = pool.uses.filter((use) => use.month >= month && use.month <= last);
    return ahead.reduce((sum, use) => sum + use.calls, 0);
  }

  /** Each pack bought pays for something in its life, or it could be left away. */
  #writeOrders(pool: Pool, month: number): Order[] {
    const ahead = this.#callsAhead(pool, month, this.#lastCovered[month] ?? month);
    if (ahead === 0) return [];
    const orders = pool.sizes.map((size) => {
      const column = this.program.variable(size.price / money, 0, Math.ceil(ahead / size.calls), true);
      return { column, pool, size, month };
    });
    this.orders.push(...orders);
    return orders;
  }

  /** The most a pool can hold: every pack but the last is used up within the life of the newest. */
  #mostStock(pool: Pool, month: number): number {
    const largest = Math.max(...pool.sizes.map((size) => size.calls));
    return (this.#callsAhead(pool, month, this.#lastCovered[month] ?? month) + largest) / this.#scale;
  }

  /** What is left at the start of a month: no more than was left, nor than was bought by packs that still live. */
  #writeLapse(pool: Pool, month: number, stock: Stock): Stock {
    if (stock.terms.length === 0) return stock;
    const alive = this.orders.filter(
      (order) => order.pool === pool && order.month < month && this.#lives(order, month),
    );
    if (alive.length === 0) return { terms: [] };
    if (!this.#lastCovered.some((last, bought) => bought < month && last === month - 1)) return stock;
    const { program } = this;
    const bought = alive.map(({ column, size }): Term => [column, size.calls / this.#scale]);
    const most = bought.reduce((sum, [column, calls]) => sum + calls * (program.columns[column]?.high ?? 0), 0);
    const kept = program.variable(0, 0, infinite);
    const lapsed = program.variable(0, 0, 1, true);
    program.require(-infinite, [[kept, 1], ...negated(stock.terms)], 0);
    program.require(-infinite, [[kept, 1], ...negated(bought)], 0);
    program.require(0, [[kept, 1], ...negated(stock.terms), [lapsed, this.#mostStock(pool, month - 1)]], infinite);
    program.require(-most, [[kept, 1], ...negated(bought), [lapsed, -most]], infinite);
    return { terms: [[kept, 1]] };
  }

  #lives(order: Order, month: number): boolean {
    return (this.#lastCovered[order.month] ?? -1) >= month;
  }

  #writeUses(pool: Pool, month: number, before: Stock): Stock {
    const { program } = this;
    const most = this.#mostStock(pool, month);
    let stock = before;
    let emptyBefore: number | undefined;
    for (const use of pool.uses.filter((each) => each.month === month)) {
      const calls = use.calls / this.#scale;
      const postpaid = program.variable(0, 0, this.#packsOnly ? 0 : calls);
      const left = program.variable(0, 0, most);
      const empty = program.variable(0, 0, 1, true);
      program.require(calls, [...stock.terms, [left, -1], [postpaid, 1]], calls);
      program.require(
        -infinite,
        [
          [postpaid, 1],
          [empty, -calls],
        ],
        0,
      );
      program.require(
        -infinite,
        [
          [left, 1],
          [empty, most],
        ],
        most,
      );
      if (emptyBefore !== undefined)
        program.require(
          -infinite,
          [
            [emptyBefore, 1],
            [empty, -1],
          ],
          0,
        );
      this.charges.add(month, use.tariff, postpaid, use.calls);
      emptyBefore = empty;
      stock = { terms: [[left, 1]] };
    }
    return stock;
  }
}
