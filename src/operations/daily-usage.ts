// An account's calls day by day from its counters, those that the head still carries included. No event is read.

import type { ClientBase } from 'pg';
import { type Head, usageKeyParts } from '../account/head.ts';
import type { Day } from '../core/calendar.ts';
import type { Payer } from '../core/settle.ts';
import { addCalls, type Calls, noCalls } from '../core/units.ts';
import { readUsageDays } from '../store/ledger/usage.ts';
import type { Parts } from './change.ts';

export interface DailyUsage {
  readonly day: Day;
  readonly meter: string;
  readonly payer: Payer;
  readonly calls: Calls;
}

/** Charged calls of the days from `from` to `to`, both included. Read in one snapshot with the head. */
export async function readDailyUsage(
  client: ClientBase,
  parts: Parts,
  head: Head,
  days: { readonly from: Day; readonly to: Day },
): Promise<DailyUsage[]> {
  const written = await readUsageDays(client, [head.account], days, parts.meters);
  const carried = [...head.usage]
    .map(([key, calls]) => ({ ...usageKeyParts(key), calls }))
    .filter(({ day }) => days.from <= day && day <= days.to);
  const sums = new Map<string, DailyUsage>();
  for (const { day, meter, payer, calls } of [...written, ...carried]) {
    if (payer === 'not-charged') continue;
    const key = `${day}|${meter}|${payer}`;
    sums.set(key, { day, meter, payer, calls: addCalls(sums.get(key)?.calls ?? noCalls, calls) });
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
