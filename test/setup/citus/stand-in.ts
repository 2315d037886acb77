// The extension of that name that stands in for Citus, made in a test's own database: PostgreSQL 18 looks for extensions where it is told.

import pg from 'pg';
import { inject } from 'vitest';
import type { FreshDatabase } from '../database.ts';

export const createStandIn = (database: Pick<FreshDatabase, 'connectionString'>): Promise<void> =>
  asAdministrator(database, `set extension_control_path = '${import.meta.dirname}:$system'; create extension citus`);

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
