// One run of the embedded PostgreSQL's server process: started, waited for, ended, and what a killed one left cleared away.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseWords } from '../../words/database.ts';
import { administratorAt, port } from './cluster.ts';
import { DiskFull, endedForSpace } from './disk-full.ts';
import { type Launch, programEnvironment } from './launch.ts';
import { DatabaseUnavailable } from './server-lock.ts';

/** What a server process runs on; the same for each that follows another. */
export type Place = {
  readonly launch: Launch;
  readonly cluster: string;
  readonly programs: string;
  readonly socketFolder: string;
  readonly logFile: string;
};

export type Server = {
  readonly child: ChildProcess;
  /** How it ended. */
  readonly ended: Promise<string>;
  readonly logFile: string;
  /** Where its own words begin in the log. */
  readonly logFrom: number;
};

/** Durable by default: an acknowledged event is on disk. The rest suits one busy ledger on a small machine. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(port),
  unix_socket_permissions: '0700',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  // Bounds what is read again after a crash to about half of it: ready again within ten seconds, slow machines too.
  max_wal_size: '1GB',
  // This build has no lz4, and pglz takes longer to compress a page than a disk to write it: random ids would cost five times as much.
  wal_compression: 'off',
  jit: 'off',
  max_connections: '100',
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
};

export function startServer(place: Place): Server {
  const { launch, logFile } = place;
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) truncateSync(logFile);
  const flags = Object.entries({ ...settings, unix_socket_directories: place.socketFolder });
  const words = [
    join(place.programs, 'postgres'),
    '-D',
    place.cluster,
    ...flags.flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  const [program = '', ...rest] = [...launch.prefix, ...words];
  const output = openLog(logFile);
  const logFrom = statSync(logFile).size;
  // Its own process group: Ctrl-C in a terminal reaches us alone, and we stop it in order.
  const child = spawn(program, rest, {
    ...launch.identity,
    cwd: '/',
    detached: true,
    env: programEnvironment(),
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  child.unref();
  if (!launch.diesWithUs && child.pid !== undefined) watchOver(child, child.pid);
  return { child, ended, logFile, logFrom };
}

/** Opens the log to append; one that another user left is begun anew. */
function openLog(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch {
    rmSync(file, { force: true });
    return openSync(file, 'a', 0o600);
  }
}

/** Where the system cannot bind the server's life to ours: a shell that reads a pipe, and stops it when we are gone. */
function watchOver(child: ChildProcess, pid: number): void {
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0" 2>/dev/null', String(pid)], {
    cwd: '/',
    detached: true,
    env: programEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => {});
  // Gone with the server: the pid may be another's by the time our process ends.
  child.once('exit', () => watcher.kill());
  watcher.unref();
  (watcher.stdin as { unref?: () => void } | null)?.unref?.();
}

/** Resolves when it takes connections; throws, with its own last words, when it has ended instead. */
export async function waitUntilReady(server: Server, { socketFolder, cluster }: Place): Promise<void> {
  // Recovery after a crash may take minutes; the server's own end is noticed at once.
  for (const began = Date.now(); Date.now() - began < 300_000; await sleep(25)) {
    if (hasEnded(server.child)) break;
    const client = new pg.Client(administratorAt(socketFolder));
    client.on('error', () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      // No socket yet, nobody behind it, or still starting up.
      if (!['ENOENT', 'ECONNREFUSED', 'ECONNRESET', '57P03', undefined].includes(code)) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
  const words = lastWords(server);
  if (endedForSpace(cluster, words)) throw new DiskFull(cluster);
  throw new DatabaseUnavailable(databaseWords.postgresqlDidNotStart(server.logFile, words));
}

function lastWords({ logFile, logFrom }: Server): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile).subarray(logFrom).toString('utf8').trim().split('\n').slice(-8).join('\n');
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** A fast shutdown; if it takes too long one as in a crash, from which the next start recovers. Eight seconds at most. */
export async function endServer({ child }: Server, cluster: string): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 5_000],
    ['SIGQUIT', 1_000],
    ['SIGKILL', 2_000],
  ] as const) {
    if (hasEnded(child)) return;
    child.kill(signal);
    for (let waited = 0; waited < patience && !hasEnded(child); waited += 10) await sleep(10);
  }
  await endLeftovers(cluster);
}

/** Ends whatever of a server is left of a process of ours, or of a postmaster, that was killed. */
export async function clearAway(cluster: string, log: (line: string) => void): Promise<void> {
  await stopOrphan(cluster, log);
  await endLeftovers(cluster);
}

async function stopOrphan(cluster: string, log: (line: string) => void): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  if (!isServerOf(pid, cluster)) {
    // PostgreSQL would refuse to start if some other program has that pid by now.
    rmSync(file, { force: true });
    return;
  }
  log(`stopping a PostgreSQL (pid ${pid}) left over by a killed process`);
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    // Gone at this moment, or another user's: then PostgreSQL's own words follow.
    if (!sent(pid, signal)) return;
    for (let waited = 0; waited < 10_000; waited += 20) {
      if (!isServerOf(pid, cluster)) return;
      await sleep(20);
    }
  }
}

/**
 * Ends the processes that a killed postmaster left at work: while one of them lives, PostgreSQL refuses to start. Where the system does
 * not tell whose they are they end with their statement.
 */
async function endLeftovers(cluster: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let waited = 0; waited < 2_000; waited += 20) {
    const pids = readdirSync('/proc').map(Number);
    const left = pids.filter((pid) => Number.isInteger(pid) && isServerOf(pid, cluster));
    if (left.length === 0) return;
    for (const pid of left) sent(pid, 'SIGKILL');
    await sleep(20);
  }
}

function sent(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Whether it is a process of PostgreSQL's that works in this cluster; a shell that stands there is none. */
function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.includes(cluster);
  }
  try {
    const [folder, program] = [readlinkSync(`/proc/${pid}/cwd`), readlinkSync(`/proc/${pid}/exe`)];
    return folder === cluster && basename(program).startsWith('postgres');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return false;
    // Root in a container may not look into another user's process; a postmaster's arguments name its cluster.
    return argumentsOf(pid).includes(cluster);
  }
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
