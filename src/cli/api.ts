// The server's API from a shell: SUANPAN_URL and SUANPAN_API_KEY say where it is and who asks.

import { randomUUID } from 'node:crypto';
import { writeJson } from '../core/json.ts';
import type { Words } from '../core/price-book.ts';
import { type RefusalCode, refusalCodes } from '../core/refusal.ts';
import { type ExitCode, exitCodeOf, exitCodes, type Output } from './output.ts';

export interface ApiCall {
  readonly method: 'GET' | 'POST';
  /** Below the server's address: "/v1/price-books". */
  readonly path: string;
  readonly body?: unknown;
}

/** The answer's JSON, or undefined when the command has been ended: refused, or no server there (exit code 6). */
export async function callApi(call: ApiCall, output: Output): Promise<unknown> {
  const server = process.env.SUANPAN_URL || 'http://localhost:8080';
  let response: Response;
  try {
    response = await fetch(new URL(call.path, server), requestOf(call, output));
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    output.fail(exitCodes.network, {
      zh: `连不上 ${server}（${reason}）。服务启动了吗（suanpan serve）？地址由 SUANPAN_URL 指定`,
      en: `cannot reach ${server} (${reason}). Is the server running (suanpan serve)? SUANPAN_URL says where it is`,
    });
    return undefined;
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const problem = problemOf(answer, response.status);
  output.fail(exitOf(problem.code, response.status), problem.words, problem.code);
  return undefined;
}

/** Every command carries a key of its own, so that a proxy's retry does nothing twice. */
function requestOf({ method, body }: ApiCall, { language }: Output): RequestInit {
  const key = process.env.SUANPAN_API_KEY;
  return {
    method,
    headers: {
      accept: 'application/json, application/problem+json',
      'accept-language': language,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    },
    ...(body === undefined ? {} : { body: writeJson(body) }),
  };
}

/** A refusal's code and text from RFC 9457 problem details. The server's own sentence has the facts; ours is the fallback. */
function problemOf(answer: unknown, status: number): { readonly code?: string; readonly words: Words } {
  const { code, detail, title } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<
    string,
    unknown
  >;
  const told = typeof detail === 'string' ? detail : typeof title === 'string' ? title : `HTTP ${status}`;
  const words = { zh: told, en: told };
  return typeof code === 'string' ? { code, words } : { words };
}

function exitOf(code: string | undefined, status: number): ExitCode {
  const known = refusalCodes.find((each): each is RefusalCode => each === code);
  if (known !== undefined) return exitCodeOf(known);
  if (status === 401 || status === 403) return exitCodes.unauthorised;
  if (status === 404) return exitCodes.notFound;
  return status === 409 ? exitCodes.conflict : exitCodes.failure;
}
