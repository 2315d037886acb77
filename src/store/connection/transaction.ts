// One transaction: committed when the work returns a value, rolled back when it refuses or throws.

import type { ClientBase, Pool, PoolClient } from 'pg';
import { isRefusal, type Refusal } from '../../core/refusal.ts';
import { allowSilence } from './silence.ts';

/** A server that is stopped while it holds heads locked loses them after this many milliseconds, so that the others go on. */
export const longestPause = 2_000;

/** Longer than that, so that whoever waits for such a server's locks gets them; whatever else holds one so long is not waited for. */
const longestWait = 5_000;

/** Longest silence of a statement that works through whole months, such as an archive's or a check's, milliseconds. */
export const longestWork = 600_000;

/**
 * `pause`: how long the work may leave the database without a statement, milliseconds; 0 as long as it likes, and so may a statement,
 * which waits for locks too.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (tx: PoolClient) => Promise<T | Refusal>,
  pause = longestPause,
): Promise<T | Refusal> {
  const client = await pool.connect();
  let broken = false;
  if (pause === 0) allowSilence(client, longestWork);
  try {
    const wait = pause === 0 ? 0 : longestWait;
    await client.query(
      `begin; set local idle_in_transaction_session_timeout = ${pause}; set local lock_timeout = ${wait}`,
    );
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

/** One transaction on a connection of the caller's; rolled back when the work throws. */
export async function changeOn<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
