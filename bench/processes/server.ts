// The server under test, just as `suanpan serve` starts it, in a process of its own.

import { readConfiguration } from '../../src/configuration.ts';
import { type Running, start } from '../../src/main.ts';
import { answerQuestions } from '../child.ts';

let running: Running | undefined;

const log = (line: string): void => {
  process.stderr.write(`server: ${line}\n`);
};

answerQuestions<{ readonly counters?: true }>(
  async ({ counters }) => {
    if (counters === true) return running?.suanpan.ledger.counters;
    running = await start(readConfiguration(process.env), process.env, log);
    return running.url;
  },
  async () => running?.stop(),
);
