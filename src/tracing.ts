// Traces: spans of requests, groups, jobs and deliveries, where a collector is configured; nothing at all where none is.

import {
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

let tracer: Tracer | undefined;

/** Undefined: no more spans. */
export function setTracer(to: Tracer | undefined): void {
  tracer = to;
}

export const isTracing = (): boolean => tracer !== undefined;

type Attributes = Readonly<Record<string, string | number>>;

/** Where a span hangs, by the `traceparent` of whoever asked; undefined: a trace of its own. */
interface SpanOrder {
  readonly kind: keyof typeof SpanKind;
  readonly parent?: SpanContext | undefined;
  readonly attributes?: Attributes;
  /** When it began, by `Date.now()`; now if not given. */
  readonly startTime?: number;
}

/** Undefined where nobody traces. */
export function startSpan(name: string, { kind, parent, attributes = {}, startTime }: SpanOrder): Span | undefined {
  if (tracer === undefined) return undefined;
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
  const begun = startTime === undefined ? {} : { startTime };
  return tracer.startSpan(name, { kind: SpanKind[kind], attributes, ...begun }, context);
}

/** Ends it; `problem` null: it went well. */
export function endSpan(span: Span | undefined, problem: string | null, attributes: Attributes = {}): void {
  if (span === undefined) return;
  span.setAttributes(attributes);
  if (problem !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: problem });
  span.end();
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** W3C trace context; undefined: there is none, or it is none. Source: https://www.w3.org/TR/trace-context/. */
export function readTraceparent(header: string | string[] | undefined): SpanContext | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version = 'ff', traceId = '', spanId = '', flags = '', more] = pattern.exec(header) ?? [];
  const isBroken = version === 'ff' || /^0+$/.test(traceId) || /^0+$/.test(spanId);
  // Only a later version may say more.
  if (isBroken || (version === '00' && more !== undefined)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

/** What is handed on to whoever is asked within a span. */
export function traceparentOf(span: Span | undefined): string | undefined {
  if (span === undefined) return undefined;
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
