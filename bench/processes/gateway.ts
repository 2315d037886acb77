// The gateway under test, with the parts that `suanpan gateway` gives it, in a process of its own.

import { type RunningGateway, startGateway } from '../../src/gateway/gateway.ts';
import { LedgerClient } from '../../src/gateway/ledger.ts';
import { readMap } from '../../src/gateway/map.ts';
import { openUpstream } from '../../src/gateway/upstream.ts';
import { answerQuestions } from '../child.ts';

let running: RunningGateway | undefined;

answerQuestions<{ readonly ledger: string; readonly key: string; readonly upstream: string }>(
  async ({ ledger: url, key, upstream }) => {
    const map = readMap(undefined);
    const operator = { secretId: 'AKIDoperator', secretKey: 'secret of the operator' };
    running = await startGateway(
      {
        map,
        ledger: new LedgerClient({ url, key }),
        upstream: openUpstream({ url: new URL(upstream), service: map.service, ...operator, patience: 50_000 }),
        clock: Date.now,
      },
      { port: 0, host: '127.0.0.1' },
    );
    return running.url;
  },
  async () => running?.stop(),
);
