// Caps of accounts as they were set; what of them is used stands on the heads.

import type { ClientBase, Pool } from 'pg';
import type { NamedCap } from '../../account/head.ts';
import { readJson, writeJson } from '../../core/json.ts';
import { type Calls, callsOf, type Instant } from '../../core/units.ts';
import { type AccountRange, rangeValues, within } from '../streams/ranges.ts';
import type { MeterNumbers } from './meters.ts';

type Kept = Omit<NamedCap, 'most' | 'no'> & { readonly most: number };

/** An account's, in order of their numbers. */
export async function readCaps(client: ClientBase | Pool, account: string): Promise<NamedCap[]> {
  const { rows } = await client.query<{ no: number; cap: string }>(
    'select no, cap from caps where account_id = $1 order by no',
    [account],
  );
  return rows.map(({ no, cap }) => {
    const { most, ...kept } = readJson(cap) as Kept;
    return { no, ...kept, most: callsOf(most) };
  });
}

/** Accounts that have some. */
export async function accountsWithCaps(client: ClientBase | Pool, range: AccountRange) {
  const { rows } = await client.query<{ account_id: string }>(
    `select distinct account_id from caps
     where ${within(range).of('account_id')} order by account_id`,
    [...rangeValues(range)],
  );
  return rows.map(({ account_id }) => account_id);
}

/** In the place of the one of its number, or as a new one. */
export async function putCap(tx: ClientBase, account: string, { no, ...cap }: NamedCap, by: string, at: Instant) {
  await tx.query(
    `insert into caps (account_id, no, name, cap, at_ms, done_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (account_id, no) do update set cap = $4, at_ms = $5, done_by = $6`,
    [account, no, cap.name, writeJson(cap), at, by],
  );
}

export async function deleteCap(tx: ClientBase, account: string, no: number): Promise<void> {
  await tx.query('delete from caps where account_id = $1 and no = $2', [account, no]);
}

/** Charged calls that a cap looks at, from a moment on and before another, and how many were postpaid; those voided left out. */
export async function countEvents(
  client: ClientBase | Pool,
  account: string,
  { department, meter, key }: Pick<NamedCap, 'department' | 'meter' | 'key'>,
  { from, to }: { readonly from: Instant; readonly to: Instant },
  meters: MeterNumbers,
): Promise<{ readonly all: Calls; readonly postpaid: Calls }> {
  const { rows } = await client.query<{ meter: number; calls: string; postpaid: string }>(
    `select e.meter, sum(e.calls)::text as calls, sum(coalesce(r.postpaid, e.postpaid))::text as postpaid
     from events e
     left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id
     left join voids v on v.account_id = e.account_id and v.event_id = e.event_id
     where e.account_id = $1 and e.at_ms >= $2 and e.at_ms < $3 and e.meter is not null
       and ($4::text is null or e.department = $4)
       and ($5::text is null or exists (
         select from event_keys k where k.account_id = e.account_id and k.seq = e.seq and k.key = $5))
       and coalesce(r.outcome, e.outcome) in (0, 3) and v.seq is null
     group by e.meter`,
    [account, from, to, department, key],
  );
  const sums = { all: 0n, postpaid: 0n };
  for (const row of rows) {
    if (meter !== null && meters.idOf(row.meter) !== meter) continue;
    sums.all += BigInt(row.calls);
    sums.postpaid += BigInt(row.postpaid);
  }
  return { all: callsOf(sums.all), postpaid: callsOf(sums.postpaid) };
}
