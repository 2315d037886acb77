// Load by autocannon, for machines without wrk. One instance a server, all in this process.

import autocannon from 'autocannon';
import { answerQuestions } from '../child.ts';
import { EventStream, httpRequest } from '../event-stream.ts';
import type { HttpLoad, LoadResult } from '../load.ts';

const tailSize = 4_096;

answerQuestions<HttpLoad>(async (load) => {
  const streams = load.urls.map(
    (_, index) => new EventStream(load, load.routed === true ? { index, of: load.urls.length } : undefined),
  );
  const tails = streams.map(() => [] as string[]);
  const runs = load.urls.map((url, index) => {
    const stream = streams[index];
    const tail = tails[index];
    if (stream === undefined || tail === undefined) throw new Error('a server without a stream');
    let made = 0;
    const setupRequest = (request: autocannon.Request): autocannon.Request => {
      const { path, body, kept } = httpRequest(stream.next(), load.verb);
      tail[made % tailSize] = kept;
      made += 1;
      if (stream.exhausted) run.stop();
      return { ...request, path, body };
    };
    const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
    const options: autocannon.Options = {
      url,
      connections: Math.ceil(load.connections / load.urls.length),
      duration: load.seconds,
      timeout: 10,
      sampleInt: 100,
      requests: [
        {
          method: 'POST',
          headers: { authorization: `Bearer ${load.key}`, 'content-type': 'application/json' },
          setupRequest,
        },
      ],
    };
    const run = autocannon(options, (error: Error | null, result) => (error ? reject(error) : resolve(result)));
    return promise;
  });
  const results = await Promise.all(runs);
  const sum = (of: (result: autocannon.Result) => number) => results.reduce((total, result) => total + of(result), 0);
  const most = (of: (result: autocannon.Result) => number) => Math.max(...results.map(of));
  const answer: LoadResult = {
    requests: sum((result) => result['2xx'] + result.non2xx),
    seconds: most((result) => result.duration),
    p50: most((result) => result.latency.p50),
    p99: most((result) => result.latency.p99),
    most: most((result) => result.latency.max),
    events: streams.reduce((total, stream) => total + stream.events, 0),
    calls: streams.reduce((total, stream) => total + stream.calls, 0),
    repeats: streams.reduce((total, stream) => total + stream.duplicates, 0),
    failures: sum((result) => result.errors + result.timeouts + result.non2xx),
    tail: tails.flat(),
  };
  return answer;
});
