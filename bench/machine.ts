// What ran it: figures mean nothing without their machine, least of all its disk.

import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { percentile, rounded } from './measure.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  /** Milliseconds of writing 8 KiB and waiting for the disk. */
  readonly fsync: { readonly p50: number; readonly p99: number };
  readonly generator: string;
  readonly load: string;
}

export function describeMachine(folder: string, postgres: string, generator: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: rounded(totalmem() / 2 ** 30, 1),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    postgres,
    fsync: measureFsync(folder),
    generator,
    load: loadAverage(),
  };
}

/** "2 cores linux-x64" as part of a file's name. */
export const hostKind = ({ cores }: Machine): string => `${cores}-core-${platform()}-${arch()}`;

/** PostgreSQL's own pattern: a page written into a file of settled length, then fdatasync. */
export function measureFsync(folder: string): Machine['fsync'] {
  const file = join(folder, 'fsync');
  const handle = openSync(file, 'w');
  try {
    writeSync(handle, Buffer.alloc(4 * 2 ** 20));
    fdatasyncSync(handle);
    const page = Buffer.alloc(8_192, 1);
    const times = Array.from({ length: 400 }, (_, round) => {
      writeSync(handle, page, 0, page.length, round * page.length);
      const before = performance.now();
      fdatasyncSync(handle);
      return performance.now() - before;
    }).toSorted((a, b) => a - b);
    return { p50: rounded(percentile(times, 0.5)), p99: rounded(percentile(times, 0.99)) };
  } finally {
    closeSync(handle);
    rmSync(file, { force: true });
  }
}

const memoryFileSystem = 0x01021994;

/** True where fsync costs nothing because nothing reaches a disk. */
export const isInMemory = (folder: string): boolean => statfsSync(folder).type === memoryFileSystem;

/** How busy the machine was with other things when the run began. */
function loadAverage(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ');
  } catch {
    return 'unknown';
  }
}
