// The extension of that name that stands in for Citus, made in a test's own database: PostgreSQL 18 looks for extensions where it is told.

import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase } from '../../../src/store/connection/connect.ts';
import { migrate } from '../../../src/store/connection/migrate.ts';
import { layTables } from '../../../src/store/connection/spread.ts';
import { type FreshDatabase, freshDatabase } from '../database.ts';

export const createStandIn = (database: Pick<FreshDatabase, 'connectionString'>): Promise<void> =>
  asAdministrator(database, `set extension_control_path = '${import.meta.dirname}:$system'; create extension citus`);

/** A database whose tables are spread, as far as its catalogue says. */
export async function spreadDatabase(): Promise<FreshDatabase> {
  const fresh = await freshDatabase();
  await createStandIn(fresh);
  await migrate(fresh.pool);
  const client = await fresh.pool.connect();
  await layTables(client, () => undefined);
  client.release();
  const database = await openDatabase({ databaseUrl: fresh.connectionString, dataFolder: '' });
  const drop = async (): Promise<void> => {
    await database.close();
    await fresh.drop();
  };
  return { ...fresh, ...database, drop };
}

/** What the role of the database may not. */
export async function asAdministrator(
  { connectionString }: Pick<FreshDatabase, 'connectionString'>,
  sql: string,
): Promise<void> {
  const { administratorString } = inject('postgres');
  const name = new URL(connectionString.replace(/@\//, '@localhost/')).pathname;
  const admin = new pg.Client({ connectionString: inDatabase(administratorString, name) });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}

/** The same server, another database. */
function inDatabase(server: string, path: string): string {
  const [, before = '', query = ''] = /^(\w+:\/\/[^/?#]*)(?:\/[^?]*)?(.*)$/.exec(server) ?? [];
  return `${before}${path}${query}`;
}
