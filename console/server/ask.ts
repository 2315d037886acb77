// Asking the server. What it promises stands in src/http/contract; types are taken from there and nothing of it is loaded.

import type { z } from 'zod';
import type * as contract from '../../src/http/contract/contract.ts';
import type { ProblemDocument } from '../../src/http/contract/contract.ts';
import { currentLanguage } from '../shell/language.ts';
import { portalToken } from '../shell/portal.ts';
import { unreachable } from '../words/server.ts';

export type Contract = typeof contract;

/** What a schema of the contract lets through. */
export type Answer<Name extends keyof Contract> = Contract[Name] extends z.ZodType ? z.output<Contract[Name]> : never;

/** A refusal of the server, in its words; status 0: it could not be reached. */
export class Problem extends Error {
  readonly document: ProblemDocument;
  constructor(document: ProblemDocument) {
    super(document.detail);
    this.document = document;
  }
}

export interface Asking {
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly body?: unknown;
  /** Idempotency-Key: the same for every try of one act. */
  readonly key?: string;
  readonly signal?: AbortSignal;
  /** What is wanted in answer; JSON if not given. */
  readonly accept?: string;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A path with its query; what is null, undefined or empty is left out. */
export function addressOf(path: string, query: Asking['query'] = {}): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') asked.set(name, String(value));
  }
  const text = asked.toString();
  return text === '' ? path : `${path}?${text}`;
}

const nobodyAnswers = (status: number, title: string): ProblemDocument => ({
  ...{ status, title, code: 'UNREACHABLE' },
  detail: unreachable[currentLanguage()],
});

/** The answer of a success. Throws `Problem`. */
async function reach(method: Method, path: string, { query, body, key, signal, accept }: Asking): Promise<Response> {
  const headers: Record<string, string> = { 'accept-language': currentLanguage() };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  if (accept !== undefined) headers.accept = accept;
  const token = portalToken();
  if (token !== null) headers.authorization = `Bearer ${token}`;
  const sent = body === undefined ? null : JSON.stringify(body);
  const answer = fetch(addressOf(path, query), { method, headers, body: sent, ...(signal ? { signal } : {}) });
  const response = await answer.catch((error: unknown) => {
    throw signal?.aborted === true ? error : new Problem(nobodyAnswers(0, ''));
  });
  if (!response.ok) throw new Problem(problemOf(response, await response.text()));
  return response;
}

export async function ask<Result>(method: Method, path: string, asking: Asking = {}): Promise<Result> {
  const text = await (await reach(method, path, asking)).text();
  return (text === '' ? undefined : JSON.parse(text)) as Result;
}

/** What is no JSON. */
export const askText = async (path: string): Promise<string> => (await reach('GET', path, {})).text();

/** A file, and the name that the server gives it. */
export async function fetchFile(
  path: string,
  query: NonNullable<Asking['query']>,
): Promise<{ readonly name: string; readonly content: Blob }> {
  const response = await reach('GET', path, { query });
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return { name: name ?? 'suanpan', content: await response.blob() };
}

function problemOf(response: Response, text: string): ProblemDocument {
  try {
    return JSON.parse(text) as ProblemDocument;
  } catch {
    // Something between us and the server answered.
    return nobodyAnswers(response.status, response.statusText);
  }
}

/** A key for one act: also where the page is not served over TLS, and `crypto.randomUUID` is missing. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Work that tells its progress line by line; the last line is the answer, or a refusal. */
export async function askLines<Progress, Result>(
  path: string,
  body: unknown,
  told: (progress: Progress) => void,
): Promise<Result> {
  const response = await reach('POST', path, { body, accept: 'application/x-ndjson' });
  if (response.body === null) throw new Problem(nobodyAnswers(response.status, response.statusText));
  let rest = '';
  let last: object | undefined;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      last = JSON.parse(line) as object;
      if (isProgress(last)) told(last as Progress);
    }
  }
  // The connection broke off in the middle: the server goes on with it all the same.
  if (last === undefined || isProgress(last)) throw new Problem(nobodyAnswers(0, ''));
  if ('code' in last) throw new Problem(last as ProblemDocument);
  return last as Result;
}

const isProgress = (line: object): boolean => 'done' in line && 'of' in line;
