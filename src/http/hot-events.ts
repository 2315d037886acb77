// Events on hot connections: the same door, readers, settling and words as Fastify's route, without its layers.

import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { FastifyError } from 'fastify';
import { isRefusal } from '../core/refusal.ts';
import { forbidden } from './access.ts';
import { readBody, readJson } from './body-items.ts';
import type { Caller } from './caller.ts';
import { eventsAccess, eventsAnswer, settleBody } from './events.ts';
import { refusalOf } from './failure.ts';
import { type HotAnswer, HotConnections, type HotRequest } from './hot-connection.ts';
import { readPlainArray } from './plain-body.ts';
import { languageOf, problemOf } from './problem.ts';
import type { RouteParts } from './route.ts';

const ok = { status: '200 OK', headers: `content-type: ${eventsAnswer}\r\n` };

/** What Node would wait for a request to begin or to go on, before it is told of it; a second at most. */
const patience = 1_000;

/** Takes over the server's connections until it closes. `idle`: milliseconds between requests of one. */
export function serveHotEvents(parts: RouteParts, idle: number, drainMilliseconds: number): void {
  const { app, keys, hot } = parts;
  const route = {
    recall: (authorization: string) => allowed(keys.recall({ authorization })),
    find: async (authorization: string) => allowed(await keys.find(authorization)) !== undefined,
    answer: (request: HotRequest) => answer(parts, request),
    newId: randomUUID,
  };
  const connections = new HotConnections(app.server, route, { idle, patience }, hot);
  app.addHook('preClose', (done) => {
    connections.stop();
    const end = setTimeout(() => connections.destroy(), drainMilliseconds).unref();
    app.server.once('close', () => clearTimeout(end));
    done();
  });
}

const allowed = (caller: Caller | undefined): Caller | undefined =>
  caller === undefined || forbidden(caller, eventsAccess) !== undefined ? undefined : caller;

async function answer(parts: RouteParts, request: HotRequest): Promise<HotAnswer | undefined> {
  const { id, language, caller } = request;
  const body = readPlainArray(request.body) ?? jsonOf(request.body);
  // What is no JSON is Fastify's to refuse: it ends the connection too.
  if (body === undefined) return undefined;
  const settled = await settleBody(parts, caller, body, languageOf(language)).catch((error: FastifyError) =>
    refusalOf(error, {
      id,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      caller,
      log: parts.app.log,
      routeOptions: {},
    }),
  );
  if (!isRefusal(settled)) return { ...ok, text: settled };
  const { status, headers, text } = problemOf({ id, language }, settled);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { status: `${status} ${STATUS_CODES[status]}`, headers: lines.join(''), text };
}

function jsonOf(body: Buffer): unknown {
  try {
    return readBody(body, readJson);
  } catch {
    return undefined;
  }
}
