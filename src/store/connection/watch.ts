// One connection of a process's own, beside its pools, for its whole life. It tells whether the database answers and what time it
// is there, and holds the lock that keeps the schema from being changed under the process. While it is broken the pools are shut.

import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { type Hosts, PrimaryClient } from './hosts.ts';
import { readPulse, readSchemaNumber } from './safeguards.ts';
import { holdSchema, otherSchema } from './schema-lock.ts';
import { DatabaseUnavailable } from './server-lock.ts';
import { cutOff, silentFor } from './silence.ts';
import { pastPrimary, readTimeline, serverOf } from './standby.ts';
import { TimeOffset } from './time-offset.ts';

/** How the database is doing. `clockOffset`: how far this machine's clock is ahead of it; `reason`: why it cannot be used. */
export type Health =
  | { readonly answers: true; readonly clockOffset: number }
  | { readonly answers: false; readonly reason: string };

export interface WatchOptions {
  readonly hosts: Hosts;
  readonly config: pg.ClientConfig;
  readonly log: (line: string) => void;
  /** Breaks connections that have heard nothing for so long; `patient`: also those that may. */
  readonly cut: (least: number, patient: boolean) => void;
  /** Breaks all connections: those to a server that another one stands in for. */
  readonly cutAll: () => void;
}

/** Between two questions, milliseconds. */
const every = 1_000;
/** Longest for an answer, and for a connection. */
const longestAnswer = 2_000;
const pauseBeforeAnother = 250;
/** Whoever needs the database while it is away waits for so long before he is refused. */
const longestShut = 3_000;
/** A process that starts waits for so long while another changes the schema. */
const longestForSchema = 10_000;

export class Watch {
  readonly #options: WatchOptions;
  readonly #time = new TimeOffset();
  #schema = 0;
  /** The connection, while it answers and holds the lock. */
  #client: PrimaryClient | undefined;
  #state: 'not started' | 'watching' | 'ended' = 'not started';
  #reason = 'not connected yet';
  /** The last question was met by silence, not by a broken connection. */
  #wasSilent = false;
  #awaitsStandby = false;
  /** Which server answered last. */
  #server = '';
  /** How many promotions led to the primary that was used last. */
  #timeline = 0;
  #asking: Promise<void> | undefined;
  #watching: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  readonly #waiting = new Set<(open: boolean) => void>();
  readonly #mustStop = Promise.withResolvers<DatabaseUnavailable>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Resolves when this process must not go on, with words: the schema is another by now. */
  get mustStop(): Promise<DatabaseUnavailable> {
    return this.#mustStop.promise;
  }

  /** Connects, and keeps the schema of this number. Throws `DatabaseUnavailable` when it is another by now. */
  async start(schema: number): Promise<void> {
    if (this.#state !== 'not started') return;
    this.#state = 'watching';
    this.#schema = schema;
    for (const began = performance.now(); ; await wait(pauseBeforeAnother)) {
      try {
        const client = await this.#connect();
        this.#watching = this.#watch(client);
        return;
      } catch (error) {
        if (error instanceof SchemaInChange && performance.now() - began < longestForSchema) continue;
        this.#state = 'not started';
        throw error;
      }
    }
  }

  /** Milliseconds since 1970 by the database's clock; before the start by this machine's. */
  now(): number {
    return Math.floor(this.#time.now());
  }

  /** Whether commits wait for a standby, as of the last question. */
  get awaitsStandby(): boolean {
    return this.#awaitsStandby;
  }

  /** Whether the pools may be used; without a start, and at the end, nothing keeps them shut. */
  get isOpen(): boolean {
    return this.#client !== undefined || this.#state !== 'watching';
  }

  /** Resolves when the pools may be used again; rejects when they may not for too long. */
  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      const answer = (open: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(answer);
        if (open) resolve();
        else reject(Object.assign(new Error(`The database is away: ${this.#reason}`), { code: 'ENOTCONN' }));
      };
      const timer = setTimeout(answer, longestShut, false);
      this.#waiting.add(answer);
    });
  }

  /** Asks the database now, on the watch's own connection; many who ask at once share one question. */
  async health(): Promise<Health> {
    if (this.#client !== undefined) await this.#ask(this.#client);
    if (this.#client === undefined) return { answers: false, reason: this.#reason };
    return { answers: true, clockOffset: this.#time.ownClock };
  }

  /** Ends the watch and gives the schema free. */
  async end(): Promise<void> {
    this.#state = 'ended';
    const client = this.#client;
    this.#client = undefined;
    this.#wake();
    this.#answerWaiting(false);
    if (client !== undefined) {
      const timer = setTimeout(() => cutOff(client, silentFor(every)), every);
      await client.end();
      clearTimeout(timer);
    }
    await this.#watching;
  }

  /** One connection after another, one question after another, until the end. Never rejects. */
  async #watch(first: PrimaryClient): Promise<void> {
    for (let client: PrimaryClient | undefined = first; this.#state === 'watching'; client = await this.#reconnect()) {
      if (client === undefined) await this.#pause(pauseBeforeAnother);
      while (client !== undefined && client === this.#client) {
        await this.#pause(every);
        if (client === this.#client) await this.#ask(client);
      }
    }
  }

  async #reconnect(): Promise<PrimaryClient | undefined> {
    if (this.#state !== 'watching') return undefined;
    const wasSilent = this.#wasSilent;
    try {
      const client = await this.#connect();
      if (wasSilent) this.#cutSwallowed();
      return client;
    } catch (error) {
      this.#note(error as Error);
      const { hosts } = this.#options;
      if (!(error instanceof SchemaInChange)) hosts.next(error);
      if (hosts.count > 1) this.#reason = hosts.told;
      if (error instanceof DatabaseUnavailable) this.#mustStop.resolve(error);
      // A question and an attempt to connect were both met by silence: no other connection hears anything either.
      else if (this.#wasSilent) this.#options.cut(every, true);
      return undefined;
    }
  }

  /** Statements that were swallowed before the network came back are never answered; the latest are known as such a moment later. */
  #cutSwallowed(): void {
    this.#options.cut(every, false);
    setTimeout(() => this.#options.cut(every, false), every).unref();
  }

  /** A connection that holds the schema and knows the time. */
  async #connect(): Promise<PrimaryClient> {
    const { hosts, config } = this.#options;
    const client = new PrimaryClient(hosts, { ...config, connectionTimeoutMillis: longestAnswer });
    client.on('error', (error) => this.#lose(client, error));
    client.once('end', () => this.#lose(client, new Error('the connection ended')));
    try {
      await client.connect();
      if (hosts.count > 1) this.#follow(await inTime(client, readTimeline(client)));
      const server = await inTime(client, serverOf(client));
      if (!(await inTime(client, holdSchema(client)))) throw new SchemaInChange();
      const there = await inTime(client, readSchemaNumber(client));
      if (there !== this.#schema) throw otherSchema(there, this.#schema);
      this.#time.forget();
      for (let sample = 0; sample < 3; sample += 1) await this.#measure(client);
      if (this.#state !== 'watching') throw new Error('the watch has ended');
      this.#arrive(server);
    } catch (error) {
      cutOff(client, error as Error);
      throw error;
    }
    this.#client = client;
    this.#wasSilent = false;
    this.#answerWaiting(true);
    return client;
  }

  /** Throws at a primary that a standby was promoted in place of, and that came back without knowing so. */
  #follow(timeline: number): void {
    if (timeline < this.#timeline) throw pastPrimary(timeline, this.#timeline);
    this.#timeline = timeline;
  }

  /** Behind one address another server may answer by now: the pools' connections may lead to the one before. */
  #arrive(server: string): void {
    if (this.#server !== '' && this.#server !== server) this.#options.cutAll();
    this.#server = server;
  }

  /** Never rejects: a question without an answer loses the connection. */
  #ask(client: PrimaryClient): Promise<void> {
    this.#asking ??= this.#measure(client)
      .catch((error: Error) => this.#lose(client, error))
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  async #measure(client: PrimaryClient): Promise<void> {
    const asked = performance.now();
    const { now, awaitsStandby } = await inTime(client, readPulse(client));
    this.#awaitsStandby = awaitsStandby;
    const warning = this.#time.measured(now, asked, performance.now());
    if (warning !== undefined) this.#options.log(warning);
  }

  #lose(client: PrimaryClient, error: Error): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#note(error);
    this.#options.log(`the database does not answer: ${this.#reason}`);
    cutOff(client, error);
    this.#wake();
  }

  #note(error: Error & { readonly code?: string }): void {
    this.#reason = error.message || error.code || 'for no known reason';
    this.#wasSilent = error.code === 'ETIMEDOUT' || error.message === 'timeout expired';
  }

  #answerWaiting(open: boolean): void {
    for (const answer of [...this.#waiting]) answer(open);
  }

  /** A pause that a loss or the end cuts short. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

class SchemaInChange extends Error {
  override message = 'another process is changing the schema';
}

/** The answer, or the end of its connection. What has come meanwhile counts: this process may have stood still itself. */
async function inTime<T>(client: PrimaryClient, answer: Promise<T>): Promise<T> {
  let answered = false;
  const timer = setTimeout(() => {
    setImmediate(() => {
      if (!answered) cutOff(client, silentFor(longestAnswer));
    });
  }, longestAnswer);
  try {
    return await answer;
  } finally {
    answered = true;
    clearTimeout(timer);
  }
}
