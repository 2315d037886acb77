// A period becomes final: its bill is made, numbered and charged. Billing rules 6.3, 6.7, 6.8.

import { balanceRefusal, enterMoney, type MoneyEntry } from './account.ts';
import { type Bill, chargeOf, makeBill, type PeriodFacts } from './bill.ts';
import { finalFrom, formatInstant, type Period } from './calendar.ts';
import type { Head } from './head.ts';
import type { PriceBook } from './price-book.ts';
import { isRefusal, type Refusal, refuse } from './refusal.ts';
import { type Instant, negateMoney } from './units.ts';

export interface FinalBill {
  /** Position among the account's final bills: 1, 2, 3 … without gap. */
  readonly no: number;
  readonly bill: Bill;
  /** The charge to the balance; its ledger number is the bill's. */
  readonly entry: MoneyEntry;
}

/** Why a period cannot be closed at `now`; undefined when it is over for long enough. */
export function periodOpen(head: Head, book: PriceBook, period: Period, now: Instant): Refusal | undefined {
  const from = finalFrom(head.timeZone, period, book.policies.finalAfterDays);
  if (now >= from) return undefined;
  return refuse('PERIOD_OPEN', { month: period, from: formatInstant(head.timeZone, from) });
}

/**
 * Closes a period that is not final yet. `facts` are those of the whole period, forfeits due by now booked.
 * Refusals: PERIOD_OPEN, QUOTE_REQUIRED, INVALID_AMOUNT. The head is unchanged when it refuses.
 */
export function closePeriod(head: Head, book: PriceBook, facts: PeriodFacts, now: Instant): FinalBill | Refusal {
  const { period } = facts;
  const open = periodOpen(head, book, period, now);
  if (open !== undefined) return open;
  const bill = makeBill(facts, book);
  if (isRefusal(bill)) return bill;
  const charge = chargeOf(bill);
  if (charge === null) return refuse('QUOTE_REQUIRED', { month: period, account: head.account });
  const refusal = balanceRefusal(head, negateMoney(charge));
  if (refusal !== undefined) return refusal;
  // Nothing below may refuse.
  head.finals.add(period);
  head.postpaidCalls.delete(period);
  head.billCount += 1;
  return { no: head.billCount, bill, entry: enterMoney(head, 'bill', negateMoney(charge), period, now) };
}
