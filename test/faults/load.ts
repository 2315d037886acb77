// A careful client under load: it notes what it sent, what was acknowledged and what it does not know the fate of,
// and repeats the unknown with the same ids until each is acknowledged.

import { mulberry32 } from '../naive/random-scenario.ts';

export interface SentEvent {
  readonly account: string;
  readonly id: string;
  readonly meter: string;
  readonly calls: number;
  readonly time: string;
}

/** One request with the events it carries, or one command that has an Idempotency-Key. */
interface Message {
  readonly path: string;
  readonly body: unknown;
  readonly key: string | null;
  readonly events: readonly SentEvent[];
  /** Called once, at the acknowledgement. */
  readonly settled?: () => void;
}

export interface LoadOptions {
  readonly seed: number;
  readonly accounts: readonly string[];
  /** Servers to send to, now; asked anew for each request. */
  readonly urls: () => readonly string[];
  readonly key: () => string;
  readonly workers: number;
  /** A request without an answer for so long has an unknown fate. */
  readonly timeout?: number;
  /** Also purchases, top-ups and voids, each with an Idempotency-Key. */
  readonly commands?: boolean;
  readonly meters?: readonly string[];
}

export interface Answered {
  readonly status: number;
  readonly milliseconds: number;
  readonly retryAfter: string | null;
  readonly path: string;
}

export class Load {
  readonly sent: SentEvent[] = [];
  readonly acknowledged = new Map<string, SentEvent>();
  readonly voided = new Set<string>();
  readonly topUps: string[] = [];
  readonly bought: string[] = [];
  /** Answers that are no success and no known way of being busy: none is expected. */
  readonly surprises: string[] = [];
  readonly answers: Answered[] = [];
  /** Requests whose fate was unknown at some time. */
  unknownTotal = 0;
  readonly #options: LoadOptions;
  readonly #random: () => number;
  readonly #unknown: Message[] = [];
  #serial = 0;
  #running = false;
  #workers: Promise<void>[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#random = mulberry32(options.seed);
  }

  start(): void {
    this.#running = true;
    this.#workers = Array.from({ length: this.#options.workers }, () => this.#work());
  }

  /** Lets requests under way end, sends no new ones. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#workers);
  }

  /** Repeats everything unknown until it is acknowledged. */
  async settle(): Promise<void> {
    for (const since = performance.now(); this.#unknown.length > 0; ) {
      if (performance.now() - since > 60_000) throw new Error(`${this.#unknown.length} requests stay unknown`);
      const message = this.#unknown.shift();
      if (message !== undefined) await this.#send(message);
    }
  }

  async #work(): Promise<void> {
    while (this.#running) {
      // No heap of new requests while no server answers.
      const again =
        this.#random() < 0.3 || this.#unknown.length > this.#options.workers ? this.#unknown.shift() : undefined;
      await this.#send(again ?? this.#next());
    }
  }

  #next(): Message {
    this.#serial += 1;
    const account = this.#pick(this.#options.accounts);
    const dice = this.#random();
    if (this.#options.commands === true && dice < 0.06) return this.#command(account, dice);
    const size = dice < 0.8 ? 1 : 2 + Math.floor(this.#random() * 20);
    const events = Array.from({ length: size }, (_, index): SentEvent => {
      const owner = size === 1 ? account : this.#pick(this.#options.accounts);
      return {
        account: owner,
        id: `e${this.#options.seed}-${this.#serial}-${index}`,
        meter: this.#pick(this.#options.meters ?? ['liveness.basic.authority', 'photo.authority']),
        calls: 1 + Math.floor(this.#random() * 4),
        time: new Date().toISOString(),
      };
    });
    this.sent.push(...events);
    return { path: '/v1/events', body: size === 1 ? events[0] : events, key: null, events };
  }

  #command(account: string, dice: number): Message {
    const id = `c${this.#options.seed}-${this.#serial}`;
    if (dice < 0.02) {
      const settled = () => this.topUps.push(id);
      return { path: `/v1/accounts/${account}/top-ups`, body: { amount: '7.00' }, key: id, events: [], settled };
    }
    const victim = [...this.acknowledged.values()].at(Math.floor(this.#random() * this.acknowledged.size));
    if (dice < 0.04 || victim === undefined || this.voided.has(victim.id)) {
      const body = { account, product: 'basic_authority', size: 1000, id };
      return { path: '/v1/packs', body, key: id, events: [], settled: () => this.bought.push(id) };
    }
    this.voided.add(victim.id);
    return { path: `/v1/events/${victim.id}/void`, body: { account: victim.account }, key: id, events: [] };
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T;
  }

  async #send(message: Message): Promise<void> {
    const began = performance.now();
    const urls = this.#options.urls();
    if (urls.length === 0) {
      this.#unknown.push(message);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return;
    }
    try {
      const response = await fetch(`${this.#pick(urls)}${message.path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.#options.key()}`,
          'content-type': 'application/json',
          ...(message.key === null ? {} : { 'idempotency-key': message.key }),
        },
        body: JSON.stringify(message.body),
        signal: AbortSignal.timeout(this.#options.timeout ?? 20_000),
      });
      const text = await response.text();
      this.answers.push({
        status: response.status,
        milliseconds: performance.now() - began,
        retryAfter: response.headers.get('retry-after'),
        path: message.path,
      });
      this.#note(message, response.status, text);
    } catch {
      this.unknownTotal += 1;
      this.#unknown.push(message);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #note(message: Message, status: number, text: string): void {
    if (status === 503) {
      this.#unknown.push(message);
      return;
    }
    if (status >= 300) {
      this.surprises.push(`${message.path} ${status} ${text.slice(0, 300)}`);
      return;
    }
    message.settled?.();
    if (message.events.length === 0) return;
    const json = JSON.parse(text) as { results?: { id: string; status: string }[]; id: string; status: string };
    for (const [index, result] of (json.results ?? [json]).entries()) {
      const event = message.events[index];
      if (event?.id === result.id && (result.status === 'accepted' || result.status === 'duplicate')) {
        this.acknowledged.set(event.id, event);
      } else this.surprises.push(`${message.path} ${JSON.stringify(result)}`);
    }
  }
}
