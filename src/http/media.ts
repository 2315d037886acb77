// In which form a body may come. What nobody would read is refused before it arrives.

import type { preParsingHookHandler } from 'fastify';
import { type Refusal, refuse } from '../core/refusal.ts';
import { httpWords } from '../words/http.ts';
import { words } from '../words/words.ts';
import { sendProblem } from './problem.ts';

/** JSON, and the other types of its route. */
export function takesOnly(others: readonly string[]): preParsingHookHandler {
  const taken = ['application/json', ...others];
  const plain = new Set<string | undefined>([undefined, ...taken]);
  return (request, reply, payload, done) => {
    const { 'content-type': type, 'content-encoding': encoding } = request.headers;
    if (encoding === undefined && plain.has(type)) return done(null, payload);
    const refusal = encodingRefusal(encoding) ?? typeRefusal(type, taken);
    if (refusal === undefined) return done(null, payload);
    if (encoding !== undefined) reply.header('accept-encoding', 'identity');
    sendProblem(request, reply, refusal);
  };
}

function encodingRefusal(encoding: string | undefined): Refusal | undefined {
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity') return undefined;
  const named = encoding.slice(0, 50);
  return refuse('UNSUPPORTED_MEDIA_TYPE', {
    problem: httpWords.contentEncoding(named),
  });
}

/** For a body whose type is none of `taken`, or not named. */
export function typeRefusal(type: string | undefined, taken: readonly string[]): Refusal | undefined {
  const [named = '', ...parameters] = (type ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  const isTaken = taken.includes(named) && (charset === undefined || charset === 'utf-8' || charset === 'utf8');
  if (isTaken) return undefined;
  const sent = `Content-Type ${(type ?? '').slice(0, 100)}`;
  const what = named === '' ? httpWords.noContentType : words(sent, sent);
  return refuse('UNSUPPORTED_MEDIA_TYPE', {
    problem: httpWords.sendInUtf8(what, taken.join('、'), taken.join(', ')),
  });
}
