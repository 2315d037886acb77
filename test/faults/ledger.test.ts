// The ledger's ways out of trouble, one by one, on the real database.

import { once } from 'node:events';
import { createConnection, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callsOf, type Instant } from '../../src/core/units.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerOptions } from '../../src/ledger/options.ts';
import type { EventResult } from '../../src/ledger/requests.ts';
import { openAccount } from '../../src/operations/accounts.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type Database, openDatabase } from '../../src/store/connection/connect.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { basic, instant } from '../http/open-app.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { expectSound } from './agree.ts';
import { Network } from './network.ts';
import { oneCall } from './one-call.ts';
import { until } from './server-process.ts';

const now: Instant = instant('2026-01-12T09:00:00+08:00');
let database: FreshDatabase;
let suanpan: Suanpan;
let serial = 0;

beforeAll(async () => {
  database = await freshDatabase();
  suanpan = await openSuanpan(database, () => now);
});
afterAll(async () => {
  await expectSound(suanpan);
  await database.drop();
});

const ledgerWith = (options: Partial<LedgerOptions>): Ledger =>
  new Ledger({ pool: database.ledgerPool, books: suanpan.books, meters: suanpan.meters, clock: () => now, ...options });

async function account(): Promise<string> {
  serial += 1;
  const id = `account-${serial}`;
  await inTransaction(suanpan.pool, (tx) => openAccount(tx, suanpan, { id, book: 'faceid-legacy', by: 'local' }, now));
  return id;
}

const event = (id: string) => oneCall(id, now);
const events = (count: number, name = 'e') => Array.from({ length: count }, (_, n) => event(`${name}${n}`));
const statuses = (results: readonly EventResult[]) =>
  Object.fromEntries(
    Object.entries(Object.groupBy(results, ({ status }) => status)).map(([status, of]) => [status, of?.length]),
  );

async function stored(owner: string): Promise<{ readonly events: number; readonly postpaid: number }> {
  const { rows } = await suanpan.pool.query<{ events: bigint; postpaid: bigint }>(
    'select count(*) as events, coalesce(sum(postpaid), 0)::int8 as postpaid from events where account_id = $1',
    [owner],
  );
  return { events: Number(rows[0]?.events), postpaid: Number(rows[0]?.postpaid) };
}

describe('a request that the database cannot take', () => {
  // HTTP refuses such an id; here it reaches PostgreSQL, which does not.
  const poisoned = event('nul\u0000');

  test('is refused alone: the others of its group are settled', async () => {
    const ledger = ledgerWith({ lanes: 1 });
    const owners = await Promise.all(Array.from({ length: 4 }, account));
    const good = owners.flatMap((owner) => events(8).map((each) => ledger.record(owner, [each])));
    const bad = ledger.record(owners[1] ?? '', [poisoned]);
    const more = owners.flatMap((owner) => events(8, 'f').map((each) => ledger.record(owner, [each])));
    expect(await bad).toMatchObject([{ status: 'rejected', refusal: { refused: 'INTERNAL_ERROR' } }]);
    expect(statuses((await Promise.all([...good, ...more])).flat())).toEqual({ accepted: 64 });
    for (const owner of owners) expect(await stored(owner)).toEqual({ events: 16, postpaid: 16 });
    expect(ledger.counters.failures).toBe(1);
  });

  test('in a batch: its batch alone', async () => {
    const ledger = ledgerWith({ lanes: 1 });
    const owner = await account();
    const [spoilt, whole] = await Promise.all([
      ledger.record(owner, [...events(3, 'x'), poisoned]),
      ledger.record(owner, events(2_000)),
    ]);
    expect(statuses(spoilt)).toEqual({ rejected: 4 });
    expect(statuses(whole)).toEqual({ accepted: 2_000 });
    expect(await stored(owner)).toEqual({ events: 2_000, postpaid: 2_000 });
  });
});

test('a lost race: the head that moved under the cache is read again, and the group settled once', async () => {
  const ledger = ledgerWith({});
  const owner = await account();
  await ledger.record(owner, [event('warm')]);
  await suanpan.pool.query('update account_heads set version = version + 7 where account_id = $1', [owner]);
  const before = ledger.counters.conflicts;
  expect(statuses(await ledger.record(owner, events(5)))).toEqual({ accepted: 5 });
  expect(ledger.counters.conflicts).toBe(before + 1);
  expect(await stored(owner)).toEqual({ events: 6, postpaid: 6 });
});

test('a small group waits beside a large one, but not as long as that waits for a lock', async () => {
  const ledger = ledgerWith({});
  const [locked, other] = [await account(), await account()];
  await Promise.all([locked, other].map((owner) => ledger.record(owner, [event('warm')])));
  const client = await suanpan.pool.connect();
  await client.query('begin');
  await client.query('select from account_heads where account_id = $1 for update', [locked]);
  const large = ledger.record(locked, events(50));
  await until('the large group is under way', () => ledger.queueDepth === 0);
  let isWritten = false;
  void large.then(() => {
    isWritten = true;
  });
  expect(statuses(await ledger.record(other, [event('small')]))).toEqual({ accepted: 1 });
  expect(isWritten).toBe(false);
  await client.query('commit');
  client.release();
  expect(statuses(await large)).toEqual({ accepted: 50 });
});

test('a batch sent again, some ids of it forgotten: all are looked up, and the group is not thrown away', async () => {
  const ledger = ledgerWith({ recent: { marks: 64, bytes: 65_536 } });
  const owner = await account();
  await ledger.record(owner, events(60));
  const repeated = await ledger.record(owner, [...events(60), ...events(5, 'more')]);
  expect(statuses(repeated)).toEqual({ duplicate: 60, accepted: 5 });
  expect(ledger.counters.retries).toBe(0);
});

test('a repeat has the same receipt: from memory while the head never left it, else from the ledger', async () => {
  const ledger = ledgerWith({});
  const owner = await account();
  const [first] = await ledger.record(owner, [event('again')]);
  const renumber = (seq: number) =>
    suanpan.pool.query('update events set seq = $2 where account_id = $1', [owner, seq]);
  await renumber(77);
  expect(await ledger.record(owner, [event('again')])).toEqual([{ ...first, status: 'duplicate' }]);
  ledger.forget(owner);
  const [read] = await ledger.record(owner, [event('again')]);
  expect(read).toEqual({ ...first, status: 'duplicate', receipt: { ...first?.receipt, seq: 77 } });
  await renumber(1);
  const [other] = await ledger.record(await account(), [event('again')]);
  expect(other?.status).toBe('accepted');
});

test('two ledgers with the same account hot in each: every event once, numbers without gap', async () => {
  const owner = await account();
  const ledgers = [ledgerWith({ lanes: 1 }), ledgerWith({ lanes: 1 })];
  const results = await Promise.all(events(600).map((each, n) => ledgers[n % 2]?.record(owner, [each]) ?? []));
  expect(statuses(results.flat())).toEqual({ accepted: 600 });
  const numbers = results.flat().map(({ receipt }) => receipt?.seq ?? 0);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 600 }, (_, n) => n + 1));
});

/** Between a ledger and the database; breaks connections at a moment that the messages themselves tell. */
class TrapProxy {
  readonly server: Server;
  /** Breaks the next connection that carries a message like this: with it unsent, or answered by the database but not to us. */
  trap: { readonly message: RegExp; readonly when: 'unsent' | 'answered' } | undefined;
  sprung = 0;

  constructor(socket: string) {
    this.server = createServer((ours) => {
      const theirs = createConnection(socket);
      let armed = false;
      const end = () => {
        ours.destroy();
        theirs.destroy();
      };
      for (const side of [ours, theirs]) side.on('error', end).on('close', end);
      ours.on('data', (chunk) => {
        if (this.trap?.message.test(chunk.toString('latin1'))) {
          this.sprung += 1;
          armed = true;
          const { when } = this.trap;
          this.trap = undefined;
          if (when === 'unsent') return end();
        }
        theirs.write(chunk);
      });
      theirs.on('data', (chunk) => (armed ? end() : ours.write(chunk)));
    });
  }
}

describe('a connection that breaks', () => {
  let proxy: TrapProxy;
  let through: Database;
  beforeAll(async () => {
    const address = new URL(database.connectionString.replace('@/', '@localhost/'));
    proxy = new TrapProxy(`${address.searchParams.get('host')}/.s.PGSQL.5432`);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    const { port } = proxy.server.address() as { port: number };
    const databaseUrl = `postgresql://${address.username}@127.0.0.1:${port}${address.pathname}`;
    through = await openDatabase({ databaseUrl, dataFolder: '' });
  });
  afterAll(async () => {
    await through.close();
    proxy.server.close();
  });

  const group = /save-group/;
  test.each([
    { name: 'before the group reaches the database', when: 'unsent' as const, message: group, count: 3 },
    { name: 'after the commit, before its answer', when: 'answered' as const, message: group, count: 3 },
    { name: 'before the commit of a copied group', when: 'unsent' as const, message: /^Q.{4}commit/s, count: 1_600 },
    { name: 'after the commit of a copied group', when: 'answered' as const, message: /^Q.{4}commit/s, count: 1_600 },
  ])('$name: accepted, and counted once', async ({ when, message, count }) => {
    const owner = await account();
    const ledger = ledgerWith({ pool: through.ledgerPool, lanes: 1 });
    await ledger.record(owner, [event('warm')]);
    proxy.trap = { when, message };
    const sprung = proxy.sprung;
    const results = await ledger.record(owner, events(count));
    expect(proxy.sprung).toBe(sprung + 1);
    expect(statuses(results)).toEqual({ accepted: count });
    expect(results[0]?.receipt).toMatchObject({ event: 'e0', postpaid: 1n, seq: 2 });
    expect(await stored(owner)).toEqual({ events: count + 1, postpaid: count + 1 });
    expect(statuses(await ledger.record(owner, events(count)))).toEqual({ duplicate: count });
  });

  test('at the commit of a locked group that is given up: sent again it is accepted, not taken for entered', async () => {
    const owner = await account();
    const ledger = ledgerWith({ pool: through.ledgerPool, lanes: 1, patience: 0 });
    await ledger.record(owner, [event('warm')]);
    await suanpan.pool.query('update account_heads set version = version + 1 where account_id = $1', [owner]);
    await ledger.record(owner, [event('contended')]);
    // It goes out with the rows.
    proxy.trap = { when: 'unsent', message: /Q.{4}commit/s };
    const [refused] = await ledger.record(owner, [event('lost')]);
    expect(refused?.refusal?.refused).toBe('OVERLOADED');
    // The other connections of the pool may be broken too, by the traps before: a client goes on until it is answered.
    let again = await ledger.record(owner, [event('lost')]);
    for (let tries = 0; tries < 5 && again[0]?.refusal?.refused === 'OVERLOADED'; tries += 1) {
      again = await ledger.record(owner, [event('lost')]);
    }
    expect(statuses(again)).toEqual({ accepted: 1 });
    expect(await stored(owner)).toEqual({ events: 3, postpaid: 3 });
  });

  test('what was known before stays a duplicate, and so does what stands twice in the batch', async () => {
    const owner = await account();
    const ledger = ledgerWith({ pool: through.ledgerPool, lanes: 1, recent: { marks: 2, bytes: 400 } });
    await ledger.record(owner, [event('old'), event('x1'), event('x2'), event('x3')]);
    proxy.trap = { when: 'answered', message: group };
    const results = await ledger.record(owner, [event('old'), event('new'), event('new')]);
    expect(results.map(({ status }) => status)).toEqual(['duplicate', 'accepted', 'duplicate']);
    expect(await stored(owner)).toEqual({ events: 5, postpaid: 5 });
  });

  test('authorize, capture and release whose answers are lost have one effect', async () => {
    const owner = await account();
    const ledger = ledgerWith({ pool: through.ledgerPool, lanes: 1 });
    const lose = () => {
      proxy.trap = { when: 'answered', message: group };
    };
    const hold = { meter: basic, calls: callsOf(3), department: null, milliseconds: 60_000 };
    for (const id of ['h1', 'h2']) {
      lose();
      expect(await ledger.authorize(owner, { ...hold, id })).toMatchObject({ hold: { id, calls: 3n } });
    }
    lose();
    expect(await ledger.capture(owner, 'h1')).toMatchObject({ status: 'accepted', receipt: { postpaid: 3n } });
    lose();
    expect(await ledger.release(owner, 'h2')).toMatchObject({ hold: { id: 'h2' } });
    expect(await ledger.capture(owner, 'h1')).toMatchObject({ status: 'duplicate' });
    expect(await ledger.capture(owner, 'h2')).toMatchObject({ refused: 'HOLD_ENDED' });
    expect(await stored(owner)).toEqual({ events: 1, postpaid: 3 });
  });

  test('in use, between two statements: its user is told at the next one, the process lives', async () => {
    for (const pool of [through.pool, through.ledgerPool]) {
      const client = await pool.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await suanpan.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await until('the backend is gone', async () => {
        const { rowCount } = await suanpan.pool.query('select 1 from pg_stat_activity where pid = $1', [rows[0]?.pid]);
        return rowCount === 0;
      });
      await expect(client.query('select 1')).rejects.toThrow(/connection|terminat/i);
      client.release(true);
    }
  });

  test('a transaction that stands still with heads locked loses them', { timeout: 15_000 }, async () => {
    const owner = await account();
    const client = await through.ledgerPool.connect();
    await client.query('begin');
    await client.query('select 1 from account_heads where account_id = $1 for update', [owner]);
    const began = performance.now();
    expect(statuses(await ledgerWith({}).record(owner, events(1)))).toEqual({ accepted: 1 });
    expect(performance.now() - began).toBeLessThan(6_000);
    client.release(true);
  });
});

describe('the queue', () => {
  test('full: callers are refused at once, and nothing of theirs is recorded', async () => {
    // Half of the line is one account's.
    const ledger = ledgerWith({ lanes: 1, mostWaiting: 20 });
    const owner = await account();
    const answers = await Promise.all(events(30).map((each) => ledger.record(owner, [each])));
    const refused = answers.flat().filter(({ refusal }) => refusal?.refused === 'OVERLOADED');
    // Nothing was written yet whose pace would tell more.
    expect(refused[0]?.refusal?.facts).toEqual({ retryAfter: '1' });
    expect(refused).toHaveLength(20);
    expect(statuses(answers.flat())).toEqual({ accepted: 10, rejected: 20 });
    expect(await stored(owner)).toEqual({ events: 10, postpaid: 10 });
    expect(
      await ledger.authorize(owner, { meter: basic, calls: callsOf(1), department: null, milliseconds: 1 }),
    ).toHaveProperty('hold');
    expect(ledger.queueDepth).toBe(0);
  });

  test('one account, or a few, never fill it: who comes with little finds room, and a batch goes in whole', async () => {
    const ledger = ledgerWith({ lanes: 1, mostWaiting: 2_000 });
    const [hog, second, batch, newcomer] = [await account(), await account(), await account(), await account()];
    const pieces = (owner: string, name: string, count: number) =>
      Array.from({ length: count }, (_, n) => ledger.record(owner, events(50, `${name}${n}-`)));
    const asked = [
      pieces(hog, 'h', 40),
      pieces(second, 's', 4),
      [ledger.record(newcomer, events(1, 'n'))],
      pieces(batch, 'b', 10),
      pieces(second, 't', 40),
      [ledger.record(newcomer, events(1, 'm'))],
    ];
    const answers = await Promise.all(asked.map(async (each) => statuses((await Promise.all(each)).flat())));
    expect(answers[0]).toEqual({ accepted: 1_000, rejected: 1_000 });
    expect(answers[1]).toEqual({ accepted: 200 });
    expect(answers[2]).toEqual({ accepted: 1 });
    expect(answers[3]).toEqual({ accepted: 500 });
    expect(answers[4]?.rejected).toBeGreaterThan(1_500);
    expect(answers[5]).toEqual({ accepted: 1 });
    // What is written makes room again.
    expect(statuses(await ledger.record(hog, events(900, 'again')))).toEqual({ accepted: 900 });
  });

  test('the database away: those in the group and those behind it are refused in bounded time', async () => {
    const network = new Network(database.connectionString);
    await network.open();
    const away = await openDatabase({ databaseUrl: network.connectionString, dataFolder: '' });
    const ledger = ledgerWith({ pool: away.ledgerPool, lanes: 1, groupRoom: 5, patience: 200 });
    const owner = await account();
    await ledger.record(owner, [event('warm')]);
    network.close();
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => ledger.record(owner, [event(`a${n}`)])));
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(new Set(answers.flat().map(({ refusal }) => refusal?.refused))).toEqual(new Set(['OVERLOADED']));
    await ledger.drain();
    await away.close();
  });

  test('is fair: one event of a quiet account does not wait for thousands of a busy one', async () => {
    const ledger = ledgerWith({ lanes: 1, groupRoom: 50 });
    const [busy, quiet] = [await account(), await account()];
    let answered = 0;
    const many = events(3_000).map((each) =>
      ledger.record(busy, [each]).then(() => {
        answered += 1;
      }),
    );
    await until('the busy one is under way', () => answered > 100);
    const before = answered;
    await ledger.record(quiet, [event('one')]);
    expect(answered - before).toBeLessThanOrEqual(150);
    await Promise.all(many);
    expect(answered).toBe(3_000);
  });
});
