// What an error means to whoever sent the request.

import type { FastifyError, FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../core/refusal.ts';
import { didNothing, mayPass } from '../store/connection/failures.ts';
import { httpWords } from '../words/http.ts';
import { words } from '../words/words.ts';
import { BodyTooLarge, tooLarge } from './body-items.ts';
import { BodyProblem } from './json-body.ts';
import { typeRefusal } from './media.ts';

/** As much of a request as the reason of its failure takes. */
export type Failed = Pick<FastifyRequest, 'id' | 'method' | 'headers' | 'caller' | 'log'> & {
  readonly routeOptions: { readonly bodyLimit?: number | undefined };
};

/** The refusal for an error; one that nobody foresaw is logged, with what it is `about`. */
export function refusalOf(error: FastifyError, request: Failed, about: object = {}): Refusal {
  const { code = '', statusCode = 500 } = error;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge(httpWords.bytes(request.routeOptions.bodyLimit ?? 0));
  if (statusCode === 415) {
    const { 'content-type': type } = request.headers;
    return typeRefusal(type, ['application/json']) ?? refuse('UNSUPPORTED_MEDIA_TYPE', { problem: error.message });
  }
  if (error instanceof BodyTooLarge) return tooLarge(error.most);
  if (error instanceof BodyProblem) {
    return refuse('INVALID_INPUT', { problem: words(error.zh, error.message) });
  }
  if (statusCode < 500) return refuse('INVALID_INPUT', { problem: error.message });
  if (mayPass(error)) return refuse(didNothing(error) || !mayHaveBegun(request) ? 'OVERLOADED' : 'OUTCOME_UNKNOWN');
  const { id, headers } = request;
  request.log.error({ ...about, err: error, reqId: id, traceparent: headers.traceparent }, error.message);
  return refuse('INTERNAL_ERROR', { request: id });
}

/** A command whose sender has been admitted. */
const mayHaveBegun = ({ method, caller }: Failed): boolean => caller !== null && method !== 'GET' && method !== 'HEAD';
