// Events by COPY: for groups of thousands it costs about half of INSERT … SELECT unnest. They are copied to a table of the connection's
// own: while a COPY waits for its client nothing ends it, not even the time-outs, and a server may stand still in the middle of one.

import { once } from 'node:events';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { MeterNumbers } from './meters.ts';
import { type EventRow, outcomeNumber } from './rows.ts';

export const eventColumnNames = `account_id, event_id, seq, at_ms, received_ms, calls, postpaid, pack_no, meter, outcome, draw_count,
  department, action, channel, library, result_code`;

/** Where copied events wait for the statement that enters them; empty outside a transaction. */
export const stagedEvents = 'staged_events';

/** Opens the transaction of a large group. */
export async function openCopy(client: ClientBase): Promise<void> {
  await client.query(`begin; create temporary table if not exists ${stagedEvents} (like events) on commit delete rows`);
}

const mustEscape = /[\\\t\n\r]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text: string): string => text.replace(mustEscape, (character) => escapes[character] ?? character);
const optional = (text: string | null): string => (text === null ? '\\N' : escaped(text));

function line(event: EventRow, meters: MeterNumbers): string {
  const { draws, facts } = event;
  const pack = draws.length === 1 ? (draws[0]?.pack ?? '\\N') : '\\N';
  const meter = event.meter === null ? '\\N' : meters.numberOf(event.meter);
  const rest =
    facts === null
      ? '\\N\t\\N\t\\N\t\\N'
      : `${escaped(facts.action)}\t${optional(facts.channel)}\t${optional(facts.library)}\t${optional(facts.resultCode)}`;
  return `${escaped(event.account)}\t${escaped(event.id)}\t${event.seq}\t${event.at}\t${event.receivedAt}\t${event.calls}\t${event.postpaid}\t${pack}\t${meter}\t${outcomeNumber(event)}\t${draws.length}\t${optional(event.department)}\t${rest}\n`;
}

const chunkLength = 256 * 1024;

/** Copies events to `stagedEvents`. */
export async function copyEvents(client: ClientBase, events: readonly EventRow[], meters: MeterNumbers): Promise<void> {
  const stream = client.query(copyFrom(`copy ${stagedEvents} (${eventColumnNames}) from stdin`));
  // After the server's refusal the stream reports a second error, of its own; the first is the one that counts.
  stream.on('error', () => {});
  const finished = once(stream, 'finish');
  let chunk = '';
  for (const event of events) {
    chunk += line(event, meters);
    if (chunk.length < chunkLength) continue;
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), finished]);
    chunk = '';
  }
  stream.end(chunk);
  await finished;
}
