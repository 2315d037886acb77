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

/** Makes an empty database for one test file on the run's own PostgreSQL, or another, and an ordinary role that owns it and nothing else. */
export async function freshDatabase({
  server = inject('postgres').administratorString,
  ...options
}: {
  readonly connections?: number;
  readonly server?: string;
} = {}): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const connectionString = addressAs(server, name);
  await onServer(server, [`create role ${name} login password '${name}'`, `create database ${name} owner ${name}`]);
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

/** The same server for another role, in the database of its name. By the socket the system says who it is; elsewhere the password. */
function addressAs(server: string, name: string): string {
  const [, scheme = '', host = '', rest = ''] = /^(\w+:\/\/)(?:[^/?#]*@)?([^/?#]*)(?:\/[^?]*)?(.*)$/.exec(server) ?? [];
  return `${scheme}${name}${host === '' ? '' : `:${name}`}@${host}/${name}${rest}`;
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
