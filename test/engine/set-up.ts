// The engine under test: a server that DATABASE_URL names, whose role may make roles and databases. Each test file gets a database
// and a role of its own there, and drops both.

import pg from 'pg';
import type { TestProject } from 'vitest/node';

export default async function setUp(project: TestProject): Promise<void> {
  const administratorString = process.env.DATABASE_URL ?? '';
  if (administratorString === '')
    throw new Error('DATABASE_URL has to name the engine, by a role that may make roles and databases');
  const client = new pg.Client({ connectionString: administratorString });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(
    `select version() as version, current_setting('server_version') as number,
       (select string_agg(extname || ' ' || extversion, ', ' order by extname) from pg_extension) as extensions,
       current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
       current_setting('synchronous_commit') as synchronous_commit,
       current_setting('synchronous_standby_names') as synchronous_standby_names,
       current_setting('wal_level') as wal_level, current_setting('data_checksums') as data_checksums`,
  );
  await client.end();
  // For the report, which is written by another module of this process. Servers under test are not to find the engine by themselves.
  process.env.ENGINE_FACTS = JSON.stringify(rows[0]);
  delete process.env.DATABASE_URL;
  project.provide('postgres', { administratorString });
}
