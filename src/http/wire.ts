// What is settled before any route is reached: bytes that are no HTTP, and addresses or methods that nobody serves.

import { randomUUID } from 'node:crypto';
import { type IncomingMessage, maxHeaderSize, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Refusal, refuse } from '../core/refusal.ts';
import { httpWords } from '../words/http.ts';
import { refusalTexts } from '../words/refusals.ts';
import { problemDocument, sendProblem } from './problem.ts';

/** Answers what Node's parser and the router would refuse in words of their own, or in none. To be called before any route is made. */
export function guardWire(app: FastifyInstance): void {
  const allowedAt = collectMethods(app);
  app.server.on('connect', (request: IncomingMessage, socket: Socket) => {
    endWith(socket, refuse('METHOD_NOT_ALLOWED', { method: request.method ?? 'CONNECT' }));
  });
  // Whatever else a client expects besides 100-continue may be passed over (RFC 9110, 10.1.1).
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    app.server.emit('request', request, response);
  });
  app.addHook('onRequest', (request, reply, done) => {
    const { httpVersionMinor, headers } = request.raw;
    if (headers.host === undefined && httpVersionMinor === 1) {
      sendProblem(request, reply, refuse('MALFORMED_REQUEST', { problem: httpWords.noHost }));
    } else if (request.is404) notServed(request, reply, allowedAt);
    else done();
  });
  app.setNotFoundHandler((request, reply) => notServed(request, reply, allowedAt));
}

/** The methods of each address, as routes are made. */
function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const served = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = served.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    served.set(url, known);
    for (const each of [method].flat()) known.methods.add(each);
  });
  return (path) => {
    const methods = new Set<string>();
    for (const { pattern, methods: own } of served.values()) {
      if (pattern.test(path)) for (const method of own) methods.add(method);
    }
    return methods.size === 0 ? [] : [...methods, 'OPTIONS'].toSorted();
  };
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replace(/:\w+/g, '[^/]+')}$`,
  );

/** No such address; or there is one, and this method is none of its. */
function notServed(
  request: FastifyRequest,
  reply: FastifyReply,
  allowedAt: (path: string) => string[],
): FastifyReply | undefined {
  // Twice: by the hook, before a body is read, and by the handler that Fastify wants to have.
  if (reply.sent) return undefined;
  const { method, url } = request;
  const allowed = allowedAt(url.split('?', 1)[0] ?? '').join(', ');
  if (allowed === '') return sendProblem(request, reply, refuse('NOT_FOUND', { id: url.slice(0, 200) }));
  reply.header('allow', allowed);
  if (method === 'OPTIONS') return reply.code(204).send();
  return sendProblem(request, reply, refuse('METHOD_NOT_ALLOWED', { method, allowed }));
}

/** What the parser's errors mean. All others: the bytes are no HTTP. */
const parserErrors: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: refuse('HEADERS_TOO_LARGE', { most: maxHeaderSize.toString() }),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: refuse('TOO_LARGE'),
  ERR_HTTP_REQUEST_TIMEOUT: refuse('REQUEST_TIMEOUT'),
};

interface ParserError extends Error {
  readonly code?: string;
  readonly reason?: string;
}

/** What a connection is answering. Node keeps it where its own handling of such errors looks for it too. */
interface Answering extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

/** For Node's `clientError`: nobody has read a head yet, so the connection itself is answered, and ends. */
export function answerParserError(error: ParserError, socket: Answering): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const under = socket._httpMessage ?? undefined;
  if (under?.req.complete === true) {
    // The broken bytes came after a request that is still under way: an answer now would be taken for its answer.
    // The parser reports each further piece of what it could not read: one report is enough.
    if (waiting.has(socket)) return;
    waiting.add(socket);
    const answerLater = () => {
      waiting.delete(socket);
      answerParserError(error, socket);
    };
    under.once('close', () => setImmediate(answerLater));
    return;
  }
  // Part of an answer is out already: more bytes would be taken for the rest of it.
  if (under?.headersSent === true) return void socket.destroy(error);
  const problem = error.reason ?? 'HTTP';
  endWith(socket, parserErrors[error.code ?? ''] ?? refuse('MALFORMED_REQUEST', { problem }));
}

const waiting = new WeakSet<Socket>();
const ended = new WeakSet<Socket>();

/** How long a client may go on sending before its connection is cut: closed at once, it would not see the answer. */
const lingerMilliseconds = 500;

function endWith(socket: Socket, refusal: Refusal): void {
  if (ended.has(socket)) return;
  ended.add(socket);
  const { status } = refusalTexts[refusal.refused];
  const id = randomUUID();
  const body = JSON.stringify(problemDocument({ id, headers: {} }, refusal));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    'content-language: en',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    `x-request-id: ${id}`,
    ...(status === 405 ? ['allow: '] : []),
    'connection: close',
  ];
  socket.on('error', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref();
}
