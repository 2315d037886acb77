// A full disk, however it shows: in words for the operator that say what to do.

import { statfsSync } from 'node:fs';
import { DatabaseUnavailable } from './server-lock.ts';

/** PostgreSQL makes its log in pieces of 16 MB; with less than two it cannot go on. */
const leastFree = 32 * 1024 ** 2;

export class DiskFull extends DatabaseUnavailable {
  constructor(place: string) {
    super(
      `The disk of ${place} is full. Free some space (at least ${leastFree / 1024 ** 2} MB); nothing that was acknowledged is lost.`,
      `${place} 所在的磁盘已满。请释放空间（至少 ${leastFree / 1024 ** 2} MB）；已确认的数据不会丢失。`,
    );
    this.name = 'DiskFull';
  }
}

/** Whether a program that failed with these words, on this folder, failed for lack of space; a full disk may keep it from writing any. */
export function isDiskFullOf(folder: string, words: string): boolean {
  if (/No space left on device|Disk quota exceeded/.test(words)) return true;
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < leastFree / 2;
  } catch {
    return false;
  }
}

/** The same error, or the words for a full disk when it is that of the file system or of PostgreSQL. */
export function inWords(error: unknown, place: string): unknown {
  const { code } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || code === '53100' ? new DiskFull(place) : error;
}
