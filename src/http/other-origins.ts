// Pages of other origins: which ones may ask by a key of their own. A cookie is never theirs to use.

import type { FastifyInstance } from 'fastify';

/** What a page may send, and read, beside what browsers let it. */
const sent = 'authorization, content-type, idempotency-key, accept-language';
const read = 'retry-after, x-request-id, idempotent-replayed, content-disposition';
/** Seconds for which a browser remembers that it may ask. */
const remembered = '600';

/**
 * Lets pages of these origins read what they ask for under /v1 (CORS). Credentials of the browser are not allowed, so no session of ours is
 * at work there. To be called before other hooks, so that refusals can be read too.
 */
export function admitOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const admitted = new Set(origins);
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/v1/')) return done();
    const { origin, 'access-control-request-method': wanted } = request.headers;
    // What a cache keeps of one origin's answer is not another's.
    reply.header('vary', 'Origin');
    if (origin === undefined || !admitted.has(origin)) return done();
    reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', read);
    if (request.method !== 'OPTIONS' || wanted === undefined) return done();
    reply
      .header('access-control-allow-methods', 'GET, POST, PATCH, DELETE')
      .header('access-control-allow-headers', sent)
      .header('access-control-max-age', remembered)
      .code(204)
      .send();
  });
}
