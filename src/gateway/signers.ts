// Who signs with a SecretId, and how that is checked: remembered for seconds, asked anew at once where what is remembered does not fit.
// Of strangers the ledger hears in bounds: they choose what they say.

import type { Told } from './told.ts';

const rememberMilliseconds = 5_000;
const mostRemembered = 10_000;
/** So often a second the ledger is asked about what it has not answered for yet: by all callers, and of one SecretId. */
const mostAsks = 200;
const mostOfOne = 5;

export interface SignerName {
  readonly secretId: string;
  readonly date: string;
  readonly service: string;
}

interface Remembered {
  readonly found: Promise<Told>;
  readonly asked: number;
  /** Undefined: not answered yet. */
  kind?: Told['kind'];
}

export class Signers {
  readonly #ask: (name: SignerName) => Promise<Told>;
  readonly #now: () => number;
  readonly #remembered = new Map<string, Remembered>();
  #second = Number.NEGATIVE_INFINITY;
  #asks = 0;
  readonly #asksOf = new Map<string, number>();

  /** `now`: milliseconds that only rise. */
  constructor(ask: (name: SignerName) => Promise<Told>, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#now = now;
  }

  /** Remembered for seconds, so a revocation counts within them; that there is none is asked again, as one may have been made by now. */
  find(name: SignerName): Promise<Told> {
    const known = this.#known(name);
    const isFresh = known !== undefined && this.#now() - known.asked < rememberMilliseconds;
    if (isFresh && known.kind !== 'refused') return known.found;
    // What the ledger has answered for is no stranger: it is asked about again without bounds.
    if (known?.kind === 'done' || this.#mayAsk(name)) return this.#begin(name);
    return isFresh ? known.found : Promise.resolve({ kind: 'away' });
  }

  /** Asked since then, in milliseconds of `now`, for a signature that fits none of the keys remembered; undefined: nothing newer is to be had. */
  findSince(name: SignerName, since: number): Promise<Told> | undefined {
    const known = this.#known(name);
    if (known !== undefined && known.asked >= since) return known.found;
    return this.#mayAsk(name) ? this.#begin(name) : undefined;
  }

  #known({ secretId, date, service }: SignerName): Remembered | undefined {
    return this.#remembered.get(`${secretId}/${date}/${service}`);
  }

  #begin(name: SignerName): Promise<Told> {
    const key = `${name.secretId}/${name.date}/${name.service}`;
    const remembered: Remembered = { found: this.#ask(name), asked: this.#now() };
    // The oldest goes first: who asks for many names displaces no more than as many.
    this.#remembered.delete(key);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= mostRemembered && oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(key, remembered);
    void remembered.found.then(({ kind }) => {
      remembered.kind = kind;
      if (kind === 'away' && this.#remembered.get(key) === remembered) this.#remembered.delete(key);
    });
    return remembered.found;
  }

  #mayAsk({ secretId }: SignerName): boolean {
    const now = this.#now();
    if (now - this.#second >= 1_000) {
      this.#second = now;
      this.#asks = 0;
      this.#asksOf.clear();
    }
    const ofThis = this.#asksOf.get(secretId) ?? 0;
    if (this.#asks >= mostAsks || ofThis >= mostOfOne) return false;
    this.#asks += 1;
    this.#asksOf.set(secretId, ofThis + 1);
    return true;
  }
}
