// What an error means to whoever sent the request.

import type { FastifyError, FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../core/refusal.ts';
import { isDatabaseAway, neverReached } from '../store/away.ts';
import { BodyProblem } from './json-body.ts';

/** The refusal for an error; one that nobody foresaw is logged. */
export function refusalOf(error: FastifyError, request: FastifyRequest): Refusal {
  const { code = '', statusCode = 500 } = error;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return refuse('TOO_LARGE', { most: `${request.routeOptions.bodyLimit} B` });
  if (error instanceof BodyProblem) {
    return refuse('INVALID_INPUT', { problem: error.message, problemZh: error.zh });
  }
  if (statusCode < 500) return refuse('INVALID_INPUT', { problem: error.message });
  if (isDatabaseAway(error) && !saidNo(error) && mayHaveBegun(request) && !neverReached(error))
    return refuse('OUTCOME_UNKNOWN');
  if (isDatabaseAway(error) || saidNo(error)) return refuse('OVERLOADED');
  const { id, headers } = request;
  request.log.error({ err: error, reqId: id, traceparent: headers.traceparent }, error.message);
  return refuse('INTERNAL_ERROR', { request: id });
}

/** The database is full, ended a transaction that stood still, or took another side in a deadlock: nothing was done. */
const saidNo = ({ code = '' }: FastifyError): boolean => /^(53|25P03|40001|40P01)/.test(code);

/** A command whose sender has been admitted. */
const mayHaveBegun = ({ method, caller }: FastifyRequest): boolean =>
  caller !== null && method !== 'GET' && method !== 'HEAD';
