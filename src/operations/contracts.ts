// Prices that accounts have agreed on: made, listed, tried on the last month.

import type { ClientBase, Pool } from 'pg';
import { agreeContract, type ContractOrder, contractOf, withContract } from '../account/contracts.ts';
import { bookForfeits } from '../account/forfeits.ts';
import { timeOf } from '../account/head.ts';
import { type ContractTermsDocument, readContractTerms } from '../book/contract-terms.ts';
import { type Bill, makeBill } from '../core/bill.ts';
import { totalsDocument } from '../core/bill-document.ts';
import { formatInstant, nextPeriod, type Period, periodOf } from '../core/calendar.ts';
import { contractDocument } from '../core/contract.ts';
import type { PriceBook } from '../core/price-book.ts';
import { allOrRefusal, isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import { formatMoney, type Instant, type Money } from '../core/units.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { readContracts, type StoredContract } from '../store/ledger/contracts.ts';
import { termsOfBook } from './book-versions.ts';
import { change, type Parts } from './change.ts';
import { contractsCursor } from './cursors.ts';
import { collectFacts } from './period-facts.ts';
import { readHead } from './read-account.ts';
import type { Reader, Suanpan } from './suanpan.ts';

export interface ContractRequest extends ContractTermsDocument, Pick<ContractOrder, 'from'> {
  readonly account: string;
  /** All prices of this book, in place of the terms. */
  readonly pricesOf?: string | undefined;
}

/** What is to be agreed on; of a book, all its prices. Refusals: UNKNOWN_BOOK, BOOK_DIFFERS. */
function wanted(
  parts: Parts,
  book: PriceBook,
  { pricesOf, ...order }: Omit<ContractRequest, 'account'>,
): ContractOrder | Refusal {
  const terms =
    pricesOf === undefined ? readContractTerms(order, book.currency) : termsOfBook(parts, { book: book.id, pricesOf });
  return isRefusal(terms) ? terms : { from: order.from, ...terms };
}

const documentOf = ({ contract, at, by }: Omit<StoredContract, 'account' | 'seq'>, timeZone: string) => ({
  no: contract.no,
  from: contract.from,
  ...contractDocument(contract),
  agreedAt: formatInstant(timeZone, at),
  by,
});

/** Agrees on prices for an account. Refusals: NOT_FOUND, those of `agreeContract`. */
export async function agree(
  tx: ClientBase,
  parts: Pick<Suanpan, 'books' | 'meters'>,
  { account, ...order }: ContractRequest,
  by: string,
  clock: Instant,
) {
  if (order.pricesOf !== undefined) await parts.books.hold(tx, [order.pricesOf]);
  return change(tx, parts, account, clock, ({ head, book, now, rows }) => {
    const asked = wanted(parts, book, order);
    if (isRefusal(asked)) return asked;
    const agreed = agreeContract(head, book, asked, now);
    if (isRefusal(agreed)) return agreed;
    rows.contracts.push({ account, agreed, by });
    return { account, ...documentOf({ contract: agreed.contract, at: agreed.at, by }, head.timeZone) };
  });
}

/** An account's contracts, the latest first. Refusal: NOT_FOUND. */
export async function listContracts(
  pool: Pool,
  parts: Parts,
  page: { readonly account: string; readonly before: number | null; readonly limit: number },
) {
  const reading = await readHead(pool, parts, page.account);
  if (isRefusal(reading)) return reading;
  const all = (await readContracts(pool, [page.account])).toReversed();
  const rest = all.filter(({ contract }) => page.before === null || contract.no < page.before).slice(0, page.limit);
  return {
    account: page.account,
    contracts: rest.map((stored) => documentOf(stored, reading.head.timeZone)),
    next: contractsCursor.after(rest, page.limit, ({ contract }) => [contract.no]),
  };
}

/**
 * What the last whole month would have come to under a contract. Packs stay at what was paid for them: only calls are rated again.
 * Refusals: NOT_FOUND, those of `contractOf`, INVALID_AMOUNT.
 */
export const previewContract = (reader: Reader, { account, ...order }: ContractRequest) =>
  inSnapshot(reader.pool, async (client) => {
    const reading = await readHead(client, reader, account);
    if (isRefusal(reading)) return reading;
    const { head, book } = reading;
    const asked = wanted(reader, book, order);
    if (isRefusal(asked)) return asked;
    const contract = contractOf(book, asked);
    if (isRefusal(contract)) return contract;
    const now = timeOf(head, reader.clock());
    const month = nextPeriod(periodOf(head.timeZone, now), -1);
    const forfeits = bookForfeits(head, book, now);
    const under = withContract(book, contract);
    const facts = (await collectFacts(client, [{ head, book: under, forfeits }], month, reader.meters)).get(account);
    if (facts === undefined) return refuseMissing('account', account);
    const bills = allOrRefusal([
      makeBill(facts, book),
      makeBill(facts, { ...book, contracts: [{ ...contract, from: month }] }),
    ]);
    return isRefusal(bills) ? bills : previewDocument(account, month, bills);
  });

function previewDocument(account: string, month: Period, [now, then]: readonly Bill[]) {
  if (now === undefined || then === undefined) throw new Error('two bills are compared');
  const sides = { before: totalsDocument(now), after: totalsDocument(then) };
  const isKnown = now.total !== null && then.total !== null;
  const difference = isKnown ? formatMoney((then.total - now.total) as Money, now.currency) : null;
  return { account, month, currency: now.currency, ...sides, difference };
}
