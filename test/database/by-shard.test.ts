// A server on an engine that spreads accounts over nodes: groups are of one shard, and accounts of a node that is lost are refused alone.
// The engine is one PostgreSQL that says it were Citus, and fails as Citus documents; what real nodes do is not shown here.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Period } from '../../src/core/calendar.ts';
import type { IncomingEvent } from '../../src/core/event.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { isRefusal } from '../../src/core/refusal.ts';
import { callsOf, type Instant } from '../../src/core/units.ts';
import { openAccount } from '../../src/operations/accounts.ts';
import { archiveMonth, restoreMonth } from '../../src/operations/archive-events.ts';
import { createBackup } from '../../src/operations/back-up.ts';
import { closeMonths } from '../../src/operations/close-month.ts';
import { openSuanpan, type Suanpan } from '../../src/operations/suanpan.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { verifyLedger } from '../../src/verify/verify.ts';
import { expectSound } from '../faults/agree.ts';
import { asAdministrator, spreadDatabase } from '../setup/citus/stand-in.ts';
import type { FreshDatabase } from '../setup/database.ts';

const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (instant === undefined) throw new Error(text);
  return instant;
};
let now = at('2026-01-05T10:00:00+08:00');
const meter = 'liveness.basic.authority';
const event = (id: string): IncomingEvent => ({
  ...{ id, meter, calls: callsOf(3), at: at('2026-01-05T09:00:00+08:00'), department: null, facts: null },
});

/** By the code of the first letter: shards 0 to 3, of which nodes 1 and 2 have two each. */
const accounts = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const onNode = (account: string): number => 1 + (account.charCodeAt(0) % 2);

let database: FreshDatabase;
let suanpan: Suanpan;

beforeAll(async () => {
  database = await spreadDatabase();
  suanpan = await openSuanpan(database, () => now);
  for (const id of accounts) {
    await inTransaction(suanpan.pool, (tx) =>
      openAccount(tx, suanpan, { id, book: 'faceid-legacy', by: 'local' }, now),
    );
  }
});
afterAll(async () => {
  await suanpan?.ledger.drain();
  await database?.drop();
});

/** Each account's own events, one request an event, all at once. */
const recordAll = async (ids: readonly string[], of = accounts) => {
  const results = await Promise.all(
    ids.flatMap((id) =>
      of.map(async (account) => {
        const [result] = await suanpan.ledger.record(account, [event(id)]);
        return { account, id, status: result?.status, refusal: result?.refusal?.refused };
      }),
    ),
  );
  return results;
};
const ids = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}-${n}`);

test('no statement writes to two shards', async () => {
  await database.pool.query(`create function refuse_two_shards() returns trigger language plpgsql as $$ begin
      if (select count(distinct ascii(account_id) % 4) from written) > 1 then raise exception 'several shards'; end if;
      return null; end $$;
    create trigger one_shard after update on account_heads referencing new table as written for each statement execute function refuse_two_shards();
    create trigger one_shard after insert on events referencing new table as written for each statement execute function refuse_two_shards()`);
  const results = await recordAll(ids('one', 50));
  expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
  const [large] = await Promise.all(
    accounts.map((account) => suanpan.ledger.record(account, ids('large', 2_000).map(event), { receipts: 'none' })),
  );
  expect(large?.every(({ status }) => status === 'accepted')).toBe(true);
  const { groups, events, failures, splits } = suanpan.ledger.counters;
  expect({ failures, splits, events }).toEqual({ failures: 0, splits: 0, events: 8 * 2_050 });
  expect(groups, 'those of a shard share a group').toBeLessThan(200);
});

test('holds, and answers that rest on what is in the ledger', async () => {
  const answers = await Promise.all(
    accounts.map((account) =>
      suanpan.ledger.authorize(account, { id: 'h', meter, calls: callsOf(5), department: null, milliseconds: 60_000 }),
    ),
  );
  expect(answers.filter((answer) => 'refused' in answer)).toEqual([]);
  const captured = await Promise.all(accounts.map((account) => suanpan.ledger.capture(account, 'h')));
  expect(captured.every((answer) => 'status' in answer && answer.status === 'accepted')).toBe(true);
  const taken = await suanpan.ledger.authorize('a', {
    ...{ id: 'one-0', meter, calls: callsOf(5), department: null, milliseconds: 60_000 },
  });
  expect(taken).toMatchObject({ refused: expect.any(String) });
  const again = await recordAll(['one-3']);
  expect(again.filter(({ status }) => status !== 'duplicate')).toEqual([]);
  // From a memory that has none of it.
  const other = await openSuanpan(database, () => now);
  const [known] = await other.ledger.record('a', [event('one-4')]);
  expect(known?.status).toBe('duplicate');
});

test('a lost node stops its own accounts, at once and alone', async () => {
  await database.pool.query(`create function lose_node() returns trigger language plpgsql as $$ begin
      if ascii(new.account_id) % 2 = 0 then
        raise exception 'connection to the remote node one:5432 failed' using errcode = 'connection_failure';
      end if;
      return new; end $$;
    create trigger lost before insert on events for each row execute function lose_node()`);
  const began = performance.now();
  const results = await recordAll(ids('lost', 30));
  expect(performance.now() - began, 'nobody waits for it').toBeLessThan(4_000);
  for (const { account, status, refusal } of results) {
    expect([account, status, refusal]).toEqual(
      onNode(account) === 1 ? [account, 'rejected', 'OVERLOADED'] : [account, 'accepted', undefined],
    );
  }
  expect(suanpan.ledger.queueDepth).toBe(0);
});

test('it is back: its accounts go on, and what was refused is taken', async () => {
  await database.pool.query('drop trigger lost on events');
  const results = await recordAll(ids('lost', 30));
  for (const { account, status } of results) {
    expect([account, status]).toEqual([account, onNode(account) === 1 ? 'accepted' : 'duplicate']);
  }
});

test('the database does not say where an account lies: its calls are refused and others go on', async () => {
  await asAdministrator(database, 'alter table pg_catalog.pg_dist_placement rename to pg_dist_elsewhere');
  const [unknown, known] = await Promise.all([
    suanpan.ledger.record('nobody', [event('x')]),
    suanpan.ledger.record('b', [event('unknown-0')]),
  ]);
  expect(unknown).toMatchObject([{ status: 'rejected', refusal: { refused: 'OVERLOADED' } }]);
  expect(known).toMatchObject([{ status: 'accepted' }]);
  await asAdministrator(database, 'alter table pg_catalog.pg_dist_elsewhere rename to pg_dist_placement');
  const later = await suanpan.ledger.record('nobody', [event('x')]);
  expect(later).toMatchObject([{ status: 'rejected', refusal: { refused: 'NOT_FOUND' } }]);
});

test('months are closed node by node: those of a lost one are named, and closed when it is back', async () => {
  await database.pool.query(`drop trigger one_shard on events;
    create trigger lost before insert on bills for each row execute function lose_node()`);
  now = at('2026-02-03T00:00:00+08:00');
  for (const account of accounts) suanpan.ledger.forget(account);
  const order = { month: '2026-01' as Period };
  const first = await closeMonths(suanpan, order);
  expect(first).toMatchObject({ closed: 4, alreadyFinal: 0 });
  expect(first.refused.map(({ account }) => account)).toEqual(accounts.filter((account) => onNode(account) === 1));
  await database.pool.query('drop trigger lost on bills');
  expect(await closeMonths(suanpan, order)).toEqual({ closed: 4, alreadyFinal: 4, refused: [] });
  await expectSound(suanpan);
});

/** All that is stored in tables of accounts. */
const stored = async (table: string): Promise<string[]> =>
  (await database.pool.query<{ row: string }>(`select t::text as row from ${table} t order by 1`)).rows.map(
    ({ row }) => row,
  );

test('the check goes shard by shard, through rows of accounts that do not exist too', async () => {
  const { accounts: checked, rows } = await verifyLedger(suanpan, { sliceSize: 1 });
  expect([checked, rows > 8 * 2_050]).toEqual([8, true]);
  await database.pool.query(`insert into voids (account_id, seq, event_id, at_ms) values ('nobody', 1, 'one-0', 1)`);
  const { verdicts } = await verifyLedger(suanpan);
  expect(verdicts.flatMap(({ first }) => first ?? [])).toMatchObject([{ table: 'accounts', account: 'nobody' }]);
  await database.pool.query(`delete from voids where account_id = 'nobody'`);
});

test('a month is archived shard by shard, checked where it lies, and comes back as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'by-shard-'));
  const before = await stored('events');
  now = at('2026-03-20T00:00:00+08:00');
  const archive = await archiveMonth(suanpan, { month: '2026-01' as Period, folder });
  expect(archive).toMatchObject({ events: { rows: before.length } });
  expect(await stored('events')).toEqual([]);
  await expectSound(suanpan);
  expect(await restoreMonth(suanpan, { month: '2026-01' as Period })).toHaveLength(1);
  expect(await stored('events')).toEqual(before);
  rmSync(folder, { recursive: true });
});

test('a backup copies shard by shard, and leaves no row out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'by-shard-'));
  const backup = await createBackup(suanpan.pool, folder, null);
  if (isRefusal(backup)) throw new Error(backup.refused);
  for (const { table, rows } of backup.tables) expect([table, rows]).toEqual([table, (await stored(table)).length]);
  rmSync(folder, { recursive: true });
});
