// A server that stands still while it copies a large group: the others go on, with the same accounts and even the same events.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instant, instantOf } from '../../src/core/units.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerOptions } from '../../src/ledger/options.ts';
import type { EventResult } from '../../src/ledger/requests.ts';
import { openAccount } from '../../src/operations/accounts.ts';
import type { Suanpan } from '../../src/operations/suanpan.ts';
import { openSuanpan } from '../../src/operations/suanpan.ts';
import { type Database, openDatabase } from '../../src/store/connection/connect.ts';
import { inTransaction } from '../../src/store/connection/transaction.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';
import { expectSound } from './agree.ts';
import { oneCall } from './one-call.ts';
import { startServer, until } from './server-process.ts';

const now: Instant = instantOf(Date.now());
/** A server that holds nothing locked keeps nobody; one that does loses its locks after two seconds. */
const soon = 3_500;
const large = 2_000;

let database: FreshDatabase;
let suanpan: Suanpan;
let through: Database;
let proxy: StillProxy;

/** Between a ledger and the database; from the first message that it is told to wait for on, it stands still in the middle of it. */
class StillProxy {
  readonly server: Server;
  /** Kinds of the messages that came from the ledger, as the protocol names them: Q, B, E; d for the data of a COPY, c for its end. */
  kinds = '';
  stopAt: string | undefined;
  stopped = false;
  #waiting: (() => void)[] = [];

  constructor(socket: string) {
    this.server = createServer((ours) => {
      const theirs = createConnection(socket);
      for (const side of [ours, theirs])
        side.on('error', () => {}).on('close', () => [ours, theirs].map((s) => s.destroy()));
      this.#forward(ours, theirs);
      theirs.on('data', (chunk) => ours.write(chunk));
    });
  }

  #forward(ours: Socket, theirs: Socket): void {
    let rest = Buffer.alloc(0);
    let started = false;
    ours.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 5) {
        const length = started ? 1 + rest.readUInt32BE(1) : rest.readUInt32BE(0);
        if (rest.length < length) return;
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        this.#pass(started ? String.fromCharCode(message[0] ?? 0) : '', message, ours, theirs);
        started = true;
      }
    });
  }

  #pass(kind: string, message: Buffer, ours: Socket, theirs: Socket): void {
    this.kinds += kind;
    if (this.stopAt === undefined || kind !== this.stopAt || this.stopped) {
      if (this.stopped) this.#waiting.push(() => theirs.write(message));
      else theirs.write(message);
      return;
    }
    this.stopped = true;
    ours.pause();
    const half = Math.floor(message.length / 2);
    theirs.write(message.subarray(0, half));
    this.#waiting.push(() => {
      theirs.write(message.subarray(half));
      ours.resume();
    });
  }

  goOn(): void {
    this.stopAt = undefined;
    this.stopped = false;
    for (const send of this.#waiting.splice(0)) send();
  }
}

beforeAll(async () => {
  database = await freshDatabase();
  suanpan = await openSuanpan(database, () => instantOf(Date.now()));
  const address = new URL(database.connectionString.replace('@/', '@localhost/'));
  proxy = new StillProxy(`${address.searchParams.get('host')}/.s.PGSQL.5432`);
  proxy.server.listen(0, '127.0.0.1');
  await once(proxy.server, 'listening');
  const { port } = proxy.server.address() as { port: number };
  through = await openDatabase({
    databaseUrl: `postgresql://${address.username}@127.0.0.1:${port}${address.pathname}`,
    dataFolder: '',
    lanes: 1,
  });
});
afterAll(async () => {
  await through.close();
  proxy.server.close();
  await expectSound(suanpan);
  await database.drop();
});

const ledgerWith = (options: Partial<LedgerOptions>): Ledger =>
  new Ledger({
    pool: database.ledgerPool,
    books: suanpan.books,
    meters: suanpan.meters,
    clock: () => now,
    lanes: 1,
    ...options,
  });

async function account(id: string): Promise<string> {
  await inTransaction(suanpan.pool, (tx) => openAccount(tx, suanpan, { id, book: 'faceid-legacy', by: 'local' }, now));
  return id;
}

const events = (count: number, name: string) => Array.from({ length: count }, (_, n) => oneCall(`${name}${n}`, now));
const statuses = (results: readonly EventResult[]) => [...new Set(results.map(({ status }) => status))];

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work;
  expect(performance.now() - began).toBeLessThan(milliseconds);
  return result;
}

test('before the end of its data: the others write the same account, and the very same events', {
  timeout: 30_000,
}, async () => {
  const owner = await account('copied');
  const still = ledgerWith({ pool: through.ledgerPool });
  await still.record(owner, events(1, 'warm'));
  proxy.stopAt = 'c';
  const standing = still.record(owner, events(large, 'e'));
  await until('it stands still', () => proxy.stopped);
  const other = ledgerWith({});
  expect(statuses(await within(soon, other.record(owner, events(3, 'f'))))).toEqual(['accepted']);
  expect(statuses(await within(soon, other.record(owner, events(large, 'e'))))).toEqual(['accepted']);
  proxy.goOn();
  expect(statuses(await standing)).toEqual(['duplicate']);
});

test('nothing is copied while heads are locked', async () => {
  const owner = await account('locked');
  const one = ledgerWith({ pool: through.ledgerPool });
  await one.record(owner, events(1, 'warm'));
  await suanpan.pool.query('update account_heads set version = version + 1 where account_id = $1', [owner]);
  await one.record(owner, events(1, 'contended'));
  proxy.kinds = '';
  expect(statuses(await one.record(owner, events(large, 'e')))).toEqual(['accepted']);
  expect(proxy.kinds).toMatch(/^Q.*Q$/);
  expect(proxy.kinds).not.toMatch(/[dc]/);
  const calm = await account('calm');
  proxy.kinds = '';
  expect(statuses(await one.record(calm, events(large, 'e')))).toEqual(['accepted']);
  expect(proxy.kinds, 'without locks it is copied').toMatch(/d+c/);
});

test('a process stopped in the middle of a COPY keeps nobody', { timeout: 60_000 }, async () => {
  const server = await startServer({ DATABASE_URL: database.connectionString });
  const owner = await account('stopped');
  const time = new Date(now).toISOString();
  const batch = (name: string) =>
    events(9_000, name).map(({ id, meter }) => ({ id, account: owner, meter, time, department: 'd'.repeat(100) }));
  const send = (body: object) =>
    fetch(`${server.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.firstKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((response) => response.text());
  const copying = async () => {
    const { rowCount } = await suanpan.pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and query ilike 'copy %' and state = 'active'`,
    );
    return (rowCount ?? 0) > 0;
  };
  try {
    let caught = '';
    const answers: Promise<string>[] = [];
    for (let tries = 0; caught === ''; tries += 1) {
      expect(tries, 'tries to stop it in the middle of a COPY').toBeLessThan(40);
      const name = `try${tries}-`;
      let answered = false;
      answers.push(send(batch(name)).finally(() => (answered = true)));
      // Said by the assertions below; the end of the server must not say it a second time.
      answers.at(-1)?.catch(() => undefined);
      await until('it copies', async () => answered || (await copying()));
      server.signal('SIGSTOP');
      await until('it has stopped', async () => /^T/.test(await stateOf(server.pid)));
      // What it had sent is read by now, so that a COPY which goes on lacks its end.
      if (!answered && (await standsStill(copying))) caught = name;
      else server.signal('SIGCONT');
    }
    const other = ledgerWith({});
    const same = events(9_000, caught).map((event) => ({ ...event, department: 'd'.repeat(100) }));
    expect(statuses(await within(soon, other.record(owner, events(1, 'beside'))))).toEqual(['accepted']);
    // A body of several groups may stand in a later one: what lies on disk already is a repeat, the rest is taken now.
    const { rows } = await suanpan.pool.query<{ id: string }>(
      'select event_id as id from events where account_id = $1 and starts_with(event_id, $2)',
      [owner, caught],
    );
    const onDisk = new Set(rows.map(({ id }) => id));
    expect(onDisk.size).toBeLessThan(same.length);
    const results = await within(2 * soon, other.record(owner, same));
    expect(results.map(({ status }) => status)).toEqual(
      same.map(({ id }) => (onDisk.has(id) ? 'duplicate' : 'accepted')),
    );
    server.signal('SIGCONT');
    expect((await Promise.all(answers)).at(-1)).toContain('"status":"duplicate"');
  } finally {
    server.signal('SIGKILL');
    await server.gone;
  }
});

const stateOf = async (pid: number): Promise<string> =>
  (await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)])).stdout;

async function standsStill(copying: () => Promise<boolean>): Promise<boolean> {
  for (let times = 0; times < 5; times += 1) if (!(await copying())) return false;
  return true;
}
