// Forward-only migrations, one numbered SQL file each, applied under one lock and recorded with their digest.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Pool, PoolClient } from 'pg';

const folder = new URL('./migrations/', import.meta.url);
const lockNumber = 7_280_001;

interface Migration {
  readonly no: number;
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { no: Number(name.slice(0, 4)), name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The schema that this program brings. */
export const newestMigration = async (): Promise<number> => (await readMigrations()).at(-1)?.no ?? 0;

/** Brings the schema up to date. Throws when the database is newer than this program, or was changed under it. */
export async function migrate(pool: Pool): Promise<number> {
  const migrations = await readMigrations();
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockNumber]);
    try {
      return await applyMissing(client, migrations);
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockNumber]);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client: PoolClient, migrations: readonly Migration[]): Promise<number> {
  await client.query(
    'create table if not exists schema_migrations (no integer primary key, name text not null, digest text not null, applied_at timestamptz not null default now())',
  );
  const { rows } = await client.query<{ no: number; digest: string }>('select no, digest from schema_migrations');
  const applied = new Map(rows.map((row) => [row.no, row.digest]));
  const newest = Math.max(0, ...applied.keys());
  if (newest > (migrations.at(-1)?.no ?? 0)) {
    throw new Error(`The database has schema ${newest}, newer than this program knows. Start a newer Suanpan.`);
  }
  for (const migration of migrations) {
    const digest = applied.get(migration.no);
    if (digest === migration.digest) continue;
    if (digest !== undefined) throw new Error(`Migration ${migration.name} was changed after it had been applied.`);
    await applyOne(client, migration);
  }
  return migrations.at(-1)?.no ?? 0;
}

async function applyOne(client: PoolClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (no, name, digest) values ($1, $2, $3)', [
      migration.no,
      migration.name,
      migration.digest,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}
