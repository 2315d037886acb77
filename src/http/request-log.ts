// What is said of each request: a span where a collector listens, a line where the log is that talkative. Neither is there otherwise.

import type { Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { endSpan, isTracing, readTraceparent, startSpan } from '../tracing.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The trace that a request belongs to: its caller's, or the one that its own span began. */
const traceIdOf = (span: Span | undefined, { headers }: FastifyRequest): string | undefined =>
  (span?.spanContext() ?? readTraceparent(headers.traceparent))?.traceId;

/** Whether anything is said: then every request has to come by Fastify. */
export function watchRequests(app: FastifyInstance, level: LogLevel): boolean {
  const isTalkative = level === 'trace' || level === 'debug' || level === 'info';
  const isTraced = isTracing();
  if (!isTalkative && !isTraced) return false;
  const spans = new WeakMap<FastifyRequest, Span>();
  if (isTraced) {
    app.addHook('onRequest', (request, _reply, done) => {
      const { method, routeOptions, headers, id } = request;
      const span = startSpan(`${method} ${routeOptions.url ?? '/'}`, {
        kind: 'SERVER',
        parent: readTraceparent(headers.traceparent),
        attributes: { 'http.request.method': method, 'http.route': routeOptions.url ?? '', 'suanpan.request_id': id },
      });
      if (span !== undefined) spans.set(request, span);
      done();
    });
  }
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    const status = reply.statusCode;
    const account = request.caller?.account ?? undefined;
    const more = account === undefined ? {} : { 'suanpan.account': account };
    endSpan(span, status >= 500 ? String(status) : null, { 'http.response.status_code': status, ...more });
    if (isTalkative) {
      const { id, method, routeOptions, ip, caller } = request;
      const by = caller?.prefix === '' ? undefined : caller?.prefix;
      const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
      const traceId = traceIdOf(span, request);
      request.log.info(
        { reqId: id, traceId, method, route: routeOptions.url, status, milliseconds, by, account, ip },
        'request',
      );
    }
    done();
  });
  return true;
}
