// The counterpart of the gateway: passes on what it gets over kept connections, and nothing else.

import { Agent, request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from '../child.ts';

let upstream = '';
const agent = new Agent({ keepAlive: true });
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const { method = '', url: path = '/', headers } = request;
  const asked = ask(upstream, { method, path, headers, agent }, (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  });
  asked.on('error', () => response.destroy());
  request.pipe(asked);
});

answerQuestions<{ readonly upstream: string }>(async (question) => {
  upstream = question.upstream;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
