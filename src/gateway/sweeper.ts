// What a gateway sweeps by itself: each day that is due, one after the other, and what failed another time.

import { setTimeout as wait } from 'node:timers/promises';
import type { GatewayParts } from './flow.ts';
import { type SweepEnd, type SweepOptions, sweep } from './sweep.ts';

/** How often is looked whether a day is due, in milliseconds. */
const usualEvery = 600_000;

export class Sweeper {
  readonly #parts: GatewayParts;
  readonly #log: (end: Exclude<SweepEnd, { kind: 'none' }>) => void;
  readonly #stopping = new AbortController();
  readonly #counted = { whole: 0, left: 0, metered: 0, held: 0, findings: 0 };
  #running: Promise<void> = Promise.resolve();

  readonly #options: Pick<SweepOptions, 'waits'>;

  constructor(
    parts: GatewayParts,
    log: (end: Exclude<SweepEnd, { kind: 'none' }>) => void,
    options: Pick<SweepOptions, 'waits'> = {},
  ) {
    this.#parts = parts;
    this.#log = log;
    this.#options = options;
  }

  start(every = usualEvery): void {
    this.#running = this.#keep(every);
  }

  /** A page under way is handed in first. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #keep(every: number): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#runDue();
      await wait(every, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** A day that cannot be read now keeps no other waiting. */
  async #runDue(): Promise<void> {
    const except: string[] = [];
    const { signal: stop } = this.#stopping;
    while (!stop.aborted) {
      const end = await sweep(this.#parts, { ...this.#options, except, stop });
      if (end.kind === 'none') return;
      this.#log(end);
      this.#counted[end.kind] += 1;
      if (end.kind === 'whole') {
        this.#counted.metered += end.swept.metered;
        this.#counted.held += end.swept.held;
        this.#counted.findings += end.swept.findings;
      } else if (except.includes(end.day)) return;
      else except.push(end.day);
    }
  }

  /** For /metrics. */
  get text(): string {
    const { whole, left, ...attempts } = this.#counted;
    const days = Object.entries({ whole, left }).map(
      ([how, count]) => `suanpan_gateway_sweeps_total{how="${how}"} ${count}\n`,
    );
    const found = Object.entries(attempts).map(
      ([how, count]) => `suanpan_gateway_swept_attempts_total{how="${how}"} ${count}\n`,
    );
    return [
      ...['# TYPE suanpan_gateway_sweeps_total counter\n', ...days],
      ...['# TYPE suanpan_gateway_swept_attempts_total counter\n', ...found],
    ].join('');
  }
}
