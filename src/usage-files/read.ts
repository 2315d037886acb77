// Event files on the disk, or standard input.

import { type UsageFile, type UsageReading, usageFileOf } from './batches.ts';
import { onDisk } from './disk.ts';

export type { UsageFile, UsageFormat, UsageReading } from './batches.ts';

/** Opens an event file, or standard input as '-'. Throws FileTrouble where there is none. */
export const readUsageFile = (path: string, reading: UsageReading = {}): UsageFile =>
  usageFileOf(onDisk(path), reading);
