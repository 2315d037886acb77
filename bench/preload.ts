// Fills a ledger with events that could have been recorded one by one: numbers, counters and heads agree, so that what is recorded
// on top reconciles. The rows are made up here and copied in.

import { once } from 'node:events';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openHead } from '../src/account/head.ts';
import type { Day, Period } from '../src/core/calendar.ts';
import { callsOf } from '../src/core/units.ts';
import { encodeState } from '../src/store/ledger/head-codec.ts';
import type { Bench } from './bench.ts';
import { type Load, meter, randomId, timeOrderedId } from './event-stream.ts';
import { book, type LedgerDatabase } from './ledger-database.ts';

export interface Filling {
  readonly prefix: string;
  readonly accounts: number;
  readonly events: number;
  readonly ids: Load['ids'];
}

const dayLength = 86_400_000;
const zoneShift = 8 * 3_600_000;
/** Within the book's late window, so that any of them could still arrive. */
const daysBack = 20;

const dayOf = (at: number): Day => new Date(at + zoneShift).toISOString().slice(0, 10) as Day;

/** One call each, paid postpaid, spread evenly over accounts and the last days. */
export async function fillLedger(bench: Bench, ledger: LedgerDatabase, filling: Filling): Promise<void> {
  const began = performance.now();
  const { pool } = ledger.suanpan;
  const { prefix, accounts, events, ids } = filling;
  await ledger.openAccounts(prefix, accounts, []);
  const client = await pool.connect();
  try {
    // Random ids one by one into a large index would take an hour; built at once and 70 % full, it is as inserting would leave it.
    if (ids === 'random') await client.query('alter table events drop constraint events_pkey');
    await copyEvents(client, ledger, filling);
    if (ids === 'random') {
      await client.query(`set maintenance_work_mem = '1GB'`);
      await client.query('alter table events add primary key (event_id, account_id) with (fillfactor = 70)');
      await client.query('reset maintenance_work_mem');
    }
    await writeCounters(client, ledger, filling);
    await client.query('vacuum analyze events, account_heads, usage_days');
  } finally {
    client.release();
  }
  bench.log(`  ${events.toLocaleString('en')} events stored in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}

const timeOf = (index: number, events: number, now: number): number =>
  Math.floor(now - daysBack * dayLength + (index / events) * daysBack * dayLength);

async function copyEvents(client: PoolClient, ledger: LedgerDatabase, filling: Filling): Promise<void> {
  const { prefix, accounts, events, ids } = filling;
  const now = startOfToday();
  const meterNo = ledger.suanpan.meters.numberOf(meter);
  const stream = client.query(
    copyFrom(
      `copy events (account_id, event_id, seq, at_ms, received_ms, calls, postpaid, meter, outcome, draw_count) from stdin`,
    ),
  );
  const finished = once(stream, 'finish');
  let text = '';
  for (let index = 0; index < events; index += 1) {
    const at = timeOf(index, events, now);
    const id = ids === 'random' ? randomId() : timeOrderedId(at);
    const seq = 1 + Math.floor(index / accounts);
    text += `${prefix}${index % accounts}\t${id}\t${seq}\t${at}\t${at}\t1\t1\t${meterNo}\t0\t0\n`;
    if (text.length < 200_000) continue;
    if (!stream.write(text)) await Promise.race([once(stream, 'drain'), finished]);
    text = '';
  }
  stream.end(text);
  await finished;
}

/** All callers of one run must place the events alike. */
const startOfToday = (): number => Math.floor(Date.now() / dayLength) * dayLength;

async function writeCounters(client: PoolClient, ledger: LedgerDatabase, filling: Filling): Promise<void> {
  const { prefix, accounts, events } = filling;
  const days = new Map<Day, number[]>();
  const now = startOfToday();
  for (let index = 0; index < events; index += 1) {
    const day = dayOf10Minutes(timeOf(index, events, now));
    let counts = days.get(day);
    if (counts === undefined) {
      counts = new Array<number>(accounts).fill(0);
      days.set(day, counts);
    }
    counts[index % accounts] = (counts[index % accounts] ?? 0) + 1;
  }
  const rows = [...days].flatMap(([day, counts]) => counts.map((calls, account) => ({ day, calls, account })));
  const written = rows.filter(({ calls }) => calls > 0);
  await client.query(
    `insert into usage_days (account_id, day, meter, payer, calls)
     select * from unnest($1::text[], $2::date[], array_fill($3::smallint, array[cardinality($1::text[])]),
                          array_fill('postpaid'::text, array[cardinality($1::text[])]), $4::bigint[])`,
    [
      written.map(({ account }) => `${prefix}${account}`),
      written.map(({ day }) => day),
      ledger.suanpan.meters.numberOf(meter),
      written.map(({ calls }) => calls),
    ],
  );
  await writeHeads(client, ledger, filling, days);
}

let lastSlot = -1;
let lastDay = '' as Day;

/** `dayOf`, remembered for ten minutes of events: days begin on such a boundary. */
function dayOf10Minutes(at: number): Day {
  const slot = Math.floor(at / 600_000);
  if (slot !== lastSlot) {
    lastSlot = slot;
    lastDay = dayOf(at);
  }
  return lastDay;
}

async function writeHeads(
  client: PoolClient,
  ledger: LedgerDatabase,
  { prefix, accounts }: Filling,
  days: ReadonlyMap<Day, readonly number[]>,
): Promise<void> {
  const found = ledger.suanpan.books.find(book);
  if (found === undefined) throw new Error(`no book ${book}`);
  const states = Array.from({ length: accounts }, (_, account) => {
    const head = openHead({ id: `${prefix}${account}`, book: found });
    for (const [day, counts] of days) {
      const calls = counts[account] ?? 0;
      const period = day.slice(0, 7) as Period;
      head.seq += calls;
      head.postpaidCalls.set(period, callsOf((head.postpaidCalls.get(period) ?? 0n) + BigInt(calls)));
    }
    return encodeState(head);
  });
  await client.query(
    `update account_heads h set state = u.state
     from unnest($1::text[], $2::text[]) as u(account_id, state) where h.account_id = u.account_id`,
    [states.map((_, account) => `${prefix}${account}`), states],
  );
}
