// A full disk, however it shows: in words for the operator that say what to do.

import { statfsSync } from 'node:fs';
import { databaseWords } from '../../words/database.ts';
import { DatabaseUnavailable } from './server-lock.ts';

const megabyte = 1024 ** 2;
/** PostgreSQL makes its log in pieces of 16 MB; it cannot go on without room for one. */
const [leastPiece, leastFree] = [16 * megabyte, 32 * megabyte];

export class DiskFull extends DatabaseUnavailable {
  constructor(detail: string) {
    super(databaseWords.databasesDiskIsFull(detail, leastFree / megabyte));
    this.name = 'DiskFull';
  }
}

/** Whether an error, of the file system or of PostgreSQL, is for lack of space. */
export function isDiskFull(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === '53100';
}

/** Whether a program that ended with these words on this folder did so for lack of space, which may keep it from writing any. */
export function endedForSpace(folder: string, words: string): boolean {
  if (/No space left on device|Disk quota exceeded/.test(words)) return true;
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < leastPiece;
  } catch {
    return false;
  }
}
