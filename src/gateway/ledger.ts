// The ledger as a gateway sees it: its HTTP API and nothing else.

import { randomUUID } from 'node:crypto';

export interface LedgerAddress {
  readonly url: string;
  /** An operator's key with the scope `meter`. */
  readonly key: string;
}

/** What the ledger said; `code` of a refusal. `away`: it said nothing, and may have done what it was asked. */
export type Told =
  | { readonly kind: 'done'; readonly body: { readonly [field: string]: unknown } }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'away' };

export interface SignersKeys {
  readonly account: string;
  readonly keys: readonly Uint8Array[];
}

export interface CallFacts {
  readonly action: string;
  readonly channel?: string;
  readonly library?: string;
  readonly resultCode: string;
  /** The provider's own word. */
  readonly providerCharged?: boolean;
}

/** Longer than any call takes: what is still held then, nobody knows the fate of. */
const holdSeconds = 90;
const patience = 5_000;
const rememberMilliseconds = 5_000;
const mostRemembered = 10_000;
/** Waits between tries, in milliseconds. */
const tries = [0, 100, 400, 1_500, 3_000];

export class LedgerClient {
  readonly #address: LedgerAddress;
  readonly #signers = new Map<string, { readonly found: Promise<Told>; readonly until: number }>();

  constructor(address: LedgerAddress) {
    this.#address = address;
  }

  async #ask(path: string, body: object): Promise<Told> {
    const { url, key } = this.#address;
    try {
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patience),
      });
      const read = (await answer.json()) as { readonly [field: string]: unknown };
      if (answer.ok) return { kind: 'done', body: read };
      return answer.status >= 500 ? { kind: 'away' } : { kind: 'refused', code: String(read.code) };
    } catch {
      return { kind: 'away' };
    }
  }

  /** Tried again while the ledger is away; what is asked must be the same when it is asked twice. */
  async #insist(path: string, body: object): Promise<Told> {
    let told: Told = { kind: 'away' };
    for (const wait of tries) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      told = await this.#ask(path, body);
      if (told.kind !== 'away') return told;
    }
    return told;
  }

  /** By whom, and with what, requests of a SecretId are signed that day. Remembered for seconds: a revocation counts within them. */
  signers(secretId: string, date: string, service: string): Promise<Told> {
    const name = `${secretId}/${date}/${service}`;
    const known = this.#signers.get(name);
    if (known !== undefined && known.until > performance.now()) return known.found;
    if (this.#signers.size >= mostRemembered) this.#signers.clear();
    const found = this.#ask('/v1/signing-keys', { secretId, date, service });
    this.#signers.set(name, { found, until: performance.now() + rememberMilliseconds });
    void found.then(({ kind }) => kind === 'away' && this.#signers.delete(name));
    return found;
  }

  /** Holds one call. One whose fate nobody tells before its time is out waits for a person. */
  hold(account: string, meter: string, id: string = randomUUID(), seconds = holdSeconds): Promise<Told> {
    return this.#ask('/v1/authorizations', { account, id, meter, seconds, onExpiry: 'review' });
  }

  capture(account: string, id: string, facts: CallFacts): Promise<Told> {
    return this.#insist(`/v1/authorizations/${encodeURIComponent(id)}/capture`, { account, ...facts });
  }

  release(account: string, id: string): Promise<Told> {
    return this.#insist(`/v1/authorizations/${encodeURIComponent(id)}/release`, { account });
  }

  record(event: CallFacts & { readonly account: string; readonly id: string; readonly time: string }): Promise<Told> {
    return this.#insist('/v1/events', event);
  }
}

export function signersKeys(body: { readonly [field: string]: unknown }): SignersKeys {
  const keys = (body.keys as readonly string[]).map((key) => Buffer.from(key, 'hex'));
  return { account: String(body.account), keys };
}
