// `suanpan database distribute` on an engine that refuses what Citus' documentation says it refuses. What rows do there is not shown here.

import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseLines } from '../../src/cli/doctor-database.ts';
import { readConfiguration } from '../../src/configuration.ts';
import { readDurability } from '../../src/store/connection/connect.ts';
import { migrate } from '../../src/store/connection/migrate.ts';
import {
  keyBetween,
  layTables,
  leftAlone,
  obstaclesOf,
  readCluster,
  type Step,
  stepsOf,
  tablesByLying,
} from '../../src/store/connection/spread.ts';
import { createStandIn } from '../setup/citus/stand-in.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const distribute = (
  ...options: string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', LANG: 'C', DATABASE_URL: database.connectionString };
    execFile(process.execPath, [program, 'database', 'distribute', '--json', ...options], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
const calls = async (): Promise<string[]> =>
  (await database.pool.query<{ call: string }>('select call from citus.calls order by no')).rows.map(({ call }) =>
    call.replaceAll('public.', ''),
  );
const cluster = async () => {
  const client = await database.pool.connect();
  const found = await readCluster(client);
  client.release();
  if (found === undefined) throw new Error('no extension');
  return found;
};

test('where there is nothing to spread over it says so, and changes nothing', async () => {
  const { code, err } = await distribute();
  expect(code).toBe(1);
  expect(JSON.parse(err)).toMatchObject({ error: { code: 'NO_CITUS' } });
  expect((await database.pool.query(`select 1 from pg_class where relname = 'events'`)).rowCount).toBe(0);
});

describe('on an engine that spreads', () => {
  beforeAll(() => createStandIn(database));

  test('a database of an older program is not judged', async () => {
    const { code, err } = await distribute('--dry-run');
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'CANNOT_DISTRIBUTE' } });
    expect(await calls()).toEqual([]);
  });

  test('every table of ours has its place, and no other', async () => {
    await migrate(database.pool);
    const { tables } = await cluster();
    const placed = [...Object.values(tablesByLying).flat(), ...leftAlone];
    expect(placed.toSorted()).toEqual(tables.map(({ name }) => name));
  });

  test('what refers to tables of accounts is the one key that is known', async () => {
    const { rows } = await database.pool.query<{ key: string; definition: string }>(
      `select conrelid::regclass || ' ' || conname || ' → ' || confrelid::regclass as key, pg_get_constraintdef(oid) as definition
       from pg_constraint where contype = 'f' and confrelid = any($1::text[]::regclass[])`,
      [tablesByLying.account],
    );
    const { table, name, to, definition } = keyBetween;
    expect(rows.map(({ key }) => key)).toEqual([`${table} ${name} → ${to}`]);
    expect(rows[0]?.definition.toLowerCase().replace('orders(', 'orders (')).toBe(definition);
  });

  test('a dry run lists the steps and does none', async () => {
    const { code, out, err } = await distribute('--dry-run');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { dryRun, workers, steps } = JSON.parse(out);
    expect({ dryRun, workers }).toEqual({ dryRun: true, workers: 2 });
    expect(steps).toHaveLength(Object.values(tablesByLying).flat().length + 3);
    expect(await calls()).toEqual([]);
  });

  test('refused where a step would fail, with nothing changed', async () => {
    await database.pool.query(
      `create table guests (id integer primary key); create unique index by_id on events (event_id)`,
    );
    const { code, err } = await distribute();
    expect(code).toBe(1);
    const { en, zh } = JSON.parse(err).error.detail;
    expect(en).toContain("table guests is not Suanpan's");
    expect(en).toContain('table events has unique keys without the account: by_id');
    expect(zh).toContain('by_id');
    expect(await calls()).toEqual([]);
    await database.pool.query('drop table guests; drop index by_id');
  });

  test('broken off in the middle, it goes on where it was', async () => {
    await database.pool.query(`insert into price_books (id, document, digest, added_ms) values ('b', '{}', '', 1);
      insert into accounts (account_id, name, book_id, created_ms) values ('a', 'a', 'b', 1);
      insert into account_heads (account_id, version, fixed, state) values ('a', 1, '{}', '{}')`);
    const client = await database.pool.connect();
    const before = stepsOf(await cluster());
    const steps: string[] = [];
    // The key is away then: what is refused is to put it back.
    await client.query('alter table orders drop constraint orders_pkey cascade');
    await expect(layTables(client, ({ of, what }) => steps.push(`${what} ${of}`))).rejects.toMatchObject({
      name: 'StepFailed',
      step: { what: 'key-back' },
    });
    await client.query('alter table orders add primary key (account_id, order_no)');
    client.release();
    const { code, out, err } = await distribute();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const after: string[] = JSON.parse(out).steps.map(({ of, what }: Step) => `${what} ${of}`);
    const made = [...steps, ...after].filter((step) => !step.startsWith('free'));
    // Those that refer to what lies on every node came along with it.
    const along = ['gateway_credentials', 'flow_tokens', 'people', 'webhooks', 'list_exports', 'book_versions'];
    expect(made).toEqual(
      before.flatMap(({ of, what }) => (along.includes(of) || what === 'key-away' ? [] : [`${what} ${of}`])),
    );
    expect(stepsOf(await cluster())).toEqual([]);
    expect(after, 'what was copied and is seen by nobody').toContain('free account_heads');
  });

  test('each account lies whole on one node, and what all need lies on each', async () => {
    const made = await calls();
    expect(made).toContain('create_reference_table price_books');
    expect(made).toContain('create_distributed_table account_heads by account_id with none');
    expect(made).toContain('create_distributed_table events by account_id with account_heads');
    expect(made).toContain('citus_add_local_table_to_metadata audit');
    expect(made.at(-1)).toBe('truncate_local_data_after_distributing_table account_heads');
    const { hasKeyBetween } = await cluster();
    expect(hasKeyBetween).toBe(true);
    expect(obstaclesOf(await cluster())).toEqual([]);
  });

  test('again it does nothing but what was left', async () => {
    const before = await calls();
    const { code, out } = await distribute();
    expect({ code, steps: JSON.parse(out).steps }).toEqual({ code: 0, steps: [] });
    expect(await calls()).toEqual(before);
  });

  test('the act is in the audit, and doctor names the engine', async () => {
    const { rows } = await database.pool.query('select operation, done_by from audit order by no');
    expect(rows).toEqual([{ operation: 'database distribute', done_by: 'local' }]);
    expect((await readDurability(database.pool)).engine).toBe('citus');
    const spread = async () =>
      (await databaseLines(database.pool, readConfiguration({}))).find(({ name }) => name === 'spread');
    expect(await spread()).toMatchObject({ value: true });
    await database.pool.query('alter table order_ends drop constraint order_ends_account_id_order_no_fkey');
    expect(await spread()).toMatchObject({
      value: false,
      problem: { en: expect.stringContaining('database distribute') },
    });
  });
});
