// Which key is calling. Keys are checked against the database, and remembered for a few seconds.

import type { FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../core/refusal.ts';
import { verifyKey } from '../operations/api-keys.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { type Caller, defaultScopes } from './access.ts';

const rememberMilliseconds = 5_000;
const mostRemembered = 10_000;
const mostFailuresOfKey = 10;
const mostFailuresOfAddress = 20;
const failureWindow = 60_000;

interface Remembered {
  readonly caller: Caller;
  readonly until: number;
}

export class Keys {
  readonly #suanpan: Suanpan;
  readonly #pepper: string;
  /** Entries stay when they are out of time: a key that was good here once is checked even while its address is blocked. */
  readonly #remembered = new Map<string, Remembered>();
  readonly #failures = new Map<string, { count: number; until: number }>();
  /** Raised by every revocation, so that a check under way meanwhile is not remembered. */
  #revocations = 0;

  constructor(suanpan: Suanpan, pepper: string) {
    this.#suanpan = suanpan;
    this.#pepper = pepper;
  }

  /** The caller, from memory when possible. */
  recall(authorization: string | undefined): Caller | undefined {
    const known = authorization === undefined ? undefined : this.#remembered.get(authorization);
    return known !== undefined && known.until > performance.now() ? known.caller : undefined;
  }

  async check(request: FastifyRequest): Promise<Caller | Refusal> {
    const { authorization } = request.headers;
    const recalled = this.recall(authorization);
    if (recalled !== undefined) return recalled;
    const key = /^Bearer (\S{1,200})$/.exec(authorization ?? '')?.[1];
    if (key === undefined || authorization === undefined) return refuse('UNAUTHENTICATED');
    // Behind a proxy many callers share an address: one that tries a dead key again and again must not shut the others out.
    const guesser = `${request.ip} ${key.slice(0, prefixLength)}`;
    const wasGood = this.#remembered.has(authorization);
    if (!wasGood && (this.#isBlocked(guesser, mostFailuresOfKey) || this.#isBlocked(request.ip, mostFailuresOfAddress)))
      return refuse('TOO_MANY_REQUESTS');
    const caller = await this.#verify(authorization, key);
    if (caller !== undefined) return caller;
    this.#fail(guesser);
    this.#fail(request.ip);
    return refuse('UNAUTHENTICATED');
  }

  async #verify(authorization: string, key: string): Promise<Caller | undefined> {
    const revocations = this.#revocations;
    const row = await verifyKey(this.#suanpan.pool, key, this.#pepper);
    if (row === undefined) {
      this.#remembered.delete(authorization);
      return undefined;
    }
    const caller: Caller = { account: row.account, prefix: row.prefix, scopes: defaultScopes(row.account) };
    if (revocations !== this.#revocations) return caller;
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(authorization, { caller, until: performance.now() + rememberMilliseconds });
    return caller;
  }

  /** A revoked key is forgotten at once on this server, within seconds on others. */
  forget(prefix: string): void {
    this.#revocations += 1;
    for (const [authorization, { caller }] of this.#remembered) {
      if (caller.prefix === prefix) this.#remembered.delete(authorization);
    }
  }

  #isBlocked(guesser: string, most: number): boolean {
    const failures = this.#failures.get(guesser);
    return failures !== undefined && failures.until > performance.now() && failures.count >= most;
  }

  #fail(guesser: string): void {
    const now = performance.now();
    if (this.#failures.size >= mostRemembered) this.#failures.clear();
    const failures = this.#failures.get(guesser);
    if (failures === undefined || failures.until <= now)
      this.#failures.set(guesser, { count: 1, until: now + failureWindow });
    else failures.count += 1;
  }
}

/** "sk_op_" and the eight digits that find the key. */
const prefixLength = 14;
