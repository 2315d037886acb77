// Refusals as problem documents (RFC 9457), in the caller's language.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ZodError } from 'zod';
import type { Words } from '../core/price-book.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { refusalTexts } from '../core/refusal-texts.ts';

export type Language = keyof Words;

/** zh when the caller prefers Chinese, else en. */
export function languageOf(header: string | undefined): Language {
  const preferred = (header ?? '')
    .split(',')
    .map((part, index) => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';');
      const weight = Number(
        rest
          .find((item) => item.trim().startsWith('q='))
          ?.trim()
          .slice(2) ?? 1,
      );
      return { tag, weight: Number.isNaN(weight) ? 0 : weight, index };
    })
    .filter(({ tag, weight }) => weight > 0 && /^(zh|en)\b/.test(tag))
    .toSorted((a, b) => b.weight - a.weight || a.index - b.index)[0];
  return preferred?.tag.startsWith('zh') === true ? 'zh' : 'en';
}

export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  fields?: readonly FieldProblem[],
): FastifyReply {
  const language = languageOf(request.headers['accept-language']);
  const text = refusalTexts[refusal.refused];
  const detail = text.detail(refusal.facts)[language];
  const named = refusal.pointer === undefined ? [] : [{ pointer: refusal.pointer, code: refusal.refused, detail }];
  if (text.status === 503 || text.status === 429) reply.header('retry-after', '1');
  if (text.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(text.status)
    .type('application/problem+json')
    .header('content-language', language)
    .header('cache-control', 'no-store')
    .send(
      JSON.stringify({
        type: `urn:suanpan:problem:${refusal.refused.toLowerCase().replaceAll('_', '-')}`,
        title: text.title[language],
        status: text.status,
        detail,
        code: refusal.refused,
        request_id: request.id,
        errors: fields ?? named,
      }),
    );
}

export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Which refusal a broken field means: quantities, times and amounts have codes of their own. */
function codeOf(field: string): 'INVALID_QUANTITY' | 'INVALID_TIME' | 'INVALID_AMOUNT' | 'INVALID_INPUT' {
  if (field === 'calls' || field === 'size' || field === 'count') return 'INVALID_QUANTITY';
  if (field === 'time' || field === 'now') return 'INVALID_TIME';
  return field === 'amount' ? 'INVALID_AMOUNT' : 'INVALID_INPUT';
}

export function fieldProblems(error: ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const extra = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    return extra.map((key) => ({
      pointer: pointerOf(key === undefined ? issue.path : [...issue.path, key]),
      code: codeOf(String(issue.path.at(-1) ?? '')),
      detail: key === undefined ? issue.message : 'unknown field',
    }));
  });
}

/** The refusal for a body, query or path that its schema does not accept. */
export function invalidInput(error: ZodError): { readonly refusal: Refusal; readonly fields: FieldProblem[] } {
  const fields = fieldProblems(error);
  const [first] = fields;
  const code =
    fields.length === 1 && first !== undefined ? codeOf(first.pointer.split('/').at(-1) ?? '') : 'INVALID_INPUT';
  const problem = first === undefined ? 'body' : `${first.pointer || '/'}: ${first.detail}`;
  return { refusal: refuse(code, { problem, value: problem }), fields };
}
