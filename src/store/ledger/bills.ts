// Final bills: immutable documents with a number and a digest. The database refuses to change them.

import type { ClientBase, Pool } from 'pg';
import type { Period } from '../../core/calendar.ts';
import { instantOf } from '../../core/units.ts';
import { type Engine, namedAgain } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import type { BillRow } from './rows.ts';

interface Row {
  account_id: string;
  period: string;
  bill_no: number;
  seq: bigint;
  closed_ms: bigint;
  digest: string;
  document: string;
  layout: number;
}

/** A bill as it is kept; `layout`: how its files are laid out. */
export interface StoredBill extends BillRow {
  readonly layout: number;
}

const read = (row: Row): StoredBill => ({
  account: row.account_id,
  period: row.period as Period,
  no: row.bill_no,
  seq: Number(row.seq),
  closedAt: instantOf(Number(row.closed_ms)),
  digest: row.digest,
  document: row.document,
  layout: row.layout,
});

export async function findBill(
  client: ClientBase | Pool,
  account: string,
  period: Period,
): Promise<StoredBill | undefined> {
  const { rows } = await client.query<Row>('select * from bills where account_id = $1 and period = $2', [
    account,
    period,
  ]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

/** The period of a final bill, without the bill. */
export async function findPeriodByNo(
  client: ClientBase | Pool,
  account: string,
  no: number,
): Promise<Period | undefined> {
  const { rows } = await client.query<{ period: Period }>(
    'select period from bills where account_id = $1 and bill_no = $2',
    [account, no],
  );
  return rows[0]?.period;
}

export async function findBillByNo(
  client: ClientBase | Pool,
  account: string,
  no: number,
): Promise<StoredBill | undefined> {
  const { rows } = await client.query<Row>('select * from bills where account_id = $1 and bill_no = $2', [account, no]);
  return rows[0] === undefined ? undefined : read(rows[0]);
}

export interface BillPage {
  readonly account: string | null;
  readonly period: Period | null;
  /** Null: from the first. */
  readonly after: { readonly period: string; readonly account: string } | null;
  readonly limit: number;
}

/** What a list says of a final bill: its names and its totals, as its document has them. */
export interface BillTotals {
  readonly account: string;
  readonly month: Period;
  readonly number: string;
  readonly prepaid: string;
  readonly postpaid: string;
  readonly adjustments: string;
  readonly total: string;
}

/**
 * Final bills in order of period then account; of one account, one period, or all. The database reads the documents: two hundred
 * with thousands of lines each are too much for the thread that answers everybody.
 */
export async function listBillTotals(client: ClientBase | Pool, page: BillPage): Promise<BillTotals[]> {
  const { rows } = await client.query<BillTotals>(
    `select b.account_id as account, b.period as month, d.*
     from bills b,
       json_to_record(b.document::json) as d(number text, prepaid text, postpaid text, adjustments text, total text)
     where ($1::text is null or account_id = $1) and ($2::text is null or period = $2) and (period, account_id) > ($3, $4)
     order by period, account_id limit $5`,
    [page.account, page.period, page.after?.period ?? '', page.after?.account ?? '', page.limit],
  );
  return rows;
}

/** The totals of final bills, by account and month. */
export async function findBillTotals(
  client: ClientBase | Pool,
  keys: readonly { readonly account: string; readonly month: string }[],
): Promise<Pick<BillTotals, 'account' | 'month' | 'number' | 'total'>[]> {
  const { rows } = await client.query<Pick<BillTotals, 'account' | 'month' | 'number' | 'total'>>(
    `select b.account_id as account, b.period as month, d.*
     from bills b, json_to_record(b.document::json) as d(number text, total text)
     where (b.account_id, b.period) in (select unnest($1::text[]), unnest($2::text[]))${namedAgain(engineOf(client), 'b.account_id', '$1')}`,
    [keys.map(({ account }) => account), keys.map(({ month }) => month)],
  );
  return rows;
}

/**
 * An account that was opened after a period, with nothing in it: neither calls, nor packs, nor corrections. It has no such month, and
 * nobody locks its head to find that out: there may be a hundred thousand of them, hour after hour. In doubt (a day either way, the
 * month's name anywhere in the head) it is looked at.
 */
const hasNoSuchMonth = (period: string): string => {
  const next = `((${period} || '-01')::date + interval '1 month')`;
  return `(case when a.opened_on is null then a.created_ms >= extract(epoch from ${next} + interval '1 day') * 1000
      else a.opened_on >= ${next} end
    and exists (select from account_heads h where h.account_id = a.account_id and strpos(h.state, ${period}) = 0)
    and not exists (select from usage_days u where u.account_id = a.account_id and u.day >= (${period} || '-01')::date and u.day < ${next})
    and not exists (select from packs p where p.account_id = a.account_id and p.bought_ms < extract(epoch from ${next} + interval '1 day') * 1000)
    and not exists (select from corrections c where c.account_id = a.account_id and c.arrival = ${period}))`;
};

/** Where accounts are the same on every node a question of each of them begins with what is spread. */
const accountsOn: Readonly<Record<Engine, string>> = {
  postgresql: 'accounts a',
  citus: 'account_heads spread join accounts a on a.account_id = spread.account_id',
};

const isOpen = (period: string): string =>
  `not exists (select from bills b where b.account_id = a.account_id and b.period = ${period}) and not ${hasNoSuchMonth(period)}`;

/** Accounts whose month is not final yet, and those that a closing passes over because it is. */
export async function countBills(
  pool: Pool,
  period: Period,
): Promise<{ readonly open: number; readonly final: number }> {
  const { rows } = await pool.query<{ open: number; final: number }>({
    name: 'count-bills',
    text: `select (select count(*)::integer from ${accountsOn[engineOf(pool)]} where ${isOpen('$1::text')}) as open,
       (select count(*)::integer from bills where period = $1) as final`,
    values: [period],
  });
  return rows[0] ?? { open: 0, final: 0 };
}

/** Accounts that have such a month and no final bill of it, in order of id, after `after`. */
export async function listAccountsToClose(
  pool: ClientBase | Pool,
  { period, after, limit }: { readonly period: Period; readonly after: string; readonly limit: number },
): Promise<string[]> {
  const { rows } = await pool.query<{ account_id: string }>({
    name: 'list-accounts-to-close',
    text: `select a.account_id from ${accountsOn[engineOf(pool)]} where a.account_id > $1 and ${isOpen('$2::text')} order by a.account_id limit $3`,
    values: [after, period, limit],
  });
  return rows.map((row) => row.account_id);
}

/** The books and zones of accounts that have such a month and no final bill of it. */
export async function listOpenTerms(
  pool: Pool,
  period: Period,
): Promise<{ readonly book: string; readonly zone: string | null }[]> {
  const { rows } = await pool.query<{ book: string; zone: string | null }>({
    // The jobs ask for seven months every hour: the plan is kept.
    name: 'list-open-terms',
    text: `select distinct a.book_id as book, a.time_zone as zone from ${accountsOn[engineOf(pool)]}
     where ${isOpen('$1::text')}`,
    values: [period],
  });
  return rows;
}
