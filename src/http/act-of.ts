// What of a request is kept as a privileged act: who, from where, what was asked, what was before and after. No secret is.

import { createHash } from 'node:crypto';
import type { Act } from '../core/act.ts';
import { canonicalJson } from '../core/json.ts';
import type { Instant } from '../core/units.ts';
import type { Caller } from './caller.ts';

/** The most that is kept of one text; of what is longer its digest is. */
const longest = 16 * 1024;

/** A SecretId is the name of a secret, and none. */
const isSecret = /password|secret(?!Id$)|token|^key$/i;

/** The same value without what must not lie anywhere. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) =>
      isSecret.test(name) ? [] : [[name, name === 'url' ? maskedUrl(part) : withoutSecrets(part)]],
    ),
  );
}

/** Who knows the path of a receiver may post to it: of an address its server is kept, and a digest that tells one from another. */
function maskedUrl(value: unknown): unknown {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null) return withoutSecrets(value);
  const isBare = url.pathname === '/' && url.search === '' && url.username === '' && url.password === '';
  const digest = createHash('sha256').update(url.href).digest('hex').slice(0, 12);
  return isBare ? url.origin : `${url.origin}/…${digest}`;
}

const isEmpty = (query: unknown): boolean => Object.keys(query ?? {}).length === 0;

function kept(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = canonicalJson(withoutSecrets(value));
  if (text.length <= longest) return text;
  return canonicalJson({ sha256: createHash('sha256').update(text).digest('hex'), characters: text.length });
}

/** A request that does something. */
export interface Doing {
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly request: { readonly ip: string; readonly id: string };
}

export const actOf = (
  at: Instant,
  { method, url }: { readonly method: string; readonly url: string },
  { caller, request, params, query, body }: Doing,
  { chain, before, after }: { readonly chain: string; readonly before: unknown; readonly after: unknown },
): Act => ({
  chain,
  at,
  by: caller.prefix,
  address: request.ip,
  request: request.id,
  operation: `${method} ${url.replace(/:(\w+)/g, '{$1}')}`,
  subject: canonicalJson(params),
  asked: kept(body === undefined ? query : isEmpty(query) ? body : { body, query }),
  before: kept(before),
  after: kept(after),
});
