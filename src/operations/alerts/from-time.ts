// Alerts that time brings: accounts are looked at in slices, and what is due and was never said is said. Whatever was missed while no
// server ran is caught up, as far as it still means something. Source: docs/decisions/0025.

import type { ClientBase } from 'pg';
import { heldDetails, type NewAlert } from '../../account/alerts.ts';
import { isStopped, timeOf, usageOf } from '../../account/head.ts';
import {
  balanceOf,
  expiriesOf,
  expiryAlert,
  monthsNearUnpriced,
  paceDays,
  type Standing,
  stopAlert,
  unpricedAlerts,
} from '../../account/time-alerts.ts';
import { dayOf, periodOfDay } from '../../core/calendar.ts';
import { bookIn } from '../../core/contract.ts';
import { countedOf } from '../../core/counted.ts';
import { isRefusal } from '../../core/refusal.ts';
import { dayMetersOf, periodUsage } from '../../core/usage.ts';
import { dayAfter } from '../../forecast/days.ts';
import { inTransaction } from '../../store/connection/transaction.ts';
import { listAccountRows } from '../../store/ledger/accounts.ts';
import { readAlertSettings } from '../../store/ledger/alert-settings.ts';
import { alreadySaid, insertAlerts, openAlerts } from '../../store/ledger/alerts.ts';
import { readHeads } from '../../store/ledger/heads.ts';
import { waitingHeld } from '../../store/ledger/held.ts';
import type { JobResult } from '../../store/ledger/jobs.ts';
import { readUsageTotals } from '../../store/ledger/usage.ts';
import { accountBooks, type Parts } from '../change.ts';
import { readDailyUsage } from '../daily-usage.ts';
import { isolated } from '../isolate.ts';
import { daysOf } from '../period-facts.ts';
import type { Suanpan } from '../suanpan.ts';
import { silenceAlerts } from './silence.ts';

/** Accounts whose heads are looked at in one turn of the loop. */
const sliceSize = 50;

/** Looks at all accounts. `done` counts alerts. */
export async function raiseFromTime(suanpan: Suanpan, stop: AbortSignal): Promise<JobResult> {
  let [done, failed] = [0, 0];
  for (let after = ''; !stop.aborted; ) {
    const rows = await listAccountRows(suanpan.pool, after, sliceSize);
    if (rows.length === 0) break;
    after = rows.at(-1)?.id ?? '';
    const outcome = await isolated(
      rows.map(({ id }) => id),
      (accounts) => raiseSlice(suanpan, accounts),
    );
    done += outcome.done.length;
    failed += outcome.failures.length;
  }
  return { done, waiting: 0, failed };
}

/** What was new, as `account once`. Heads are read, not locked: nothing but alerts is written. */
async function raiseSlice(suanpan: Suanpan, accounts: readonly string[]): Promise<string[]> {
  const said = await inTransaction(suanpan.pool, async (tx) => {
    const standings = await standingsOf(tx, suanpan, accounts);
    const due = [
      ...(await dueExpiries(tx, suanpan, standings)),
      ...(await serviceAlerts(tx, standings)),
      ...(await dueUnpriced(tx, suanpan, standings)),
      ...(await stillHeld(tx, standings)),
      ...(await silenceAlerts(tx, suanpan, standings)),
    ];
    const settings = new Map(standings.map((each) => [each.head.account, each.settings]));
    const wanted = due.filter(({ account, kind }) => !settings.get(account)?.off.includes(kind));
    return insertAlerts(tx, wanted);
  });
  if (isRefusal(said)) throw new Error('telling is never refused');
  return [...said];
}

async function standingsOf(tx: ClientBase, suanpan: Suanpan, accounts: readonly string[]): Promise<Standing[]> {
  const heads = await readHeads(tx, accounts);
  const books = await accountBooks(
    tx,
    suanpan,
    heads.map(({ head }) => head),
  );
  const settings = await readAlertSettings(tx, accounts);
  return heads.flatMap(({ head }, index) => {
    const [book, own] = [books[index], settings.get(head.account)];
    return book === undefined || own === undefined
      ? []
      : [{ head, book, now: timeOf(head, suanpan.clock()), settings: own }];
  });
}

async function dueExpiries(tx: ClientBase, parts: Parts, standings: readonly Standing[]): Promise<NewAlert[]> {
  const near = standings.flatMap(expiriesOf);
  const said = await alreadySaid(tx, near);
  const alerts: NewAlert[] = [];
  const due = near.filter(({ account, once }) => !said.has(`${account} ${once}`));
  for (const [standing, own] of Map.groupBy(due, (expiry) => expiry.standing)) {
    const { head, now } = standing;
    const today = dayOf(head.timeZone, now);
    const days = { from: dayAfter(today, -paceDays), to: dayAfter(today, -1) };
    const usage = await readDailyUsage(tx, parts, head, days);
    for (const expiry of own) alerts.push(expiryAlert(expiry, usage));
  }
  return alerts;
}

/** Service stopped; and restored where the top-up was not seen to end a stop, because the stop was said only after it. */
async function serviceAlerts(tx: ClientBase, standings: readonly Standing[]): Promise<NewAlert[]> {
  const stopped = standings.flatMap((standing) => stopAlert(standing) ?? []);
  const byAccount = new Map(standings.map((standing) => [standing.head.account, standing]));
  const open = await openAlerts(tx, [...byAccount.keys()], 'service-stopped', 'service-restored');
  const restored = open.flatMap(({ account, endOnce }): NewAlert[] => {
    const standing = byAccount.get(account);
    if (standing === undefined || isStopped(standing.head, standing.book, standing.now)) return [];
    const { head, book, now } = standing;
    return [{ account, kind: 'service-restored', at: now, details: balanceOf(head, book), once: endOnce }];
  });
  return [...stopped, ...restored];
}

const week = 7 * 86_400_000;

/** Held events that nobody has decided for a week, and for each week more. */
async function stillHeld(tx: ClientBase, standings: readonly Standing[]): Promise<NewAlert[]> {
  const byAccount = new Map(standings.map((standing) => [standing.head.account, standing]));
  const waiting = await waitingHeld(tx, [...byAccount.keys()]);
  return waiting.flatMap((held): NewAlert[] => {
    const { account, first, since } = held;
    const standing = byAccount.get(account);
    const weeks = standing === undefined ? 0 : Math.floor((standing.now - since) / week);
    if (standing === undefined || weeks < 1) return [];
    const { now, head } = standing;
    const once = `events-held:${first}:${weeks}w`;
    return [{ account, kind: 'events-held', at: now, details: heldDetails(held, head.timeZone), once }];
  });
}

async function dueUnpriced(tx: ClientBase, { meters }: Parts, standings: readonly Standing[]): Promise<NewAlert[]> {
  const near = standings.flatMap((standing) => monthsNearUnpriced(standing).map((month) => ({ standing, month })));
  const alerts: NewAlert[] = [];
  for (const [month, some] of Map.groupBy(near, (each) => each.month)) {
    const accounts = some.map(({ standing }) => standing.head.account);
    const byDay = dayMetersOf(new Set(some.map(({ standing }) => standing.book)));
    const written = await readUsageTotals(tx, accounts, daysOf(month), meters, byDay);
    const byAccount = Map.groupBy(written, ({ account }) => account);
    for (const { standing } of some) {
      const { head, book } = standing;
      const carried = usageOf(head).filter(({ day }) => periodOfDay(day) === month);
      const usage = periodUsage(book, [...(byAccount.get(head.account) ?? []), ...carried]);
      alerts.push(...unpricedAlerts(standing, month, countedOf(usage, bookIn(book, month))));
    }
  }
  return alerts;
}
