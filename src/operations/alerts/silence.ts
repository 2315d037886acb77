// An account that has gone silent against its own rhythm, and one that is back. A rhythm is what it did in the same hours of each of
// the last four weeks: a weekend, a night or a monthly batch is no silence. Source: docs/decisions/0025.

import type { ClientBase } from 'pg';
import type { NewAlert } from '../../account/alerts.ts';
import { isStopped } from '../../account/head.ts';
import type { Standing } from '../../account/time-alerts.ts';
import { dayOf, formatInstant } from '../../core/calendar.ts';
import { type Instant, instantOf, sumCalls } from '../../core/units.ts';
import { dayAfter } from '../../forecast/days.ts';
import {
  calledBetween,
  firstCallAfter,
  lastCalls,
  usualDelay,
  usualStretches,
  wasAuthorisedAfter,
} from '../../store/ledger/activity.ts';
import { alreadySaid, openAlerts } from '../../store/ledger/alerts.ts';
import type { Parts } from '../change.ts';
import { readDailyUsage } from '../daily-usage.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** So many hours, or days, that always had calls have passed without one. */
const hours = { length: hour, most: 168, fewest: 3 };
const days = { length: day, most: 14, fewest: 2 };

/** Who has been silent for longer was so before anybody could have said it. */
const longestSilence = 15 * day;

/** Those that have gone silent, and those that were said to be and are not any more. */
export async function silenceAlerts(tx: ClientBase, parts: Parts, standings: readonly Standing[]): Promise<NewAlert[]> {
  const accounts = standings.map(({ head }) => head.account);
  const [last, open] = [
    await lastCalls(tx, accounts),
    await openAlerts(tx, accounts, 'account-silent', 'account-back'),
  ];
  const alerts: NewAlert[] = [];
  const zones = new Map(standings.map(({ head }) => [head.account, head.timeZone]));
  for (const { account, once, endOnce } of open) {
    const since = instantOf(Number(once.slice(once.indexOf(':') + 1)));
    if ((last.get(account) ?? since) <= since) continue;
    const first = await firstCallAfter(tx, account, since);
    if (first === undefined) continue;
    const zone = zones.get(account) ?? 'UTC';
    const details = { lastCall: formatInstant(zone, since), firstCall: formatInstant(zone, first) };
    alerts.push({ account, kind: 'account-back', at: first, details, once: endOnce });
  }
  const quiet = standings.flatMap((standing) => {
    const { head, book, now } = standing;
    const at = last.get(head.account);
    const isQuiet = at !== undefined && now - at >= hours.fewest * hour && now - at < longestSilence;
    // A stopped account is told of as that.
    if (!isQuiet || head.suspended || isStopped(head, book, now)) return [];
    return [{ standing, last: at, account: head.account, once: `account-silent:${at}` }];
  });
  const said = await alreadySaid(tx, quiet);
  for (const each of quiet) {
    if (said.has(`${each.account} ${each.once}`) || !(await isUnusual(tx, each.account, each))) continue;
    alerts.push(await silentAlert(tx, parts, each));
  }
  return alerts;
}

interface Quiet {
  readonly standing: Standing;
  readonly last: Instant;
  readonly account: string;
  readonly once: string;
}

async function isUnusual(tx: ClientBase, account: string, { standing, last }: Quiet): Promise<boolean> {
  const until = instantOf(standing.now - (await usualDelay(tx, account, last)));
  if (until - last < hours.fewest * hour) return false;
  const reaches = async (stretch: typeof hours) =>
    (await usualStretches(tx, account, { last, until }, stretch)) >= stretch.fewest;
  // Hours are counted when one more of them may have passed: not all through each night of each account.
  const lastWeek = until - 7 * day;
  if (await calledBetween(tx, account, instantOf(lastWeek - hour), instantOf(lastWeek))) {
    if (await reaches(hours)) return true;
  }
  return until - last >= days.fewest * day && (await reaches(days));
}

/** Which it looks like: calls that stopped at once, or calls that were authorised since, say that the reporting is broken. */
async function silentAlert(tx: ClientBase, parts: Parts, { standing, last, account, once }: Quiet): Promise<NewAlert> {
  const { head, now } = standing;
  const lastDay = dayOf(head.timeZone, last);
  const usage = await readDailyUsage(tx, parts, head, { from: dayAfter(lastDay, -27), to: lastDay });
  const lastWeek = dayAfter(lastDay, -6);
  const week = sumCalls(usage.filter((each) => each.day >= lastWeek).map(({ calls }) => calls));
  const before = sumCalls(usage.filter((each) => each.day < lastWeek).map(({ calls }) => calls));
  const hasFaded = 6n * week < before && !(await wasAuthorisedAfter(tx, account, last));
  const details = {
    lastCall: formatInstant(head.timeZone, last),
    usualPerDay: (before + week + 14n) / 28n,
    looksLike: hasFaded ? 'no-usage' : 'metering-broken',
  };
  return { account, kind: 'account-silent', at: now, details, once };
}
