// The counterpart of batches and imports: the rows of a round, copied as text into a table of the same columns that has the unique
// key and nothing else.

import { once } from 'node:events';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

export interface RawCopy {
  readonly rows: number;
  readonly seconds: number;
}

const columns = `seq, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count, account_id, event_id,
  department, action, channel, library, result_code`;

/** Copies the events of the accounts of a prefix, in the order in which they were stored; '' means all. */
export async function copyEventsRaw(pool: Pool, prefix: string): Promise<RawCopy> {
  const client = await pool.connect();
  try {
    const chosen = `account_id >= '${prefix}' and account_id < '${prefix}~'`;
    const chunks = await readText(client, `copy (select ${columns} from events where ${chosen}) to stdout`);
    await client.query('drop table if exists raw_events');
    await client.query('create table raw_events (like events)');
    await client.query('alter table raw_events add primary key (event_id, account_id)');
    await client.query('checkpoint');
    const began = performance.now();
    const rows = await writeText(client, `copy raw_events (${columns}) from stdin`, chunks);
    const seconds = (performance.now() - began) / 1_000;
    await client.query('drop table raw_events');
    return { rows, seconds };
  } finally {
    client.release();
  }
}

const chunkSize = 256 * 1024;

/** The text of a COPY … TO STDOUT, in chunks of a good size to write. */
export async function readText(client: PoolClient, statement: string): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  let parts: Buffer[] = [];
  let size = 0;
  for await (const piece of client.query(copyTo(statement)) as AsyncIterable<Buffer>) {
    parts.push(piece);
    size += piece.length;
    if (size < chunkSize) continue;
    chunks.push(Buffer.concat(parts));
    parts = [];
    size = 0;
  }
  if (size > 0) chunks.push(Buffer.concat(parts));
  return chunks;
}

export async function writeText(client: PoolClient, statement: string, chunks: readonly Buffer[]): Promise<number> {
  const stream = client.query(copyFrom(statement));
  const finished = once(stream, 'finish');
  for (const chunk of chunks) if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), finished]);
  stream.end();
  await finished;
  return stream.rowCount;
}
