// Month close: set-based, in slices of accounts, resumable: an account whose month is final is passed over.

import { hash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { closePeriod, type FinalBill, periodOpen } from '../account/close.ts';
import type { Bill } from '../core/bill.ts';
import { billDocument } from '../core/bill-document.ts';
import type { Period } from '../core/calendar.ts';
import { canonicalJson } from '../core/json.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { readOpenings } from '../store/ledger/accounts.ts';
import { type BillRow, findBill, insertBills } from '../store/ledger/bills.ts';
import { insertEntries } from '../store/ledger/money.ts';
import { type Change, lockAccount, lockAccounts, type Parts, saveAccounts } from './change.ts';
import { type Failure, isolated } from './isolate.ts';
import { collectFacts } from './period-facts.ts';
import type { Suanpan } from './suanpan.ts';

/** Closes one account's month, once; closing again gives the same bill. Refusals: NOT_FOUND, and those of `closePeriod`. */
export async function closeMonth(
  tx: ClientBase,
  parts: Parts,
  order: { readonly account: string; readonly month: Period },
  clock: Instant,
): Promise<BillRow | Refusal> {
  const change = await lockAccount(tx, parts, order.account, clock);
  if (isRefusal(change)) return change;
  const [outcome] = await closeChanges(tx, parts, [change], order.month);
  if (outcome?.result === 'already-final') {
    const bill = await findBill(tx, order.account, order.month);
    return bill ?? refuseMissing('bill', `${order.account}:${order.month}`);
  }
  if (outcome === undefined) throw new Error(`closing ${order.account} gave no outcome`);
  return outcome.result;
}

interface Outcome {
  readonly account: string;
  readonly result: BillRow | Refusal | 'already-final';
}

/** An account that is not closed: refused, or its closing broke. */
export type NotClosed = { readonly account: string; readonly refusal: Refusal } | Failure;

async function closeChanges(
  tx: ClientBase,
  parts: Parts,
  changes: readonly Change[],
  month: Period,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const open: Change[] = [];
  for (const change of changes) {
    const { account } = change.head;
    const refusal = periodOpen(change.head, change.book, month, change.now);
    if (change.head.finals.has(month)) outcomes.push({ account, result: 'already-final' });
    else if (refusal !== undefined) outcomes.push({ account, result: refusal });
    else open.push(change);
  }
  if (open.length === 0) return outcomes;
  const facts = await collectFacts(tx, open, month, parts.meters);
  const openings = await readOpenings(
    tx,
    open.map(({ head }) => head.account),
  );
  const closed: { change: Change; row: BillRow; final: FinalBill }[] = [];
  for (const change of open) {
    const ofAccount = facts.get(change.head.account);
    if (ofAccount === undefined) throw new Error(`no facts of account ${change.head.account}`);
    const final = closePeriod(
      change.head,
      change.book,
      ofAccount,
      openings.get(change.head.account) ?? null,
      change.now,
    );
    if (isRefusal(final)) outcomes.push({ account: change.head.account, result: final });
    else closed.push({ change, final, row: billRow(final, change) });
  }
  await insertBills(
    tx,
    closed.map(({ row }) => row),
  );
  await insertEntries(
    tx,
    closed.map(({ change, final }) => ({ account: change.head.account, entry: final.entry })),
  );
  await saveAccounts(
    tx,
    parts,
    closed.map(({ change }) => change),
  );
  return [...outcomes, ...closed.map(({ change, row }) => ({ account: change.head.account, result: row }))];
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
  const counted = order.accounts === undefined ? await countAccounts(suanpan, order.month) : undefined;
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
  const { done, failures } = await isolated(slice, async (accounts) => {
    const outcomes = await inTransaction(suanpan.pool, async (tx) => {
      return closeChanges(tx, suanpan, await lockAccounts(tx, suanpan, accounts, suanpan.clock()), month);
    });
    if (isRefusal(outcomes)) throw new Error('closing a slice is never refused as a whole');
    for (const account of accounts) suanpan.ledger.forget(account);
    return outcomes;
  });
  return [...done, ...failures];
}

/** Accounts whose month is not final yet, and those that the closing passes over because it is. */
async function countAccounts(
  { pool }: Suanpan,
  month: Period,
): Promise<{ readonly open: number; readonly final: number }> {
  const { rows } = await pool.query<{ open: number; final: number }>(
    `select (select count(*) from accounts)::integer - final as open, final
     from (select count(*)::integer as final from bills where period = $1) f`,
    [month],
  );
  return rows[0] ?? { open: 0, final: 0 };
}

async function* slices(
  suanpan: Suanpan,
  { month, accounts }: { readonly month: Period; readonly accounts?: readonly string[] },
): AsyncGenerator<string[]> {
  if (accounts !== undefined) {
    for (let at = 0; at < accounts.length; at += sliceSize) yield accounts.slice(at, at + sliceSize);
    return;
  }
  for (let after = ''; ; ) {
    const { rows } = await suanpan.pool.query<{ account_id: string }>(
      `select account_id from accounts a where account_id > $1
         and not exists (select 1 from bills b where b.account_id = a.account_id and b.period = $2)
       order by account_id limit $3`,
      [after, month, sliceSize],
    );
    if (rows.length === 0) return;
    after = rows.at(-1)?.account_id ?? '';
    yield rows.map((row) => row.account_id);
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
