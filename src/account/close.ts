// A period becomes final: its bill is made, numbered and charged. Billing rules 6.3, 6.7, 6.8.

import { type Bill, chargeOf, makeBill, type PeriodFacts } from '../core/bill.ts';
import { type Day, finalFrom, formatInstant, type Period, periodOf, periodOfDay } from '../core/calendar.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Instant, instantOf, negateMoney, noCalls } from '../core/units.ts';
import { balanceRefusal, enterMoney, type MoneyEntry } from './commands.ts';
import type { Head } from './head.ts';

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
  return refuse('PERIOD_OPEN', {
    month: period,
    from: formatInstant(head.timeZone, from),
    done: 'closed',
  });
}

/** Since when an account exists: the day its operator gave, else the moment it was entered. */
export type Opening = { readonly day: Day } | { readonly at: Instant };

/** No zone is further ahead of UTC. */
const mostAhead = 14 * 3_600_000;

/** Whether a period is surely none from before the opening, in whatever zone the account may be. */
export const isSinceOpening = (period: Period, opening: Opening): boolean =>
  period >= ('day' in opening ? periodOfDay(opening.day) : periodOf('UTC', instantOf(Number(opening.at) + mostAhead)));

/**
 * Why a period has no bill: it ended before the account was opened (billing rules 6.7), and nothing stands in it. What was accepted all
 * the same, such as a late call from before the account was entered, is billed like any other.
 */
export function beforeOpening(head: Head, facts: PeriodFacts, opening: Opening | null): Refusal | undefined {
  if (opening === null) return undefined;
  const opened = 'day' in opening ? periodOfDay(opening.day) : periodOf(head.timeZone, opening.at);
  if (facts.period >= opened || !isBare(facts)) return undefined;
  return refuse('BEFORE_OPENING', { account: head.account, month: facts.period, opened });
}

const isBare = ({ usage, trades, forfeits, corrections }: PeriodFacts): boolean =>
  usage.every(({ calls }) => calls === noCalls) &&
  trades.length === 0 &&
  forfeits.length === 0 &&
  corrections.length === 0;

/**
 * Closes a period that is not final yet. `facts` are those of the whole period, forfeits due by now booked. `opening` is null where
 * the account's past is not known. Refusals: PERIOD_OPEN, BEFORE_OPENING, QUOTE_REQUIRED, INVALID_AMOUNT. The head is unchanged when it
 * refuses.
 */
export function closePeriod(
  head: Head,
  book: PriceBook,
  facts: PeriodFacts,
  opening: Opening | null,
  now: Instant,
): FinalBill | Refusal {
  const { period } = facts;
  const early = periodOpen(head, book, period, now) ?? beforeOpening(head, facts, opening);
  if (early !== undefined) return early;
  const bill = makeBill(facts, book);
  if (isRefusal(bill)) return bill;
  const charge = chargeOf(bill);
  if (charge === null) return refuse('QUOTE_REQUIRED', { month: period, account: head.account });
  const refusal = balanceRefusal(head, book, negateMoney(charge));
  if (refusal !== undefined) return refusal;
  // Nothing below may refuse.
  head.finals.add(period);
  head.postpaidCalls.delete(period);
  head.billCount += 1;
  return { no: head.billCount, bill, entry: enterMoney(head, 'bill', negateMoney(charge), period, now) };
}
