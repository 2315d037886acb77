// Processes of the benchmark, spoken to by messages: one question, one answer, one after the other. They end when we do, however
// we do: the channel closes then.

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Endings } from './endings.ts';

export interface Child {
  readonly pid: number;
  /** Asks and waits. Rejects with the child's own error, or when it ends. */
  ask<Answer>(question: unknown): Promise<Answer>;
  end(): Promise<void>;
}

type Reply = { readonly answer: unknown } | { readonly error: string };

/** Starts `bench/processes/NAME.ts` in a process of its own. */
export function startChild(
  endings: Endings,
  name: string,
  options: { readonly flags?: readonly string[]; readonly environment?: NodeJS.ProcessEnv } = {},
): Child {
  const file = fileURLToPath(new URL(`processes/${name}.ts`, import.meta.url));
  const child = fork(file, [], {
    execArgv: [...process.execArgv, ...(options.flags ?? [])],
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Numbers of calls are bigint in places.
    serialization: 'advanced',
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = endings.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(timer);
  });
  const ask = <Answer>(question: unknown): Promise<Answer> => askOnce<Answer>(child, name, question);
  return { pid: child.pid ?? 0, ask, end };
}

function askOnce<Answer>(child: ChildProcess, name: string, question: unknown): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const settle = () => {
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (reply: Reply) => {
      settle();
      if ('error' in reply) reject(new Error(`${name}: ${reply.error}`));
      else resolve(reply.answer as Answer);
    };
    const onExit = (code: number | null, signal: string | null) => {
      settle();
      reject(new Error(`the process ${name} ended (${signal ?? code})`));
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.send(question as object, (error) => {
      if (error === null) return;
      settle();
      reject(error);
    });
  });
}

/** In the child: answers questions until the channel closes, then ends in order. */
export function answerQuestions<Question>(
  answer: (question: Question) => Promise<unknown>,
  end: () => Promise<void> = async () => undefined,
): void {
  // A Ctrl-C in the terminal reaches the whole group; the parent tells us when to end.
  process.on('SIGINT', () => undefined);
  process.on('message', (question) => {
    answer(question as Question).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => {
    void end().finally(() => process.exit(0));
  });
}
