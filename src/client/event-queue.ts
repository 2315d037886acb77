// Events that are sent together: each waits for no other, and none is sent while the server has more than it answers.

import { clientWords } from '../words/client.ts';
import { type Exchange, Problem } from './exchange.ts';
import type { EventResult, NewEvent } from './shapes.ts';

export interface QueueOptions {
  /** Events of a request; 500 if not given, at most 10,000. */
  readonly together?: number;
  /** Events that may wait or be under way; 10,000 if not given. */
  readonly most?: number;
  /** Requests at a time; 2 if not given. */
  readonly lanes?: number;
}

interface Waiting {
  readonly json: string;
  readonly settle: (result: EventResult) => void;
  readonly fail: (reason: unknown) => void;
}

/** Statuses that refuse a request for what it carries; a proxy too may take less than the server. */
const ofContent = [400, 413, 422];
/** Half of what the server takes in one body. */
const mostBytes = 4 * 1024 * 1024;
/** Of a UTF-16 unit in UTF-8, at most. */
const bytesOfUnit = 3;

/**
 * `const { result } = await queue.put(event)` goes on as soon as there is room; `result` is there when the event is settled and on disk.
 * What arrives while requests are under way goes with the next one: nobody waits for a clock.
 */
export class EventQueue {
  readonly #exchange: Exchange;
  readonly #together: number;
  readonly #most: number;
  readonly #lanes: number;
  readonly #line: Waiting[] = [];
  readonly #forRoom: (() => void)[] = [];
  readonly #forEnd: (() => void)[] = [];
  /** Promised to those in `put`, waiting and under way. */
  #taken = 0;
  #busy = 0;
  #isClosed = false;
  #trouble: unknown;
  #isDue = false;

  constructor(exchange: Exchange, { together = 500, most = 10_000, lanes = 2 }: QueueOptions = {}) {
    this.#exchange = exchange;
    // With none of one of them it would wait for ever.
    for (const given of [together, most, lanes]) if (!(given >= 1)) throw new RangeError(`not 1 or more: ${given}`);
    this.#together = Math.min(together, 10_000);
    this.#most = most;
    this.#lanes = lanes;
  }

  /** Events that are not answered yet. */
  get size(): number {
    return this.#taken;
  }

  /**
   * Waits, in order, until there is room, and takes the event. `result` says what became of it, a refusal of this one event included
   * (`status: 'rejected'`, with its code); it rejects with `Problem` when the event could not be brought to the server: send it again
   * then, with the same id and time. Rejects itself when the queue is closed.
   */
  async put(event: NewEvent): Promise<{ readonly result: Promise<EventResult> }> {
    // Taken down now: the caller may go on with the object, and a second try is the same event.
    const json = JSON.stringify({ ...event, time: event.time ?? new Date(this.#exchange.clock()).toISOString() });
    if (this.#isClosed) throw this.#exchange.problem('QUEUE_CLOSED', clientWords.closed);
    if (this.#taken < this.#most) this.#taken += 1;
    else await new Promise<void>((resolve) => this.#forRoom.push(resolve));
    const result = new Promise<EventResult>((settle, fail) => {
      this.#line.push({ json, settle, fail });
    });
    // Whoever looks at no result hears of it from `flush`.
    result.catch(() => undefined);
    this.#pumpSoon();
    return { result };
  }

  /** Waits until everything is answered. Rejects with the first problem since the last time, if an event was not brought to the server. */
  async flush(): Promise<void> {
    if (this.#taken > 0) await new Promise<void>((resolve) => this.#forEnd.push(resolve));
    const trouble = this.#trouble;
    this.#trouble = undefined;
    if (trouble !== undefined) throw trouble;
  }

  /** Takes no more events, and waits for those that it has. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.flush();
  }

  /** After all that is put in this turn. */
  #pumpSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      while (this.#busy < this.#lanes && this.#line.length > 0) void this.#send(this.#next());
    });
  }

  #next(): Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const { json } of this.#line) {
      const more = json.length * bytesOfUnit;
      if (count === this.#together || (count > 0 && bytes + more > mostBytes)) break;
      bytes += more;
      count += 1;
    }
    return this.#line.splice(0, count);
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    this.#busy += 1;
    await this.#bring(batch);
    this.#busy -= 1;
    this.#leave(batch.length);
    this.#pumpSoon();
  }

  /** What is refused for what is in it, or for its size, goes in halves: in the end the event to blame is alone. */
  async #bring(batch: readonly Waiting[]): Promise<void> {
    try {
      const body = `[${batch.map(({ json }) => json).join(',')}]`;
      const answer = await this.#exchange.send({ method: 'POST', path: '/v1/events', body, isSafe: true });
      const { results } = answer as { readonly results: readonly EventResult[] };
      if (results?.length !== batch.length) throw this.#exchange.problem('NO_ANSWER', clientWords.noAnswer(200));
      results.forEach((result, at) => {
        batch[at]?.settle(result);
      });
    } catch (error) {
      if (batch.length > 1 && error instanceof Problem && ofContent.includes(error.status)) {
        const half = batch.length >> 1;
        await this.#bring(batch.slice(0, half));
        return this.#bring(batch.slice(half));
      }
      this.#trouble ??= error;
      for (const { fail } of batch) fail(error);
    }
  }

  /** Their room goes to those who wait for it, the first ones first. */
  #leave(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const first = this.#forRoom.shift();
      if (first === undefined) this.#taken -= 1;
      else first();
    }
    if (this.#taken === 0) for (const end of this.#forEnd.splice(0)) end();
  }
}
