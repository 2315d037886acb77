// The events of a load, made up as they are needed: random accounts, one to three calls each, so that small packs are straddled,
// some sent twice. requests.lua makes the same for wrk.

import { randomFillSync } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Load {
  /** Accounts are called PREFIX0, PREFIX1, … */
  readonly prefix: string;
  readonly accounts: number;
  /** Events a request; all of one account. */
  readonly batch: number;
  /** Share of requests that repeat an earlier one, as a client that got no answer does. */
  readonly duplicates: number;
  readonly ids: 'time-ordered' | 'random';
  /** Instead of recording: authorises such events, or captures the holds of a file. */
  readonly verb?: Verb;
  /** The file: a `HeldCall` a line, captured in this order. Without any left the load ends early. */
  readonly holds?: string;
}

export type Verb = 'authorize' | 'capture';

export interface HeldCall {
  readonly account: string;
  readonly id: string;
  readonly calls: number;
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
/** Longer than any round. */
const holdSeconds = 3_600;

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

/** Makes requests, or takes them from the file of holds, and counts what they carry; a duplicate counts nothing. */
export class EventStream {
  events = 0;
  calls = 0;
  duplicates = 0;
  /** All holds were taken; the last one is repeated. */
  exhausted = false;
  readonly #holds: readonly string[] | undefined;
  #hold: SentRequest | undefined;
  readonly #load: Load;
  readonly #sent: SentRequest[] = [];
  readonly #mostRemembered: number;
  readonly #part: { readonly index: number; readonly of: number };
  #next = 0;

  /** `part`: only accounts whose number leaves `index` when divided by `of`. */
  constructor(load: Load, part: { readonly index: number; readonly of: number } = { index: 0, of: 1 }) {
    this.#load = load;
    this.#part = part;
    this.#holds = load.holds === undefined ? undefined : readFileSync(load.holds, 'utf8').trimEnd().split('\n');
    this.#mostRemembered = Math.max(64, Math.floor(20_000 / load.batch));
  }

  next(): SentRequest {
    const { batch, duplicates } = this.#load;
    if (duplicates > 0 && Math.random() < duplicates) {
      const repeated = this.#sent[Math.floor(Math.random() * this.#sent.length)];
      if (repeated !== undefined) {
        this.duplicates += batch;
        return repeated;
      }
    }
    const request = this.#holds === undefined ? this.#make() : this.#take(this.#holds);
    if (duplicates > 0) this.#remember(request);
    return request;
  }

  #make(): SentRequest {
    const { batch, ids } = this.#load;
    const at = Date.now();
    const events: SentEvent[] = [];
    for (let count = 0; count < batch; count += 1) {
      const calls = 1 + Math.floor(Math.random() * 3);
      this.calls += calls;
      events.push({ id: ids === 'random' ? randomId() : timeOrderedId(at), calls, at });
    }
    this.events += batch;
    return { account: this.#account(), events };
  }

  #take(holds: readonly string[]): SentRequest {
    const line = holds[this.events];
    if (line !== undefined) {
      const { account, id, calls } = JSON.parse(line) as HeldCall;
      this.events += 1;
      this.calls += calls;
      this.#hold = { account, events: [{ id, calls, at: 0 }] };
    } else this.exhausted = true;
    if (this.#hold === undefined) throw new Error('no holds to capture');
    return this.#hold;
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

/** A request as JSON: one event, or an array; or an authorisation. */
export function requestBody({ account, events }: SentRequest, verb?: Verb): string {
  const documents = events.map(({ id, calls, at }) => {
    const rest = verb === 'authorize' ? `"seconds":${holdSeconds}` : `"time":"${new Date(at).toISOString()}"`;
    return `{"id":"${id}","account":"${account}","meter":"${meter}","calls":${calls},${rest}}`;
  });
  return documents.length === 1 ? (documents[0] ?? '') : `[${documents.join(',')}]`;
}

/** `kept`: what sending it again needs. */
export function httpRequest(request: SentRequest, verb?: Verb): { path: string; body: string; kept: string } {
  if (verb !== 'capture') {
    const body = requestBody(request, verb);
    return { path: verb === 'authorize' ? '/v1/authorizations' : '/v1/events', body, kept: body };
  }
  const { account, events } = request;
  const id = events[0]?.id ?? '';
  return { ...captureRequest({ account, id }), kept: JSON.stringify({ account, id }) };
}

export const captureRequest = ({ account, id }: Pick<HeldCall, 'account' | 'id'>): { path: string; body: string } => ({
  path: `/v1/authorizations/${id}/capture`,
  body: `{"account":"${account}"}`,
});
