// What purchases cost: every use settled and every month rated by the core, exactly as the ledger does. All figures of a plan
// come from here; whatever the optimiser computed on the way is only compared with it.

import { addPack, openHead } from '../../account/head.ts';
import { settleUse } from '../../account/use.ts';
import { type LivePack, livePackOf } from '../../core/pack.ts';
import { type Quantities, rate } from '../../core/rate.ts';
import type { Settlement } from '../../core/settle.ts';
import {
  addCalls,
  addMoney,
  type Calls,
  type Money,
  noCalls,
  noMoney,
  subtractCalls,
  sumMoney,
} from '../../core/units.ts';
import { type Horizon, type Purchase, packsBought } from './horizon.ts';

/** One month of one tariff; `tariff` null: of the prepaid-only meters, whose postpaid calls have no price. */
export interface Counted extends Quantities {
  readonly month: number;
  readonly tariff: string | null;
  /** Null: a contract price is needed. */
  readonly amount: Money | null;
  readonly estimate: Money | null;
}

export interface Lived {
  /** As the uses of the horizon. */
  readonly settled: readonly Settlement[];
  readonly counters: readonly Counted[];
  /** The packs that the last month leaves something of, in draw order. */
  readonly packs: readonly LivePack[];
  readonly prepaid: Money;
  /** Null: some of it needs a contract price. */
  readonly postpaid: Money | null;
  readonly total: Money | null;
  /** The total with the last public price in place of missing ones, and nothing where there is none: to compare plans by. */
  readonly estimate: Money;
  /** Some calls have no public price to be estimated at. */
  readonly isBeyondEstimate: boolean;
}

export function liveThrough(horizon: Horizon, purchases: readonly Purchase[]): Lived {
  const { book, existing, useAt } = horizon;
  const bought = packsBought(horizon, purchases);
  const head = openHead({ id: 'plan', book });
  for (const pack of [...existing, ...bought]) addPack(head, book, livePackOf(pack));
  const settled = horizon.uses.map(({ month, meter, calls }) => {
    const at = useAt[month];
    if (at === undefined) throw new Error(`the plan has no month ${month}`);
    return settleUse(head, book, { id: '', meter, calls, at, outcome: 'charged' }, at);
  });
  const counters = countMonths(horizon, settled);
  const prepaid = sumMoney(bought.map(({ price, count = 1 }) => (price * BigInt(count)) as Money));
  const amounts = counters.map((counter) => counter.amount);
  const postpaid = amounts.some((amount) => amount === null) ? null : sumMoney(amounts.map((each) => each ?? noMoney));
  const estimate = addMoney(prepaid, sumMoney(counters.map((counter) => counter.estimate ?? noMoney)));
  const isBeyondEstimate = counters.some((counter) => counter.estimate === null);
  const total = postpaid === null ? null : addMoney(prepaid, postpaid);
  return { settled, counters, packs: head.packs, prepaid, postpaid, total, estimate, isBeyondEstimate };
}

function countMonths({ book, uses, months, idle }: Horizon, settled: readonly Settlement[]): Counted[] {
  const counters = new Map<string, { month: number; tariff: string | null; postpaid: Calls; drawn: Calls }>();
  for (const [index, { month, meter, calls }] of uses.entries()) {
    const tariff = book.meters.get(meter)?.tariff ?? null;
    const key = `${month}|${tariff ?? ''}`;
    const counter = counters.get(key) ?? { month, tariff, postpaid: noCalls, drawn: noCalls };
    const postpaid = settled[index]?.postpaid ?? noCalls;
    counter.postpaid = addCalls(counter.postpaid, postpaid);
    counter.drawn = addCalls(counter.drawn, subtractCalls(calls, postpaid));
    counters.set(key, counter);
  }
  for (const [month] of months.entries()) {
    for (const tariff of idle) {
      const key = `${month}|${tariff.id}`;
      if (!counters.has(key)) counters.set(key, { month, tariff: tariff.id, postpaid: noCalls, drawn: noCalls });
    }
  }
  return [...counters.values()].map((counter) => ({ ...counter, ...chargeOf(book, counter.tariff, counter) }));
}

function chargeOf(book: Horizon['book'], id: string | null, quantities: Quantities) {
  const tariff = id === null ? undefined : book.tariffs.get(id);
  if (tariff === undefined) {
    const nothing = quantities.postpaid === noCalls ? noMoney : null;
    return { amount: nothing, estimate: nothing };
  }
  const { amount, estimate } = rate(tariff, quantities);
  return { amount, estimate };
}
