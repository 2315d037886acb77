// When an account called: what its silence is judged by. Every question is a few steps in the index by time, whatever the account's size.

import type { ClientBase, Pool } from 'pg';
import { type Instant, instantOf } from '../../core/units.ts';
import type { Engine } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';

/** One step in the index for each; an engine that spreads does not take the question of an array's element, and groups what it has of them. */
const lastCallsOn: Readonly<Record<Engine, string>> = {
  postgresql: `select account_id, (select max(at_ms) from events e where e.account_id = u.account_id) as last
     from unnest($1::text[]) as u(account_id)`,
  citus: 'select account_id, max(at_ms) as last from events where account_id = any($1::text[]) group by account_id',
};

/** The latest call of each of these accounts that has one. */
export async function lastCalls(client: ClientBase | Pool, accounts: readonly string[]): Promise<Map<string, Instant>> {
  const { rows } = await client.query<{ account_id: string; last: bigint | null }>(lastCallsOn[engineOf(client)], [
    accounts,
  ]);
  return new Map(
    rows.flatMap(({ account_id, last }) => (last === null ? [] : [[account_id, instantOf(Number(last))]])),
  );
}

/** The first call after a moment; undefined when there is none. */
export async function firstCallAfter(
  client: ClientBase | Pool,
  account: string,
  after: Instant,
): Promise<Instant | undefined> {
  const { rows } = await client.query<{ first: bigint | null }>(
    'select min(at_ms) as first from events where account_id = $1 and at_ms > $2',
    [account, after],
  );
  const first = rows[0]?.first ?? null;
  return first === null ? undefined : instantOf(Number(first));
}

/**
 * How long after a call its event usually arrives, milliseconds: the middle one of the first calls of each of the fourteen days before.
 * Whoever reports once a day is not silent in between.
 */
export async function usualDelay(client: ClientBase | Pool, account: string, last: Instant): Promise<number> {
  const { rows } = await client.query<{ delay: bigint | null }>(
    `select percentile_disc(0.5) within group (order by delay) as delay from (
       select (select e.received_ms - e.at_ms from events e
               where e.account_id = $1 and e.at_ms > $2::bigint - d * 86400000 and e.at_ms <= $2::bigint - (d - 1) * 86400000
               order by e.at_ms, e.seq limit 1) as delay
       from generate_series(1::bigint, 14) d) each_day where delay is not null`,
    [account, last],
  );
  return Math.max(0, Number(rows[0]?.delay ?? 0));
}

/**
 * Whole stretches of `length` milliseconds between the last call and `until`, counted back from there, at most so many, in which
 * there were calls in each of the last four weeks before the silence.
 */
export async function usualStretches(
  client: ClientBase | Pool,
  account: string,
  silence: { readonly last: Instant; readonly until: Instant },
  { length, most }: { readonly length: number; readonly most: number },
): Promise<number> {
  const week = 604_800_000;
  const { rows } = await client.query<{ usual: number }>(
    `select count(*)::integer as usual from (
       select $3::bigint - (i + 1) * $4 as from_ms, $3::bigint - i * $4 as to_ms
       from generate_series(0::bigint, $5) i where $3::bigint - (i + 1) * $4 >= $2::bigint) s
     where (select bool_and(exists (
              select 1 from events e where e.account_id = $1
                and e.at_ms >= s.from_ms - w * $6::bigint and e.at_ms < s.to_ms - w * $6::bigint))
            from (select (s.to_ms - $2::bigint + $6::bigint - 1) / $6::bigint as first) f, generate_series(f.first, f.first + 3) w)`,
    [account, silence.last, silence.until, length, most - 1, week],
  );
  return rows[0]?.usual ?? 0;
}

/** Whether there was a call between two moments, the first included. */
export async function calledBetween(
  client: ClientBase | Pool,
  account: string,
  from: Instant,
  to: Instant,
): Promise<boolean> {
  const { rowCount } = await client.query(
    'select 1 from events where account_id = $1 and at_ms >= $2 and at_ms < $3 limit 1',
    [account, from, to],
  );
  return rowCount === 1;
}

/** Whether calls were authorised after a moment: then there is use, whatever is reported. */
export async function wasAuthorisedAfter(client: ClientBase | Pool, account: string, after: Instant): Promise<boolean> {
  const { rowCount } = await client.query('select 1 from holds where account_id = $1 and at_ms > $2 limit 1', [
    account,
    after,
  ]);
  return rowCount === 1;
}
