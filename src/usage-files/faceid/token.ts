// What became of each token: made, read, complete. Source: document 1007/103602 — a token is complete with ErrCode 0, or two hours
// after it was made; an answer read before may lack attempts.

import type { Instant } from '../../core/units.ts';
import { IdIndex } from '../id-index.ts';

const lifeOfToken = 7_200_000;

interface Token {
  readonly name: string;
  made: Instant | null;
  /** The latest answer about it; null: none, or none that says when. */
  read: Instant | null;
  isRead: boolean;
  isPassed: boolean;
  firstAttempt: Instant | null;
}

/** What one object of a file says of a token. */
export interface Mention {
  readonly made?: Instant | null;
  /** An answer about it, and when it was asked. */
  readonly read?: Instant | null;
  /** ErrCode 0, or from the provider's own list of what it charged. */
  readonly isPassed?: boolean;
  readonly firstAttempt?: Instant | null;
}

/** Tokens by what is known of them. */
export interface TokenStates {
  readonly tokens: number;
  readonly complete: number;
  /** Read before they were complete, and not again. */
  readonly early: readonly string[];
  /** Made, and never read. */
  readonly never: readonly string[];
  /** Read, with no time to tell whether early. */
  readonly untold: readonly string[];
}

/** Of tokens that are complete a hash alone is kept. */
export class Tokens {
  readonly #ids = new IdIndex();
  #mentions = 0;
  #count = 0;
  #complete = 0;
  /** By the number of a token's first mention. */
  readonly #open = new Map<number, Token>();

  mention(name: string, { made = null, read, isPassed = false, firstAttempt = null }: Mention): void {
    const first = this.#ids.enter(name);
    const entry = first < 0 ? this.#mentions : first;
    this.#mentions += 1;
    if (first < 0) {
      this.#count += 1;
      this.#open.set(entry, { name, made: null, read: null, isRead: false, isPassed: false, firstAttempt: null });
    }
    const token = this.#open.get(entry);
    if (token === undefined) return;
    token.made = earlier(token.made, made);
    token.firstAttempt = earlier(token.firstAttempt, firstAttempt);
    token.isRead ||= read !== undefined;
    token.isPassed ||= isPassed;
    if (read !== undefined && read !== null && (token.read === null || read > token.read)) token.read = read;
    if (stateOf(token) !== 'complete') return;
    // Nothing that is said later can undo it.
    this.#open.delete(entry);
    this.#complete += 1;
  }

  states(): TokenStates {
    const found = { early: [] as string[], never: [] as string[], untold: [] as string[] };
    for (const token of this.#open.values()) {
      const state = stateOf(token);
      if (state !== 'complete') found[state].push(token.name);
    }
    return { tokens: this.#count, complete: this.#complete, ...found };
  }
}

const earlier = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || (other !== null && other < one) ? other : one;

/** A token is made before its first attempt, so what is two hours after that is complete too. */
function stateOf({
  made,
  read,
  isRead,
  isPassed,
  firstAttempt,
}: Omit<Token, 'name'>): 'complete' | 'early' | 'never' | 'untold' {
  if (!isRead) return 'never';
  if (isPassed) return 'complete';
  const begun = made ?? firstAttempt;
  if (read === null || begun === null) return 'untold';
  if (read - begun >= lifeOfToken) return 'complete';
  return made === null ? 'untold' : 'early';
}
