// A provider's stub: reads a call, takes its time, and says that it went well.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from '../child.ts';

/** Milliseconds. */
let takes = 0;
const answer = JSON.stringify({ Response: { Result: 'Success', Sim: 99.5, RequestId: 'r-1' } });
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().on('end', () => {
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(answer), takes);
  });
});

answerQuestions<{ readonly takes: number }>(async (question) => {
  takes = question.takes;
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
