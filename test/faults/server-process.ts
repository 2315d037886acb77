// A server in a process of its own, to be killed, stopped and resumed. Only what is started here is ever signalled.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  readonly url: string;
  /** The operator key this start made; null when the database had one. */
  readonly firstKey: string | null;
  readonly pid: number;
  /** Milliseconds from the start to listening. */
  readonly startedIn: number;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with code and signal when the process is gone. */
  readonly gone: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** What it wrote to stdout. */
  told(): string;
  /** What it wrote to stderr. */
  words(): string;
}

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Our own settings must not reach the server: it refuses those that it does not know. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(SUANPAN_|PG|DATABASE_URL|PORT$|VITEST|NODE_OPTIONS|NODE_ENV)/.test(name),
    ),
  );

export const pepper = 'pepper of fault tests';

export async function startServer(environment: Record<string, string>): Promise<ServerProcess> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'serve'], {
    env: { ...cleanEnvironment(), PORT: '0', SUANPAN_PEPPER: pepper, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  let told = '';
  let words = '';
  child.stderr.on('data', (chunk) => {
    words = `${words}${chunk}`.slice(-20_000);
  });
  const gone = once(child, 'exit').then(([code, signal]) => {
    alive.delete(child);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const ready = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      told += chunk;
      const url = /is ready: (http:\S+)/.exec(told)?.[1];
      if (url !== undefined && /SUANPAN_API_KEY=\S+\n|Operator keys exist/.test(told)) resolve(url);
    });
  });
  const url = await Promise.race([
    ready,
    gone.then(({ code }) => {
      throw new Error(`the server ended with ${code}: ${words}`);
    }),
  ]);
  const { pid } = child;
  if (pid === undefined) throw new Error('the server has no pid');
  return {
    url,
    firstKey: /sk_op_\w+[\w-]*/.exec(told)?.[0] ?? null,
    pid,
    startedIn: performance.now() - began,
    signal: (signal) => {
      child.kill(signal);
    },
    gone,
    told: () => told,
    words: () => words,
  };
}

/** Asks until it is true; gives the milliseconds it took. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, most = 20_000): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > most) throw new Error(`not within ${most} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - began;
}
