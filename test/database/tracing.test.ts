// Traces and the log: what a collector gets, that one that is away costs nothing, and what a request leaves behind in the log.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfiguration } from '../../src/configuration.ts';
import { buildHttp } from '../../src/http/app.ts';
import { openTelemetry } from '../../src/telemetry.ts';
import { readTraceparent, setTracer } from '../../src/tracing.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';

const day = '2026-01-12T09:00:00+08:00';
interface SpanJson extends Json {
  readonly name: string;
  readonly traceId: string;
}

/** A collector that takes OTLP as JSON. */
async function collector(): Promise<{ readonly server: Server; readonly url: string; readonly bodies: Json[] }> {
  const bodies: Json[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      bodies.push({ ...(JSON.parse(text) as Json), path: request.url, token: request.headers['x-token'] });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}

const spansOf = (bodies: readonly Json[]): SpanJson[] =>
  bodies.flatMap(({ resourceSpans }) =>
    (resourceSpans as { scopeSpans: { spans: SpanJson[] }[] }[]).flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans),
    ),
  );

let open: OpenApp;
beforeAll(async () => {
  open = await openApp(day);
  await openAccountWith(open, 'acme', '1000.00');
});
afterAll(() => open?.close());

const settingsOf = (environment: NodeJS.ProcessEnv) => {
  const { telemetry } = readConfiguration(environment);
  if (telemetry === null) throw new Error('no collector');
  return telemetry;
};
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('a request, its group, a job and a webhook are spans; the request’s hangs below its caller’s', async () => {
  const { server, url, bodies } = await collector();
  const telemetry = openTelemetry(
    settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/`, OTEL_EXPORTER_OTLP_HEADERS: 'x-token=a%20b' }),
  );
  setTracer(telemetry.tracer);
  const app = await buildHttp(open.suanpan, { pepper: 'pepper for tests' });
  const event = { account: 'acme', id: 'traced', meter: basic, time: day };
  const headers = { authorization: `Bearer ${open.operator}`, traceparent, 'x-request-id': 'r-1' };
  const { statusCode } = await app.inject({ method: 'POST', url: '/v1/events', headers, payload: event });
  expect(statusCode).toBe(200);
  await app.close();
  setTracer(undefined);
  await telemetry.stop();
  server.close();
  expect(bodies.map(({ path, token }) => ({ path, token }))).toEqual([{ path: '/v1/traces', token: 'a b' }]);
  const spans = spansOf(bodies);
  expect(spans.map(({ name }) => name).toSorted()).toEqual(['POST /v1/events', 'ledger group']);
  const request = spans.find(({ name }) => name.startsWith('POST'));
  expect(request).toMatchObject({
    traceId: traceparent.split('-')[1],
    parentSpanId: traceparent.split('-')[2],
    kind: 2,
  });
  expect(JSON.stringify(request)).toContain('r-1');
  expect(JSON.stringify(bodies)).not.toContain(open.operator);
});

test('a collector that is away, or never answers, keeps nobody waiting', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  for (const port of [(silent.address() as AddressInfo).port, 1]) {
    const telemetry = openTelemetry(settingsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` }));
    setTracer(telemetry.tracer);
    const app = await buildHttp(open.suanpan, { pepper: 'pepper for tests' });
    const began = performance.now();
    for (let more = 0; more < 20; more += 1) await app.inject({ method: 'GET', url: '/livez' });
    expect(performance.now() - began).toBeLessThan(1_000);
    await app.close();
    setTracer(undefined);
    await telemetry.stop();
    expect(performance.now() - began).toBeLessThan(6_000);
  }
  silent.closeAllConnections();
  silent.close();
});

test('the log says each request where it is asked to, with its trace, and no secret', async () => {
  const lines: Json[] = [];
  const logTo = { write: (line: string) => void lines.push(JSON.parse(line) as Json) };
  const app = await buildHttp(open.suanpan, { pepper: 'pepper for tests', logTo, logLevel: 'info' });
  const headers = { authorization: `Bearer ${open.operator}`, traceparent, 'x-request-id': 'r-2' };
  await app.inject({ method: 'GET', url: '/v1/accounts/acme?x=1', headers });
  await app.close();
  const id = open.operator.split('_')[2];
  expect(lines.filter(({ msg }) => msg === 'request')).toMatchObject([
    { level: 30, reqId: 'r-2', traceId: traceparent.split('-')[1], method: 'GET', route: '/v1/accounts/:id', by: id },
  ]);
  expect(JSON.stringify(lines)).not.toContain(open.operator);
});

test('a warning log says nothing of a request that went well', async () => {
  const lines: string[] = [];
  const app = await buildHttp(open.suanpan, {
    pepper: 'pepper for tests',
    logTo: { write: (line) => void lines.push(line) },
  });
  await app.inject({ method: 'GET', url: '/livez' });
  await app.close();
  expect(lines).toEqual([]);
});

test.each([
  ['', false],
  [traceparent, true],
  [traceparent.toUpperCase(), false],
  [`${traceparent}-more`, false],
  [`01${traceparent.slice(2)}-more`, true],
  [`ff${traceparent.slice(2)}`, false],
  ['00-00000000000000000000000000000000-b7ad6b7169203331-01', false],
  ['00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', false],
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331', false],
])('traceparent %j: %s', (text, isOne) => {
  expect(readTraceparent(text) !== undefined).toBe(isOne);
});

test('what is no address of a collector is refused, and none is no telemetry', () => {
  expect(() => readConfiguration({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow(
    /OTEL_EXPORTER_OTLP_ENDPOINT/,
  );
  expect(readConfiguration({}).telemetry).toBe(null);
  expect(readConfiguration({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_SDK_DISABLED: 'true' }).telemetry).toBe(
    null,
  );
  expect(readConfiguration({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://x/in' }).telemetry?.url).toBe('https://x/in');
});
