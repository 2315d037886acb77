// By whom, and with what, requests of a SecretId are signed on a day. Remembered for seconds: a revocation counts within them.

import { type CredentialScope, credentialScopes } from '../core/scopes.ts';
import { keptKey, type SigningKey } from '../tc3.ts';
import type { Told } from './told.ts';

export interface Signer {
  readonly account: string;
  readonly scopes: readonly CredentialScope[];
  /** Null: all that its scopes allow. */
  readonly actions: readonly string[] | null;
  readonly keys: readonly SigningKey[];
}

export type SignerTold = Exclude<Told, { kind: 'done' }> | { readonly kind: 'done'; readonly signer: Signer };

interface Remembered {
  readonly found: Promise<SignerTold>;
  /** When it was asked for, by `performance.now`. */
  readonly since: number;
  isAskedAgain: boolean;
}

const rememberMilliseconds = 5_000;
/** Who still calls then is asked for again meanwhile, so that no call waits for it. */
const freshMilliseconds = 4_000;
const mostRemembered = 10_000;

export class Signers {
  readonly #remembered = new Map<string, Remembered>();
  readonly #ask: (what: object) => Promise<Told>;

  constructor(ask: (what: object) => Promise<Told>) {
    this.#ask = ask;
  }

  of(secretId: string, date: string, service: string): Promise<SignerTold> {
    const name = `${secretId}/${date}/${service}`;
    const known = this.#remembered.get(name);
    const age = performance.now() - (known?.since ?? 0);
    if (known === undefined || age >= rememberMilliseconds) return this.#fetch(name, { secretId, date, service });
    if (age >= freshMilliseconds && !known.isAskedAgain) {
      known.isAskedAgain = true;
      void this.#renew(name, { secretId, date, service });
    }
    return known.found;
  }

  #fetch(name: string, what: object): Promise<SignerTold> {
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    const since = performance.now();
    const found = this.#ask(what).then(signerIn);
    this.#remembered.set(name, { found, since, isAskedAgain: false });
    void found.then(({ kind }) => kind === 'away' && this.#remembered.delete(name));
    return found;
  }

  /** What was known counts until its time is up, where the ledger says nothing. */
  async #renew(name: string, what: object): Promise<void> {
    const since = performance.now();
    const told = signerIn(await this.#ask(what));
    if (told.kind === 'away') return;
    this.#remembered.set(name, { found: Promise.resolve(told), since, isAskedAgain: false });
  }
}

function signerIn(told: Told): SignerTold {
  if (told.kind !== 'done') return told;
  const { body } = told;
  if (!Array.isArray(body.keys)) return { kind: 'away' };
  const keys = body.keys.map((key) => keptKey(Buffer.from(String(key), 'hex')));
  // A server of before has no credentials but those that may do all.
  const { scopes = credentialScopes, actions = null } = body as Partial<Pick<Signer, 'scopes' | 'actions'>>;
  return { kind: 'done', signer: { account: String(body.account), scopes, actions, keys } };
}
