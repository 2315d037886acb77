// The events of a load, made up as they are needed: random accounts, one to three calls each, so that small packs are straddled,
// some sent twice. requests.lua makes the same for wrk.

import { randomFillSync } from 'node:crypto';

export interface Load {
  /** Accounts are called PREFIX0, PREFIX1, … */
  readonly prefix: string;
  readonly accounts: number;
  /** Events a request; all of one account. */
  readonly batch: number;
  /** Share of events that were sent before. */
  readonly duplicates: number;
  readonly ids: 'time-ordered' | 'random';
}

export interface SentEvent {
  readonly id: string;
  readonly calls: number;
  readonly at: number;
}

export interface SentRequest {
  readonly account: string;
  readonly events: SentEvent[];
}

export const meter = 'liveness.basic.authority';
const mostRemembered = 5_000;

const pool = Buffer.alloc(16 * 1024);
let unused = 0;

function randomHex(bytes: number): string {
  if (unused < bytes) {
    randomFillSync(pool);
    unused = pool.length;
  }
  const hex = pool.toString('hex', pool.length - unused, pool.length - unused + bytes);
  unused -= bytes;
  return hex;
}

/** UUIDv7 of that millisecond. */
export function timeOrderedId(at: number): string {
  const time = at.toString(16).padStart(12, '0');
  const random = randomHex(10);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

export function randomId(): string {
  const random = randomHex(16);
  return `${random.slice(0, 8)}-${random.slice(8, 12)}-4${random.slice(13, 16)}-8${random.slice(17, 20)}-${random.slice(20)}`;
}

/** Makes requests and counts what they carry; a duplicate counts nothing. */
export class EventStream {
  events = 0;
  calls = 0;
  duplicates = 0;
  readonly #load: Load;
  readonly #sent: SentRequest[] = [];
  #next = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  next(): SentRequest {
    const { prefix, accounts, batch, duplicates, ids } = this.#load;
    const repeated = batch === 1 && Math.random() < duplicates ? this.#remembered() : undefined;
    if (repeated !== undefined) {
      this.duplicates += 1;
      return repeated;
    }
    const at = Date.now();
    const events: SentEvent[] = [];
    for (let count = 0; count < batch; count += 1) {
      const earlier = batch > 1 && count > 0 && Math.random() < duplicates ? events[count >> 1] : undefined;
      if (earlier !== undefined) {
        this.duplicates += 1;
        events.push(earlier);
        continue;
      }
      const calls = 1 + Math.floor(Math.random() * 3);
      this.events += 1;
      this.calls += calls;
      events.push({ id: ids === 'random' ? randomId() : timeOrderedId(at), calls, at });
    }
    const request = { account: `${prefix}${Math.floor(Math.random() * accounts)}`, events };
    this.#remember(request);
    return request;
  }

  #remembered(): SentRequest | undefined {
    return this.#sent[Math.floor(Math.random() * mostRemembered)];
  }

  #remember(request: SentRequest): void {
    if (this.#load.batch > 1 || this.#load.duplicates === 0) return;
    this.#sent[this.#next] = request;
    this.#next = (this.#next + 1) % mostRemembered;
  }
}

/** A request as JSON: one event, or an array. */
export function requestBody({ account, events }: SentRequest): string {
  const documents = events.map(
    ({ id, calls, at }) =>
      `{"id":"${id}","account":"${account}","meter":"${meter}","calls":${calls},"time":"${new Date(at).toISOString()}"}`,
  );
  return documents.length === 1 ? (documents[0] ?? '') : `[${documents.join(',')}]`;
}
