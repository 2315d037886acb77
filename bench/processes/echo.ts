// The counterpart of single events: the same framework, the same JSON parsing, and nothing else.

import Fastify from 'fastify';
import { answerQuestions } from '../child.ts';

const app = Fastify({ bodyLimit: 8 * 1024 * 1024 });
app.post('/v1/events', (request, reply) => {
  reply.send(request.body);
});

answerQuestions(
  async () => app.listen({ port: 0, host: '127.0.0.1' }),
  async () => app.close(),
);
