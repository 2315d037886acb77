// One request to the server and its tries. What is sent again is safe to be: it has an id, a key, or the server says that it did nothing.

import { readJson } from '../core/json.ts';
import type { Words } from '../core/price-book.ts';
import { didNothing } from '../core/refusal.ts';
import { clientWords } from '../words/client.ts';
import type { ProblemDocument } from './shapes.ts';

export interface ClientOptions {
  /** The server's address, with the path that a proxy adds; empty in a page of the same origin. */
  readonly url: string;
  /** Without one a browser's own session asks. */
  readonly apiKey?: string;
  /** Of refusals; `en` if not given. */
  readonly language?: keyof Words;
  /** Milliseconds for one try; 10,000 if not given. */
  readonly tryFor?: number;
  /** Milliseconds for all tries of a request, pauses included; 30,000 if not given. 0: one try. */
  readonly patience?: number;
  /** Of events without a time, Unix milliseconds; `Date.now` if not given. */
  readonly clock?: () => number;
  /** What asks; the one of the platform if not given. */
  readonly fetch?: typeof fetch;
}

export interface Asked {
  readonly method: string;
  /** Escaped, with its query. */
  readonly path: string;
  /** JSON; the same for every try. */
  readonly body?: string;
  /** The Idempotency-Key. */
  readonly key?: string;
  /** Whether a second time does what one time does. */
  readonly isSafe: boolean;
  /** Milliseconds for one try; the client's own if not given. */
  readonly tryFor?: number;
  readonly signal?: AbortSignal;
}

/** The server refused, or could not be reached (`UNREACHABLE`, status 0). `code` does not change from version to version. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;
  readonly document: ProblemDocument;

  constructor(document: ProblemDocument, cause?: unknown) {
    super(document.detail, { cause });
    this.code = document.code;
    this.status = document.status;
    this.document = document;
  }
}

type Tried<Value> =
  | { readonly answer: Value }
  | { readonly problem: Problem; readonly mayRepeat: boolean; readonly after?: number };

const firstPause = 100;
const longestPause = 5_000;
/** What stands between us and the server answers so when it is away or slow; 408 says that the request did not arrive. */
const passing = [408, 502, 503, 504];

export class Exchange {
  readonly language: keyof Words;
  readonly clock: () => number;
  readonly #root: string;
  readonly #headers: Headers;
  readonly #tryFor: number;
  readonly #patience: number;
  readonly #fetch: typeof fetch;

  constructor({ url, apiKey, language = 'en', tryFor = 10_000, patience = 30_000, clock, fetch: ask }: ClientOptions) {
    // A wrong address is the caller's to mend: it is not tried for half a minute.
    const { protocol, username, search, hash } = new URL(url === '' ? 'http://page' : url);
    if (!/^https?:$/.test(protocol) || username + search + hash !== '')
      throw new TypeError('not the address of a server');
    this.#root = url.replace(/\/+$/, '');
    this.#headers = new Headers({ accept: 'application/json', 'accept-language': language });
    if (apiKey !== undefined) this.#headers.set('authorization', `Bearer ${apiKey}`);
    this.language = language;
    this.#tryFor = tryFor;
    this.#patience = patience;
    this.clock = clock ?? Date.now;
    this.#fetch = ask ?? ((...given) => globalThis.fetch(...given));
  }

  /** The answer's JSON. Throws `Problem`; what the signal says when it is aborted. */
  send(asked: Asked): Promise<unknown> {
    return this.#insist(asked, () => this.#try(asked));
  }

  /** The answer as it begins; throws as `send` does. */
  open(asked: Asked): Promise<Response> {
    return this.#insist(asked, () => this.#begin(asked));
  }

  async #insist<Value>(asked: Asked, attempt: () => Promise<Tried<Value>>): Promise<Value> {
    const until = performance.now() + this.#patience;
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      const tried = await attempt();
      if ('answer' in tried) return tried.answer;
      // Many that were sent away at once must not come back at once.
      const delay = (tried.after ?? pause / 2) + (Math.random() * pause) / 2;
      if (!tried.mayRepeat || performance.now() + delay > until) throw tried.problem;
      await waitFor(delay, asked.signal);
    }
  }

  /** A problem that arises on this side. */
  problem(code: string, words: Words, cause?: unknown, status = 0): Problem {
    const detail = words[this.language];
    return new Problem({ title: detail, status, code, detail }, cause);
  }

  async #try(asked: Asked): Promise<Tried<unknown>> {
    const { isSafe, signal, tryFor = this.#tryFor } = asked;
    try {
      const response = await this.#fetched(asked, AbortSignal.timeout(tryFor));
      const json = jsonOf(await response.text());
      if (response.ok && json !== undefined) return { answer: json };
      return this.#refused(response, json, isSafe);
    } catch (cause) {
      return this.#unreached(cause, isSafe, signal);
    }
  }

  /** The time for a try ends with the head: nobody knows how long a file is. */
  async #begin(asked: Asked): Promise<Tried<Response>> {
    const { isSafe, signal, tryFor = this.#tryFor } = asked;
    const time = new AbortController();
    const end = setTimeout(() => time.abort(), tryFor);
    try {
      const response = await this.#fetched(asked, time.signal);
      if (response.ok) return { answer: response };
      return this.#refused(response, jsonOf(await response.text()), isSafe);
    } catch (cause) {
      return this.#unreached(cause, isSafe, signal);
    } finally {
      clearTimeout(end);
    }
  }

  #unreached(cause: unknown, mayRepeat: boolean, signal: AbortSignal | undefined): Tried<never> {
    signal?.throwIfAborted();
    return { problem: this.problem('UNREACHABLE', clientWords.unreachable, cause), mayRepeat };
  }

  #fetched({ method, path, body, key, signal }: Asked, time: AbortSignal): Promise<Response> {
    const headers = new Headers(this.#headers);
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (key !== undefined) headers.set('idempotency-key', key);
    return this.#fetch(`${this.#root}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      // A key is for this server: no redirect takes it elsewhere, and none turns a POST into a GET.
      redirect: 'manual',
      signal: signal === undefined ? time : AbortSignal.any([time, signal]),
    });
  }

  #refused({ status, ok, headers }: Response, json: unknown, isSafe: boolean): Tried<never> {
    const document = isProblem(json) ? json : undefined;
    const problem =
      document === undefined
        ? this.problem('NO_ANSWER', clientWords.noAnswer(status), undefined, status)
        : new Problem(document);
    // The first of two equal commands is still at work.
    const isPassing = passing.includes(status) || ok || document?.code === 'IDEMPOTENCY_IN_PROGRESS';
    const mayRepeat = status === 429 || didNothing(document?.code) || (isSafe && isPassing);
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    return Number.isFinite(seconds) ? { problem, mayRepeat, after: seconds * 1_000 } : { problem, mayRepeat };
  }
}

/** Undefined: no JSON. An answer that was cut short is none. */
function jsonOf(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

const isProblem = (json: unknown): json is ProblemDocument =>
  typeof json === 'object' && json !== null && 'code' in json && 'detail' in json && typeof json.code === 'string';

function waitFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
