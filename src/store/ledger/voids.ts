// What people decided about events afterwards: voids and reviews. One of each an event at most, by key.

import type { ClientBase } from 'pg';
import type { UsageRecord } from '../../account/use.ts';
import type { Instant } from '../../core/units.ts';
import { outcomeNumber } from './rows.ts';

export async function insertVoid(
  client: ClientBase,
  row: {
    readonly account: string;
    readonly event: string;
    readonly seq: number;
    readonly at: Instant;
    readonly by: string;
  },
): Promise<void> {
  await client.query('insert into voids (account_id, event_id, seq, at_ms, done_by) values ($1, $2, $3, $4, $5)', [
    row.account,
    row.event,
    row.seq,
    row.at,
    row.by,
  ]);
}

export async function insertReview(
  client: ClientBase,
  row: {
    readonly account: string;
    readonly event: string;
    readonly at: Instant;
    readonly by: string;
    readonly record: UsageRecord;
  },
): Promise<void> {
  const { seq, outcome, stopped, postpaid, draws } = row.record;
  await client.query(
    `insert into reviews (account_id, event_id, seq, at_ms, outcome, postpaid, pack_no, draw_count, done_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.account,
      row.event,
      seq,
      row.at,
      outcomeNumber({ outcome, stopped, late: false }),
      postpaid,
      draws.length === 1 ? (draws[0]?.pack ?? null) : null,
      draws.length,
      row.by,
    ],
  );
  if (draws.length < 2) return;
  await client.query(
    `insert into event_draws (account_id, seq, pack_no, calls, place)
     select $1, $2, * from unnest($3::integer[], $4::bigint[]) with ordinality`,
    [row.account, seq, draws.map((draw) => draw.pack), draws.map((draw) => draw.calls)],
  );
}
