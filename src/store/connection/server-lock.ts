import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Words } from '../../core/price-book.ts';
import { databaseWords } from '../../words/database.ts';

/** Why the database cannot be used, in words for the operator; English first, then Chinese, a line each. */
export class DatabaseUnavailable extends Error {
  constructor({ zh, en }: Words) {
    super(`${en}\n${zh}`);
    this.name = 'DatabaseUnavailable';
  }
}

/** How another command on this machine reaches a running server and its database. */
export type Run = {
  readonly pid: number;
  /** When that process began, in the system's own words: a pid alone is used again by others. */
  readonly started: string;
  readonly socketFolder: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** The server's address, once it listens. */
  readonly http?: string;
};

type Holder = { readonly pid: number; readonly started: string };

const runFile = (dataFolder: string): string => join(dataFolder, 'run.json');
const lockFile = (dataFolder: string): string => join(dataFolder, 'server.lock');

/** When a process began, or undefined without one. */
export function processStart(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const { stdout, status } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  }
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may hold spaces; field 3 follows it, the start is field 22.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

const isAlive = (holder: Holder): boolean => processStart(holder.pid) === holder.started;

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function placeNew(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes the lock of a process that is gone. Done under a guard and after a second look:
 * otherwise the slower of two starters could remove the lock that the faster has just made.
 */
function removeAbandoned(file: string): void {
  const guard = `${file}.guard`;
  try {
    mkdirSync(guard);
  } catch {
    // A guard is held for microseconds; an old one was left by a kill in that moment.
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10_000) rmdirSync(guard);
    return;
  }
  try {
    const holder = readJson<Holder>(file);
    if (holder === undefined || !isAlive(holder)) rmSync(file, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

/** Claims a data folder for this process; two servers on one folder would corrupt nothing, but fight. */
export function takeServerLock(dataFolder: string): { release: () => void } {
  const file = lockFile(dataFolder);
  const own: Holder = { pid: process.pid, started: processStart(process.pid) ?? '' };
  for (let round = 0; round < 1000; round += 1) {
    if (placeNew(file, JSON.stringify(own))) {
      return { release: () => releaseLock(file, own) };
    }
    const holder = readJson<Holder>(file);
    if (holder !== undefined && isAlive(holder)) {
      throw new DatabaseUnavailable(databaseWords.anotherSuanpanProcess(dataFolder, holder.pid));
    }
    removeAbandoned(file);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15);
  }
  throw new DatabaseUnavailable(databaseWords.lockCanBeNeitherTakenNor(file));
}

function releaseLock(file: string, own: Holder): void {
  const holder = readJson<Holder>(file);
  if (holder?.pid === own.pid && holder.started === own.started) rmSync(file, { force: true });
}

/** Tells other commands where this process's database is. */
export function writeRun(dataFolder: string, run: Omit<Run, 'pid' | 'started'>): void {
  const draft = `${runFile(dataFolder)}.${process.pid}`;
  const content = { pid: process.pid, started: processStart(process.pid) ?? '', ...run };
  try {
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, runFile(dataFolder));
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Adds the server's address to what `writeRun` wrote; does nothing where no embedded database runs. */
export function announceHttp(dataFolder: string, http: string): void {
  const run = readRun(dataFolder);
  if (run?.pid === process.pid) writeRun(dataFolder, { ...run, http });
}

export function removeRun(dataFolder: string): void {
  rmSync(runFile(dataFolder), { force: true });
}

/** What the last server of this folder wrote, whether it still runs or not. */
export const readLastRun = (dataFolder: string): Run | undefined => readJson<Run>(runFile(dataFolder));

/** The running server of a data folder, or undefined when none is alive. */
export function readRun(dataFolder: string): Run | undefined {
  const run = readLastRun(dataFolder);
  return run !== undefined && isAlive(run) ? run : undefined;
}
