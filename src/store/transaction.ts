// One transaction: committed when the work returns a value, rolled back when it refuses or throws.

import type { ClientBase, Pool, PoolClient } from 'pg';
import { isRefusal, type Refusal } from '../core/refusal.ts';

export async function inTransaction<T>(
  pool: Pool,
  work: (tx: PoolClient) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query(isRefusal(result) ? 'rollback' : 'commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Reads one consistent moment of the database. */
export async function inSnapshot<T>(pool: Pool, read: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = true;
  try {
    const result = await snapshotOn(client, read);
    broken = false;
    return result;
  } finally {
    client.release(broken);
  }
}

/** The same on a connection of the caller's, which is of no more use when this throws. */
export async function snapshotOn<Client extends ClientBase, T>(
  client: Client,
  read: (client: Client) => Promise<T>,
): Promise<T> {
  await client.query('begin isolation level repeatable read read only');
  const result = await read(client);
  await client.query('commit');
  return result;
}
