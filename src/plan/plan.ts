// What should be bought? The cheapest purchases for one month or a profile of months, with proof, beside what else could be done.
// Source: contracts, `plan`; docs/concepts/planner.md. No clock, no disk; the solver for very large parts is loaded when needed.

import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { formatMoney, formatMoneyOrNull, isStorable, type Money } from '../core/units.ts';
import { plain } from '../scenario/plain.ts';
import { shownNotice } from '../words/notices.ts';
import { namingOf } from '../words/shown-bill.ts';
import { alternativesOf, labelWords } from './alternatives.ts';
import { billPlan } from './bill-plan.ts';
import type { Horizon, Purchase } from './model/horizon.ts';
import type { Lived } from './model/live-through.ts';
import { partsOf } from './model/parts.ts';
import { endless, type TimeLeft } from './model/time-left.ts';
import { type Method, optimumOf, prepare, proofOf } from './optimum.ts';
import { planNotices } from './plan-notices.ts';
import { horizonOfMonth, horizonOfProfile, type MonthRequest, type ProfileRequest } from './request.ts';

export type { MonthRequest, ProfileRequest } from './request.ts';

export type Plan = Exclude<Awaited<ReturnType<typeof planHorizon>>, Refusal>;

/** One month. Purchases name their month only when the request says when it is. Refusals: those of `horizonOfMonth`, INVALID_AMOUNT. */
export async function planMonth(
  book: PriceBook,
  request: MonthRequest,
  method?: Method,
  timeLeft = endless,
): Promise<Plan | Refusal> {
  const horizon = horizonOfMonth(book, request);
  return isRefusal(horizon) ? horizon : planHorizon(horizon, request.start !== undefined, method, timeLeft);
}

/** Up to 24 months. Refusals: those of `horizonOfProfile`, INVALID_AMOUNT. */
export async function planProfile(
  book: PriceBook,
  request: ProfileRequest,
  method?: Method,
  timeLeft = endless,
): Promise<Plan | Refusal> {
  const horizon = horizonOfProfile(book, request);
  return isRefusal(horizon) ? horizon : planHorizon(horizon, true, method, timeLeft);
}

async function planHorizon(horizon: Horizon, isDated: boolean, method: Method | undefined, timeLeft: TimeLeft) {
  const { book } = horizon;
  const parts = partsOf(horizon, method === 'search').map((part) => prepare(part, horizon.lastCovered));
  const best = await optimumOf(horizon, parts, 'cheapest', timeLeft, method);
  const least = best.lived.total ?? best.lived.estimate;
  if (!isStorable(least)) {
    return refuse('INVALID_AMOUNT', { sum: 'plan', value: formatMoney(least, book.currency) });
  }
  const billed = billPlan(horizon, best.purchases);
  if (billed !== undefined && billed !== best.lived.total) {
    throw new Error(`the plan costs ${best.lived.total} smallest units, but ${billed} when it is billed`);
  }
  const alternatives = await alternativesOf(horizon, parts, best, timeLeft);
  const written = (purchases: readonly Purchase[]) => purchases.map((each) => purchaseDocument(horizon, each, isDated));
  return plain({
    book: book.id,
    currency: book.currency,
    best: {
      purchases: written(best.purchases),
      ...costs(best.lived, book),
      ...(isDated ? { months: monthsOf(horizon, best.purchases, best.lived) } : {}),
      proof: proofOf(best, book.currency),
    },
    alternatives: alternatives.map(({ label, purchases, lived }) => ({
      label,
      title: labelWords[label],
      purchases: written(purchases),
      ...costs(lived, book),
    })),
    notices: planNotices(horizon, best.lived, alternatives, isDated).map((notice) =>
      shownNotice(notice, namingOf(book)),
    ),
  });
}

function purchaseDocument({ book, months }: Horizon, { product, size, month, count }: Purchase, isDated: boolean) {
  const bought = {
    product,
    size: size.calls,
    count,
    price: formatMoney((size.price * BigInt(count)) as Money, book.currency),
  };
  return isDated ? { ...bought, month: months[month] ?? '' } : bought;
}

/** `total` is null where a contract price is needed; `estimate` then stands in, at the last public price if there is one. */
const costs = ({ prepaid, postpaid, total, estimate, isBeyondEstimate }: Lived, { currency }: PriceBook) => ({
  prepaid: formatMoney(prepaid, currency),
  postpaid: formatMoneyOrNull(postpaid, currency),
  total: formatMoneyOrNull(total, currency),
  estimate: total === null && !isBeyondEstimate ? formatMoney(estimate, currency) : null,
});

function monthsOf({ book, months }: Horizon, purchases: readonly Purchase[], { counters }: Lived) {
  return months.map((month, index) => {
    const bought = purchases.filter((each) => each.month === index);
    const prepaid = bought.reduce((sum, { size, count }) => sum + size.price * BigInt(count), 0n) as Money;
    const mine = counters.filter((counter) => counter.month === index);
    const isPriced = mine.every((counter) => counter.amount !== null);
    const postpaid = mine.reduce((sum, counter) => sum + (counter.amount ?? 0n), 0n) as Money;
    return {
      month,
      calls: mine.reduce((sum, counter) => sum + counter.postpaid + counter.drawn, 0n),
      drawn: mine.reduce((sum, counter) => sum + counter.drawn, 0n),
      prepaid: formatMoney(prepaid, book.currency),
      postpaid: isPriced ? formatMoney(postpaid, book.currency) : null,
    };
  });
}
