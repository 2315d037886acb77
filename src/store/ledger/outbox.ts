// The outbox: what happened to accounts and is still to be told. Written by group.ts with what made it happen.

import type { ClientBase } from 'pg';
import type { News, NewsKind } from '../../account/news.ts';
import { readJson } from '../../core/json.ts';
import { type Instant, instantOf } from '../../core/units.ts';
import { namedAgain } from '../connection/engine.ts';
import { engineOf } from '../connection/hosts.ts';
import type { OutboxRow } from './rows.ts';

interface Row {
  account_id: string;
  seq: bigint;
  place: number;
  kind: NewsKind;
  at_ms: bigint;
  details: string;
}

/** Where a reading of the outbox goes on: after this row. */
export type OutboxPlace = Pick<OutboxRow, 'account' | 'seq' | 'place'>;

/** Free for any meaning; the same in every Suanpan process of a database. */
const deliveryLock = 7_280_003;

/**
 * What waits, by account and in the order of its ledger. One transaction at a time delivers, so that the order lasts; another gets
 * nothing meanwhile.
 */
export async function takeWaiting(tx: ClientBase, after: OutboxPlace | null, limit: number): Promise<OutboxRow[]> {
  const turn = await tx.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [deliveryLock]);
  if (turn.rows[0]?.mine !== true) return [];
  const { rows } = await tx.query<Row>(
    `select account_id, seq, place, kind, at_ms, details from outbox
     where delivered_ms is null and (account_id, seq, place) > ($1, $2, $3)
     order by account_id, seq, place limit $4`,
    [after?.account ?? '', after?.seq ?? 0, after?.place ?? 0, limit],
  );
  return rows.map((row) => ({
    account: row.account_id,
    seq: Number(row.seq),
    place: row.place,
    at: instantOf(Number(row.at_ms)),
    news: { kind: row.kind, details: readJson(row.details) as News['details'] },
  }));
}

/** Marks rows that `takeWaiting` gave in the same transaction as delivered. */
export async function markDelivered(tx: ClientBase, rows: readonly OutboxPlace[], at: Instant): Promise<void> {
  await tx.query(
    `update outbox o set delivered_ms = $4
     from unnest($1::text[], $2::bigint[], $3::smallint[]) as u(account_id, seq, place)
     where o.account_id = u.account_id and o.seq = u.seq and o.place = u.place${namedAgain(engineOf(tx), 'o.account_id', '$1')}`,
    [rows.map((row) => row.account), rows.map((row) => row.seq), rows.map((row) => row.place), at],
  );
}

/** Deletes rows delivered before a time, at most so many, and keeps through where. Gives how many. */
export async function deleteDelivered(tx: ClientBase, before: Instant, limit: number): Promise<number> {
  const { rows } = await tx.query<{ gone: number }>(
    `with old as (
       select account_id, seq, place from outbox where delivered_ms < $1 order by delivered_ms, account_id, seq, place limit $2),
     gone as (
       delete from outbox o using old
       where o.account_id = old.account_id and o.seq = old.seq and o.place = old.place returning o.account_id, o.seq),
     ended as (
       insert into outbox_ends as e (account_id, through_seq) select account_id, max(seq) from gone group by account_id
       on conflict (account_id) do update set through_seq = greatest(e.through_seq, excluded.through_seq))
     select count(*)::integer as gone from gone`,
    [before, limit],
  );
  return rows[0]?.gone ?? 0;
}
