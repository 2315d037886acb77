import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, readDurability } from '../../src/store/connection/connect.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

describe('values keep their exactness on the way from PostgreSQL', () => {
  test.each([
    ['9007199254740993::int8', 9007199254740993n],
    ['-1::int8', -1n],
    ['array[1, null, 9007199254740993]::int8[]', [1n, null, 9007199254740993n]],
    ["'{}'::int8[]", []],
    ['0.10::numeric', '0.10'],
    ["'2026-01-31'::date", '2026-01-31'],
    ['1::int4', 1],
    ["'2026-01-06T08:59:59+08:00'::timestamptz", new Date('2026-01-06T00:59:59Z')],
  ])('%s', async (expression, expected) => {
    const { rows } = await database.pool.query(`select ${expression} as value`);
    expect(rows[0].value).toEqual(expected);
  });
});

test('the embedded server is durable as shipped', async () => {
  const found = await readDurability(database.pool);
  expect(found).toMatchObject({ durable: true, fsync: true, synchronousCommit: 'on', fullPageWrites: true });
  expect(found.version).toMatch(/^18\./);
});

test('a server set to lose commits is called not durable', async () => {
  const loose = `${database.connectionString}&options=${encodeURIComponent('-c synchronous_commit=off')}`;
  const { pool, close } = await openDatabase({ databaseUrl: loose, dataFolder: '' });
  const found = await readDurability(pool);
  await close();
  expect(found).toMatchObject({ durable: false, synchronousCommit: 'off' });
});

test('a server that does not answer is refused in both languages', async () => {
  const opening = openDatabase({ databaseUrl: 'postgresql://nobody@127.0.0.1:1/none', dataFolder: '' });
  await expect(opening).rejects.toThrow(/does not answer.*\n.*无法连接数据库/);
});
