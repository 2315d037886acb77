// Reading bills: final ones as stored, drafts as they stand.

import { isSinceOpening } from '../account/close.ts';
import type { BillDocument } from '../core/bill-document.ts';
import { type Period, parsePeriod } from '../core/calendar.ts';
import { readJson } from '../core/json.ts';
import { isRefusal, type Refusal, refuseMissing } from '../core/refusal.ts';
import { readOpenings } from '../store/ledger/accounts.ts';
import {
  type BillPage,
  findBill,
  findBillByNo,
  findPeriodByNo,
  listBillTotals,
  type StoredBill,
} from '../store/ledger/bills.ts';
import { ordersWords } from '../words/orders.ts';
import { refuseArchived } from './archive-events.ts';
import { billsCursor } from './cursors.ts';
import { latestLayout } from './export-bill.ts';
import { draftBill } from './read-account.ts';
import type { Reader } from './suanpan.ts';

/** A bill's figures; a final one as it is sealed, with its digest. */
export type ReadBill = BillDocument & { readonly id: string; readonly number?: string; readonly digest?: string };

export interface BillReading {
  readonly account: string;
  readonly month: Period;
  /** Ledger number of a final bill; later rows do not belong to it. */
  readonly seq: number | null;
  /** How its files are laid out. */
  readonly layout: number;
  readonly document: ReadBill;
}

const finalReading = (row: StoredBill): BillReading => ({
  account: row.account,
  month: row.period,
  seq: row.seq,
  layout: row.layout,
  document: { id: `${row.account}:${row.period}`, ...(readJson(row.document) as BillDocument), digest: row.digest },
});

type BillId = { readonly account: string; readonly no: number } | { readonly account: string; readonly month: Period };

/** Whose bill an id means, and which: "acme-000001" by its number, "acme:2026-01" by its month. Undefined: it is no bill's id. */
export function parseBillId(id: string): BillId | undefined {
  const numbered = /^(.+)-(\d{6,9})$/.exec(id);
  if (numbered !== null) return { account: numbered[1] ?? '', no: Number(numbered[2]) };
  const [account = '', text = ''] = id.split(':');
  const month = parsePeriod(text);
  return month === undefined ? undefined : { account, month };
}

/** There is no such bill, and how one is named if the id cannot be a bill's. */
export const noBill = (id: string): Refusal => refuseMissing('bill', id, parseBillId(id) === undefined ? billName : {});

const billName = {
  hint: ordersWords.billIsAccount,
};

/** A bill by "account:month", or a final one by its number "account-000001". Refusals: NOT_FOUND, and INVALID_AMOUNT of a draft. */
export async function readBill(suanpan: Reader, id: string): Promise<BillReading | Refusal> {
  const { pool } = suanpan;
  const asked = parseBillId(id);
  if (asked === undefined) return noBill(id);
  const { account } = asked;
  if ('no' in asked) {
    const row = await findBillByNo(pool, account, asked.no);
    return row === undefined ? noBill(id) : finalReading(row);
  }
  const { month } = asked;
  const row = await findBill(pool, account, month);
  if (row !== undefined) return finalReading(row);
  const draft = await draftBill(pool, suanpan, { account, month }, suanpan.clock());
  // There is no such bill, in the words of the id asked for: those of the account would tell that it exists.
  if (isRefusal(draft)) return draft.refused === 'INVALID_AMOUNT' ? draft : noBill(id);
  return { account, month, seq: null, layout: latestLayout, document: { id: `${account}:${month}`, ...draft } };
}

/**
 * Whose bill of which month an id means, final or a draft. No bill is made for it, unless the account was opened after that month:
 * whether anything stands in it then is for the draft to say. Refusals: those of `readBill`.
 */
export async function findBillName(
  reader: Reader,
  id: string,
): Promise<{ readonly account: string; readonly month: Period } | Refusal> {
  const asked = parseBillId(id);
  if (asked === undefined) return noBill(id);
  const { pool } = reader;
  const { account } = asked;
  if ('no' in asked) {
    const month = await findPeriodByNo(pool, account, asked.no);
    return month === undefined ? noBill(id) : { account, month };
  }
  const opening = (await readOpenings(pool, [account])).get(account);
  if (opening === undefined) return noBill(id);
  if (isSinceOpening(asked.month, opening)) return asked;
  const bill = await readBill(reader, id);
  return isRefusal(bill) ? bill : asked;
}

/** What a HEAD asks: is there such a bill? */
export async function refuseMissingBill(reader: Reader, id: string): Promise<Refusal | undefined> {
  const named = await findBillName(reader, id);
  return isRefusal(named) ? named : undefined;
}

/** The same where the bill's calls are asked for: may they be read? */
export async function refuseMissingCalls(reader: Reader, id: string): Promise<Refusal | undefined> {
  const named = await findBillName(reader, id);
  return isRefusal(named) ? named : refuseArchived(reader.pool, named.month);
}

export interface BillSummary {
  readonly id: string;
  readonly number: string | null;
  readonly account: string;
  readonly month: string;
  readonly state: string;
  readonly prepaid: string;
  readonly postpaid: string | null;
  readonly adjustments: string | null;
  readonly total: string | null;
}

/** A page of final bills by period and account. Asked for one account's month that is not final, its draft. */
export async function listBills(
  reader: Reader,
  page: BillPage,
): Promise<{ readonly bills: readonly BillSummary[]; readonly next: string | null } | Refusal> {
  const finals = await listBillTotals(reader.pool, page);
  const bills = finals.map((bill) => summary({ id: `${bill.account}:${bill.month}`, state: 'final', ...bill }));
  if (bills.length === 0 && page.account !== null && page.period !== null && page.after === null) {
    const draft = await readBill(reader, `${page.account}:${page.period}`);
    if (!isRefusal(draft)) bills.push(summary({ number: null, ...draft.document }));
    else if (draft.refused !== 'NOT_FOUND') return draft;
  }
  const next = billsCursor.after(bills, page.limit, ({ month, account }) => [month, account]);
  return { bills, next };
}

const summary = (bill: BillSummary): BillSummary => ({
  id: bill.id,
  number: bill.number ?? null,
  account: bill.account,
  month: bill.month,
  state: bill.state,
  prepaid: bill.prepaid,
  postpaid: bill.postpaid,
  adjustments: bill.adjustments,
  total: bill.total,
});
