// Forward-only migrations, one numbered SQL file each, applied while no other process uses the ledger and recorded with their digest.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { ClientBase, Pool } from 'pg';
import { databaseWords } from '../../words/database.ts';
import { unavailable } from './failures.ts';
import { engineOf } from './hosts.ts';
import { otherSchema, takeMigratingTurn, takeSchemaAlone } from './schema-lock.ts';
import { DatabaseUnavailable } from './server-lock.ts';
import { allowSilence } from './silence.ts';
import { layingSettings } from './spread.ts';

const ours = new URL('../migrations/', import.meta.url);

/** A migration of a large ledger says nothing for long, milliseconds. */
const longestMigration = 3_600_000;

interface Migration {
  readonly no: number;
  readonly name: string;
  readonly sql: string;
  readonly digest: string;
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { no: Number(name.slice(0, 4)), name, sql, digest: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The schema that this program brings. */
export const newestMigration = async (): Promise<number> => (await readMigrations(ours)).at(-1)?.no ?? 0;

/**
 * Brings the schema up to date, or to an earlier one that a backup was made with, and gives its number. Throws `DatabaseUnavailable` when the database is newer than this program, was
 * changed under it, or is used by processes of an older schema.
 */
export async function migrate(pool: Pool, folder = ours, through = Number.MAX_SAFE_INTEGER): Promise<number> {
  const migrations = (await readMigrations(folder)).filter(({ no }) => no <= through);
  const newest = migrations.at(-1)?.no ?? 0;
  const client = await pool.connect();
  try {
    allowSilence(client, longestMigration);
    await takeMigratingTurn(client);
    if (engineOf(client) === 'citus') await client.query(layingSettings);
    const missing = await findMissing(client, migrations);
    if (missing.length > 0) await takeSchemaAlone(client, newest);
    for (const migration of missing) await applyOne(client, migration, migration === missing.at(-1));
    return newest;
  } catch (error) {
    throw unavailable(error) ?? error;
  } finally {
    // Its locks end with the connection, whatever state that is in.
    client.release(true);
  }
}

async function findMissing(client: ClientBase, migrations: readonly Migration[]): Promise<Migration[]> {
  await client.query(
    'create table if not exists schema_migrations (no integer primary key, name text not null, digest text not null, applied_at timestamptz not null default now())',
  );
  const { rows } = await client.query<{ no: number; digest: string }>('select no, digest from schema_migrations');
  const applied = new Map(rows.map((row) => [row.no, row.digest]));
  const newest = Math.max(0, ...applied.keys());
  const known = migrations.at(-1)?.no ?? 0;
  if (newest > known) throw otherSchema(newest, known);
  for (const { no, name, digest } of migrations) {
    if ((applied.get(no) ?? digest) === digest) continue;
    throw new DatabaseUnavailable(databaseWords.migrationWasChangedAfterItHad(name));
  }
  return migrations.filter(({ no }) => !applied.has(no));
}

/** The last one raises every head's version, so that no head that somebody still has in memory can win over a migrated one. */
async function applyOne(client: ClientBase, migration: Migration, isLast: boolean): Promise<void> {
  await client.query('begin');
  await client.query(migration.sql);
  if (isLast) await client.query('update account_heads set version = version + 1');
  await client.query('insert into schema_migrations (no, name, digest) values ($1, $2, $3)', [
    migration.no,
    migration.name,
    migration.digest,
  ]);
  await client.query('commit');
}
