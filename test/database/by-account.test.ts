// The ledger can be spread over nodes by account: each table of accounts has the account in all its keys, and each statement that joins
// such tables joins them by it, so that an account's rows are found on one node.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../src/store/connection/migrate.ts';
import { headLocks } from '../../src/store/ledger/heads.ts';
import { type FreshDatabase, freshDatabase } from '../setup/database.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.pool);
});
afterAll(() => database.drop());

/** Those that are found by an id of their own: they belong to the installation, and are the same on each node. */
const ofTheInstallation = [
  'api_keys',
  'approvals',
  'deliveries',
  'flow_tokens',
  'gateway_credentials',
  'list_exports',
  'order_references',
  'people',
  'sweep_findings',
  'webhooks',
];

/** Tables with an account, with each of their unique keys. */
async function keys() {
  const { rows } = await database.pool.query<{ name: string; key: string; has: boolean }>(
    `select t.relname as name, string_agg(a.attname, ', ' order by k.place) as key, bool_or(a.attname = 'account_id') as has
     from pg_class t join pg_index i on i.indrelid = t.oid and i.indisunique
     cross join unnest(i.indkey) with ordinality as k(attribute, place)
     join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attribute
     where t.relnamespace = current_schema()::regnamespace and exists (
       select from pg_attribute c where c.attrelid = t.oid and c.attname = 'account_id' and not c.attisdropped)
     group by t.relname, i.indexrelid order by 1, 2`,
  );
  return rows;
}

describe('tables', () => {
  test('of accounts have the account in every key', async () => {
    const without = (await keys()).filter(({ name, has }) => !has && !ofTheInstallation.includes(name));
    expect(without.map(({ name, key }) => `${name} (${key})`)).toEqual([]);
  });

  test('refer to each other by account', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `select c.conrelid::regclass || ' → ' || c.confrelid::regclass as name from pg_constraint c
       where c.contype = 'f' and c.connamespace = current_schema()::regnamespace
         and exists (select from pg_attribute a where a.attrelid = c.conrelid and a.attname = 'account_id')
         and exists (select from pg_attribute a where a.attrelid = c.confrelid and a.attname = 'account_id')
         and not exists (select from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k where a.attname = 'account_id')`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['deliveries → webhooks']);
  });
});

const source = fileURLToPath(new URL('../../src', import.meta.url));
const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name));

/** With what stands in constants of the same file put in its place. */
const whole = (text: string): string =>
  text.replaceAll(/\$\{(\w+)\}/g, (all, name) => new RegExp(`const ${name} = ['"](.*)['"];`).exec(text)?.[1] ?? all);

/** Joins of a table that say nothing of the account. */
function joinsWithout(tables: ReadonlySet<string>, text: string): string[] {
  const joins =
    /\bjoin\s+(\w+)(?:\s+(?:as\s+)?(?!on\b|using\b)\w+)?\s+(?:on|using)\s+([\s\S]*?)(?=\bjoin\b|\bwhere\b|\border by\b|\bgroup by\b|\bleft\b|\bcross\b|\bunion\b|[`';])/g;
  return [...text.matchAll(joins)].flatMap(([all, table = '', condition = '']) =>
    tables.has(table) && !condition.includes('account_id') ? [all.replaceAll(/\s+/g, ' ').trim()] : [],
  );
}

describe('statements', () => {
  test('join tables of accounts by the account', async () => {
    const tables = new Set((await keys()).map(({ name }) => name).filter((name) => !ofTheInstallation.includes(name)));
    expect(tables.size).toBeGreaterThan(20);
    expect(files.flatMap((path) => joinsWithout(tables, whole(readFileSync(path, 'utf8'))))).toEqual([]);
  });

  test('one that does not is found', () => {
    const tables = new Set(['packs', 'voids']);
    expect(
      joinsWithout(tables, '`select 1 from events e join packs p on p.pack_no = e.pack_no where e.account_id = $1`'),
    ).toHaveLength(1);
    expect(joinsWithout(tables, '`select 1 from events join voids using (event_id)`')).toHaveLength(1);
    expect(joinsWithout(tables, '`select 1 from events join voids using (account_id, event_id)`')).toEqual([]);
  });
});

test('heads are read and locked alike on each engine, and keep their version', async () => {
  await database.pool.query(
    `insert into account_heads (account_id, version, fixed, state) select a, 7, '{}', '{}' from unnest(array['b', 'a', 'c']) a`,
  );
  const read = [];
  for (const text of Object.values(headLocks)) {
    const [one, other] = [await database.pool.connect(), await database.pool.connect()];
    await one.query('begin');
    read.push((await one.query(text, [['c', 'a', 'none']])).rows);
    const blocked = other.query(`select from account_heads where account_id = 'a' for update nowait`);
    await expect(blocked).rejects.toMatchObject({ code: '55P03' });
    const free = await other.query(`select from account_heads where account_id = 'b' for update nowait`);
    expect(free.rowCount).toBe(1);
    await one.query('commit');
    one.release();
    other.release();
  }
  expect(read[0]).toMatchObject([
    { account_id: 'a', version: 7n },
    { account_id: 'c', version: 7n },
  ]);
  expect(read[1]).toEqual(read[0]);
});
