// A plan billed: the same packs, calls and month ends, given to an account's ledger. Its bills must come to what the plan says.

import { bringPack, bringUp, buy, closeMonth, openLedger, use } from '../account/memory-ledger.ts';
import { finalFrom } from '../core/calendar.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { type Instant, type Money, sumMoney } from '../core/units.ts';
import { equalAsOne, type Horizon, type Purchase } from './model/horizon.ts';

/** More than any plan costs. */
const enough = (10n ** 30n) as Money;

/** The total of a plan's bills; undefined where one needs a contract price. */
export function billPlan(horizon: Horizon, purchases: readonly Purchase[]): Money | undefined {
  const { book, months, buyAt, useAt, uses, existing } = horizon;
  const ledger = openLedger(book, { id: 'plan', balance: enough });
  for (const pack of existing) bringPack(ledger, pack, pack.calls);
  const steps: { at: Instant; take: (at: Instant) => unknown }[] = [];
  for (const [index, { product, size, month, count }] of equalAsOne(purchases).entries()) {
    const order = { id: `plan-${String(index).padStart(7, '0')}`, product, size: size.calls, count };
    steps.push({ at: placed(buyAt, month), take: (at) => buy(ledger, order, at) });
  }
  for (const [index, { month, meter, calls }] of uses.entries()) {
    const report = { id: `use-${index}`, meter, facts: null, calls, department: null };
    steps.push({ at: placed(useAt, month), take: (at) => use(ledger, { ...report, at }, at) });
  }
  for (const month of months) {
    const at = finalFrom(book.timeZone, month, book.policies.finalAfterDays);
    steps.push({ at, take: () => closeMonth(ledger, month, at) });
  }
  // A month is closed after the next has begun.
  for (const { at, take } of steps.toSorted((a, b) => a.at - b.at)) {
    bringUp(ledger, at);
    const outcome = take(at) as Refusal | undefined;
    if (outcome !== undefined && isRefusal(outcome)) {
      if (outcome.refused === 'QUOTE_REQUIRED') return undefined;
      throw new Error(`the plan was refused as it was billed: ${outcome.refused}`);
    }
  }
  return sumMoney(ledger.bills.map(({ bill }) => bill.total ?? (0n as Money)));
}

function placed(times: readonly Instant[], month: number): Instant {
  const at = times[month];
  if (at === undefined) throw new Error(`the plan has no month ${month}`);
  return at;
}
