// The events of a load, made up as they are needed: random accounts, one to three calls each, so that small packs are straddled,
// some sent twice. requests.lua makes the same for wrk.

import { randomFillSync } from 'node:crypto';

export interface Load {
  /** Accounts are called PREFIX0, PREFIX1, … */
  readonly prefix: string;
  readonly accounts: number;
  /** Events a request; all of one account. */
  readonly batch: number;
  /** Share of requests that repeat an earlier one, as a client that got no answer does. */
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
  readonly #mostRemembered: number;
  readonly #part: { readonly index: number; readonly of: number };
  #next = 0;

  /** `part`: only accounts whose number leaves `index` when divided by `of`. */
  constructor(load: Load, part: { readonly index: number; readonly of: number } = { index: 0, of: 1 }) {
    this.#load = load;
    this.#part = part;
    this.#mostRemembered = Math.max(64, Math.floor(20_000 / load.batch));
  }

  next(): SentRequest {
    const { batch, duplicates, ids } = this.#load;
    if (duplicates > 0 && Math.random() < duplicates) {
      const repeated = this.#sent[Math.floor(Math.random() * this.#sent.length)];
      if (repeated !== undefined) {
        this.duplicates += batch;
        return repeated;
      }
    }
    const at = Date.now();
    const events: SentEvent[] = [];
    for (let count = 0; count < batch; count += 1) {
      const calls = 1 + Math.floor(Math.random() * 3);
      this.calls += calls;
      events.push({ id: ids === 'random' ? randomId() : timeOrderedId(at), calls, at });
    }
    this.events += batch;
    const request = { account: this.#account(), events };
    if (duplicates > 0) this.#remember(request);
    return request;
  }

  #account(): string {
    const { prefix, accounts } = this.#load;
    const { index, of } = this.#part;
    return `${prefix}${Math.floor(Math.random() * Math.floor(accounts / of)) * of + index}`;
  }

  #remember(request: SentRequest): void {
    this.#sent[this.#next] = request;
    this.#next = (this.#next + 1) % this.#mostRemembered;
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
