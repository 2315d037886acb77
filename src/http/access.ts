// Who is calling: an operator, or one account. Keys are checked against the database, and remembered for a few seconds.

import type { FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../core/refusal.ts';
import { verifyKey } from '../operations/api-keys.ts';
import type { Suanpan } from '../operations/suanpan.ts';

/** `account` null: an operator. */
export interface Caller {
  readonly account: string | null;
  readonly prefix: string;
}

export type Access = 'public' | 'account' | 'operator';

const rememberMilliseconds = 5_000;
const mostRemembered = 10_000;
const mostFailures = 20;
const failureWindow = 60_000;

export class Keys {
  readonly #suanpan: Suanpan;
  readonly #pepper: string;
  readonly #remembered = new Map<string, { readonly caller: Caller; readonly until: number }>();
  readonly #failures = new Map<string, { count: number; until: number }>();

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
    const guesser = request.ip;
    if (this.#isBlocked(guesser)) return refuse('TOO_MANY_REQUESTS');
    const key = /^Bearer (\S{1,200})$/.exec(authorization ?? '')?.[1];
    const row = key === undefined ? undefined : await verifyKey(this.#suanpan.pool, key, this.#pepper);
    if (row === undefined || authorization === undefined) {
      if (key !== undefined) this.#fail(guesser);
      return refuse('UNAUTHENTICATED');
    }
    const caller = { account: row.account, prefix: row.prefix };
    if (this.#remembered.size >= mostRemembered) this.#remembered.clear();
    this.#remembered.set(authorization, { caller, until: performance.now() + rememberMilliseconds });
    return caller;
  }

  /** A revoked key is forgotten at once on this server, within seconds on others. */
  forget(): void {
    this.#remembered.clear();
  }

  #isBlocked(guesser: string): boolean {
    const failures = this.#failures.get(guesser);
    return failures !== undefined && failures.until > performance.now() && failures.count >= mostFailures;
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

/** The account a request is about. An account's key means its own; any other account does not exist for it. */
export function accountFor(caller: Caller, named: string | undefined): string | Refusal {
  if (caller.account === null) {
    return named ?? refuse('INVALID_INPUT', { problem: 'account: an operator key must name the account' }, '/account');
  }
  return named === undefined || named === caller.account ? caller.account : refuse('NOT_FOUND', { id: named });
}
