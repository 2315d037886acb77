// The ledger as a gateway sees it: its HTTP API and nothing else.

import { randomUUID } from 'node:crypto';
import { type CredentialScope, credentialScopes } from '../core/scopes.ts';
import { keptKey, type SigningKey } from '../tc3.ts';
import { Signers } from './signers.ts';
import { type Step, Steps } from './steps.ts';
import { type Told, toldBy } from './told.ts';
import { Wire } from './wire.ts';

export interface LedgerAddress {
  readonly url: string;
  /** An operator's key with the scope `meter`. */
  readonly key: string;
}

export interface Signer {
  readonly account: string;
  readonly scopes: readonly CredentialScope[];
  /** Null: all that its scopes allow. */
  readonly actions: readonly string[] | null;
  readonly keys: readonly SigningKey[];
}

export interface CallFacts {
  readonly action: string;
  readonly channel?: string;
  readonly library?: string;
  readonly resultCode: string;
  /** The provider's own word. */
  readonly providerCharged?: boolean;
}

/** Whose a flow is, and what its attempts are recorded as. */
export interface FlowToken {
  readonly token: string;
  readonly account: string;
  readonly action: string;
  readonly channel?: string;
  readonly library?: string;
}

/** Longer than any call takes: what is still held then, nobody knows the fate of. */
const holdSeconds = 90;
const patience = 5_000;
const soon = 1_000;
/** A page of the provider's list may be thousands of events. */
const patienceForPage = 60_000;
const mostRemembered = 10_000;
/** Waits between tries, in milliseconds. */
const tries = [0, 100, 400, 1_500, 3_000];

export class LedgerClient {
  readonly #address: LedgerAddress;
  readonly #wire: Wire;
  readonly #root: string;
  /** By whom, and with what, requests of a SecretId are signed that day. */
  readonly signers = new Signers(({ secretId, date, service }) =>
    this.#ask('/v1/signing-keys', { secretId, date, service }),
  );
  readonly #steps = new Steps((steps) => this.#ask('/v1/authorizations/steps', { steps }));
  readonly #tokens = new Set<string>();

  constructor(address: LedgerAddress) {
    this.#address = address;
    const url = new URL(address.url);
    this.#root = url.pathname.replace(/\/+$/, '');
    this.#wire = new Wire(url, { most: 64, kept: 64 });
  }

  async #ask(path: string, body: object, within = patience): Promise<Told> {
    const { key } = this.#address;
    const text = JSON.stringify(body);
    const passed = await this.#wire.send({
      method: 'POST',
      path: `${this.#root}${path}`,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      },
      body: text,
      patience: within,
    });
    return toldBy(passed);
  }

  #insist(path: string, body: object, within = patience): Promise<Told> {
    return insist(() => this.#ask(path, body, within));
  }

  /**
   * Holds one call. One whose fate nobody tells before its time is out waits for a person. Asked again at once where a connection ended,
   * as a server that goes ends them: by its id it is the same hold.
   */
  async hold(account: string, meter: string, id: string = randomUUID(), seconds = holdSeconds): Promise<Told> {
    const step: Step = { step: 'hold', account, id, meter, seconds, onExpiry: 'review' };
    const began = performance.now();
    const told = await this.#steps.take(step);
    const isAgain = told.kind === 'away' && told.isCutOff === true && performance.now() - began < soon;
    return isAgain ? this.#steps.take(step) : told;
  }

  capture(account: string, id: string, facts: CallFacts): Promise<Told> {
    return insist(() => this.#steps.take({ step: 'capture', account, id, ...facts }));
  }

  release(account: string, id: string): Promise<Told> {
    return insist(() => this.#steps.take({ step: 'release', account, id }));
  }

  /** Refused with TOKEN_OF_ANOTHER where it is. Remembered: a flow never changes hands. */
  async keepToken(flow: FlowToken): Promise<Told> {
    const name = JSON.stringify([flow.token, flow.account]);
    if (this.#tokens.has(name)) return { kind: 'done', body: {} };
    const told = await this.#insist('/v1/flow-tokens', flow);
    if (this.#tokens.size >= mostRemembered) this.#tokens.clear();
    if (told.kind === 'done') this.#tokens.add(name);
    return told;
  }

  /** The day to read, and where it stands. */
  takeSweep(wish: object): Promise<Told> {
    return this.#insist('/v1/sweeps', wish);
  }

  /** Refused with SWEEP_MOVED where the day has gone on from that page. */
  sweepPage(day: string, page: object): Promise<Told> {
    return this.#insist(`/v1/sweeps/${day}/pages`, page, patienceForPage);
  }

  record(event: CallFacts & { readonly account: string; readonly id: string; readonly time: string }): Promise<Told> {
    return this.#insist('/v1/events', event);
  }
}

/** Tried again while the ledger is away; what is asked must be the same when it is asked twice. */
async function insist(ask: () => Promise<Told>): Promise<Told> {
  let told: Told = { kind: 'away' };
  for (const wait of tries) {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    told = await ask();
    if (told.kind !== 'away') return told;
  }
  return told;
}

/** Of what the ledger answered: made once of each answer, as long as that is remembered. */
const signers = new WeakMap<object, Signer>();

export function signerOf(body: { readonly [field: string]: unknown }): Signer {
  const known = signers.get(body);
  if (known !== undefined) return known;
  const keys = (body.keys as readonly string[]).map((key) => keptKey(Buffer.from(key, 'hex')));
  // A server of before has no credentials but those that may do all.
  const { scopes = credentialScopes, actions = null } = body as Partial<Pick<Signer, 'scopes' | 'actions'>>;
  const signer = { account: String(body.account), scopes, actions, keys };
  signers.set(body, signer);
  return signer;
}
