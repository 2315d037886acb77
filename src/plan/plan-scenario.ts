// A plan lived through as a scenario: the same packs, calls and month ends, given to `simulate` like any file.

import { finalFrom, formatInstant } from '../core/calendar.ts';
import { addMoney, type Money, noMoney, parseMoney } from '../core/units.ts';
import { simulate } from '../scenario/simulate.ts';
import { type Horizon, type Purchase, packsBought } from './model/horizon.ts';

/** Beyond this a replay takes longer than the plan. */
const mostPacks = 3000;

/** The scenario file of a plan; undefined when it starts with packs half used, which a scenario cannot say, or buys very many. */
export function scenarioOf(horizon: Horizon, purchases: readonly Purchase[]) {
  const { book, months, buyAt, useAt, uses, existing } = horizon;
  const count = purchases.reduce((sum, each) => sum + each.count, 0);
  if (existing.some((pack) => !pack.gift) || count > mostPacks) return undefined;
  const packs = packsBought(horizon, purchases);
  const write = (at: Parameters<typeof formatInstant>[1]) => formatInstant(book.timeZone, at);
  const steps = months.flatMap((month, index) => {
    const [bought, used] = [buyAt[index], useAt[index]];
    if (bought === undefined || used === undefined) return [];
    const gifts = index === 0 ? existing : [];
    const close = finalFrom(book.timeZone, month, book.policies.finalAfterDays);
    const buys = packs.filter((pack) => pack.boughtAt === bought);
    return [
      ...gifts.map(({ id, product, calls }) => ({ at: write(bought), do: 'gift', id, product, calls: Number(calls) })),
      ...buys.flatMap(({ id, product, calls, count: copies = 1 }) =>
        Array.from({ length: copies }, (_, copy) => ({
          at: write(bought),
          do: 'buy',
          id: `${id}-${String(copy + 1).padStart(4, '0')}`,
          product,
          size: Number(calls),
        })),
      ),
      ...uses.flatMap(({ month: of, meter, calls }, use) =>
        of === index ? [{ at: write(used), do: 'use', id: `use-${use + 1}`, meter, calls: Number(calls) }] : [],
      ),
      { at: write(close), do: 'close', month },
    ];
  });
  // A month is closed after the next has begun: steps stand in order of time.
  steps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const account = { id: 'plan', opened: '2020-01-01', balance: '999999999999999.00', postpaid: true };
  return { book: book.id, account, steps };
}

/** The total of a plan's bills as `simulate` makes them; undefined where one needs a contract price, or there is no replay. */
export function replay(horizon: Horizon, purchases: readonly Purchase[]): Money | undefined {
  const scenario = scenarioOf(horizon, purchases);
  if (scenario === undefined) return undefined;
  const output = simulate(scenario, new Map([[horizon.book.id, { book: horizon.book }]]));
  if (!('bills' in output) || output.bills.length < horizon.months.length) return undefined;
  return output.bills.reduce((sum, bill) => addMoney(sum, parseMoney(bill.total ?? '') ?? noMoney), noMoney);
}
