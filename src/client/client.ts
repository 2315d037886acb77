// `import … from 'suanpan/client'`: the API for programs of others, in Node from 20.20 on and in browsers.

import { type Around, type AroundOptions, callAround, NotCaptured } from './around.ts';
import { EventQueue, type QueueOptions } from './event-queue.ts';
import { type ClientOptions, Exchange, Problem } from './exchange.ts';
import { operations, sameTwice } from './operations.ts';
import type {
  Answer,
  AnswerOf,
  BodyOf,
  Capture,
  EventResult,
  FileName,
  Hold,
  NewEvent,
  NewHold,
  OperationName,
  Outcome,
  ParametersOf,
  ProblemDocument,
  Receipt,
  Release,
  Sent,
  WholeReceipt,
} from './shapes.ts';

export { type Delivery, type SentHeaders, verifyWebhook } from './webhook.ts';
export {
  type Answer,
  type Around,
  type AroundOptions,
  type Capture,
  type ClientOptions,
  EventQueue,
  type EventResult,
  type FileName,
  type Hold,
  type NewEvent,
  type NewHold,
  NotCaptured,
  type OperationName,
  type Outcome,
  Problem,
  type ProblemDocument,
  type QueueOptions,
  type Receipt,
  type Release,
  type Sent,
  type WholeReceipt,
};

export interface FileAsking<Name extends OperationName | FileName> {
  /** The names in the path. */
  readonly of?: ParametersOf<Name>;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Milliseconds for one try, where this one takes longer than others; of a file, until it begins. */
  readonly tryFor?: number;
  readonly signal?: AbortSignal;
}

export interface Asking<Name extends OperationName> extends FileAsking<Name> {
  readonly body?: BodyOf<Name>;
  /**
   * The Idempotency-Key of a command, the same for every attempt at one act, of this process and of later ones. Without it one is made
   * for this call and its tries.
   */
  readonly key?: string;
}

const encoded = (id: string): string => {
  // An address cannot hold them: they would lead to another operation.
  if (/^\.{0,2}$/.test(id)) throw new RangeError(`no id: "${id}"`);
  return encodeURIComponent(id);
};

/** Hexadecimal, 128 bits at random: `randomUUID` is missing where a page is not served over TLS. */
const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Method and path, with what is named and asked for in it. */
function addressOf<Name extends OperationName | FileName>(name: Name, { of, query = {} }: FileAsking<Name>) {
  const [method = '', pattern = ''] = name.split(' ');
  const named: Readonly<Record<string, string>> = of ?? {};
  const path = pattern.replace(/:(\w+)/g, (_, each: string) => encoded(named[each] ?? ''));
  const wish = new URLSearchParams();
  for (const [field, value] of Object.entries(query)) if (value !== undefined) wish.set(field, String(value));
  return { method, path: wish.size === 0 ? path : `${path}?${wish}` };
}

const triedAs = ({ tryFor, signal }: FileAsking<never>) => ({
  ...(tryFor === undefined ? {} : { tryFor }),
  ...(signal === undefined ? {} : { signal }),
});

const ofAccount = (account: string | undefined) => (account === undefined ? {} : { account });

/** The API of one server, asked with one key. What may be tried again is, within `patience`; all methods throw `Problem`. */
export class Suanpan {
  readonly #exchange: Exchange;

  constructor(options: ClientOptions) {
    this.#exchange = new Exchange(options);
  }

  /**
   * Any operation of the API but those that answer with a file: `ask('GET /v1/accounts/:id/balance', { of: { id: 'acme' } })`. Tried again are reads,
   * commands with an Idempotency-Key, and whatever the server says it did nothing about.
   */
  async ask<Name extends OperationName>(name: Name, asking: Asking<Name> = {}): Promise<AnswerOf<Name>> {
    const { body, key } = asking;
    const address = addressOf(name, asking);
    const isCommand = 'once' in operations[name];
    const asked = {
      ...{ ...address, ...triedAs(asking) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(isCommand ? { key: key ?? newId() } : {}),
      isSafe: address.method === 'GET' || isCommand || sameTwice.includes(name),
    };
    return (await this.#exchange.send(asked)) as AnswerOf<Name>;
  }

  /**
   * An operation that answers with a file: `(await file('GET /v1/exports/:id/file', { of: { id } })).body`. Tried again until it begins;
   * where it breaks off, reading the body rejects.
   */
  file<Name extends FileName>(name: Name, asking: FileAsking<Name> = {}): Promise<Response> {
    return this.#exchange.open({ ...addressOf(name, asking), ...triedAs(asking), isSafe: true });
  }

  /** Records one event; the answer comes when it is settled and on disk. Sent again with the same id and content it counts once. */
  async record(event: NewEvent): Promise<EventResult> {
    const body = JSON.stringify({ ...event, time: event.time ?? new Date(this.#exchange.clock()).toISOString() });
    return (await this.#exchange.send({ method: 'POST', path: '/v1/events', body, isSafe: true })) as EventResult;
  }

  /** For many events: they go together, and no more wait than there is room for. */
  queue(options?: QueueOptions): EventQueue {
    return new EventQueue(this.#exchange, options);
  }

  /** Who paid for an event. `account` for operators. */
  receipt(id: string, account?: string): Promise<WholeReceipt> {
    return this.ask('GET /v1/events/:id/receipt', { of: { id }, query: ofAccount(account) });
  }

  /** May this call be made? Holds it until it is captured, released or out of time. Refusals are `Problem`s: POSTPAID_OFF, CAP_REACHED … */
  authorize(asked: NewHold): Promise<Hold> {
    return this.ask('POST /v1/authorizations', { body: { ...asked, id: asked.id ?? newId() } });
  }

  /** The call was made. */
  capture(id: string, outcome: Outcome = {}, account?: string): Promise<Capture> {
    const body = { ...ofAccount(account), ...outcome };
    return this.ask('POST /v1/authorizations/:id/capture', { of: { id }, body });
  }

  /** The call was not made. */
  release(id: string, account?: string): Promise<Release> {
    return this.ask('POST /v1/authorizations/:id/release', { of: { id }, body: ofAccount(account) });
  }

  /**
   * Authorises a call, makes it and captures it. Give an id of your own where the same call may come again (a customer's retry): it is
   * charged once. A call that took longer than its hold is recorded as an event of the same id. Throws `Problem` where it may not be
   * made, what `work` throws, and `NotCaptured`, with what `work` gave, where it was made and could not be recorded.
   */
  around<Value>(
    asked: NewHold,
    work: (hold: Hold) => Promise<Value>,
    options: AroundOptions<Value> = {},
  ): Promise<Around<Value>> {
    return callAround(this, this.#exchange, { ...asked, id: asked.id ?? newId() }, work, options);
  }
}
