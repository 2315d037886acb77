// Events by COPY: for groups of thousands it costs about half of INSERT … SELECT unnest. They are copied to a table of the connection's
// own: while a COPY waits for its client nothing ends it, not even the time-outs, and a server may stand still in the middle of one.

import { once } from 'node:events';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CallFacts } from '../../core/event.ts';
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

/** What goes before the rows of a binary COPY: its signature, no flags, no extension. */
const opening = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const fieldCount = 16;
const chunkBytes = 256 * 1024;
/** Lengths and numbers of a row. */
const rowBytes = 2 + 4 * fieldCount + 5 * 8 + 4 + 3 * 2;
const twoTo32 = 4_294_967_296;

/** Rows in the form that COPY … (format binary) reads, value by value into one buffer: neither texts nor arrays are made of them. */
class CopyRows {
  #bytes: Buffer = Buffer.allocUnsafeSlow(chunkBytes);
  #end = opening.copy(this.#bytes, 0);
  readonly #meters: MeterNumbers;

  constructor(meters: MeterNumbers) {
    this.#meters = meters;
  }

  /** Gives what is full when the next row might not fit. */
  add(event: EventRow): Buffer | undefined {
    const { account, id, department, facts, draws, meter } = event;
    // At most three bytes of UTF-8 for each unit of UTF-16.
    let most = rowBytes + 3 * (account.length + id.length + (department?.length ?? 0));
    if (facts !== null) most += 3 * lengthOf(facts);
    const full = this.#end + most > this.#bytes.length ? this.#take(most) : undefined;
    const bytes = this.#bytes;
    bytes[this.#end++] = 0;
    bytes[this.#end++] = fieldCount;
    this.#text(account);
    this.#text(id);
    this.#int8(event.seq);
    this.#int8(event.at);
    this.#int8(event.receivedAt);
    this.#int8(Number(event.calls));
    this.#int8(Number(event.postpaid));
    const [draw] = draws;
    if (draw === undefined || draws.length > 1) this.#int4(-1);
    else {
      this.#int4(4);
      this.#int4(draw.pack);
    }
    if (meter === null) this.#int4(-1);
    else this.#int2(this.#meters.numberOf(meter));
    this.#int2(outcomeNumber(event));
    this.#int2(draws.length);
    this.#text(department);
    this.#text(facts === null ? null : facts.action);
    this.#text(facts === null ? null : facts.channel);
    this.#text(facts === null ? null : facts.library);
    this.#text(facts === null ? null : facts.resultCode);
    return full;
  }

  /** The last piece, with the end of the rows. */
  finish(): Buffer {
    const rest = this.#bytes.subarray(0, this.#end);
    return Buffer.concat([rest, Buffer.from([0xff, 0xff])]);
  }

  #take(most: number): Buffer {
    const full = this.#bytes.subarray(0, this.#end);
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(chunkBytes, most));
    this.#end = 0;
    return full;
  }

  #int4(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#end++] = value >>> 24;
    bytes[this.#end++] = value >>> 16;
    bytes[this.#end++] = value >>> 8;
    bytes[this.#end++] = value;
  }

  #int2(value: number): void {
    this.#int4(2);
    this.#bytes[this.#end++] = value >>> 8;
    this.#bytes[this.#end++] = value;
  }

  /** Exact: what an event counts is below 2⁵³. */
  #int8(value: number): void {
    this.#int4(8);
    const high = Math.floor(value / twoTo32);
    this.#int4(high);
    this.#int4(value - high * twoTo32);
  }

  #text(value: string | null): void {
    if (value === null) {
      this.#int4(-1);
      return;
    }
    const size = this.#bytes.write(value, this.#end + 4, 'utf8');
    this.#int4(size);
    this.#end += size;
  }
}

const lengthOf = ({ action, channel, library, resultCode }: CallFacts): number =>
  action.length + (channel?.length ?? 0) + (library?.length ?? 0) + (resultCode?.length ?? 0);

/** Copies events to `stagedEvents`. */
export async function copyEvents(client: ClientBase, events: Iterable<EventRow>, meters: MeterNumbers): Promise<void> {
  const stream = client.query(copyFrom(`copy ${stagedEvents} (${eventColumnNames}) from stdin (format binary)`));
  // After the server's refusal the stream reports a second error, of its own; the first is the one that counts.
  stream.on('error', () => {});
  const finished = once(stream, 'finish');
  const rows = new CopyRows(meters);
  for (const event of events) {
    const full = rows.add(event);
    if (full !== undefined && !stream.write(full)) await Promise.race([once(stream, 'drain'), finished]);
  }
  stream.end(rows.finish());
  await finished;
}
