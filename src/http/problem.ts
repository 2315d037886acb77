// Refusals as problem documents (RFC 9457), in the caller's language.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ZodError } from 'zod';
import { refusePayment } from '../account/commands.ts';
import type { Words } from '../core/price-book.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { httpWords } from '../words/http.ts';
import { refusalTexts } from '../words/refusals.ts';
import { words } from '../words/words.ts';
import { wordsOf } from './field-words.ts';

export type Language = keyof Words;

/** zh when the caller prefers Chinese, else en. */
export function languageOf(header: string | undefined): Language {
  if (header === undefined) return 'en';
  const preferred = header
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

/** Whom a problem document is for. */
export interface Asking {
  readonly id: string;
  /** Of Accept-Language. */
  readonly language: string | undefined;
}

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A refusal as it is answered. */
export function problemOf({ id, language }: Asking, refusal: Refusal, fields?: readonly FieldProblem[]): Problem {
  const { status } = refusalTexts[refusal.refused];
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': languageOf(language),
    'cache-control': 'no-store',
  };
  if (status === 503 || status === 429) headers['retry-after'] = String(refusal.facts.retryAfter ?? '1');
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const document = problemDocument({ id, headers: { 'accept-language': language } }, refusal, fields);
  return { status, headers, text: JSON.stringify(document) };
}

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
  fields?: readonly FieldProblem[],
): FastifyReply {
  const asking = { id: request.id, language: request.headers['accept-language'] };
  const { status, headers, text } = problemOf(asking, refusal, fields);
  return reply.code(status).headers(headers).send(text);
}

export function problemDocument(
  request: Pick<FastifyRequest, 'id' | 'headers'>,
  refusal: Refusal,
  fields?: readonly FieldProblem[],
) {
  const language = languageOf(request.headers['accept-language']);
  const text = refusalTexts[refusal.refused];
  const detail = text.detail(refusal.facts)[language];
  const named = refusal.pointer === undefined ? [] : [{ pointer: refusal.pointer, code: refusal.refused, detail }];
  return {
    type: `urn:suanpan:problem:${refusal.refused.toLowerCase().replaceAll('_', '-')}`,
    title: text.title[language],
    status: text.status,
    detail,
    code: refusal.refused,
    request_id: request.id,
    errors: fields ?? named,
  };
}

export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Which refusal a broken field means: quantities, times and amounts have codes of their own. */
function codeOf(field: string): 'INVALID_QUANTITY' | 'INVALID_TIME' | 'INVALID_AMOUNT' | 'INVALID_INPUT' {
  if (field === 'calls' || field === 'size' || field === 'count') return 'INVALID_QUANTITY';
  if (field === 'time' || field === 'now') return 'INVALID_TIME';
  return field === 'amount' ? 'INVALID_AMOUNT' : 'INVALID_INPUT';
}

type FieldCode = ReturnType<typeof codeOf>;

interface FieldWords {
  readonly pointer: string;
  readonly code: FieldCode;
  readonly words: Words;
}

/** What the caller called the field, cut short: an answer must not grow with what was sent. */
export function unknownField(path: readonly PropertyKey[], key: string): FieldWords {
  const name = key.slice(0, 100).toWellFormed();
  return {
    pointer: pointerOf([...path, name]),
    code: 'INVALID_INPUT',
    words: httpWords.unknownField(name),
  };
}

const fieldsOf = (error: ZodError): FieldWords[] =>
  error.issues.flatMap((issue): FieldWords[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.slice(0, 100).map((key) => unknownField(issue.path, key))
      : [{ pointer: pointerOf(issue.path), code: codeOf(String(issue.path.at(-1) ?? '')), words: wordsOf(issue) }],
  );

/** The refusal for a body, query or path that its schema does not accept. */
export function invalidInput(
  error: ZodError,
  language: Language,
): { readonly refusal: Refusal; readonly fields: FieldProblem[] } {
  const fields = fieldsOf(error);
  const [first] = fields;
  if (first === undefined) throw new Error('a schema refused without a reason');
  const { pointer } = first;
  const named = (text: string) => `${pointer || '/'}: ${text}`;
  const facts = { problem: words(named(first.words.zh), named(first.words.en)) };
  const code = fields.length === 1 ? first.code : 'INVALID_INPUT';
  return {
    // No amount is sent but a payment's.
    refusal: code === 'INVALID_AMOUNT' ? refusePayment(facts, pointer) : refuse(code, facts, pointer),
    fields: fields.map((field) => ({ pointer: field.pointer, code: field.code, detail: field.words[language] })),
  };
}
