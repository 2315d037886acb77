// Which key is calling. A valid key is always recognised, whatever others send from the same address: only wrong ones are limited.

import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { type Refusal, refuse, refuseFor } from '../core/refusal.ts';
import type { Scope } from '../core/scopes.ts';
import type { Instant } from '../core/units.ts';
import { hasRunOut, isKeyOf, prefixOf, provePepper } from '../operations/api-keys.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { type FoundKey, findKeysByPrefix, noteUse } from '../store/ledger/keys.ts';
import type { Caller } from './caller.ts';
import { networkOf } from './caller-share.ts';

const rememberMilliseconds = 5_000;
/** The use of a key is noted no more often. */
const useMilliseconds = 60_000;
const mostRemembered = 10_000;
/** Wrong keys that are answered with 401 in each minute; beyond, with 429. A valid key is never refused for them. */
const mostOfPrefix = 10;
const mostOfAddress = 20;
const failureWindow = 60_000;

interface Failures {
  count: number;
  readonly until: number;
}

interface Remembered {
  readonly caller: Caller;
  readonly until: number;
}

export class Keys {
  readonly #suanpan: Suanpan;
  readonly #pepper: string;
  readonly #callers = new Map<string, Remembered>();
  readonly #rows: KeyRows;
  readonly #failures = new Map<string, Failures>();
  /** Raised by every revocation. */
  #revocations = 0;
  #proof: Promise<void> | undefined;

  constructor(suanpan: Suanpan, pepper: string) {
    this.#suanpan = suanpan;
    this.#pepper = pepper;
    this.#rows = new KeyRows(suanpan.keyPool);
  }

  /** The caller, from memory when possible. */
  recall(authorization: string | undefined): Caller | undefined {
    const known = authorization === undefined ? undefined : this.#callers.get(authorization);
    return known !== undefined && known.until > performance.now() ? known.caller : undefined;
  }

  async check(request: FastifyRequest): Promise<Caller | Refusal> {
    const { authorization } = request.headers;
    const recalled = this.recall(authorization);
    if (recalled !== undefined) return recalled;
    const key = keyOf(authorization);
    const prefix = key === undefined ? undefined : prefixOf(key);
    if (authorization === undefined || key === undefined || prefix === undefined) return refuse('UNAUTHENTICATED');
    const revocations = this.#revocations;
    const row = await this.#rows.find(prefix);
    if (!isKeyOf(row, key, this.#pepper)) return this.#fail(prefix, networkOf(request.ip));
    const now = this.#suanpan.clock();
    if (hasRunOut(row, now)) return refuse('KEY_EXPIRED', { key: prefix });
    this.#noteUse(row, now);
    const { account, prefix: id, book, expiresAt } = row;
    const caller: Caller = { account, prefix: id, scopes: row.scopes as readonly Scope[], book };
    // What was read before a revocation is not remembered after it.
    if (revocations === this.#revocations) {
      makeRoom(this.#callers, authorization);
      this.#callers.set(authorization, { caller, until: performance.now() + rememberedFor(expiresAt, now) });
    }
    await this.#prove();
    return caller;
  }

  /** A revoked key is forgotten at once on this server, within seconds on others. */
  forget(prefix: string): void {
    this.#revocations += 1;
    for (const [authorization, { caller }] of this.#callers) {
      if (caller.prefix === prefix) this.#callers.delete(authorization);
    }
  }

  /** Nobody waits for it, and nothing depends on it. */
  #noteUse({ prefix, usedAt }: FoundKey, now: Instant): void {
    if (usedAt !== null && Math.abs(now - usedAt) < useMilliseconds) return;
    noteUse(this.#suanpan.keyPool, prefix, now).catch(() => {});
  }

  /**
   * By prefix, so that whoever guesses at one key, from whatever addresses, or repeats a dead one is told off; and by address. Alike
   * whether or not there is such a key: the answers do not tell which there are.
   */
  #fail(prefix: string, address: string): Refusal {
    const now = performance.now();
    const counts = [this.#count(prefix, mostOfPrefix, now), this.#count(address, mostOfAddress, now)];
    const full = counts.find(({ failures, most }) => failures.count >= most);
    if (full !== undefined) return refuseFor('TOO_MANY_REQUESTS', full.failures.until - now);
    for (const { failures } of counts) failures.count += 1;
    return refuse('UNAUTHENTICATED');
  }

  #count(of: string, most: number, now: number): { readonly failures: Failures; readonly most: number } {
    const known = this.#failures.get(of);
    const failures = known !== undefined && known.until > now ? known : { count: 0, until: now + failureWindow };
    makeRoom(this.#failures, of);
    this.#failures.set(of, failures);
    return { failures, most };
  }

  /** A key that is found valid proves the pepper, once for each server. */
  #prove(): Promise<void> {
    this.#proof ??= provePepper(this.#suanpan.keyPool, this.#pepper).catch((error: unknown) => {
      this.#proof = undefined;
      throw error;
    });
    return this.#proof;
  }
}

/** Never past its end. */
const rememberedFor = (expiresAt: Instant | null, now: Instant): number =>
  Math.min(rememberMilliseconds, (expiresAt ?? Number.POSITIVE_INFINITY) - now);

/**
 * Looks up the rows of keys. One query is under way at a time, and all who ask meanwhile share the next: so a flood of guessed keys
 * holds no more than one connection, of its own, and a valid key among them waits for two queries at most, whatever others read.
 */
class KeyRows {
  readonly #pool: Pool;
  #next: { readonly prefixes: Set<string>; readonly rows: Promise<Map<string, FoundKey>> } | undefined;
  #underWay: Promise<unknown> = Promise.resolve();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async find(prefix: string): Promise<FoundKey | undefined> {
    return (await this.#ask(prefix)).get(prefix);
  }

  #ask(prefix: string): Promise<Map<string, FoundKey>> {
    if (this.#next === undefined) {
      const prefixes = new Set<string>();
      const rows = this.#underWay.then(() => {
        this.#next = undefined;
        return findKeysByPrefix(this.#pool, [...prefixes]);
      });
      this.#underWay = rows.catch(() => {});
      this.#next = { prefixes, rows };
    }
    this.#next.prefixes.add(prefix);
    return this.#next.rows;
  }
}

/** The key that a header carries; the scheme's name is written in whatever case. */
export const keyOf = (authorization: string | undefined): string | undefined =>
  /^bearer +(\S{1,200})$/i.exec(authorization ?? '')?.[1];

/** The oldest goes when a memory is full. */
function makeRoom(memory: Map<string, unknown>, key: string): void {
  memory.delete(key);
  if (memory.size < mostRemembered) return;
  const [oldest] = memory.keys();
  if (oldest !== undefined) memory.delete(oldest);
}
