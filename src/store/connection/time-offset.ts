// The database's clock, as one of its clients knows it: asked for now and then, and carried on by this process's own monotonic
// time in between. The machine's clock may be wrong or be set; nothing but a warning comes of it.

import { databaseWords } from '../../words/database.ts';
/** A machine whose clock is further off than this many milliseconds is told of. */
export const tolerableOffset = 1_000;

const samples = 5;
/** What a busy machine may add to a measurement, milliseconds. */
const slack = 50;

export class TimeOffset {
  /** Database's time less the process's monotonic time, the newest last. */
  #measured: number[] = [];
  #offset = Date.now() - performance.now();
  #warned = false;

  now(): number {
    return performance.now() + this.#offset;
  }

  /** How far this machine's clock is ahead of the database's. */
  get ownClock(): number {
    return Math.round(Date.now() - this.now());
  }

  /** Another database may answer from now on. */
  forget(): void {
    this.#measured = [];
  }

  /**
   * Takes what the database said between two moments of `performance.now()`; it said so half way, as far as anybody knows. The
   * median of the last measurements counts, unless this one shows that the clock was set. Gives words when the machine's clock is off.
   */
  measured(theirs: number, asked: number, answered: number): string | undefined {
    const offset = theirs - (asked + answered) / 2;
    const error = (answered - asked) / 2 + slack;
    if (Math.abs(offset - this.#offset) > error) this.forget();
    this.#measured = [...this.#measured.slice(1 - samples), offset];
    this.#offset = this.#measured.toSorted((a, b) => a - b)[Math.floor(this.#measured.length / 2)] ?? offset;
    return this.#warning();
  }

  #warning(): string | undefined {
    const off = Math.abs(this.ownClock) > tolerableOffset;
    const isNew = off && !this.#warned;
    this.#warned = off;
    if (!isNew) return undefined;
    const seconds = (Math.abs(this.ownClock) / 1_000).toFixed(1);
    const { zh, en } = databaseWords.clockIsOff(seconds, this.ownClock > 0);
    return `${en}\n${zh}`;
  }
}
