// An account's calls day by day from its counters, those that the head still carries included. No event is read.

import type { ClientBase } from 'pg';
import { type Head, usageOf } from '../account/head.ts';
import type { Day } from '../core/calendar.ts';
import { addUp, type DayUsage } from '../core/usage.ts';
import { readUsageDays } from '../store/ledger/usage.ts';
import type { Parts } from './change.ts';

/** Charged calls of the days from `from` to `to`, both included. Read in one snapshot with the head. */
export async function readDailyUsage(
  client: ClientBase,
  parts: Parts,
  head: Head,
  days: { readonly from: Day; readonly to: Day },
): Promise<DayUsage[]> {
  const written = await readUsageDays(client, [head.account], days, parts.meters);
  const carried = usageOf(head).filter(({ day }) => days.from <= day && day <= days.to);
  const all = addUp<DayUsage>([...written.map(({ account: _, ...usage }) => usage), ...carried]);
  return all.filter(({ payer }) => payer !== 'not-charged');
}
