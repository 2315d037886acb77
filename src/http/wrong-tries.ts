// Wrong secrets are counted, by what was guessed at and by where from, so that nobody can go on guessing. Each server counts its own.

import { type Refusal, refuseFor } from '../core/refusal.ts';

const mostRemembered = 10_000;

/** What is counted: a name, and how many wrong tries of it are borne within a window. */
export interface Counted {
  readonly of: string;
  readonly most: number;
}

interface Tries {
  count: number;
  readonly until: number;
}

export class WrongTries {
  readonly #window: number;
  readonly #tries = new Map<string, Tries>();

  /** `window` in milliseconds. */
  constructor(window: number) {
    this.#window = window;
  }

  /** Whether one of these has had its tries: TOO_MANY_REQUESTS. */
  refusal(counted: readonly Counted[]): Refusal | undefined {
    const now = performance.now();
    const full = counted
      .map(({ of, most }) => ({ tries: this.#of(of, now), most }))
      .find(({ tries, most }) => tries.count >= most);
    return full === undefined ? undefined : refuseFor('TOO_MANY_REQUESTS', full.tries.until - now);
  }

  /** Another wrong try, or one that may be: what is returned takes it back. */
  count(counted: readonly Counted[]): () => void {
    const now = performance.now();
    const tries = counted.map(({ of }) => this.#of(of, now));
    for (const each of tries) each.count += 1;
    return () => {
      for (const each of tries) each.count -= 1;
    };
  }

  #of(name: string, now: number): Tries {
    const known = this.#tries.get(name);
    const tries = known !== undefined && known.until > now ? known : { count: 0, until: now + this.#window };
    makeRoom(this.#tries, name, mostRemembered);
    this.#tries.set(name, tries);
    return tries;
  }
}

/** The oldest goes when a memory is full. */
export function makeRoom(memory: Map<string, unknown>, key: string, most: number): void {
  memory.delete(key);
  if (memory.size < most) return;
  const [oldest] = memory.keys();
  if (oldest !== undefined) memory.delete(oldest);
}
