// A bill as figures, ids and codes: money and prices as decimal strings, calls as whole numbers. This is what a final bill seals
// (docs/decisions/0021), so it holds no sentence and no title: those are made from it when it is shown, in words/shown-bill.ts.
// Names: contracts, CLI and HTTP.

import type { AdjustmentLine, Bill, BillLine, FeeLine, PackLine, PostpaidLine } from './bill.ts';
import { bookIn, contractIn } from './contract.ts';
import type { PriceBook } from './price-book.ts';
import { hasOnePrice, type Slice, tierAt } from './tariff-modes.ts';
import { formatMoney, formatMoneyOrNull, formatPrice, type Price } from './units.ts';

/** A bill as a JSON value; keys in the order people read them, undefined where there is nothing. Its digest is taken over this. */
export function billDocument(bill: Bill, state: 'draft' | 'final', ofAccount: PriceBook) {
  const book = bookIn(ofAccount, bill.month);
  const { currency } = bill;
  return {
    format: 1 as const,
    account: bill.account,
    book: bill.book,
    contract: contractIn(ofAccount, bill.month)?.no,
    currency,
    month: bill.month,
    state,
    prepaid: formatMoney(bill.prepaid, currency),
    postpaid: formatMoneyOrNull(bill.postpaid, currency),
    adjustments: formatMoneyOrNull(bill.adjustments, currency),
    total: formatMoneyOrNull(bill.total, currency),
    estimate: bill.total === null ? formatMoneyOrNull(bill.estimate, currency) : null,
    lines: bill.lines.map((line) => lineDocument(line, book)),
    usage: bill.usage,
    giftsUsed: bill.giftsUsed.map((gift) => ({ ...gift, saved: formatMoneyOrNull(gift.saved, currency) })),
    forfeited: bill.forfeited.map((forfeit) => ({ ...forfeit, worth: formatMoney(forfeit.worth, currency) })),
    notices: bill.notices,
  };
}

/** The totals alone, where two bills are compared. */
export const totalsDocument = ({ currency, prepaid, postpaid, total, estimate }: Bill) => ({
  prepaid: formatMoney(prepaid, currency),
  postpaid: formatMoneyOrNull(postpaid, currency),
  total: formatMoneyOrNull(total, currency),
  estimate: total === null ? formatMoneyOrNull(estimate, currency) : null,
});

export type BillDocument = ReturnType<typeof billDocument>;
export type LineDocument = ReturnType<typeof lineDocument>;

export function lineDocument(line: BillLine, book: PriceBook) {
  if (line.kind === 'postpaid') return postpaidDocument(line, book);
  if (line.kind === 'fee') return feeDocument(line, book);
  return line.kind === 'adjustment' ? adjustmentDocument(line, book) : packDocument(line, book);
}

const packDocument = (line: PackLine, { currency }: PriceBook) => ({
  kind: line.kind,
  pack: line.pack,
  product: line.product,
  size: line.size,
  count: line.count,
  price: formatMoney(line.price, currency),
  amount: formatMoney(line.amount, currency),
});

function postpaidDocument(line: PostpaidLine, book: PriceBook) {
  const { rated } = line;
  const { currency } = book;
  const tariff = line.tariff === null ? undefined : book.tariffs.get(line.tariff);
  const tier = tariff === undefined || rated === null ? undefined : tierAt(tariff, rated.tier);
  return {
    kind: line.kind,
    tariff: line.tariff,
    meter: line.meter ?? undefined,
    day: line.day,
    calls: line.calls,
    drawn: line.drawn,
    mode: tariff?.mode,
    basis: tariff?.basis,
    bound: tariff?.bound,
    reached: rated?.reached ?? null,
    tier: rated?.tier ?? null,
    from: tier?.from,
    to: tier?.to,
    ...priceDocument(line.unitPrice, currency),
    slices:
      rated !== null && tariff !== undefined && !hasOnePrice(tariff)
        ? rated.slices.map((slice) => sliceDocument(slice, currency))
        : undefined,
    amount: formatMoneyOrNull(line.amount, currency),
    quoteRequired: line.amount === null ? true : undefined,
    estimate: line.amount === null ? formatMoneyOrNull(line.estimate, currency) : undefined,
  };
}

const sliceDocument = ({ tier, meter, calls, price }: Slice, currency: string) => ({
  tier,
  meter,
  calls,
  ...priceDocument(price, currency),
});

/** Of a price of blocks also how many calls are one, and what a part of one counts as. */
const priceDocument = (price: Price | null, currency: string) => ({
  unitPrice: price === null ? null : formatPrice(price, currency),
  per: price?.block?.calls,
  part: price?.block?.part,
});

function feeDocument(line: FeeLine, book: PriceBook) {
  const tariff = line.tier === undefined ? undefined : book.tariffs.get(line.tariff);
  const tier = tariff === undefined || line.tier === undefined ? undefined : tierAt(tariff, line.tier);
  return {
    kind: line.kind,
    tariff: line.tariff,
    reason: line.reason,
    tier: line.tier,
    bound: tariff?.bound,
    from: tier?.from,
    to: tier?.to,
    limit: line.limit === undefined ? undefined : formatMoney(line.limit, book.currency),
    before: line.before === undefined ? undefined : formatMoneyOrNull(line.before, book.currency),
    amount: formatMoneyOrNull(line.amount, book.currency),
    quoteRequired: line.amount === null ? true : undefined,
    estimate: line.amount === null ? formatMoneyOrNull(line.estimate, book.currency) : undefined,
  };
}

const adjustmentDocument = (line: AdjustmentLine, { currency }: PriceBook) => ({
  kind: line.kind,
  month: line.month,
  tariff: line.tariff,
  meter: line.meter ?? undefined,
  before: line.before,
  after: line.after,
  billed: formatMoneyOrNull(line.billed, currency),
  corrected: formatMoneyOrNull(line.corrected, currency),
  amount: formatMoneyOrNull(line.amount, currency),
  quoteRequired: line.amount === null ? true : undefined,
});
