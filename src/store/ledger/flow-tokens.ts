// Flows at the provider, by token: which account each was begun for. A token is the same on each node.

import type { ClientBase, Pool } from 'pg';
import type { Instant } from '../../core/units.ts';
import { textArray } from './arrays.ts';

export interface FlowToken {
  readonly token: string;
  readonly account: string;
  /** That fetches what came of it: what its attempts are recorded as, with the other two. */
  readonly action: string;
  readonly channel: string | null;
  readonly library: string | null;
}

/** Keeps a token, or leaves it as it is known; whose it is then. */
export async function keepToken(pool: Pool, flow: FlowToken, now: Instant): Promise<string> {
  const { token, account, action, channel, library } = flow;
  const { rows } = await pool.query<{ account_id: string }>(
    `with kept as (insert into flow_tokens (token, account_id, action, channel, library, made_ms)
       values ($1, $2, $3, $4, $5, $6) on conflict (token) do nothing returning account_id)
     select account_id from kept union all select account_id from flow_tokens where token = $1 limit 1`,
    [token, account, action, channel, library, now],
  );
  // Kept by another in this moment: the statement saw neither.
  return rows[0]?.account_id ?? keepToken(pool, flow, now);
}

export async function findTokens(pool: Pool, tokens: readonly string[]): Promise<Map<string, FlowToken>> {
  const { rows } = await pool.query<Omit<FlowToken, 'account'> & { account_id: string }>(
    'select token, account_id, action, channel, library from flow_tokens where token = any($1::text[])',
    [textArray(tokens)],
  );
  return new Map(rows.map(({ account_id, ...flow }) => [flow.token, { ...flow, account: account_id }]));
}

/** When the first of those that are kept was made; null: none is. */
export async function firstToken(pool: Pool): Promise<Instant | null> {
  const { rows } = await pool.query<{ first: bigint | null }>('select min(made_ms) as first from flow_tokens');
  const first = rows[0]?.first ?? null;
  return first === null ? null : (Number(first) as Instant);
}

/** A piece of those made before; how many went. */
export async function dropTokens(client: ClientBase, before: Instant, most: number): Promise<number> {
  const { rowCount } = await client.query(
    'delete from flow_tokens where token in (select token from flow_tokens where made_ms < $1 order by made_ms limit $2)',
    [before, most],
  );
  return rowCount ?? 0;
}

/** Of these ids, those that are events of some account. */
export async function knownEvents(pool: Pool, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ event_id: string }>(
    'select event_id from events where event_id = any($1::text[])',
    [textArray(ids)],
  );
  return new Set(rows.map(({ event_id }) => event_id));
}
