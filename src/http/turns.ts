// Who waits for whom before a connection is taken: commands of one account in a line of their own, reads and exports of one caller
// beside one another, few.

import { type Refusal, refuseFor } from '../core/refusal.ts';

export interface TurnsOptions {
  /** How many of one name run at once. */
  readonly mostOfOne: number;
  /** How many run at once in all. */
  readonly most: number;
  /** How many of one name may wait. */
  readonly mostWaiting: number;
  /** How long one waits, milliseconds. */
  readonly patience: number;
}

/** All that may wait, of whatever name. */
const mostInLine = 500;

interface Waiting {
  readonly name: string;
  readonly go: () => void;
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #running = new Map<string, number>();
  #all = 0;
  #line: Waiting[] = [];

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Resolves when it is `name`'s turn, with what ends it; OVERLOADED when too many wait before it, or for too long. */
  take(name: string): Promise<(() => void) | Refusal> {
    const { mostWaiting, patience } = this.#options;
    if (this.#isFree(name)) return Promise.resolve(this.#begin(name));
    const ofName = this.#line.filter((each) => each.name === name).length;
    if (ofName >= mostWaiting || this.#line.length >= mostInLine) {
      return Promise.resolve(refuseFor('OVERLOADED', patience));
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        name,
        go: () => {
          clearTimeout(timer);
          resolve(this.#begin(name));
        },
      };
      const timer = setTimeout(() => {
        this.#line = this.#line.filter((each) => each !== waiting);
        resolve(refuseFor('OVERLOADED', patience));
      }, patience);
      this.#line.push(waiting);
    });
  }

  /** Whether somebody waits for a turn. */
  get isWaitedFor(): boolean {
    return this.#line.length > 0;
  }

  #isFree(name: string): boolean {
    const { most, mostOfOne } = this.#options;
    return this.#all < most && (this.#running.get(name) ?? 0) < mostOfOne;
  }

  #begin(name: string): () => void {
    this.#all += 1;
    this.#running.set(name, (this.#running.get(name) ?? 0) + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#end(name);
    };
  }

  /** Of those who may, the one of whose name fewest run; of these, the first to come. */
  #next(): Waiting | undefined {
    let next: Waiting | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const each of this.#line) {
      const running = this.#running.get(each.name) ?? 0;
      if (running >= fewest || !this.#isFree(each.name)) continue;
      next = each;
      fewest = running;
    }
    return next;
  }

  #end(name: string): void {
    this.#all -= 1;
    const left = (this.#running.get(name) ?? 1) - 1;
    if (left === 0) this.#running.delete(name);
    else this.#running.set(name, left);
    const next = this.#next();
    if (next === undefined) return;
    this.#line = this.#line.filter((each) => each !== next);
    next.go();
  }
}
