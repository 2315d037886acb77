import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/store/connection/connect.ts';

export type FreshDatabase = Pick<Database, 'pool' | 'ledgerPool' | 'keyPool' | 'watch'> & {
  /** For a second pool, or a process of its own (`DATABASE_URL`). */
  readonly connectionString: string;
  /** Lets this database's role set what only a superuser may. */
  allowSetting(parameter: string): Promise<void>;
  drop(): Promise<void>;
};

/** Makes an empty database for one test file on the run's own PostgreSQL, and an ordinary role that owns it and nothing else. */
export async function freshDatabase(options: { connections?: number } = {}): Promise<FreshDatabase> {
  const { administratorString: server } = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, [`create role ${name} login`, `create database ${name} owner ${name}`]);
  const connectionString = server.replace(/\/\/\w+@\/[^/?]*\?/, `//${name}@/${name}?`);
  const { pool, ledgerPool, keyPool, watch, close } = await openDatabase({
    databaseUrl: connectionString,
    dataFolder: '',
    ...options,
  });
  const allowSetting = (parameter: string) => onServer(server, [`grant set on parameter ${parameter} to ${name}`]);
  const drop = async (): Promise<void> => {
    await close();
    const gone = `drop database if exists ${name} with (force)`;
    await onServer(server, [gone, `drop owned by ${name}`, `drop role ${name}`]);
  };
  return { pool, ledgerPool, keyPool, watch, connectionString, allowSetting, drop };
}

async function onServer(connectionString: string, statements: readonly string[]): Promise<void> {
  const { pool, close } = await openDatabase({
    databaseUrl: connectionString,
    dataFolder: '',
    connections: 1,
  });
  try {
    for (const statement of statements) await pool.query(statement);
  } finally {
    await close();
  }
}
