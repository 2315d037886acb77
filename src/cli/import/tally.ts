// What became of the rows of an import: counts, and a file of those that were not taken.

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Words } from '../../core/price-book.ts';
import type { EventStatus } from '../../ledger/requests.ts';

export interface ImportCounts {
  read: number;
  accepted: number;
  duplicate: number;
  conflict: number;
  rejected: number;
  held: number;
}

/** A row that was not taken, as the rejects file shows it. */
export interface Reject extends Words {
  readonly line: number;
  readonly status: 'conflict' | 'rejected';
  /** The row as it stood in the file where it could not be read, else the event it was read as. */
  readonly content: unknown;
  readonly code: string;
  readonly pointer?: string;
}

/** Counts every row once. The rejects file is made with the first reject; without one, none is left behind. */
export class Tally {
  readonly counts: ImportCounts = { read: 0, accepted: 0, duplicate: 0, conflict: 0, rejected: 0, held: 0 };
  readonly #path: string;
  #file: WriteStream | undefined;
  #fileError: Error | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The rejects file, or null where there is nothing in it. */
  get rejectsFile(): string | null {
    return this.#file === undefined ? null : this.#path;
  }

  /** Rows whose fate is known. */
  get settled(): number {
    const { accepted, duplicate, conflict, rejected, held } = this.counts;
    return accepted + duplicate + conflict + rejected + held;
  }

  take(status: Exclude<EventStatus, 'conflict' | 'rejected'>, rows = 1): void {
    this.counts[status] += rows;
  }

  reject({ line, status, content, code, pointer, zh, en }: Reject): void {
    this.counts[status] += 1;
    const entry = { line, status, code, ...(pointer ? { pointer } : {}), reason: { zh, en }, content };
    this.#open().write(`${JSON.stringify(entry)}\n`);
  }

  /** Resolves when the rejects file has room again: millions of bad rows must not wait in memory. */
  async room(): Promise<void> {
    if (this.#fileError !== undefined) throw this.#fileError;
    if (this.#file?.writableNeedDrain === true) await once(this.#file, 'drain');
  }

  async close(): Promise<void> {
    const file = this.#file;
    if (file !== undefined && !file.destroyed) await new Promise<void>((done) => file.end(() => done()));
    if (this.#fileError !== undefined) throw this.#fileError;
  }

  #open(): WriteStream {
    if (this.#file !== undefined) return this.#file;
    const file = createWriteStream(this.#path);
    file.on('error', (error) => {
      this.#fileError = error;
    });
    this.#file = file;
    return file;
  }
}
