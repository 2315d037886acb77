// Which key is calling. A valid key is always recognised, whatever others send from the same address: only wrong ones are limited.

import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Scope } from '../core/scopes.ts';
import type { Instant } from '../core/units.ts';
import { hasRunOut, isKeyOf, prefixOf, provePepper } from '../operations/api-keys.ts';
import { isSessionOf, sessionPrefixOf } from '../operations/sessions.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { type FoundKey, findKeysByPrefix, noteUse } from '../store/ledger/keys.ts';
import { type FoundSession, findSessionsByPrefix, noteSessionUse } from '../store/ledger/sessions.ts';
import type { Caller } from './caller.ts';
import { networkOf } from './caller-share.ts';
import { sessionTokenOf } from './cookie.ts';
import { RowsByPrefix } from './rows-by-prefix.ts';
import { makeRoom, WrongTries } from './wrong-tries.ts';

const rememberMilliseconds = 5_000;
/** The use of a key is noted no more often. */
const useMilliseconds = 60_000;
const mostRemembered = 10_000;
/** Wrong keys that are answered with 401 in each minute; beyond, with 429. A valid key is never refused for them. */
const mostOfPrefix = 10;
const mostOfAddress = 20;
const failureWindow = 60_000;

interface Remembered {
  readonly caller: Caller;
  readonly until: number;
}

export class Keys {
  readonly #suanpan: Suanpan;
  readonly #pepper: string;
  readonly #callers = new Map<string, Remembered>();
  readonly #rows: RowsByPrefix<FoundKey>;
  readonly #sessions: RowsByPrefix<FoundSession>;
  readonly #wrong = new WrongTries(failureWindow);
  /** Raised by every revocation. */
  #revocations = 0;
  #proof: Promise<void> | undefined;

  constructor(suanpan: Suanpan, pepper: string) {
    this.#suanpan = suanpan;
    this.#pepper = pepper;
    const { keyPool } = suanpan;
    this.#rows = new RowsByPrefix((prefixes) => findKeysByPrefix(keyPool, prefixes));
    this.#sessions = new RowsByPrefix((prefixes) => findSessionsByPrefix(keyPool, prefixes));
  }

  /** The caller, from memory when possible. A key that is sent counts before a session. */
  recall({ authorization, cookie }: IncomingHttpHeaders): Caller | undefined {
    const credential = authorization || sessionTokenOf(cookie);
    const known = credential === undefined ? undefined : this.#callers.get(credential);
    return known !== undefined && known.until > performance.now() ? known.caller : undefined;
  }

  async check(request: FastifyRequest): Promise<Caller | Refusal> {
    const { authorization, cookie } = request.headers;
    const recalled = this.recall(request.headers);
    if (recalled !== undefined) return recalled;
    const token = authorization ? undefined : sessionTokenOf(cookie);
    if (token !== undefined) return this.#checkSession(token, networkOf(request.ip));
    const key = keyOf(authorization);
    const prefix = key === undefined ? undefined : prefixOf(key);
    if (authorization === undefined || key === undefined || prefix === undefined) return refuse('UNAUTHENTICATED');
    return (await this.#find(authorization, key, prefix)) ?? this.#fail(prefix, networkOf(request.ip));
  }

  /** The caller of a key. Undefined for one that is not valid: `check` says why, and counts it. */
  async find(authorization: string): Promise<Caller | undefined> {
    const key = keyOf(authorization);
    const prefix = key === undefined ? undefined : prefixOf(key);
    if (key === undefined || prefix === undefined) return undefined;
    const found = this.recall({ authorization }) ?? (await this.#find(authorization, key, prefix));
    return found === undefined || isRefusal(found) ? undefined : found;
  }

  async #find(authorization: string, key: string, prefix: string): Promise<Caller | Refusal | undefined> {
    const revocations = this.#revocations;
    const row = await this.#rows.find(prefix);
    if (!isKeyOf(row, key, this.#pepper)) return undefined;
    const now = this.#suanpan.clock();
    if (hasRunOut(row, now)) return refuse('KEY_EXPIRED', { key: prefix });
    this.#noteUse(row, now);
    const { account, prefix: id, book, expiresAt } = row;
    const scopes = row.scopes as readonly Scope[];
    const caller: Caller = { account, prefix: id, rootKey: row.root ?? id, scopes, book, person: null };
    this.#remember(authorization, caller, rememberedFor(expiresAt, now), revocations);
    await this.#prove();
    return caller;
  }

  async #checkSession(token: string, address: string): Promise<Caller | Refusal> {
    const prefix = sessionPrefixOf(token);
    if (prefix === undefined) return refuse('UNAUTHENTICATED');
    const revocations = this.#revocations;
    const row = await this.#sessions.find(prefix);
    const now = this.#suanpan.clock();
    if (!isSessionOf(row, token, this.#pepper, now)) return this.#fail(prefix, address);
    if (Math.abs(now - row.usedAt) >= useMilliseconds) {
      noteSessionUse(this.#suanpan.keyPool, prefix, now).catch(() => {});
    }
    const { person, account, book, role, expiresAt } = row;
    const caller: Caller = {
      account,
      prefix: person,
      rootKey: null,
      scopes: [],
      book,
      person: { role, session: prefix },
    };
    this.#remember(token, caller, rememberedFor(expiresAt, now), revocations);
    return caller;
  }

  /** What was read before a revocation is not remembered after it. */
  #remember(credential: string, caller: Caller, milliseconds: number, revocations: number): void {
    if (revocations !== this.#revocations) return;
    makeRoom(this.#callers, credential, mostRemembered);
    this.#callers.set(credential, { caller, until: performance.now() + milliseconds });
  }

  /** A revoked key, or a person whose sessions ended or whose role changed, is forgotten at once on this server, within seconds on others. */
  forget(prefix: string): void {
    this.#revocations += 1;
    for (const [credential, { caller }] of this.#callers) {
      if (caller.prefix === prefix) this.#callers.delete(credential);
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
    const counted = [
      { of: prefix, most: mostOfPrefix },
      { of: address, most: mostOfAddress },
    ];
    const full = this.#wrong.refusal(counted);
    if (full === undefined) this.#wrong.count(counted);
    return full ?? refuse('UNAUTHENTICATED');
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

/** The key that a header carries; the scheme's name is written in whatever case. */
const keyOf = (authorization: string | undefined): string | undefined =>
  /^bearer +(\S{1,200})$/i.exec(authorization ?? '')?.[1];

/** What of the caller goes into a secret that is made for them: their own key, which no database holds, or who has signed in. */
export const secretBasis = ({ headers }: FastifyRequest, { person, prefix }: Caller): string =>
  person === null ? `Bearer ${keyOf(headers.authorization)}` : `person ${prefix}`;
