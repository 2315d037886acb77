// Counters: calls by day, meter and payer, and corrections of final periods. Written by group.ts, read for bills and reports.

import type { ClientBase, Pool } from 'pg';
import type { Day, Period } from '../../core/calendar.ts';
import type { Quantities } from '../../core/rate.ts';
import type { Payer } from '../../core/settle.ts';
import { type Calls, callsOf } from '../../core/units.ts';
import type { DayUsage, UsageTotal } from '../../core/usage.ts';
import type { MeterNumbers } from './meters.ts';
import type { UsageRow } from './rows.ts';

/** The written counters of the days from `from` to `to`, both included. The heads' own come on top. */
export async function readUsageDays(
  client: ClientBase | Pool,
  accounts: readonly string[],
  days: { readonly from: Day; readonly to: Day },
  meters: MeterNumbers,
): Promise<UsageRow[]> {
  const { rows } = await client.query<{
    account_id: string;
    day: string;
    meter: number;
    payer: Payer;
    calls: bigint;
  }>(
    `select account_id, to_char(day, 'YYYY-MM-DD') as day, meter, payer, calls from usage_days
     where account_id = any($1::text[]) and day between $2 and $3`,
    [accounts, days.from, days.to],
  );
  return rows.map((row) => ({
    account: row.account_id,
    day: row.day as Day,
    meter: meters.idOf(row.meter),
    payer: row.payer,
    calls: callsOf(row.calls),
  }));
}

/** The same summed over the days: what a bill needs, in one row a meter and payer; of the meters `byDay` in one a day. */
export async function readUsageTotals(
  client: ClientBase | Pool,
  accounts: readonly string[],
  days: { readonly from: Day; readonly to: Day },
  meters: MeterNumbers,
  byDay: readonly string[] = [],
): Promise<UsageSum[]> {
  if (byDay.length > 0) return readUsageWithDays(client, accounts, days, meters, byDay);
  const { rows } = await client.query<{ account_id: string; meter: number; payer: Payer; calls: string }>(
    `select account_id, meter, payer, sum(calls)::text as calls from usage_days
     where account_id = any($1::text[]) and day between $2 and $3 group by account_id, meter, payer`,
    [accounts, days.from, days.to],
  );
  return rows.map((row) => ({
    account: row.account_id,
    meter: meters.idOf(row.meter),
    payer: row.payer,
    calls: callsOf(BigInt(row.calls)),
  }));
}

async function readUsageWithDays(
  client: ClientBase | Pool,
  accounts: readonly string[],
  days: { readonly from: Day; readonly to: Day },
  meters: MeterNumbers,
  byDay: readonly string[],
): Promise<UsageSum[]> {
  const { rows } = await client.query<{
    account_id: string;
    day: string | null;
    meter: number;
    payer: Payer;
    calls: string;
  }>(
    `select account_id, to_char(counted, 'YYYY-MM-DD') as day, meter, payer, sum(calls)::text as calls
     from (select *, case when meter = any($4::smallint[]) then day end as counted from usage_days
           where account_id = any($1::text[]) and day between $2 and $3) as u
     group by account_id, counted, meter, payer`,
    [accounts, days.from, days.to, byDay.map((meter) => meters.numberOf(meter))],
  );
  return rows.map((row) => ({
    account: row.account_id,
    ...(row.day === null ? {} : { day: row.day as Day }),
    meter: meters.idOf(row.meter),
    payer: row.payer,
    calls: callsOf(BigInt(row.calls)),
  }));
}

/** The written counters of one payer, by day and meter. */
export async function readUsageOfPayer(
  client: ClientBase | Pool,
  account: string,
  payer: Payer,
  days: { readonly from: Day; readonly to: Day },
  meters: MeterNumbers,
): Promise<DayUsage[]> {
  const { rows } = await client.query<{ day: string; meter: number; calls: bigint }>({
    name: 'read-usage-of-payer',
    text: `select to_char(day, 'YYYY-MM-DD') as day, meter, calls from usage_days
           where account_id = $1 and day between $2 and $3 and payer = $4 order by day, meter`,
    values: [account, days.from, days.to, payer],
  });
  return rows.map(({ day, meter, calls }) => ({
    day: day as Day,
    meter: meters.idOf(meter),
    payer,
    calls: callsOf(calls),
  }));
}

/** Whether an account has more than `most` written counters of these days. Costs no more than counting so many. */
export async function hasMoreUsage(
  client: ClientBase | Pool,
  account: string,
  days: { readonly from: Day; readonly to: Day },
  most: number,
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'has-more-usage',
    text: 'select 1 from usage_days where account_id = $1 and day between $2 and $3 offset $4 limit 1',
    values: [account, days.from, days.to, most],
  });
  return rowCount === 1;
}

export interface UsageSum extends UsageTotal {
  readonly account: string;
}

export interface StoredCorrection extends Quantities {
  readonly account: string;
  readonly period: Period;
  readonly arrival: Period;
  /** Of the calls, where they are counted by the day. */
  readonly day?: Day;
  readonly meter: string;
}

/** All corrections of the periods of these accounts that have one arriving in `arrival`. */
export async function readCorrections(
  client: ClientBase | Pool,
  accounts: readonly string[],
  arrival: Period,
  meters: MeterNumbers,
): Promise<StoredCorrection[]> {
  const { rows } = await client.query<{
    account_id: string;
    period: string;
    arrival: string;
    day: string;
    meter: number;
    postpaid: bigint;
    drawn: bigint;
  }>(
    `select account_id, period, arrival, meter, day, postpaid, drawn from corrections
     where (account_id, period) in (
       select account_id, period from corrections where account_id = any($1::text[]) and arrival = $2)
     order by account_id, period, arrival, meter, day`,
    [accounts, arrival],
  );
  return rows.map((row) => ({
    account: row.account_id,
    period: row.period as Period,
    arrival: row.arrival as Period,
    ...(row.day === '' ? {} : { day: row.day as Day }),
    meter: meters.idOf(row.meter),
    postpaid: row.postpaid as Calls,
    drawn: row.drawn as Calls,
  }));
}
