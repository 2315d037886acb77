// What a quote says about its packs: those that make the month dearer, sizes that never pay, calls that are left over.

import { type PackRow, packStanding } from '../account/memory-ledger.ts';
import { leftOver, type Notice, packDearer, packUnitDearer } from '../core/notice.ts';
import { type PriceBook, packSizeOf } from '../core/price-book.ts';
import { isRefusal } from '../core/refusal.ts';
import { addCalls, type Calls, noCalls, subtractMoney } from '../core/units.ts';
import { type PackWish, type QuotedMonth, type QuoteRequest, quoteMonth } from './quote-month.ts';

export function packNotices(book: PriceBook, request: QuoteRequest, month: QuotedMonth): Notice[] {
  const notices = distinct(request.packs).flatMap((wish) => [
    dearer(book, request, month, wish),
    unitDearer(book, wish),
  ]);
  // Without calls nothing is left over: that is the price of packs, not of a month.
  const left = request.use.length === 0 ? [] : leftOvers(book, month);
  return [...notices.filter((notice) => notice !== undefined), ...left];
}

const isSame = (a: PackWish, b: PackWish): boolean => a.product === b.product && a.size === b.size;

const distinct = (packs: readonly PackWish[]): PackWish[] =>
  packs.filter((wish, index) => packs.findIndex((other) => isSame(other, wish)) === index);

/** The same month without packs of this product and size. Packs that paid for nothing are not dearer, they are left over. */
function dearer(book: PriceBook, request: QuoteRequest, month: QuotedMonth, wish: PackWish): Notice | undefined {
  const product = book.packProducts.get(wish.product);
  const { total } = month.bill;
  if (product === undefined || total === null || !hasPaid(month, wish)) return undefined;
  const without = quoteMonth(book, { ...request, packs: request.packs.filter((other) => !isSame(other, wish)) });
  if (isRefusal(without) || without.bill.total === null || without.bill.total >= total) return undefined;
  const difference = subtractMoney(total, without.bill.total);
  return packDearer(product, wish.size, { without: without.bill.total, difference }, book.currency);
}

const hasPaid = ({ ledger }: QuotedMonth, wish: PackWish): boolean =>
  [...ledger.packsByNo.values()].some(
    ({ facts, used }) => used && !facts.gift && isSame({ ...wish, ...sizeOf(facts) }, wish),
  );

const sizeOf = (facts: PackRow['facts']) => ({ product: facts.product, size: facts.calls });

function unitDearer(book: PriceBook, { product: id, size }: PackWish): Notice | undefined {
  const product = book.packProducts.get(id);
  const sold = product === undefined ? undefined : packSizeOf(product, size);
  return product === undefined || sold === undefined ? undefined : packUnitDearer(book, product, sold);
}

function leftOvers(book: PriceBook, { ledger }: QuotedMonth): Notice[] {
  const left = new Map<string, Calls>();
  for (const row of ledger.packsByNo.values()) {
    const { product } = row.facts;
    left.set(product, addCalls(left.get(product) ?? noCalls, packStanding(ledger, row).remaining));
  }
  return [...left].flatMap(([id, calls]) => {
    const product = book.packProducts.get(id);
    return product === undefined || calls === noCalls ? [] : [leftOver(product, calls)];
  });
}
