// What a draft bill warns of besides its tariffs' notices: packs bought this month that do not pay, and calls about to be lost.
// A final bill has none of them: there is nothing left to decide.

import type { Bill, PeriodFacts } from '../core/bill.ts';
import { nextPeriod, startOfPeriod } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import { type Counted, countedOf, madePostpaid } from '../core/counted.ts';
import { groupsOf } from '../core/groups.ts';
import { canonicalJson } from '../core/json.ts';
import { leftOver, type Notice, packDearer, packUnitDearer } from '../core/notice.ts';
import type { PackFacts } from '../core/pack.ts';
import { isInOrder, placedIn } from '../core/placed.ts';
import { type PriceBook, packSizeOf } from '../core/price-book.ts';
import { rate } from '../core/rate.ts';
import type { Payer } from '../core/settle.ts';
import { addMoney, type Money, noCalls, subtractMoney, sumCalls } from '../core/units.ts';
import type { UsageTotal } from '../core/usage.ts';
import type { Head } from './head.ts';

export function draftNotices(head: Head, ofAccount: PriceBook, facts: PeriodFacts, bill: Bill): Notice[] {
  const book = bookIn(ofAccount, facts.period);
  const refunded = new Set(facts.trades.filter(({ kind }) => kind === 'refunded').map(({ pack }) => pack));
  const bought = facts.trades
    .filter(({ kind, pack }) => kind === 'bought' && !refunded.has(pack))
    .flatMap(({ pack }) => facts.packs.get(pack) ?? []);
  const month = new MonthWithout(facts, book, bill);
  return distinct([
    ...bought.flatMap((pack) => purchaseNotices(pack, book, bill, month)),
    ...expiring(head, book, facts),
  ]);
}

/** Of a thousand equal packs each would say the same. */
const distinct = (notices: readonly Notice[]): Notice[] => [
  ...new Map(notices.map((notice) => [canonicalJson(notice), notice])).values(),
];

/** A size dearer than as many postpaid calls, and a pack without which this month's very calls would cost less. */
function purchaseNotices(pack: PackFacts, book: PriceBook, bill: Bill, month: MonthWithout): Notice[] {
  const product = book.packProducts.get(pack.product);
  if (product === undefined) return [];
  const size = packSizeOf(product, pack.calls);
  const unit = size === undefined ? undefined : packUnitDearer(book, product, size);
  const total = month.totalWithout(pack);
  const dearer =
    total === null || bill.total === null || total >= bill.total
      ? undefined
      : packDearer(
          product,
          pack.calls,
          { without: total, difference: subtractMoney(bill.total, total) },
          book.currency,
        );
  return [dearer, unit].filter((notice) => notice !== undefined);
}

const counterKey = (tariff: string, day: string | null): string => `${tariff}|${day ?? ''}`;

/** The same month had a pack not been bought: what it paid is postpaid. Only the tariffs of its calls are rated again. */
class MonthWithout {
  readonly #book: PriceBook;
  readonly #total: Money | null;
  readonly #counted: ReadonlyMap<string, Counted>;
  readonly #paidBy: ReadonlyMap<Payer, readonly UsageTotal[]>;

  constructor(facts: PeriodFacts, book: PriceBook, bill: Bill) {
    this.#book = book;
    this.#total = bill.total;
    const counted = countedOf(facts.usage, book, placedIn(facts.placed, facts.period, 'now'));
    this.#counted = new Map(counted.map((each) => [counterKey(each.tariff.id, each.day), each]));
    this.#paidBy = groupsOf(facts.usage, ({ payer }) => payer);
  }

  /** Null where a contract price is needed, with the pack or without it. */
  totalWithout({ no, price }: PackFacts): Money | null {
    if (this.#total === null) return null;
    let total = subtractMoney(this.#total, price);
    const paid = (this.#paidBy.get(`pack:${no}`) ?? []).filter(({ calls }) => calls !== noCalls);
    const keyOf = ({ meter, day }: UsageTotal) => counterKey(this.#book.meters.get(meter)?.tariff ?? '', day ?? null);
    for (const [key, rows] of groupsOf(paid, keyOf)) {
      const counted = this.#counted.get(key);
      if (counted === undefined) return null;
      const { tariff, quantities: before } = counted;
      // Where the calls it paid would stand in the order is not known.
      if (isInOrder(tariff)) return null;
      const after = madePostpaid(before, rows);
      const [now, then] = [rate(tariff, before).amount, rate(tariff, after).amount];
      if (now === null || then === null) return null;
      total = addMoney(total, subtractMoney(then, now));
    }
    return total;
  }
}

/** What is left, by product, of packs that end before the month after next. */
function expiring(head: Head, book: PriceBook, facts: PeriodFacts): Notice[] {
  const until = startOfPeriod(head.timeZone, nextPeriod(facts.period, 2));
  const soon = head.packs.filter((pack) => pack.expiresAt <= until && pack.remaining > noCalls);
  return [...groupsOf(soon, (pack) => pack.product)].flatMap(([id, packs]) => {
    const product = book.packProducts.get(id);
    return product === undefined ? [] : [leftOver(product, sumCalls(packs.map(({ remaining }) => remaining)))];
  });
}
