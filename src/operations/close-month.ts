// Month close: set-based, in slices of accounts, resumable: an account whose month is final is passed over.

import { hash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { closePeriod, type FinalBill, periodOpen } from '../account/close.ts';
import type { Bill } from '../core/bill.ts';
import { billDocument } from '../core/bill-document.ts';
import { finalFrom, type Period } from '../core/calendar.ts';
import { canonicalJson } from '../core/json.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { bookOf } from '../ledger/books.ts';
import { isNodeAway } from '../store/connection/failures.ts';
import { byShard } from '../store/connection/shards.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { readOpenings } from '../store/ledger/accounts.ts';
import { countBills, findBill, listAccountsToClose, listOpenTerms } from '../store/ledger/bills.ts';
import type { BillRow } from '../store/ledger/rows.ts';
import { type Change, changeAll, type Parts } from './change.ts';
import { type Failure, isolated } from './isolate.ts';
import { collectFacts, type HeadNow } from './period-facts.ts';
import type { Suanpan } from './suanpan.ts';

/** Closes one account's month, once; closing again gives the same bill. Refusals: NOT_FOUND, and those of `closePeriod`. */
export async function closeMonth(
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly month: Period },
  clock: Instant,
): Promise<BillRow | Refusal> {
  const { account, month } = order;
  const [outcome] = await closeAccounts(tx, parts, [account], month, clock);
  if (outcome === undefined) return refuseMissing('account', account);
  if (outcome.result !== 'already-final') return outcome.result;
  return (await findBill(tx, account, month)) ?? refuseMissing('bill', `${account}:${month}`);
}

interface Outcome {
  readonly account: string;
  readonly result: BillRow | Refusal | 'already-final';
}

/** An account that is not closed: refused, or its closing broke. */
export type NotClosed = { readonly account: string; readonly refusal: Refusal } | Failure;

const closeAccounts = (
  tx: ClientBase,
  parts: Parts,
  accounts: readonly string[],
  month: Period,
  clock: Instant,
): Promise<Outcome[]> =>
  changeAll(tx, parts, accounts, clock, async (changes) => {
    const closings = await closingsOf(
      tx,
      changes.filter(({ head }) => !head.finals.has(month)).map(withForfeits),
      month,
      parts.meters,
    );
    const changed: Change[] = [];
    const result = changes.map((opened): Outcome => {
      const { account } = opened.head;
      const final = closings.get(account);
      if (final === undefined) return { account, result: 'already-final' };
      if (isRefusal(final)) return { account, result: final };
      const row = billRow(final, opened);
      opened.rows.bills.push(row);
      opened.rows.entries.push({ account, entry: final.entry });
      changed.push(opened);
      return { account, result: row };
    });
    return { result, changed };
  });

/** Forfeits that this very change books are not in the database yet. */
const withForfeits = ({ rows, ...opened }: Change) => ({
  ...opened,
  forfeits: rows.forfeits.map(({ forfeit }) => forfeit),
});

/** What is closed: a head of the account's time, its due forfeits booked. */
export interface Closing extends HeadNow, Pick<Change, 'book' | 'now'> {}

/** What closing a month that is not final comes to for each account: its bill, or why there is none yet. Heads become those after it. */
export async function closingsOf(
  client: ClientBase,
  opened: readonly Closing[],
  month: Period,
  meters: Parts['meters'],
): Promise<ReadonlyMap<string, FinalBill | Refusal>> {
  const over = opened.filter(({ head, book, now }) => periodOpen(head, book, month, now) === undefined);
  const ids = over.map(({ head }) => head.account);
  const facts = over.length === 0 ? new Map() : await collectFacts(client, over, month, meters);
  const openings = over.length === 0 ? new Map() : await readOpenings(client, ids);
  return new Map(
    opened.map(({ head, book, now }) => {
      const { account } = head;
      const early = periodOpen(head, book, month, now);
      if (early !== undefined) return [account, early];
      const ofAccount = facts.get(account);
      if (ofAccount === undefined) throw new Error(`no facts of account ${account}`);
      return [account, closePeriod(head, book, ofAccount, openings.get(account) ?? null, now)];
    }),
  );
}

function billRow(final: FinalBill, { book, now }: Change): BillRow {
  const document = finalDocument(final.bill, final.no, book);
  return {
    account: final.bill.account,
    period: final.bill.month,
    no: final.no,
    seq: final.entry.seq,
    closedAt: now,
    digest: digestOf(document),
    document,
  };
}

/** The number that people quote: "acme-000012". Gap-free in each account, so that accounts can live on different machines. */
export const billNumber = (account: string, no: number): string => `${account}-${String(no).padStart(6, '0')}`;

/** A final bill as canonical JSON: what is stored, digested and recomputed. */
export const finalDocument = (bill: Bill, no: number, book: PriceBook): string =>
  canonicalJson({ number: billNumber(bill.account, no), ...billDocument(bill, 'final', book) });

export const digestOf = (document: string): string => hash('sha256', document);

export interface CloseTotal {
  readonly closed: number;
  readonly alreadyFinal: number;
  /** In order of account. */
  readonly refused: readonly NotClosed[];
}

/** When a bill of the month may be final first, in the zones and by the books of those who have none yet; undefined: all have one. */
export async function earliestFinal({ pool, books }: Suanpan, month: Period): Promise<Instant | undefined> {
  const open = await listOpenTerms(pool, month);
  const times = await Promise.all(
    open.map(async ({ book, zone }) => {
      const { policies, timeZone } = await bookOf(books, book);
      return finalFrom(zone ?? timeZone, month, policies.finalAfterDays);
    }),
  );
  return times.toSorted((a, b) => a - b)[0];
}

const sliceSize = 500;

/** Slices closed at once: one is decided while the other is written. */
const parallelSlices = 2;

/**
 * Closes a month for all accounts, or some. Metering goes on meanwhile; each slice is one transaction of its own, and an account
 * that breaks its slice is left out and named. An account that was opened later is passed over: it has no such month, so it is
 * neither closed nor refused. `progress` counts accounts. When the database goes away, slices under way are finished first and
 * none is begun.
 */
export async function closeMonths(
  suanpan: Suanpan,
  order: { readonly month: Period; readonly accounts?: readonly string[] },
  progress: (done: number, of: number) => void = () => undefined,
): Promise<CloseTotal> {
  const outcomes: (Outcome | Failure)[] = [];
  const counted = order.accounts === undefined ? await countBills(suanpan.pool, order.month) : undefined;
  const open = counted?.open ?? order.accounts?.length ?? 0;
  progress(0, open);
  const waiting = slices(suanpan, order);
  const closeSlices = async (): Promise<void> => {
    for await (const slice of waiting) {
      outcomes.push(...(await closeSlice(suanpan, slice, order.month)));
      // Accounts opened meanwhile are closed too.
      progress(outcomes.length, Math.max(outcomes.length, open));
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: parallelSlices }, closeSlices));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const total = totalOf(outcomes);
  return { ...total, alreadyFinal: total.alreadyFinal + (counted?.final ?? 0) };
}

async function closeSlice(
  suanpan: Suanpan,
  slice: readonly string[],
  month: Period,
): Promise<readonly (Outcome | Failure)[]> {
  const closing = isolated(slice, async (accounts) => {
    const outcomes = await inTransaction(suanpan.pool, (tx) =>
      closeAccounts(tx, suanpan, accounts, month, suanpan.clock()),
    );
    if (isRefusal(outcomes)) throw new Error('closing a slice is never refused as a whole');
    for (const account of accounts) suanpan.ledger.forget(account);
    return outcomes;
  });
  try {
    const { done, failures } = await closing;
    return [...done, ...failures];
  } catch (error) {
    // Accounts of a node that is lost are named, and those of the others are closed.
    if (!isNodeAway(error)) throw error;
    return slice.map((account) => ({ account, error }));
  }
}

async function* slices(
  suanpan: Suanpan,
  { month, accounts }: { readonly month: Period; readonly accounts?: readonly string[] },
): AsyncGenerator<readonly string[]> {
  if (accounts !== undefined) {
    for (let at = 0; at < accounts.length; at += sliceSize) {
      yield* await byShard(suanpan.pool, accounts.slice(at, at + sliceSize), String);
    }
    return;
  }
  for (let after = ''; ; ) {
    const ids = await listAccountsToClose(suanpan.pool, { period: month, after, limit: sliceSize });
    if (ids.length === 0) return;
    after = ids.at(-1) ?? '';
    yield* await byShard(suanpan.pool, ids, String);
  }
}

function totalOf(outcomes: readonly (Outcome | Failure)[]): CloseTotal {
  const due = outcomes.filter((each) => !isBeforeOpening(each));
  const refused = due
    .flatMap((outcome): NotClosed[] => {
      if ('error' in outcome) return [outcome];
      const { account, result } = outcome;
      return isRefusal(result) ? [{ account, refusal: result }] : [];
    })
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
  const alreadyFinal = due.filter((each) => 'result' in each && each.result === 'already-final').length;
  return { closed: due.length - refused.length - alreadyFinal, alreadyFinal, refused };
}

const isBeforeOpening = (outcome: Outcome | Failure): boolean =>
  'result' in outcome && isRefusal(outcome.result) && outcome.result.refused === 'BEFORE_OPENING';
