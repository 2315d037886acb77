// New prices and result codes of a book for all its accounts: announced a day before the month begins anywhere, tried on what each account
// called last month.

import type { ClientBase } from 'pg';
import { bookForfeits } from '../account/forfeits.ts';
import { timeOf } from '../account/head.ts';
import { type Bill, makeBill } from '../core/bill.ts';
import { differencesOf } from '../core/book-version.ts';
import { formatInstant, nextPeriod, type Period, periodOf } from '../core/calendar.ts';
import type { ContractTerms, PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { formatMoney, formatMoneyOrNull, type Instant, instantOf, type Money } from '../core/units.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import {
  accountsOfBook,
  type BookVersionRow,
  countAccountsOfBook,
  deleteBookVersion,
  putBookVersion,
  readBookVersions,
} from '../store/ledger/book-versions.ts';
import { readHeads } from '../store/ledger/heads.ts';
import { accountBooks, type Parts } from './change.ts';
import { accountsCursor } from './cursors.ts';
import { collectFacts } from './period-facts.ts';
import type { Reader, Suanpan } from './suanpan.ts';

/** The zone that is furthest ahead has the next month so much earlier. */
const furthestAhead = 14 * 3_600_000;

/** By then every server has read it: calls are judged by the code table in memory. */
const ahead = 24 * 3_600_000;

/** The first month that begins nowhere within a day. */
const firstOpen = (now: Instant): Period => nextPeriod(periodOf('UTC', instantOf(now + furthestAhead + ahead)), 1);

export interface VersionOrder {
  readonly book: string;
  /** The book whose prices it gets. */
  readonly pricesOf: string;
  readonly from: Period;
}

const documentOf = ({ book, from, pricesOf, at, by }: BookVersionRow) => ({
  ...{ book, from, pricesOf, announcedAt: formatInstant('UTC', at), by },
});

/** The book, if its prices (and with `codes` its code table) may become those of the other. Refusals: NOT_FOUND, UNKNOWN_BOOK, BOOK_DIFFERS. */
function pairOf(
  { books }: Parts,
  { book: id, pricesOf }: Omit<VersionOrder, 'from'>,
  may: 'prices' | 'prices and codes',
): { book: PriceBook; next: PriceBook } | Refusal {
  const book = books.find(id);
  if (book === undefined) return refuseMissing('price book', id);
  const next = books.find(pricesOf);
  if (next === undefined) return refuse('UNKNOWN_BOOK', { book: pricesOf }, '/pricesOf');
  const all = differencesOf(book, next);
  const differing = may === 'prices' ? all : all.filter((part) => !['codeTable', 'blocks', 'fees'].includes(part));
  if (differing.length > 0) {
    return refuse('BOOK_DIFFERS', { book: id, other: pricesOf, parts: differing.join(', ') }, '/pricesOf');
  }
  return { book, next };
}

/** All prices of a book as the terms of a contract, for an account of another that differs in nothing else. Refusals: those of `pairOf`. */
export function termsOfBook(parts: Parts, order: Omit<VersionOrder, 'from'>): ContractTerms | Refusal {
  const pair = pairOf(parts, order, 'prices');
  if (isRefusal(pair)) return pair;
  const { tariffs, packProducts } = pair.next;
  return {
    tariffs: new Map([...tariffs].map(([id, { tiers }]) => [id, tiers.map(({ from, price }) => ({ from, price }))])),
    packs: new Map([...packProducts].map(([id, { sizes }]) => [id, sizes])),
  };
}

/** Announces it, in the place of another of that month. Refusals: those of `pairOf`, TOO_LATE. */
export async function announce(
  tx: ClientBase,
  { books, meters, clock }: Suanpan,
  order: VersionOrder,
  by: string,
): Promise<ReturnType<typeof documentOf> | Refusal> {
  await books.hold(tx, [order.book, order.pricesOf]);
  await books.refresh(tx);
  const pair = pairOf({ books, meters }, order, 'prices and codes');
  if (isRefusal(pair)) return pair;
  const now = clock();
  const refused = refuseLate(order.from, now);
  if (refused !== undefined) return refused;
  const row: BookVersionRow = { ...order, at: now, by };
  await putBookVersion(tx, row);
  return documentOf(row);
}

function refuseLate(from: Period, now: Instant): Refusal | undefined {
  const first = firstOpen(now);
  if (from >= first) return undefined;
  return refuse('TOO_LATE', { month: from, from: first, now: formatInstant('UTC', now) }, '/from');
}

/** Takes back one that has not begun. Refusals: NOT_FOUND, TOO_LATE. */
export async function takeBack(
  tx: ClientBase,
  { clock }: Pick<Suanpan, 'clock'>,
  { book, from }: Omit<VersionOrder, 'pricesOf'>,
): Promise<{ readonly book: string; readonly from: Period } | Refusal> {
  const [known] = (await readBookVersions(tx, [book])).filter((row) => row.from === from);
  if (known === undefined) return refuseMissing('version', `${book} ${from}`);
  const refused = refuseLate(from, clock());
  if (refused !== undefined) return refused;
  await deleteBookVersion(tx, book, from);
  return { book, from };
}

/** Refusal: NOT_FOUND. */
export async function listVersions({ pool, books }: Suanpan, book: string) {
  if (books.find(book) === undefined) return refuseMissing('price book', book);
  return { book, versions: (await readBookVersions(pool, [book])).map(documentOf) };
}

export interface PreviewOrder extends Omit<VersionOrder, 'from'> {
  readonly after: string;
  readonly limit: number;
}

/**
 * What the last whole month of each account of a book would have come to at the other's prices, some accounts at a time. Packs stay at what
 * was paid for them; an account whose own contract holds keeps what the contract names. Refusals: those of `pairOf`.
 */
export const previewVersion = (reader: Reader, { after, limit, ...order }: PreviewOrder) =>
  inSnapshot(reader.pool, async (client) => {
    await reader.books.refresh(client);
    const pair = pairOf(reader, order, 'prices and codes');
    if (isRefusal(pair)) return pair;
    const ids = await accountsOfBook(client, order.book, after, limit);
    const heads = await readHeads(client, ids);
    const books = await accountBooks(
      client,
      reader,
      heads.map(({ head }) => head),
    );
    const accounts = [];
    for (const [index, { head }] of heads.entries()) {
      const book = books[index];
      if (book === undefined) continue;
      const now = timeOf(head, reader.clock());
      const month = nextPeriod(periodOf(head.timeZone, now), -1);
      const forfeits = bookForfeits(head, book, now);
      const versions = [...(book.versions ?? []), { from: month, book: pair.next }];
      const priced = { head, book: { ...book, versions }, forfeits };
      const facts = (await collectFacts(client, [priced], month, reader.meters)).get(head.account);
      if (facts === undefined) continue;
      const before = makeBill(facts, book);
      const then = makeBill(facts, { ...book, versions: [{ from: month, book: pair.next }] });
      if (isRefusal(before)) return before;
      if (isRefusal(then)) return then;
      accounts.push(comparisonOf(head.account, month, before, then));
    }
    const all = await countAccountsOfBook(client, order.book);
    return {
      ...{ book: order.book, pricesOf: order.pricesOf, accountsOfBook: all, accounts },
      next: accountsCursor.after(ids, limit, (id) => [id]),
    };
  });

const comparisonOf = (account: string, month: Period, before: Bill, then: Bill) => ({
  ...{ account, month },
  ...{ before: formatMoneyOrNull(before.total, then.currency), after: formatMoneyOrNull(then.total, then.currency) },
  difference:
    before.total === null || then.total === null
      ? null
      : formatMoney((then.total - before.total) as Money, then.currency),
});
