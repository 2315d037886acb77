// The server's API from a shell: where it is, who asks, and what a failed call means for whoever typed the command.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { usualServer } from '../configuration.ts';
import { readJson, writeJson } from '../core/json.ts';
import type { Words } from '../core/price-book.ts';
import { didNothing, type RefusalCode, refusalCodes } from '../core/refusal.ts';
import { isDots } from '../core/safe-text.ts';
import { cliOutputWords } from '../words/cli/output.ts';
import { notJsonWords, whereNotJson } from '../words/json-break.ts';
import { dotsWords } from '../words/name-flaws.ts';
import { type ExitCode, exitCodeOf, exitCodes, type Output } from './output.ts';

export interface Server {
  readonly url: string;
  readonly apiKey: string;
}

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the server's address: "/v1/price-books". */
  readonly path: string;
  /** Parameters without a value are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** The media type of the answer; JSON if not given. */
  readonly accept?: string;
  /** Commands that create or move money carry a key, so that trying again does nothing twice. Undefined: one is made. */
  readonly once?: { readonly key: string | undefined };
}

/** Path segments are escaped here, so that an id may hold anything: path`/v1/events/${id}/receipt`. */
export const path = (parts: TemplateStringsArray, ...ids: readonly string[]): string =>
  parts.map((part, index) => part + encodeURIComponent(ids[index] ?? '')).join('');

interface Profile {
  readonly url?: string;
  readonly apiKey?: string;
}

export const profilePath = (environment: NodeJS.ProcessEnv): string =>
  environment.SUANPAN_PROFILE ||
  join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'suanpan', 'profile.json');

/** The profile file, empty where there is none. A broken one is a problem: its server must not silently be another. */
export function readProfile(environment: NodeJS.ProcessEnv): Profile | Words {
  const file = profilePath(environment);
  try {
    const profile = readProfileJson(readFileSync(file, 'utf8'));
    const { url, apiKey } = (profile ?? {}) as Record<string, unknown>;
    for (const value of [url, apiKey]) {
      if (value !== undefined && typeof value !== 'string') throw new Error('url, apiKey: text');
    }
    return profile as Profile;
  } catch (error) {
    if (isMissingFile(error) && !environment.SUANPAN_PROFILE) return {};
    const reason = error instanceof Error ? error.message : String(error);
    const { zh, en } = error instanceof ProfileProblem ? error.words : { zh: reason, en: reason };
    return cliOutputWords.cannotReadTheProfile(file, zh, en);
  }
}

/** What stands in a broken profile is not told: it may be the key. */
function readProfileJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProfileProblem(whereNotJson(text));
  }
}

class ProfileProblem extends Error {
  readonly words: Words;

  constructor(words: Words) {
    super(words.en);
    this.words = words;
  }
}

const isMissingFile = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Which server, and with whose key; undefined when the command has been ended (exit code 2 or 5). */
export function findServer(output: Output): Server | undefined {
  const profile = readProfile(process.env);
  if ('zh' in profile) {
    output.misused(profile);
    return undefined;
  }
  const url = process.env.SUANPAN_URL || profile.url || usualServer;
  const apiKey = process.env.SUANPAN_API_KEY || profile.apiKey;
  if (!isHttp(url)) {
    const source = process.env.SUANPAN_URL ? 'SUANPAN_URL' : profilePath(process.env);
    const better = !url.includes('://') && isHttp(`http://${url}`) ? `http://${url}` : usualServer;
    output.misused(cliOutputWords.serversAddressOfIsNone(source, url, better));
    return undefined;
  }
  if (apiKey !== undefined && /^[\x21-\x7e]+$/.test(apiKey)) return { url, apiKey };
  output.fail(exitCodes.unauthorised, noKey(apiKey !== undefined), 'UNAUTHENTICATED');
  return undefined;
}

const isHttp = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

function noKey(isMalformed: boolean): Words {
  const file = profilePath(process.env);
  return cliOutputWords.setSuanpanApiKey(isMalformed, file);
}

function wrongKey(): Words {
  const place = process.env.SUANPAN_API_KEY ? 'SUANPAN_API_KEY' : profilePath(process.env);
  return cliOutputWords.serverDoesNotKnowTheApi(place);
}

/** The answer's JSON, its status told, or undefined when the command has been ended: no key (5), no server (6), or refused. */
export async function callApi(
  call: ApiCall,
  output: Output,
  told: (status: number) => void = () => undefined,
): Promise<unknown> {
  const response = await openApi(call, output);
  if (response === undefined) return undefined;
  told(response.status);
  let text: string | undefined;
  try {
    text = await response.text();
    return readJson(text);
  } catch (error) {
    const reason = reasonOf(error);
    const { zh, en } = text === undefined ? { zh: reason, en: reason } : notJsonWords(text);
    output.fail(exitCodes.network, cliOutputWords.answerOfIsCutShortOr(response.url, zh, en));
    return undefined;
  }
}

/** The same, for answers that are files. */
export async function openApi(call: ApiCall, output: Output): Promise<Response | undefined> {
  const server = findServer(output);
  if (server === undefined) return undefined;
  const dots = call.path.split('/').find(isDots);
  if (dots !== undefined) {
    output.misused({ zh: `id "${dots}" ${dotsWords.zh}`, en: `the id "${dots}" ${dotsWords.en}` });
    return undefined;
  }
  const key = call.once === undefined ? undefined : (call.once.key ?? randomUUID());
  const url = new URL(call.path, server.url);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  let response: Response;
  try {
    response = await fetch(url, requestOf(call, server, key, output.language));
  } catch (error) {
    failOnNetwork(error, server, key, output);
    return undefined;
  }
  if (response.ok) return response;
  await failOnRefusal(response, key, output);
  return undefined;
}

/** An answer that one can do without: undefined where there is none, whatever the reason, and no word about it. */
export async function lookUp(address: string, output: Output): Promise<unknown> {
  const server = findServer(output);
  if (server === undefined) return undefined;
  try {
    const request = requestOf({ method: 'GET', path: address }, server, undefined, output.language);
    const response = await fetch(new URL(address, server.url), request);
    return response.ok ? readJson(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

function requestOf(call: ApiCall, { apiKey }: Server, key: string | undefined, language: string): RequestInit {
  return {
    method: call.method,
    headers: {
      accept: `${call.accept ?? 'application/json'}, application/problem+json, */*;q=0.5`,
      'accept-language': language,
      authorization: `Bearer ${apiKey}`,
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(call.body === undefined ? {} : { body: writeJson(call.body) }),
  };
}

export const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return cause instanceof Error ? cause.message || code : String(cause);
};

/** Nothing was sent: the connection was never made. */
export const neverSent = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return false;
  const isRefused =
    'code' in cause &&
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_SSL_WRONG_VERSION_NUMBER|UND_ERR_CONNECT_TIMEOUT)$/.test(
      String(cause.code),
    );
  // Ports that fetch keeps to other protocols, such as 9 or 25.
  return isRefused || cause.message === 'bad port';
};

/** Why a server was not reached. Of https to one that speaks http, OpenSSL's own words name a line of its source. */
export function networkWords(error: unknown): Words {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return cliOutputWords.itSpeaksHttp;
  }
  return { zh: reasonOf(error), en: reasonOf(error) };
}

function failOnNetwork(error: unknown, { url }: Server, key: string | undefined, output: Output): void {
  const { zh, en } = networkWords(error);
  output.fail(exitCodes.network, cliOutputWords.cannotReach(url, zh, en));
  if (key !== undefined && !neverSent(error)) tellUnknownFate(key, output);
}

function tellUnknownFate(key: string, output: Output): void {
  output.tell(output.say(cliOutputWords.whetherTheCommandWasCarriedOut(key)));
}

async function failOnRefusal(response: Response, key: string | undefined, output: Output): Promise<void> {
  const answer: unknown = await response.json().catch(() => null);
  const { code, words: told, pointer } = problemOf(answer, response.status);
  const words = code === 'UNAUTHENTICATED' ? wrongKey() : told;
  output.fail(exitOf(code, response.status), words, code, pointer);
  // Behind a gateway's error the command may have been carried out; our own server says what it did.
  if (key !== undefined && response.status >= 500 && !didNothing(code)) tellUnknownFate(key, output);
}

/** A refusal's code and text from RFC 9457 problem details; the server speaks the language it was asked in. */
export function problemOf(answer: unknown, status: number): { code?: string; words: Words; pointer?: string } {
  const { code, detail, title, errors } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<
    string,
    unknown
  >;
  const told = typeof detail === 'string' ? detail : typeof title === 'string' ? title : `HTTP ${status}`;
  const pointer = Array.isArray(errors) ? (errors[0] as { pointer?: unknown } | undefined)?.pointer : undefined;
  return {
    words: { zh: told, en: told },
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof pointer === 'string' ? { pointer } : {}),
  };
}

export function exitOf(code: string | undefined, status: number): ExitCode {
  const known = refusalCodes.find((each): each is RefusalCode => each === code);
  if (known !== undefined) return exitCodeOf(known);
  if (status === 401 || status === 403) return exitCodes.unauthorised;
  if (status === 404) return exitCodes.notFound;
  if (status === 502 || status === 503 || status === 504) return exitCodes.network;
  return status === 409 ? exitCodes.conflict : exitCodes.failure;
}

/** The account a command is about: the one named, else the key's own. Undefined when the command has been ended. */
export async function accountOf(
  named: string | undefined,
  output: Output,
  by: keyof typeof namings = 'option',
): Promise<string | undefined> {
  if (named !== undefined) return named;
  const me = (await callApi({ method: 'GET', path: '/v1/me' }, output)) as { account: string | null } | undefined;
  if (me === undefined) return undefined;
  if (me.account !== null) return me.account;
  output.misused(namings[by]);
  return undefined;
}

/** How a command takes the account that an operator's key has to name. */
const namings = {
  option: cliOutputWords.withAnOperatorKey,
  argument: cliOutputWords.withAnOperatorKeyOrNone,
} as const;
