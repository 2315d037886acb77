// Two statements in one round trip: both are on their way before either is answered, the second never outlives a failed first within
// a transaction, and the connection is as it was afterwards.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { together } from '../../src/store/connection/together.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
let client: PoolClient;

beforeAll(async () => {
  database = await freshDatabase();
  await database.pool.query('create table kept (n integer primary key)');
});
afterAll(() => database.drop());
beforeEach(async () => {
  client = await database.pool.connect();
});
afterEach(() => client.release());

const socketOf = (of: PoolClient) =>
  (of as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream;
const kept = async () =>
  (await database.pool.query<{ n: number }>('select n from kept order by n')).rows.map(({ n }) => n);

test('the second is sent before the first is answered, and each gets its own answer', async () => {
  const other = await database.pool.connect();
  await other.query('select pg_advisory_lock(7)');
  const before = socketOf(client).bytesWritten;
  const second = `select 2 as two /* ${'x'.repeat(500)} */`;
  const both = together(
    client,
    () => client.query('select 1 as one, pg_advisory_lock(7)'),
    () => client.query<{ two: number }>({ name: 'second', text: `${second} where $1`, values: [true] }),
  );
  await nextTurn();
  expect(socketOf(client).bytesWritten - before).toBeGreaterThan(second.length);
  await other.query('select pg_advisory_unlock(7)');
  other.release();
  const [one, two] = await both;
  expect([one.rows[0]?.one, two.rows]).toEqual([1, [{ two: 2 }]]);
  await client.query('select pg_advisory_unlock(7)');
});

test('a commit behind a failed statement commits nothing', async () => {
  await client.query('begin; insert into kept values (1)');
  const failed = together(
    client,
    () => client.query({ name: 'keep', text: 'insert into kept values ($1)', values: [1] }),
    () => client.query('commit'),
  );
  await expect(failed).rejects.toMatchObject({ code: '23505' });
  expect(await kept()).toEqual([]);
});

test('behind a failure of either the connection goes on, statement by statement, and copies', async () => {
  const bad = () => client.query('select 1 / 0');
  await expect(together(client, bad, () => client.query('select 1'))).rejects.toMatchObject({ code: '22012' });
  await expect(together(client, () => client.query('select 1'), bad)).rejects.toMatchObject({ code: '22012' });
  await expect(together(client, bad, bad)).rejects.toMatchObject({ code: '22012' });
  const stream = client.query(copyFrom('copy kept from stdin'));
  stream.end('5\n6\n');
  await once(stream, 'finish');
  expect(await kept()).toEqual([5, 6]);
});

test('a connection that breaks in the middle fails both', async () => {
  const own = await database.pool.connect();
  own.on('error', () => {});
  const broken = together(
    own,
    () => own.query('select pg_sleep(5)'),
    () => own.query('select 2'),
  );
  socketOf(own).destroy();
  await expect(broken).rejects.toThrow('Connection terminated unexpectedly');
  own.release(true);
});
