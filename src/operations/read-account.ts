// Reading one account: settings, balance, packs, bills in the making. Nothing here writes.

import type { ClientBase, Pool } from 'pg';
import { type MoneyEntry, standingOf } from '../core/account.ts';
import { makeBill } from '../core/bill.ts';
import { billDocument } from '../core/bill-document.ts';
import { formatInstant, type Period } from '../core/calendar.ts';
import { beforeOpening } from '../core/close.ts';
import { draftNotices } from '../core/draft-notices.ts';
import { bookForfeits, type Head, isStopped, timeOf } from '../core/head.ts';
import { type PackStanding, packState, refundableUntil } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { formatMoney, type Instant } from '../core/units.ts';
import { bookOf } from '../ledger/books.ts';
import { type AccountRow, findAccount, listAccountChanges, listAccountRows, readOpenings } from '../store/accounts.ts';
import { readHeadOf, readHeads } from '../store/heads.ts';
import { listEntries } from '../store/money.ts';
import { findPack, listPacksOf, type PackRow } from '../store/packs.ts';
import { inSnapshot } from '../store/transaction.ts';
import type { Parts } from './change.ts';
import { collectFacts } from './period-facts.ts';

interface Reading {
  readonly head: Head;
  readonly book: PriceBook;
}

export async function readHead(client: ClientBase | Pool, parts: Parts, account: string): Promise<Reading | Refusal> {
  const versioned = await readHeadOf(client, account);
  if (versioned === undefined) return refuse('NOT_FOUND', { id: account });
  return { head: versioned.head, book: await bookOf(parts.books, versioned.head.book) };
}

/** An account as its owner and operator see it. */
export function accountDocument(row: AccountRow, { head, book }: Reading, clock: Instant) {
  return {
    id: row.id,
    name: row.name,
    book: row.book,
    timeZone: head.timeZone,
    currency: book.currency,
    opened: row.opened,
    createdAt: formatInstant(head.timeZone, row.createdAt),
    postpaid: head.postpaid,
    cap: head.cap,
    suspended: head.suspended,
    serviceStopped: isStopped(head, book, timeOf(head, clock)),
    balance: formatMoney(head.balance),
  };
}

export type AccountDocument = ReturnType<typeof accountDocument>;

export async function readAccount(
  pool: ClientBase | Pool,
  parts: Parts,
  account: string,
  now: Instant,
): Promise<AccountDocument | Refusal> {
  const row = await findAccount(pool, account);
  const reading = await readHead(pool, parts, account);
  if (row === undefined || isRefusal(reading)) return refuse('NOT_FOUND', { id: account });
  return accountDocument(row, reading, now);
}

/** Accounts in order of id, after `after`. */
export async function listAccounts(
  pool: Pool,
  parts: Parts,
  page: { readonly after: string; readonly limit: number },
  now: Instant,
): Promise<AccountDocument[]> {
  const rows = await listAccountRows(pool, page.after, page.limit);
  const heads = await readHeads(
    pool,
    rows.map((row) => row.id),
  );
  const byAccount = new Map(heads.map(({ head }) => [head.account, head]));
  const documents: AccountDocument[] = [];
  for (const row of rows) {
    const head = byAccount.get(row.id);
    if (head === undefined) continue;
    documents.push(accountDocument(row, { head, book: await bookOf(parts.books, head.book) }, now));
  }
  return documents;
}

export async function readBalance(
  pool: Pool,
  parts: Parts,
  page: { readonly account: string; readonly before: number | null; readonly limit: number },
) {
  const reading = await readHead(pool, parts, page.account);
  if (isRefusal(reading)) return reading;
  const { head, book } = reading;
  const entries = await listEntries(pool, page.account, page.before, page.limit);
  return {
    account: page.account,
    currency: book.currency,
    balance: formatMoney(head.balance),
    entries: entries.map((entry) => entryDocument(entry, head.timeZone)),
  };
}

export const entryDocument = (entry: MoneyEntry, timeZone: string) => ({
  seq: entry.seq,
  kind: entry.kind,
  amount: formatMoney(entry.amount),
  balance: formatMoney(entry.balance),
  at: formatInstant(timeZone, entry.at),
  reference: entry.reference,
});

/** How the account's limits were set, newest first, and by whom. `next` continues where this page ends. */
export async function readChanges(
  pool: Pool,
  parts: Parts,
  page: { readonly account: string; readonly before: number | null; readonly limit: number },
) {
  const reading = await readHead(pool, parts, page.account);
  if (isRefusal(reading)) return reading;
  const changes = await listAccountChanges(pool, page);
  const last = changes.length < page.limit ? undefined : changes.at(-1);
  return {
    account: page.account,
    changes: changes.map(({ no: _, at, ...change }) => ({ at: formatInstant(reading.head.timeZone, at), ...change })),
    next: last === undefined ? null : String(last.no),
  };
}

/** A pack at `now`. Forfeits that are due but not booked yet are shown as booked. */
export function packDocument(standing: PackStanding, book: PriceBook, now: Instant) {
  const { facts } = standing;
  const at = (instant: Instant) => formatInstant(book.timeZone, instant);
  return {
    id: facts.id,
    product: facts.product,
    gift: facts.gift,
    calls: facts.calls,
    remaining: standing.remaining,
    held: standing.held,
    forfeited: standing.forfeited,
    state: packState(standing, now),
    price: formatMoney(facts.price),
    boughtAt: at(facts.boughtAt),
    effectiveAt: at(facts.effectiveAt),
    expiresAt: at(facts.expiresAt),
    refundableUntil: facts.gift || standing.used ? null : at(refundableUntil(book, facts)),
    refundedAt: standing.refundedAt === null ? null : at(standing.refundedAt),
  };
}

export type PackDocument = ReturnType<typeof packDocument>;

function packDocumentOf(reading: Reading, row: PackRow, clock: Instant): PackDocument {
  const { head, book } = reading;
  const now = timeOf(head, clock);
  const due = bookForfeits({ ...head, packs: head.packs.map((pack) => ({ ...pack })) }, book, now);
  const unbooked = due.find(({ pack }) => pack.no === row.facts.no);
  const standing = standingOf(head, row.facts, row);
  return packDocument(
    unbooked === undefined
      ? standing
      : {
          ...standing,
          remaining: (standing.remaining - unbooked.units) as typeof standing.remaining,
          forfeited: (standing.forfeited + unbooked.units) as typeof standing.forfeited,
        },
    book,
    now,
  );
}

export async function listPacks(pool: Pool, parts: Parts, account: string, now: Instant) {
  return inSnapshot(pool, async (client) => {
    const reading = await readHead(client, parts, account);
    if (isRefusal(reading)) return reading;
    const rows = await listPacksOf(client, account);
    return rows.map((row) => packDocumentOf(reading, row, now));
  });
}

/** Some packs by id, in that order; those that do not exist are left out. For answers inside a transaction. */
export async function readPacks(
  tx: ClientBase,
  parts: Parts,
  account: string,
  ids: readonly string[],
  now: Instant,
): Promise<PackDocument[]> {
  const reading = await readHead(tx, parts, account);
  if (isRefusal(reading)) return [];
  const documents: PackDocument[] = [];
  for (const id of ids) {
    const row = await findPack(tx, account, id);
    if (row !== undefined) documents.push(packDocumentOf(reading, row, now));
  }
  return documents;
}

/** The bill of a period as it stands: what closing it now would give. Refusals: NOT_FOUND, BEFORE_OPENING, INVALID_AMOUNT. */
export async function draftBill(
  pool: Pool,
  parts: Parts,
  order: { readonly account: string; readonly month: Period },
  clock: Instant,
) {
  return inSnapshot(pool, async (client) => {
    const reading = await readHead(client, parts, order.account);
    if (isRefusal(reading)) return reading;
    const { head, book } = reading;
    const forfeits = bookForfeits(head, book, timeOf(head, clock));
    const facts = await collectFacts(client, [{ head, forfeits }], order.month, parts.meters);
    const ofAccount = facts.get(order.account);
    if (ofAccount === undefined) return refuse('NOT_FOUND', { id: order.account });
    const openings = await readOpenings(client, [order.account]);
    const before = beforeOpening(head, ofAccount, openings.get(order.account) ?? null);
    if (before !== undefined) return before;
    const bill = makeBill(ofAccount, book);
    if (isRefusal(bill)) return bill;
    const notices = [...bill.notices, ...draftNotices(head, book, ofAccount, bill)];
    return billDocument({ ...bill, notices }, 'draft', book);
  });
}
