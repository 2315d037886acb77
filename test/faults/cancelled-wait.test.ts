// F17: a commit that waits for the standby, and whose wait is cancelled, is visible though one disk alone has it. It is not
// acknowledged: not by the commit's own answer, not by looking it up, not by a repeat, not from memory.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { openAccount } from '../../src/operations/accounts.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type Database, openDatabase } from '../../src/store/connection/connect.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { runOnce } from '../../src/store/ledger/idempotency.ts';
import { instant } from '../http/open-app.ts';
import { freePort } from '../setup/machine.ts';
import { oneCall } from './one-call.ts';
import { Replica, urlOf } from './replica.ts';
import { until } from './server-process.ts';

const now = instant('2026-01-12T09:00:00+08:00');
let primary: Replica;
let standby: Replica;
let database: Database;
let suanpan: Suanpan;

beforeAll(async () => {
  primary = await Replica.primary();
  standby = await primary.follower('standby');
}, 60_000);
afterAll(async () => {
  await standby?.remove();
  await primary?.remove();
});
beforeEach(async () => {
  await primary.await('*');
  database = await openDatabase({ databaseUrl: urlOf(primary), dataFolder: '', lanes: 1 });
  suanpan = await openSuanpan(database, () => now, { lanes: 1 });
  await inTransaction(suanpan.pool, (tx) =>
    openAccount(tx, suanpan, { id: 'acme', book: 'faceid-legacy', by: 'local' }, now),
  );
  standby.receiver('SIGSTOP');
});
afterEach(async () => {
  standby.receiver('SIGCONT', true);
  await database.close();
});

/** Backends that wait for the standby in a statement like this. */
const waiting = (statement: string) =>
  primary.as(
    'postgres',
    `select pid from pg_stat_activity where wait_event = 'SyncRep' and query ilike '%${statement}%' and usename = 'suanpan_app'`,
  );

/** What there is of a promise so far. */
function heard<T>(promise: Promise<T>): { answer: T | undefined } {
  const so: { answer: T | undefined } = { answer: undefined };
  void promise.then((answer) => {
    so.answer = answer;
  });
  return so;
}

test.each([
  ['cancelled', 'pg_cancel_backend'],
  ['ended with its connection', 'pg_terminate_backend'],
])('a wait that is %s', async (_how, end) => {
  const id = `e-${end}`;
  const told = suanpan.ledger.record('acme', [oneCall(id, now)]);
  const so = heard(told);
  await until('the commit waits', async () => (await waiting('insert into events')).length === 1);
  const [backend] = await waiting('insert into events');
  await primary.as('postgres', `select ${end}(${backend?.pid})`);
  // It is there for all to see, and nobody is told so.
  await until(
    'somebody waits again',
    async () => so.answer !== undefined || (await waiting('emit_message')).length === 1,
  );
  expect(await primary.as('suanpan', `select 1 from events where event_id = '${id}'`)).toHaveLength(1);
  expect(so.answer).toBeUndefined();
  standby.receiver('SIGCONT');
  expect(await told).toMatchObject([{ id, status: 'accepted' }]);
});

test('a repeat of what another server wrote, its wait still going on', async () => {
  const id = 'e-repeat';
  const other = await openDatabase({ databaseUrl: urlOf(primary), dataFolder: '', lanes: 1 });
  try {
    const { ledger } = await openSuanpan(other, () => now, { lanes: 1 });
    const first = suanpan.ledger.record('acme', [oneCall(id, now)]);
    await until('the commit waits', async () => (await waiting('insert into events')).length === 1);
    const [backend] = await waiting('insert into events');
    await primary.as('postgres', `select pg_terminate_backend(${backend?.pid})`);
    const repeat = ledger.record('acme', [oneCall(id, now)]);
    const so = heard(repeat);
    await until('both wait', async () => so.answer !== undefined || (await waiting('emit_message')).length === 2);
    expect(so.answer).toBeUndefined();
    standby.receiver('SIGCONT');
    expect(await first).toMatchObject([{ id, status: 'accepted' }]);
    expect(await repeat).toMatchObject([{ id, status: 'duplicate' }]);
  } finally {
    await other.close();
  }
});

test('a command that is repeated with its key', async () => {
  const once = { scope: 's', formerScope: 's', key: 'k', digest: 'd' };
  const run = () => runOnce(suanpan.pool, once, async () => ({ status: 201, body: '{}' }));
  const first = run().catch((error: Error) => error);
  await until('the commit waits', async () => (await waiting('commit')).length === 1);
  const [backend] = await waiting('commit');
  await primary.as('postgres', `select pg_cancel_backend(${backend?.pid})`);
  expect(await first).toMatchObject({ code: 'EUNCONFIRMED' });
  const repeat = run();
  const so = heard(repeat);
  await until('the repeat waits', async () => so.answer !== undefined || (await waiting('commit')).length === 1);
  expect(so.answer).toBeUndefined();
  standby.receiver('SIGCONT');
  const answered = await repeat;
  expect(isRefusal(answered) || answered).toMatchObject({ replayed: true, answer: { status: 201 } });
});

test('of several servers each says why it is not used', async () => {
  const closed = `127.0.0.1:${await freePort()}`;
  const servers = urlOf(standby).replace('@', `@${closed},`);
  const away = openDatabase({ databaseUrl: servers, dataFolder: '' });
  await expect(away).rejects.toThrow(new RegExp(`ECONNREFUSED ${closed}; 127.0.0.1:${standby.port} is a standby`));
});

test('doctor says what is promised', async () => {
  const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  const diagnosed = async () => {
    const env = { PATH: process.env.PATH, DATABASE_URL: urlOf(primary), SUANPAN_DATA: '/no-such-folder' };
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'doctor', '--json'], { env }).catch(
      (error: { readonly stdout: string }) => error,
    );
    const { facts, problems } = JSON.parse(stdout) as {
      readonly facts: Readonly<Record<string, unknown>>;
      readonly problems: readonly { readonly name: string; readonly detail: { readonly en: string } }[];
    };
    const problem = problems.find(({ name }) => name === 'nodeLoss')?.detail.en;
    return { awaited: facts.synchronousStandbyNames, following: facts.standbys, promised: facts.nodeLoss, problem };
  };
  const found = async () => {
    const { problem = 'none', ...facts } = await diagnosed();
    return [Object.values(facts), problem];
  };
  standby.receiver('SIGCONT');
  expect(await found()).toEqual([['*', 1, false], expect.stringContaining('may not see')]);
  await primary.as('postgres', 'grant pg_monitor to suanpan_app');
  expect(await found()).toEqual([['*', 1, true], expect.stringContaining('writes stop when it is lost')]);
  await primary.await('FIRST 1 (nobody)');
  expect(await found()).toEqual([['FIRST 1 (nobody)', 1, false], expect.stringContaining('none of the standbys')]);
  await primary.await('ANY 2 (standby, other)');
  expect(await found()).toEqual([['ANY 2 (standby, other)', 1, false], expect.stringContaining('wants 2')]);
  await primary.await('');
  expect(await found()).toEqual([['', 1, false], expect.stringContaining('none is waited for')]);
  await primary.await('*');
  await standby.leave();
  await until(
    'it is gone',
    async () => (await primary.as('postgres', 'select 1 from pg_stat_replication')).length === 0,
  );
  expect(await found()).toEqual([['*', 0, false], expect.stringContaining('writes wait until one follows')]);
  await primary.await('');
  expect(await found()).toEqual([['', 0, false], 'none']);
});
