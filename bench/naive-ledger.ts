// The counterpart of `naive`: one transaction per call, the way a careful program without group commit is written. It settles with
// the same core and leaves the same rows. It stays here, so that what group commit is worth can be measured anywhere.

import type { Pool, PoolClient } from 'pg';
import type { Head } from '../src/account/head.ts';
import { recordUse, type UsageRecord } from '../src/account/use.ts';
import type { IncomingEvent } from '../src/core/event.ts';
import { canonicalJson } from '../src/core/json.ts';
import { isRefusal } from '../src/core/refusal.ts';
import type { Instant } from '../src/core/units.ts';
import type { Books } from '../src/ledger/books.ts';
import type { EventStatus } from '../src/ledger/requests.ts';
import { flushUsage } from '../src/store/ledger/group.ts';
import { decodeHead, encodeState } from '../src/store/ledger/head-codec.ts';
import type { MeterNumbers } from '../src/store/ledger/meters.ts';
import { outcomeNumber, type UsageRow } from '../src/store/ledger/rows.ts';

export interface NaiveParts {
  readonly pool: Pool;
  readonly books: Books;
  readonly meters: MeterNumbers;
  readonly clock: () => Instant;
}

/** Settles one event in a transaction of its own. */
export async function recordNaively(parts: NaiveParts, account: string, event: IncomingEvent): Promise<EventStatus> {
  const client = await parts.pool.connect();
  try {
    await client.query('begin');
    const status = await recordIn(client, parts, account, event);
    await client.query(status === 'accepted' ? 'commit' : 'rollback');
    return status;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function recordIn(
  client: PoolClient,
  { books, meters, clock }: NaiveParts,
  account: string,
  event: IncomingEvent,
): Promise<EventStatus> {
  const { rows } = await client.query<{ fixed: string; state: string }>(
    'select fixed, state from account_heads where account_id = $1 for update',
    [account],
  );
  const [row] = rows;
  if (row === undefined) return 'rejected';
  const head = decodeHead(account, row.fixed, row.state);
  const book = books.find(head.book);
  if (book === undefined || event.meter === null) return 'rejected';
  const now = clock();
  const record = recordUse(head, book, { ...event, outcome: 'charged' }, now);
  if (isRefusal(record)) return 'rejected';
  if (!(await insertEvent(client, meters, account, event, record, now))) return 'duplicate';
  await insertDraws(client, account, record);
  await insertNews(client, account, record, now);
  await writeUsage(client, meters, head);
  await client.query('update account_heads set version = version + 1, state = $2 where account_id = $1', [
    account,
    encodeState(head),
  ]);
  return 'accepted';
}

async function insertEvent(
  client: PoolClient,
  meters: MeterNumbers,
  account: string,
  event: IncomingEvent,
  record: UsageRecord,
  now: Instant,
): Promise<boolean> {
  const { seq, draws, postpaid, outcome, stopped } = record;
  const { rowCount } = await client.query(
    `insert into events (account_id, event_id, seq, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
    [
      account,
      event.id,
      seq,
      event.at,
      now,
      event.calls,
      postpaid,
      draws.length === 1 ? (draws[0]?.pack ?? null) : null,
      meters.numberOf(event.meter ?? ''),
      outcomeNumber({ outcome, stopped, late: false, disagreement: null }),
      draws.length,
    ],
  );
  return rowCount === 1;
}

async function insertDraws(client: PoolClient, account: string, { seq, draws }: UsageRecord): Promise<void> {
  if (draws.length < 2) return;
  for (const [at, draw] of draws.entries()) {
    await client.query('insert into event_draws (account_id, seq, place, pack_no, calls) values ($1, $2, $3, $4, $5)', [
      account,
      seq,
      at + 1,
      draw.pack,
      draw.calls,
    ]);
  }
}

async function insertNews(
  client: PoolClient,
  account: string,
  { seq, news }: UsageRecord,
  now: Instant,
): Promise<void> {
  for (const [place, { kind, details }] of news.entries()) {
    await client.query(
      'insert into outbox (account_id, seq, place, kind, at_ms, details) values ($1, $2, $3, $4, $5, $6)',
      [account, seq, place, kind, now, canonicalJson(details)],
    );
  }
}

async function writeUsage(client: PoolClient, meters: MeterNumbers, head: Head): Promise<void> {
  const rows: UsageRow[] = [];
  flushUsage(head, rows);
  for (const { account, day, meter, payer, calls } of rows) {
    await client.query(
      `insert into usage_days as d (account_id, day, meter, payer, calls) values ($1, $2, $3, $4, $5)
       on conflict (account_id, day, meter, payer) do update set calls = d.calls + excluded.calls`,
      [account, day, meters.numberOf(meter), payer, calls],
    );
  }
}
