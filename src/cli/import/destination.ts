// Where an import sends its events: a server, or the ledger itself. Both keep the order of each account.

import type { IncomingEvent } from '../../core/event.ts';
import { nameOf } from '../../core/event-name.ts';
import type { Words } from '../../core/price-book.ts';
import { FileTrouble } from '../../usage-files/row-problem.ts';
import { cliUsageFilesWords } from '../../words/cli/usage-files.ts';
import type { ExitCode } from '../output.ts';
import type { EventColumns } from './batch.ts';

export interface Destination {
  /** Takes events over. Their outcomes go to the tally as they become known. */
  add(events: EventColumns): void;
  /** Resolves when it can take more; at once while it can. Rejects with ImportTrouble when it cannot go on. */
  room(): Promise<void>;
  /** Settles what it still holds, or with `drop` only what is under way. Rejects with ImportTrouble. */
  finish(drop: boolean): Promise<void>;
}

/** Why an import cannot go on. What was answered before is in the ledger; running it again goes on from there. */
export class ImportTrouble extends Error {
  readonly words: Words;
  readonly exitCode: ExitCode;
  /** That of the refusal, where there is one. */
  readonly code: string | undefined;

  constructor(words: Words, exitCode: ExitCode, { code, cause }: { code?: string | undefined; cause?: unknown } = {}) {
    super(words.en, { cause });
    this.name = 'ImportTrouble';
    this.words = words;
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** The trouble that an error means; other errors are thrown on. */
export function troubleOf(error: unknown): ImportTrouble {
  if (error instanceof ImportTrouble) return error;
  if (error instanceof FileTrouble) {
    const { words, code } = error;
    return new ImportTrouble(words, code === 'NOT_FOUND' ? 3 : 2, { code, cause: error });
  }
  const isFileError = error instanceof Error && 'syscall' in error && 'code' in error;
  if (!isFileError) throw error;
  return new ImportTrouble(cliUsageFilesWords.readingOrWritingFailed(error.message), 1, { cause: error });
}

/** An event in the form of the contract, for the wire and for the rejects file. */
export function eventDocument(event: IncomingEvent, account: string | null): Record<string, unknown> {
  const { id, source } = nameOf(event.id);
  const time = new Date(event.at).toISOString();
  const named = account ?? undefined;
  const content = contentDocument(event);
  if (source === null) return { id, account: named, ...content, time };
  return { specversion: '1.0', id, source, type: 'usage', subject: named, time, data: content };
}

function contentDocument({ meter, facts, calls, department }: IncomingEvent): Record<string, unknown> {
  return {
    meter: meter ?? undefined,
    action: facts?.action,
    channel: facts?.channel ?? undefined,
    library: facts?.library ?? undefined,
    resultCode: facts?.resultCode ?? undefined,
    calls: Number(calls),
    department: department ?? undefined,
  };
}
