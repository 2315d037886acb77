// What every operation on an account is wrapped in: its head locked and brought up to the account's time, then the operation's own
// decision, then one statement that writes all that came of it. So an operation is its decision.

import type { ClientBase, Pool } from 'pg';
import { bookForfeits } from '../account/forfeits.ts';
import { type Head, timeOf } from '../account/head.ts';
import { expireHolds } from '../account/hold.ts';
import type { News } from '../account/news.ts';
import { endNews, orderNews } from '../account/orders.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import { formatMoney, type Instant } from '../core/units.ts';
import { type Books, bookOf } from '../ledger/books.ts';
import { capturedRow } from '../ledger/captured.ts';
import { readBookVersions } from '../store/ledger/book-versions.ts';
import { readContracts } from '../store/ledger/contracts.ts';
import { flushUsage, saveGroup } from '../store/ledger/group.ts';
import { lockHeads } from '../store/ledger/heads.ts';
import type { MeterNumbers } from '../store/ledger/meters.ts';
import { type EntryRow, emptyGroup, type GroupRows, tell, type VersionedHead } from '../store/ledger/rows.ts';
import { payEarlierCalls } from './earlier-calls.ts';

/** What operations need besides a transaction. */
export interface Parts {
  readonly books: Books;
  readonly meters: MeterNumbers;
}

export interface Change {
  readonly versioned: VersionedHead;
  readonly head: Head;
  readonly book: PriceBook;
  /** The account's time, at which all of the change happens. */
  readonly now: Instant;
  /** Of all the accounts that are changed together. */
  readonly rows: GroupRows;
}

/**
 * Changes one account in a transaction. Holds out of time are ended and due forfeits booked first. What `decide` refuses changes
 * nothing. Refusals: NOT_FOUND, and those of `decide`.
 */
export async function change<Result>(
  tx: ClientBase,
  parts: Parts,
  account: string,
  clock: Instant,
  decide: (change: Change) => Result | Refusal | Promise<Result | Refusal>,
): Promise<Result | Refusal> {
  const rows = emptyGroup();
  const [opened] = await lockAccounts(tx, parts, [account], clock, rows);
  if (opened === undefined) return refuseMissing('account', account);
  const result = await decide(opened);
  if (!isRefusal(result)) await save(tx, parts, [opened], rows);
  return result;
}

/** Changes several accounts in a transaction: those that `decide` gives back are saved. */
export async function changeAll<Result>(
  tx: ClientBase,
  parts: Parts,
  accounts: readonly string[],
  clock: Instant,
  decide: (changes: readonly Change[]) => Promise<{ readonly result: Result; readonly changed: readonly Change[] }>,
): Promise<Result> {
  const { result, changed } = await decide(await lockAccounts(tx, parts, accounts, clock));
  const rows = emptyGroup();
  for (const { rows: own } of changed) gather(own, rows);
  await save(tx, parts, changed, rows);
  return result;
}

/** The book of each account, with the contracts that it has agreed on. */
export async function accountBooks(
  client: ClientBase | Pool,
  { books }: Parts,
  heads: readonly Pick<Head, 'account' | 'book'>[],
): Promise<PriceBook[]> {
  const stored = await readContracts(
    client,
    heads.map(({ account }) => account),
  );
  const contracts = Map.groupBy(stored, ({ account }) => account);
  await freshen(client, books, [...new Set(heads.map(({ book }) => book))]);
  return Promise.all(
    heads.map(async (head) => {
      const book = await bookOf(books, head.book);
      const own = contracts.get(head.account);
      return own === undefined ? book : { ...book, contracts: own.map(({ contract }) => contract) };
    }),
  );
}

/** Reads the shelf again where it does not have the versions that the database has. */
export async function freshen(client: ClientBase | Pool, books: Books, ids: readonly string[]): Promise<void> {
  const rows = Map.groupBy(await readBookVersions(client, ids), ({ book }) => book);
  const isStale = ids.some((id) => {
    const known = books.find(id)?.versions ?? [];
    const stored = rows.get(id) ?? [];
    return (
      known.length !== stored.length ||
      stored.some(({ from, pricesOf }, at) => known[at]?.from !== from || known[at]?.book.id !== pricesOf)
    );
  });
  if (isStale) await books.refresh(client);
}

async function lockAccounts(
  tx: ClientBase,
  parts: Parts,
  accounts: readonly string[],
  clock: Instant,
  shared?: GroupRows,
): Promise<Change[]> {
  const changes: Change[] = [];
  const locked = await lockHeads(tx, accounts);
  const books = await accountBooks(
    tx,
    parts,
    locked.map(({ head }) => head),
  );
  for (const [index, versioned] of locked.entries()) {
    const { head } = versioned;
    const { account } = head;
    const book = books[index];
    if (book === undefined) throw new Error(`no price book of account ${account}`);
    const now = timeOf(head, clock);
    const rows = shared ?? emptyGroup();
    endExpired(head, book, now, rows);
    head.time = now;
    for (const forfeit of bookForfeits(head, book, now)) rows.forfeits.push({ account, forfeit });
    changes.push({ versioned, head, book, now, rows });
  }
  return changes;
}

function endExpired(head: Head, book: PriceBook, now: Instant, rows: GroupRows): void {
  const { account } = head;
  for (const { ended, record } of expireHolds(head, book, now)) {
    rows.holdEnds.push({ account, ended, at: now });
    const { hold } = ended;
    const call = { meter: hold.meter, outcome: 'held' } as const;
    if (record !== null) rows.events.push(capturedRow(head, { hold, record, call, facts: null }, now, rows));
  }
}

function gather(from: GroupRows, into: GroupRows): void {
  for (const kind of Object.keys(into) as (keyof GroupRows)[]) {
    const rows = into[kind] as unknown[];
    for (const row of from[kind]) rows.push(row);
  }
}

async function save(tx: ClientBase, parts: Parts, changes: readonly Change[], rows: GroupRows): Promise<void> {
  for (const opened of changes) await payEarlier(tx, parts, opened, rows);
  tellOfRows(rows, new Map(changes.map(({ head, book }) => [head.account, book.currency])));
  for (const { versioned } of changes) {
    flushUsage(versioned.head, rows.usage);
    rows.heads.push(versioned);
  }
  await saveGroup(tx, rows, parts.meters, 'command');
}

/** Whatever delivered them: packs of a book that has them pay for calls before them do so here. */
async function payEarlier(tx: ClientBase, parts: Parts, { head, book, now }: Change, rows: GroupRows): Promise<void> {
  if (book.policies.packCovers === undefined) return;
  const { account } = head;
  const delivered = rows.packs.filter((row) => row.account === account);
  const packs = delivered.map(({ pack }) => pack);
  const { news } = await payEarlierCalls(tx, { head, book, packs, now }, parts.meters, true);
  for (const { seq, pack } of delivered) {
    const told = news.get(pack.no);
    if (told !== undefined) tell(rows, account, seq, now, [told]);
  }
}

/** What the rows of commands tell by themselves. */
function tellOfRows(rows: GroupRows, currencies: ReadonlyMap<string, string>): void {
  const currencyOf = (account: string): string => currencies.get(account) ?? '';
  for (const { account, forfeit } of rows.forfeits) {
    const { seq, pack, units, bookedAt } = forfeit;
    tell(rows, account, seq, bookedAt, [{ kind: 'pack-forfeited', details: { pack: pack.no, units } }]);
  }
  for (const { account, made } of rows.orders) {
    tell(rows, account, made.seq, made.order.at, orderNews(made.order, currencyOf(account)));
  }
  for (const { account, order, ended } of rows.orderEnds) {
    tell(rows, account, ended.seq, ended.at, endNews(order, ended, currencyOf(account)));
  }
  const news = new Map<EntryRow, News>();
  const byKey = new Map(rows.entries.map((row) => [`${row.entry.seq} ${row.account}`, row]));
  const entryOf = (account: string, seq: number) => byKey.get(`${seq} ${account}`);
  for (const { account, packNo, seq } of rows.refunds) {
    const row = entryOf(account, seq);
    if (row !== undefined) news.set(row, { kind: 'pack-refunded', details: { pack: packNo } });
  }
  for (const { account, seq, period, no } of rows.bills) {
    const row = entryOf(account, seq);
    if (row !== undefined) news.set(row, { kind: 'bill-final', details: { month: period, bill: no } });
  }
  for (const row of rows.entries) {
    const { account, entry } = row;
    const first = news.get(row);
    const arrears: News[] =
      entry.arrears === undefined
        ? []
        : [{ kind: `arrears-${entry.arrears}`, details: { balance: formatMoney(entry.balance, currencyOf(account)) } }];
    tell(rows, account, entry.seq, entry.at, first === undefined ? arrears : [first, ...arrears]);
  }
}
