// Reading one account: settings, balance, packs, bills in the making. Nothing here writes.

import type { ClientBase, Pool } from 'pg';
import { beforeOpening } from '../account/close.ts';
import { type MoneyEntry, standingOf } from '../account/commands.ts';
import { draftNotices } from '../account/draft-notices.ts';
import { bookForfeits } from '../account/forfeits.ts';
import { type Head, heldUnits, isStopped, timeOf } from '../account/head.ts';
import { makeBill } from '../core/bill.ts';
import { billDocument } from '../core/bill-document.ts';
import { formatInstant, type Period, periodOf } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import {
  isInsideLife,
  type PackFacts,
  type PackStanding,
  type PackState,
  packState,
  refundAmount,
  refundableUntil,
  refundPartOf,
  refundRefusal,
} from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuseDecimals, refuseMissing } from '../core/refusal.ts';
import { addCalls, formatMoney, type Instant, type Money, noCalls, parseMoney, subtractCalls } from '../core/units.ts';
import { bookOf } from '../ledger/books.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import {
  type AccountRow,
  findAccount,
  listAccountChanges,
  listAccountRows,
  readOpenings,
} from '../store/ledger/accounts.ts';
import { readHeadOf, readHeads } from '../store/ledger/heads.ts';
import { listEntries } from '../store/ledger/money.ts';
import { countPacks, findPacks, listPackPage, type PackRow } from '../store/ledger/packs.ts';
import { accountBooks, type Parts } from './change.ts';
import { changesCursor } from './cursors.ts';
import { isolated } from './isolate.ts';
import { collectFacts } from './period-facts.ts';

export interface Reading {
  readonly head: Head;
  readonly book: PriceBook;
}

export async function readHead(client: ClientBase | Pool, parts: Parts, account: string): Promise<Reading | Refusal> {
  const versioned = await readHeadOf(client, account);
  if (versioned === undefined) return refuseMissing('account', account);
  const [book] = await accountBooks(client, parts, [versioned.head]);
  if (book === undefined) throw new Error(`no price book of account ${account}`);
  return { head: versioned.head, book };
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
    balance: formatMoney(head.balance, book.currency),
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
  if (row === undefined || isRefusal(reading)) return refuseMissing('account', account);
  return accountDocument(row, reading, now);
}

/** What a HEAD asks: is it there? */
export async function refuseMissingAccount(
  { pool }: { readonly pool: ClientBase | Pool },
  account: string,
): Promise<Refusal | undefined> {
  return (await findAccount(pool, account)) === undefined ? refuseMissing('account', account) : undefined;
}

/** An account whose head cannot be read: `suanpan verify` says what is wrong with it. */
const damagedDocument = (row: AccountRow) => ({ id: row.id, name: row.name, book: row.book, damaged: true as const });

type ListedAccount = AccountDocument | ReturnType<typeof damagedDocument>;

export const accountStates = ['ok', 'arrears', 'stopped', 'suspended', 'damaged'] as const;
export type AccountState = (typeof accountStates)[number];

/** What stands in an account's way, the most serious first; arrears: its balance is below zero, and it is served all the same. */
function stateOf(account: ListedAccount): AccountState {
  if ('damaged' in account) return 'damaged';
  if (account.suspended) return 'suspended';
  if (account.serviceStopped) return 'stopped';
  return account.balance.startsWith('-') ? 'arrears' : 'ok';
}

interface AccountPage {
  readonly after: string;
  readonly limit: number;
  readonly search: string;
  /** Null: in any. */
  readonly state: AccountState | null;
}

/** Accounts looked at for one page of a state: a rare one may give a short page, and yet another follows. */
const mostAccountsOfPage = 1_000;

/** Accounts in order of id, after `after`. `next` is the id to go on after; null at the end. */
export async function listAccounts(pool: Pool, parts: Parts, page: AccountPage, now: Instant) {
  const { limit, state } = page;
  const looked = state === null ? limit : mostAccountsOfPage;
  const accounts = await readAccounts(pool, parts, { ...page, limit: looked }, now);
  const found = state === null ? accounts : accounts.filter((account) => stateOf(account) === state);
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : accounts.length === looked ? accounts.at(-1) : undefined;
  return { accounts: shown, next: last?.id ?? null };
}

/** One that cannot be read keeps nobody from seeing the others. */
async function readAccounts(
  pool: Pool,
  parts: Parts,
  page: Omit<AccountPage, 'state'>,
  now: Instant,
): Promise<ListedAccount[]> {
  const rows = await listAccountRows(pool, page.after, page.limit, page.search);
  const ids = rows.map((row) => row.id);
  const { done, failures } = await isolated(ids, async (some) => {
    const heads = await readHeads(pool, some);
    return Promise.all(heads.map(async ({ head }) => ({ head, book: await bookOf(parts.books, head.book) })));
  });
  const readings = new Map(done.map((reading) => [reading.head.account, reading]));
  const damaged = new Set(failures.map(({ account }) => account));
  return rows.flatMap((row): ListedAccount[] => {
    const reading = readings.get(row.id);
    if (reading !== undefined) return [accountDocument(row, reading, now)];
    return damaged.has(row.id) ? [damagedDocument(row)] : [];
  });
}

/** What a text says in an account's currency. Refusals: NOT_FOUND, INVALID_AMOUNT. */
export async function amountFor(
  client: ClientBase | Pool,
  parts: Parts,
  account: string,
  text: string,
  pointer = '/amount',
): Promise<Money | Refusal> {
  const reading = await readHead(client, parts, account);
  if (isRefusal(reading)) return reading;
  const { currency } = reading.book;
  return parseMoney(text, currency) ?? refuseDecimals(text, currency, pointer);
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
    balance: formatMoney(head.balance, book.currency),
    entries: entries.map((entry) => entryDocument(entry, head.timeZone, book.currency)),
  };
}

export const entryDocument = (entry: MoneyEntry, timeZone: string, currency: string) => ({
  seq: entry.seq,
  kind: entry.kind,
  amount: formatMoney(entry.amount, currency),
  balance: formatMoney(entry.balance, currency),
  at: formatInstant(timeZone, entry.at),
  reference: entry.reference,
});

/** What is worked out once for the many packs of one purchase: the calendar is the dear part of a pack's document. */
class PackCalendar {
  readonly #zone: string;
  readonly #book: PriceBook;
  readonly #texts = new Map<Instant, string>();
  readonly #windows = new Map<string, Instant | null>();

  constructor(zone: string, book: PriceBook) {
    this.#zone = zone;
    this.#book = book;
  }

  priceOf({ price }: PackFacts): string {
    return formatMoney(price, this.#book.currency);
  }

  at(instant: Instant): string {
    const known = this.#texts.get(instant) ?? formatInstant(this.#book.timeZone, instant);
    this.#texts.set(instant, known);
    return known;
  }

  /** What giving a pack back pays now; null where it cannot be. */
  refund(standing: PackStanding, now: Instant): string | null {
    const book = bookIn(this.#book, periodOf(this.#zone, standing.facts.boughtAt));
    const refusal = refundRefusal(book, standing, now, { until: this.#window(standing.facts) });
    return refusal === undefined ? formatMoney(refundAmount(book, standing), book.currency) : null;
  }

  refundableUntil({ facts: pack, used, remaining }: PackStanding): string | null {
    const inPart = used && remaining > noCalls && refundPartOf(this.#book, pack) !== undefined;
    if (pack.gift || (used && !inPart)) return null;
    const until = this.#window(pack);
    return until === null ? null : this.at(until);
  }

  #window(pack: PackFacts): Instant | null {
    const key = `${pack.boughtAt} ${pack.product} ${pack.calls}`;
    const known = this.#windows.get(key);
    if (known !== undefined) return known;
    const until = refundableUntil(bookIn(this.#book, periodOf(this.#zone, pack.boughtAt)), pack);
    this.#windows.set(key, until);
    return until;
  }
}

/** How the account's limits were set, newest first, and by whom. `next` continues where this page ends. */
export async function readChanges(
  pool: Pool,
  parts: Parts,
  page: { readonly account: string; readonly before: number | null; readonly limit: number },
) {
  const reading = await readHead(pool, parts, page.account);
  if (isRefusal(reading)) return reading;
  const changes = await listAccountChanges(pool, page);
  return {
    account: page.account,
    changes: changes.map(({ no: _, at, ...change }) => ({ at: formatInstant(reading.head.timeZone, at), ...change })),
    next: changesCursor.after(changes, page.limit, ({ no }) => [no]),
  };
}

/** A pack at `now`. Forfeits that are due but not booked yet are shown as booked. */
function packDocument(standing: PackStanding, calendar: PackCalendar, now: Instant) {
  const { facts } = standing;
  const at = (instant: Instant) => calendar.at(instant);
  return {
    id: facts.id,
    product: facts.product,
    gift: facts.gift,
    calls: facts.calls,
    remaining: standing.remaining,
    held: standing.held,
    forfeited: standing.forfeited,
    state: packState(standing, now),
    price: calendar.priceOf(facts),
    boughtAt: at(facts.boughtAt),
    effectiveAt: at(facts.effectiveAt),
    expiresAt: at(facts.expiresAt),
    ...(facts.department === undefined ? {} : { scope: { department: facts.department } }),
    refundableUntil: calendar.refundableUntil(standing),
    refund: calendar.refund(standing, now),
    refundedAt: standing.refundedAt === null ? null : at(standing.refundedAt),
  };
}

export type PackDocument = ReturnType<typeof packDocument>;

/** These packs as documents. What is due of the head is worked out once, and only for them. */
export function packDocuments({ head, book }: Reading, rows: readonly PackRow[], clock: Instant): PackDocument[] {
  const now = timeOf(head, clock);
  const asked = new Set(rows.map(({ facts }) => facts.no));
  const packs = head.packs.filter(({ no }) => asked.has(no));
  const narrow = { ...head, packs };
  const due = bookForfeits({ ...narrow }, book, now);
  const calendar = new PackCalendar(head.timeZone, book);
  const unbooked = new Map(due.map(({ pack, units }) => [pack.no, units]));
  return rows.map((row) => {
    const standing = standingOf(narrow, row.facts, row);
    const lost = unbooked.get(row.facts.no) ?? noCalls;
    const remaining = subtractCalls(standing.remaining, lost);
    return packDocument({ ...standing, remaining, forfeited: addCalls(standing.forfeited, lost) }, calendar, now);
  });
}

export interface PackPage {
  readonly account: string;
  /** Packs delivered after the one with this number. */
  readonly after: number;
  readonly limit: number;
  /** Null: in any state. */
  readonly state: PackState | null;
}

/** Rows looked at for one page: a page of a rare state may hold fewer than asked for, and yet another follows. */
const mostRowsOfPage = 1_000;

/** Packs in order of delivery, and how many the account has in each state. `next` is the number to go on after; null at the end. */
export const listPacks = (pool: Pool, parts: Parts, page: PackPage, now: Instant) =>
  inSnapshot(pool, async (client) => {
    const reading = await readHead(client, parts, page.account);
    if (isRefusal(reading)) return reading;
    const { packs, next } = await readPackPage(client, reading, page, now);
    return { account: page.account, packs, counts: await countStates(client, reading, now), next };
  });

/** A page of it alone. */
export async function readPackPage(client: ClientBase, reading: Reading, page: PackPage, now: Instant) {
  const { limit, state } = page;
  const looked = state === null ? limit : mostRowsOfPage;
  const rows = await listPackPage(client, { ...page, limit: looked });
  const documents = packDocuments(reading, rows, now);
  const found = documents.flatMap((pack, index) =>
    state === null || pack.state === state ? [{ pack, no: rows[index]?.facts.no ?? 0 }] : [],
  );
  const packs = found.slice(0, limit).map(({ pack }) => pack);
  const cut = found.length > limit ? found[limit - 1]?.no : undefined;
  const last = rows.length === looked ? rows.at(-1)?.facts.no : undefined;
  return { packs, next: cut ?? last ?? null };
}

/** How many of an account's packs are in each state. Of those within their life only a live one can have something left. */
async function countStates(client: ClientBase, { head }: Reading, clock: Instant): Promise<Record<PackState, number>> {
  const now = timeOf(head, clock);
  const { alive, ...counts } = await countPacks(client, head.account, now);
  const active = head.packs.filter(
    (pack) => isInsideLife(pack, now) && (pack.remaining > noCalls || heldUnits(head, pack.no) > noCalls),
  ).length;
  return { ...counts, active, exhausted: alive - active };
}

/** Some packs by id, in order of delivery; those that do not exist are left out. For answers inside a transaction. */
export async function readPacks(
  tx: ClientBase,
  parts: Parts,
  account: string,
  ids: readonly string[],
  now: Instant,
): Promise<PackDocument[]> {
  const reading = await readHead(tx, parts, account);
  return isRefusal(reading) ? [] : packDocuments(reading, await findPacks(tx, account, ids), now);
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
    const facts = await collectFacts(client, [{ head, book, forfeits }], order.month, parts.meters);
    const ofAccount = facts.get(order.account);
    if (ofAccount === undefined) return refuseMissing('account', order.account);
    const openings = await readOpenings(client, [order.account]);
    const before = beforeOpening(head, ofAccount, openings.get(order.account) ?? null);
    if (before !== undefined) return before;
    const bill = makeBill(ofAccount, book);
    if (isRefusal(bill)) return bill;
    const notices = [...bill.notices, ...draftNotices(head, book, ofAccount, bill)];
    return billDocument({ ...bill, notices }, 'draft', book);
  });
}
