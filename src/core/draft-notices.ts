// What a draft bill warns of besides its tariffs' notices: packs bought this month that do not pay, and calls about to be lost.
// A final bill has none of them: there is nothing left to decide.

import { type Bill, makeBill, type PeriodFacts } from './bill.ts';
import { nextPeriod, startOfPeriod } from './calendar.ts';
import type { Head } from './head.ts';
import { leftOver, type Notice, packDearer, packUnitDearer } from './notice.ts';
import type { PackFacts } from './pack.ts';
import { type PriceBook, packSizeOf } from './price-book.ts';
import { isRefusal } from './refusal.ts';
import { type Money, noCalls } from './units.ts';

export function draftNotices(head: Head, book: PriceBook, facts: PeriodFacts, bill: Bill): Notice[] {
  const refunded = new Set(facts.trades.filter(({ kind }) => kind === 'refunded').map(({ pack }) => pack));
  const bought = facts.trades
    .filter(({ kind, pack }) => kind === 'bought' && !refunded.has(pack))
    .flatMap(({ pack }) => facts.packs.get(pack) ?? []);
  return [...bought.flatMap((pack) => purchaseNotices(pack, book, facts, bill)), ...expiring(head, book, facts)];
}

/** A size dearer than as many postpaid calls, and a pack without which this month's very calls would cost less. */
function purchaseNotices(pack: PackFacts, book: PriceBook, facts: PeriodFacts, bill: Bill): Notice[] {
  const product = book.packProducts.get(pack.product);
  if (product === undefined) return [];
  const size = packSizeOf(product, pack.calls);
  const unit = size === undefined ? undefined : packUnitDearer(book, product, size);
  const without = makeBill(withoutPack(facts, pack.no), book);
  const total = isRefusal(without) ? null : without.total;
  const dearer =
    total === null || bill.total === null || total >= bill.total
      ? undefined
      : packDearer(product, pack.calls, total, (bill.total - total) as Money, book.currency);
  return [dearer, unit].filter((notice) => notice !== undefined);
}

/** The same month had the pack not been bought: what it paid is postpaid. */
const withoutPack = (facts: PeriodFacts, no: number): PeriodFacts => ({
  ...facts,
  trades: facts.trades.filter(({ pack }) => pack !== no),
  usage: facts.usage.map((total) => (total.payer === `pack:${no}` ? { ...total, payer: 'postpaid' as const } : total)),
});

/** What is left of packs that end before the month after next. */
function expiring(head: Head, book: PriceBook, facts: PeriodFacts): Notice[] {
  const until = startOfPeriod(head.timeZone, nextPeriod(facts.period, 2));
  return head.packs.flatMap((pack) => {
    const product = book.packProducts.get(pack.product);
    const soon = pack.expiresAt <= until && pack.remaining > noCalls;
    return product === undefined || !soon ? [] : [leftOver(product, pack.remaining)];
  });
}
