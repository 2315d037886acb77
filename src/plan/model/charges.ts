// What a part's tariffs charge in a month, given how many calls each pool leaves to pay. Rated by the core, remembered.

import { rate } from '../../core/rate.ts';
import { callsOf, type Money, noMoney } from '../../core/units.ts';
import { floorOf, noFloor } from './floor.ts';
import type { Counter, Part, Pool } from './parts.ts';

/** Fen; infinite where a purchase could have avoided that a contract price is needed. */
export interface Charges {
  /** Charge of a month, `postpaid[i]` being what pool i leaves to pay. */
  ofMonth(month: number, postpaid: readonly number[]): number;
  /** What one pool's postpaid calls add to the charges of a month at least; rounding is allowed for. */
  atLeast(month: number, pool: number, postpaid: number): number;
}

interface MonthUse {
  readonly counter: number;
  readonly calls: number;
}

export function chargesOf(part: Part, pools: readonly Pool[], months: number): Charges {
  const rated = part.counters.map((counter) => remember((postpaid) => chargeOf(counter, postpaid)));
  const floors = part.counters.map(({ tariff, calls }) => (tariff === null ? noFloor : floorOf(tariff, calls)));
  const base = part.counters.map((counter) => Number(counter.base));
  const counters = Array.from({ length: months }, (_, month) =>
    part.counters.flatMap((counter, index) => (counter.month === month ? [index] : [])),
  );
  const uses = pools.map((pool) => monthUses(part, pool, months));
  // One list for all questions: this is asked millions of times.
  const left = new Float64Array(part.counters.length);
  return {
    ofMonth: (month, postpaid) => {
      const mine = counters[month] ?? [];
      for (const index of mine) left[index] = base[index] ?? 0;
      for (let pool = 0; pool < postpaid.length; pool += 1)
        spread(uses[pool]?.[month] ?? [], postpaid[pool] ?? 0, left);
      let sum = 0;
      for (const index of mine) sum += rated[index]?.(left[index] ?? 0) ?? 0;
      return sum;
    },
    atLeast: (month, pool, postpaid) => {
      const mine = counters[month] ?? [];
      for (const index of mine) left[index] = 0;
      spread(uses[pool]?.[month] ?? [], postpaid, left);
      let sum = 0;
      for (const index of mine) {
        const { perCall, slack } = floors[index] ?? noFloor;
        sum += (left[index] ?? 0) * perCall - slack - 1;
      }
      return sum;
    },
  };
}

function monthUses(part: Part, pool: Pool, months: number): MonthUse[][] {
  const indexes = new Map(part.counters.map(({ month, tariff }, index) => [`${month}|${tariff?.id ?? ''}`, index]));
  return Array.from({ length: months }, (_, month) =>
    pool.uses
      .filter((use) => use.month === month)
      .map(({ tariff, calls }) => ({ counter: indexes.get(`${month}|${tariff ?? ''}`) ?? -1, calls })),
  );
}

/** Packs pay for the first uses of a month, so the last ones are left. */
function spread(uses: readonly MonthUse[], postpaid: number, left: Float64Array): void {
  let rest = postpaid;
  for (let index = uses.length - 1; index >= 0 && rest > 0; index -= 1) {
    const { counter, calls } = uses[index] as MonthUse;
    const here = Math.min(rest, calls);
    left[counter] = (left[counter] ?? 0) + here;
    rest -= here;
  }
}

function chargeOf({ tariff, calls, unavoidable }: Counter, postpaid: number): number {
  if (tariff === null) return unavoidable || postpaid === 0 ? 0 : Number.POSITIVE_INFINITY;
  const left = callsOf(postpaid);
  const { amount, estimate } = rate(tariff, { postpaid: left, drawn: callsOf(calls - left) });
  const charged: Money | null = unavoidable ? (estimate ?? noMoney) : amount;
  return charged === null ? Number.POSITIVE_INFINITY : Number(charged);
}

function remember(compute: (calls: number) => number): (calls: number) => number {
  const known = new Map<number, number>();
  return (calls) => {
    const found = known.get(calls);
    if (found !== undefined) return found;
    const value = compute(calls);
    known.set(calls, value);
    return value;
  };
}
