// Which refusals an operation may answer with: those that its kind brings, and those of its own work. The document lists them.

import type { RefusalCode } from '../core/refusal.ts';
import type { Documented } from './route.ts';

type Kind = 'any' | 'keyed' | 'changes' | 'self' | 'field' | 'body' | 'once' | 'subject';

/** What the door, the reading of input and the server itself refuse, by what a route has. */
const byKind: Readonly<Record<Kind, readonly RefusalCode[]>> = {
  any: ['MALFORMED_REQUEST', 'REQUEST_TIMEOUT', 'HEADERS_TOO_LARGE', 'INTERNAL_ERROR', 'OVERLOADED', 'STOPPING'],
  keyed: ['UNAUTHENTICATED', 'KEY_EXPIRED', 'FORBIDDEN', 'DUTY_REQUIRED', 'TOO_MANY_REQUESTS'],
  changes: ['FOREIGN_ORIGIN'],
  self: ['PERSON_REQUIRED'],
  field: ['INVALID_INPUT', 'INVALID_QUANTITY', 'INVALID_TIME', 'INVALID_AMOUNT'],
  body: ['TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'],
  once: ['IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS'],
  subject: ['NOT_FOUND'],
};

function kindsOf({ method, url, access, query, body, once }: Documented): Kind[] {
  const of = typeof access === 'string' ? 'server' : access.of;
  return [
    'any',
    ...(access === 'public' ? [] : (['keyed'] as const)),
    ...(access === 'public' || method === 'GET' ? [] : (['changes'] as const)),
    ...(of === 'self' ? (['self'] as const) : []),
    ...(query === undefined && body === undefined && !url.includes(':') ? [] : (['field'] as const)),
    ...(method === 'GET' ? [] : (['body'] as const)),
    ...(once === undefined ? [] : (['once'] as const)),
    ...(of === 'server' || of === 'key' || of === 'self' ? [] : (['subject'] as const)),
  ];
}

/** In order of code, each once. */
export function refusalsOf(spec: Documented): RefusalCode[] {
  const required: readonly RefusalCode[] = spec.once === 'required' ? ['IDEMPOTENCY_KEY_REQUIRED'] : [];
  const codes = [...kindsOf(spec).flatMap((kind) => byKind[kind]), ...required, ...(spec.refuses ?? [])];
  return [...new Set(codes)].toSorted();
}
