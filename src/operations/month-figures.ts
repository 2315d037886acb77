// A month of all accounts in figures, for the operator's home page: calls by who paid, packs sold, bills. Counted exactly, which reads every
// head: made in a thread.

import type { ClientBase } from 'pg';
import { usageOf } from '../account/head.ts';
import { type Day, endOfPeriod, formatInstant, type Period, startOfPeriod } from '../core/calendar.ts';
import type { Payer } from '../core/settle.ts';
import {
  addCalls,
  addMoney,
  type Calls,
  formatMoney,
  type Instant,
  type Money,
  noCalls,
  noMoney,
} from '../core/units.ts';
import { bookOf } from '../ledger/books.ts';
import { inSnapshot } from '../store/connection/transaction.ts';
import { listAccountRows } from '../store/ledger/accounts.ts';
import { readHeads } from '../store/ledger/heads.ts';
import { listBooksInUse, sumEntries, sumUsage } from '../store/ledger/month-sums.ts';
import { isolated } from './isolate.ts';
import { daysOf } from './period-facts.ts';
import type { Reader } from './suanpan.ts';

type PaidBy = 'packs' | 'postpaid' | 'notCharged';

export interface MonthFigures {
  readonly month: Period;
  readonly countedAt: string;
  readonly accounts: number;
  readonly calls: Readonly<Record<PaidBy, Calls>>;
  /** By currency: packs bought less those paid back, and bills that were charged, both in this month of the book's zone. */
  readonly money: readonly {
    readonly currency: string;
    readonly packsSold: number;
    readonly packs: string;
    readonly bills: number;
    readonly charged: string;
  }[];
}

const sliceSize = 500;

const paidBy = (payer: Payer): PaidBy =>
  payer === 'postpaid' ? 'postpaid' : payer === 'not-charged' ? 'notCharged' : 'packs';

export const readMonthFigures = (reader: Reader, month: Period, now: Instant): Promise<MonthFigures> =>
  inSnapshot(reader.pool, async (client) => {
    const days = daysOf(month);
    const calls: Record<PaidBy, Calls> = { packs: noCalls, postpaid: noCalls, notCharged: noCalls };
    const add = (payer: Payer, more: Calls): void => {
      calls[paidBy(payer)] = addCalls(calls[paidBy(payer)], more);
    };
    for (const { payer, calls: written } of await sumUsage(client, days)) add(payer, written);
    const accounts = await addCarried(client, days, add);
    return {
      month,
      countedAt: formatInstant('UTC', now),
      ...{ accounts, calls },
      money: await moneyOf(client, reader, month),
    };
  });

/** What heads have counted and not written out yet; gives the number of accounts. */
async function addCarried(
  client: ClientBase,
  days: { readonly from: Day; readonly to: Day },
  add: (payer: Payer, calls: Calls) => void,
): Promise<number> {
  let count = 0;
  for (let after = ''; ; ) {
    const rows = await listAccountRows(client, after, sliceSize, '');
    const ids = rows.map(({ id }) => id);
    const { done } = await isolated(ids, async (some) =>
      (await readHeads(client, some)).map(({ head }) => usageOf(head)),
    );
    for (const usage of done.flat()) {
      if (days.from <= usage.day && usage.day <= days.to) add(usage.payer, usage.calls);
    }
    count += rows.length;
    if (rows.length < sliceSize) return count;
    after = ids.at(-1) ?? '';
  }
}

async function moneyOf(client: ClientBase, { books }: Reader, month: Period): Promise<MonthFigures['money']> {
  const sums = new Map<string, { packsSold: number; packs: Money; bills: number; charged: Money }>();
  for (const id of await listBooksInUse(client)) {
    const { currency, timeZone } = await bookOf(books, id);
    const sum = sums.get(currency) ?? { packsSold: 0, packs: noMoney, bills: 0, charged: noMoney };
    sums.set(currency, sum);
    const span = { from: startOfPeriod(timeZone, month), to: endOfPeriod(timeZone, month) };
    for (const { kind, count, amount } of await sumEntries(client, id, span)) {
      // Entries are of the account's balance: what it pays is negative there.
      const paid = -amount as Money;
      if (kind === 'bill') {
        sum.bills += count;
        sum.charged = addMoney(sum.charged, paid);
      } else if (kind === 'purchase' || kind === 'refund') {
        sum.packsSold += kind === 'purchase' ? count : -count;
        sum.packs = addMoney(sum.packs, paid);
      }
    }
  }
  return [...sums]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([currency, { packsSold, packs, bills, charged }]) => ({
      ...{ currency, packsSold, bills },
      packs: formatMoney(packs, currency),
      charged: formatMoney(charged, currency),
    }));
}
