// The embedded PostgreSQL of a data folder, from the lock on the folder to the last file it leaves behind.

import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { databaseWords } from '../../words/database.ts';
import { administrator, application, database, findPrograms, makeCluster, makeRoles, port } from './cluster.ts';
import { DiskFull, isDiskFull } from './disk-full.ts';
import { clusterOf, foreignEntry, makeFolders } from './folders.ts';
import { KeptServer } from './kept-server.ts';
import { linkLibraries } from './libraries.ts';
import { clearAway } from './postmaster.ts';
import { DatabaseUnavailable, readLastRun, removeRun, takeServerLock, writeRun } from './server-lock.ts';
import { serverUser, type User } from './system-user.ts';

/** A running PostgreSQL of our own, reached through a socket in a private folder. */
export type Embedded = {
  readonly connectionString: string;
  readonly poolConfig: Address;
  /** As the superuser: for tests and benchmarks that make databases. */
  readonly administratorString: string;
  /** Resolves, with words for the operator, when it has ended and cannot be started again. */
  readonly givenUp: Promise<DatabaseUnavailable>;
  stop(): Promise<void>;
};

type EmbeddedOptions = {
  readonly dataFolder: string;
  readonly log?: (line: string) => void;
};

type Address = { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/**
 * Starts PostgreSQL 18 in the data folder, making the cluster on first use, and keeps it running. Refuses, with words for the
 * operator (`DatabaseUnavailable`), when another process uses the folder or PostgreSQL cannot run.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await startIn(options);
  } catch (error) {
    throw isDiskFull(error) ? new DiskFull((error as Error).message) : error;
  }
}

async function startIn({ dataFolder: named, log = () => {} }: EmbeddedOptions) {
  const user = serverUser(clusterOf(resolve(named)), log);
  const dataFolder = ownFolder(named, user);
  const lock = takeServerLock(dataFolder);
  let socketFolder: string | undefined;
  const tidyUp = (): void => {
    removeSocketFolder(socketFolder);
    removeRun(dataFolder);
    lock.release();
  };
  let stop = async (): Promise<void> => tidyUp();
  try {
    const cluster = clusterOf(dataFolder);
    const programs = findPrograms();
    linkLibraries(programs, dataFolder);
    await clearAway(cluster, log);
    removeSocketFolder(readLastRun(dataFolder)?.socketFolder);
    const launch = makeCluster({ cluster, programs, user, log });
    socketFolder = makeSocketFolder(user);
    const place = { launch, cluster, programs, socketFolder, logFile: join(dataFolder, 'postgres.log') };
    const kept = await KeptServer.start(place, log);
    stop = endOf(kept, tidyUp);
    await makeRoles(socketFolder);
    const run = { socketFolder, port, user: application, database };
    writeRun(dataFolder, run);
    const { connectionString: administratorString } = reachedAt({ ...run, user: administrator });
    return { ...reachedAt(run), administratorString, givenUp: kept.givenUp, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The connection to a database behind a socket folder. */
export function reachedAt(at: { socketFolder: string; port: number; user: string; database: string }) {
  const poolConfig: Address = { host: at.socketFolder, port: at.port, user: at.user, database: at.database };
  const host = encodeURIComponent(at.socketFolder);
  return { poolConfig, connectionString: `postgresql://${at.user}@/${at.database}?host=${host}&port=${at.port}` };
}

/** Makes the data folder if need be, and checks that it is ours to write, and no folder of something else. */
function ownFolder(folder: string, user: User | undefined): string {
  let real: string;
  let foreign: string | undefined;
  try {
    if (!existsSync(folder)) makePrivate(folder, user);
    real = realpathSync(folder);
    const cluster = clusterOf(real);
    for (const place of [real, cluster]) if (existsSync(place)) accessSync(place, constants.R_OK | constants.W_OK);
    foreign = foreignEntry(real);
  } catch (error) {
    if (isDiskFull(error)) throw error;
    const reason = (error as Error).message;
    throw new DatabaseUnavailable(databaseWords.dataFolderCannotBeUsed(folder, reason));
  }
  if (foreign === undefined) return real;
  throw new DatabaseUnavailable(databaseWords.isNoDataFolderOfSuanpans(folder, foreign));
}

/** For its owner alone; where PostgreSQL runs as another user it may pass through, and see nothing. */
function makePrivate(folder: string, user: User | undefined): void {
  makeFolders(dirname(resolve(folder)), 0o777);
  makeFolders(folder, user === undefined ? 0o700 : 0o710);
  if (user !== undefined) chownSync(folder, 0, user.gid);
}

/** A private folder with a short path: a socket's path has at most 103 bytes on macOS, 107 on Linux. */
function makeSocketFolder(user: User | undefined): string {
  const parent = Buffer.byteLength(tmpdir()) > 70 ? '/tmp' : tmpdir();
  const folder = mkdtempSync(join(parent, 'suanpan-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
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

/** Makes the one way to end a server, which also serves when our process leaves without a stop. */
function endOf(kept: KeptServer, tidyUp: () => void): () => Promise<void> {
  const atExit = (): void => {
    kept.leave();
    tidyUp();
  };
  process.once('exit', atExit);
  let ending: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    process.removeListener('exit', atExit);
    await kept.stop();
    tidyUp();
  };
  return () => {
    ending ??= end();
    return ending;
  };
}
