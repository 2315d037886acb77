import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/store/connect.ts';

export type FreshDatabase = Pick<Database, 'pool' | 'ledgerPool' | 'watch'> & {
  /** For a second pool, or a process of its own (`DATABASE_URL`). */
  readonly connectionString: string;
  drop(): Promise<void>;
};

/** Makes an empty database for one test file on the run's own PostgreSQL. */
export async function freshDatabase(options: { connections?: number } = {}): Promise<FreshDatabase> {
  const { connectionString: server } = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const connectionString = server.replace(/\/[^/?]*\?/, `/${name}?`);
  const { pool, ledgerPool, watch, close } = await openDatabase({
    databaseUrl: connectionString,
    dataFolder: '',
    ...options,
  });
  const drop = async (): Promise<void> => {
    await close();
    await onServer(server, `drop database if exists ${name} with (force)`);
  };
  return { pool, ledgerPool, watch, connectionString, drop };
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const { pool, close } = await openDatabase({
    databaseUrl: connectionString,
    dataFolder: '',
    connections: 1,
  });
  await pool.query(statement).finally(close);
}
