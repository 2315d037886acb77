// F11: a migration that breaks off at any of its statements, in any way, and is run again and again, ends at the schema of one that nothing
// disturbed.

import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { migrate, newestMigration } from '../../src/store/connection/migrate.ts';
import { freshDatabase } from '../setup/database.ts';
import { failing, ways } from './failing-statements.ts';

/** Every column, constraint, index and function, and what was applied, as lines. */
async function schemaOf(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(`
    select concat_ws(' ', 'column', table_name, column_name, data_type, collation_name, is_nullable, column_default) as line
      from information_schema.columns where table_schema = 'public'
    union all
    select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select concat_ws(' ', 'index', indexdef) from pg_indexes where schemaname = 'public'
    union all
    select concat_ws(' ', 'function', proname, md5(prosrc)) from pg_proc where pronamespace = 'public'::regnamespace
    union all
    select concat_ws(' ', 'applied', no, name, digest) from schema_migrations
    order by line`);
  return rows.map(({ line }) => line);
}

test('a migration that breaks off at any statement is taken up again', { timeout: 120_000 }, async () => {
  const [calm, disturbed] = [await freshDatabase(), await freshDatabase()];
  await migrate(calm.pool);
  const met = new Map<string, number>();
  for (const way of ways) {
    // From nothing each time; what was committed stays, so each attempt gets a little further or no further.
    await disturbed.pool.query('drop schema public cascade; create schema public');
    for (let attempt = 0; ; attempt += 1) {
      const done = await failing(1 + ((attempt * 5) % 18), way, () => migrate(disturbed.pool)).catch(() => undefined);
      if (done === undefined) met.set(way, (met.get(way) ?? 0) + 1);
      else if (done.hit === undefined) break;
    }
    expect(await schemaOf(disturbed.pool)).toEqual(await schemaOf(calm.pool));
    expect(await migrate(disturbed.pool), 'once more changes nothing').toBe(await newestMigration());
    expect(await schemaOf(disturbed.pool)).toEqual(await schemaOf(calm.pool));
  }
  console.log(`F11: broken off ${JSON.stringify(Object.fromEntries(met))} times`);
  await Promise.all([calm.drop(), disturbed.drop()]);
});
