// What became of each token: made, read, complete. Source: document 1007/103602 — a token is complete with ErrCode 0, or two hours
// after it was made; an answer read before may lack attempts.

import type { Instant } from '../../core/units.ts';

const lifeOfToken = 7_200_000;

interface Token {
  made: Instant | null;
  /** The latest answer about it; null: none, or none that says when. */
  read: Instant | null;
  isRead: boolean;
  isPassed: boolean;
  firstAttempt: Instant | null;
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

export class Tokens {
  readonly #tokens = new Map<string, Token>();

  #of(name: string): Token {
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    const token = { made: null, read: null, isRead: false, isPassed: false, firstAttempt: null };
    this.#tokens.set(name, token);
    return token;
  }

  made(name: string, at: Instant | null): void {
    const token = this.#of(name);
    if (at !== null && (token.made === null || at < token.made)) token.made = at;
  }

  /** `isPassed`: ErrCode 0, or from the provider's own list of what it charged. */
  read(name: string, at: Instant | null, isPassed: boolean): void {
    const token = this.#of(name);
    token.isRead = true;
    token.isPassed ||= isPassed;
    if (at !== null && (token.read === null || at > token.read)) token.read = at;
  }

  attempt(name: string, at: Instant): void {
    const token = this.#of(name);
    if (token.firstAttempt === null || at < token.firstAttempt) token.firstAttempt = at;
  }

  states(): TokenStates {
    const found = { early: [] as string[], never: [] as string[], untold: [] as string[] };
    let complete = 0;
    for (const [name, token] of this.#tokens) {
      const state = stateOf(token);
      if (state === 'complete') complete += 1;
      else found[state].push(name);
    }
    return { tokens: this.#tokens.size, complete, ...found };
  }
}

/** A token is made before its first attempt, so what is two hours after that is complete too. */
function stateOf({ made, read, isRead, isPassed, firstAttempt }: Token): 'complete' | 'early' | 'never' | 'untold' {
  if (!isRead) return 'never';
  if (isPassed) return 'complete';
  const begun = made ?? firstAttempt;
  if (read === null || begun === null) return 'untold';
  if (read - begun >= lifeOfToken) return 'complete';
  return made === null ? 'untold' : 'early';
}
