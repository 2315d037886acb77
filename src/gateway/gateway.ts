// The gateway's server: bodies in bounds, one way to answer, counters, an end that drains.

import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { sha256 } from '../tc3.ts';
import { Bodies, usualBodies } from './bodies.ts';
import { namedSigner, oneOfEach } from './call.ts';
import { errorBody } from './error-body.ts';
import { type Flowed, flow, type GatewayParts } from './flow.ts';
import { answerUnreadable } from './unreadable.ts';

export interface RunningGateway {
  readonly url: string;
  /**
   * Answers what is under way, then takes nothing new. For `grace` milliseconds it goes on as before, but ends each connection with its
   * answer: so callers leave by themselves, and none finds its connection closed under the next call.
   */
  stop(grace?: number): Promise<void>;
}

export interface GatewayPlace {
  readonly port: number;
  readonly host: string;
  /** What else stands in /metrics. */
  readonly more?: () => string;
  /** Bytes of bodies that may be here at a time. */
  readonly mostBodies?: number;
  /** Milliseconds within which a request has to be here, and its head; how often that is looked at. */
  readonly times?: Pick<ServerOptions, 'requestTimeout' | 'headersTimeout' | 'connectionsCheckingInterval'>;
}

const usualTimes = { requestTimeout: 60_000, headersTimeout: 10_000 };

export async function startGateway(
  parts: GatewayParts,
  { port, host, more = () => '', mostBodies = usualBodies, times = usualTimes }: GatewayPlace,
): Promise<RunningGateway> {
  const counted = new Map<string, number>();
  const bodies = new Bodies(mostBodies);
  const underWay = new Set<ServerResponse>();
  let isStopping = false;
  // Who names no host has signed none: refused as any wrong signature is.
  const settings = { ...times, requireHostHeader: false };
  const server = createServer(settings, (request, response) => {
    // Not by `URL`, which throws where a stranger sends what is none.
    const [pathname = '', ...query] = (request.url ?? '/').split('?');
    if (isStopping) response.shouldKeepAlive = false;
    if (pathname !== '/') return beside(pathname, request, response, () => `${callsText(counted)}${more()}`);
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    answer({ parts, bodies, counted }, request, response, query.join('?')).catch(() => response.destroy());
  });
  answerUnreadable(server, underWay, (error) => count(counted, 'other', error));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
    stop: async (grace = 0) => {
      isStopping = true;
      for (const response of underWay) response.shouldKeepAlive = false;
      if (grace > 0) await wait(grace);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

interface Answering {
  readonly parts: GatewayParts;
  readonly bodies: Bodies;
  readonly counted: Map<string, number>;
}

async function answer(
  { parts, bodies, counted }: Answering,
  request: IncomingMessage,
  response: ServerResponse,
  query: string,
): Promise<void> {
  const headers = oneOfEach(request.headers);
  // Of whom nobody knows no body is kept.
  const named = await namedSigner(headers, parts.ledger, parts.clock());
  const done = await bodies.hold(request, 'error' in named ? named.error : undefined, (body) =>
    flow(parts, { method: request.method ?? '', query, headers, body, digest: sha256(body) }),
  );
  const flowed: Flowed = typeof done === 'string' ? { kind: 'error', error: done } : done;
  const asked = headers['x-tc-action'] ?? '';
  const action = Object.hasOwn(parts.map.actions, asked) ? asked : 'other';
  count(counted, action, flowed.kind === 'error' ? flowed.error : flowed.outcome);
  const bytes = flowed.kind === 'bytes' ? flowed.body : errorBody(flowed.error, headers['x-tc-language']);
  // Always 200, and no charset: with one, or another status, SDKs lose the error's code.
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

function count(counted: Map<string, number>, action: string, outcome: string): void {
  const label = `action="${action}",outcome="${outcome}"`;
  counted.set(label, (counted.get(label) ?? 0) + 1);
}

function callsText(counted: ReadonlyMap<string, number>): string {
  const lines = [...counted].map(([label, count]) => `suanpan_gateway_calls_total{${label}} ${count}\n`);
  return `# TYPE suanpan_gateway_calls_total counter\n${lines.join('')}`;
}

/** For who runs it, on this machine alone. */
function beside(path: string, { socket }: IncomingMessage, response: ServerResponse, metrics: () => string): void {
  const isOwn = /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
  if (!isOwn || (path !== '/metrics' && path !== '/livez')) return void response.writeHead(404).end();
  const text = path === '/livez' ? 'ok\n' : metrics();
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
}
