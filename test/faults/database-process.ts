// A PostgreSQL in a process of its own, at an address that stays the same when it is started again.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './server-process.ts';

const program = fileURLToPath(new URL('./hold-embedded.ts', import.meta.url));

export class DatabaseProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), 'suanpan-pg-'));
  #child: ChildProcess | undefined;

  /** For `DATABASE_URL`: the socket's folder is a private one, made anew at each start; a link leads to it. */
  get connectionString(): string {
    return `postgresql://suanpan_app@/suanpan?host=${encodeURIComponent(join(this.#folder, 'socket'))}&port=5432`;
  }

  get postmaster(): number {
    return Number(readFileSync(join(this.#folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', program, join(this.#folder, 'data')],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    this.#child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    const [told] = (await once(child.stdout, 'data')) as [Buffer];
    const link = join(this.#folder, 'socket');
    rmSync(link, { force: true });
    symlinkSync(told.toString().trim(), link);
  }

  /** Ends PostgreSQL without a word to anybody, as a crash would: nothing is flushed, no checkpoint is made. */
  async crash(): Promise<void> {
    const { postmaster } = this;
    process.kill(postmaster, 'SIGQUIT');
    await until('PostgreSQL is gone', () => !isThere(postmaster));
    await this.#endChild();
  }

  async stop(): Promise<void> {
    await this.#endChild();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #endChild(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.stdin?.end();
    await once(child, 'exit');
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
