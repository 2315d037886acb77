// Reads the file of an import in a thread of its own, some batches ahead of whoever takes them.

import { on } from 'node:events';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import type { Words } from '../../core/price-book.ts';
import type { ByteCount } from '../../usage-files/bytes.ts';
import { countBytes } from '../../usage-files/disk.ts';
import type { EventBatch } from './batch.ts';
import { ImportTrouble } from './destination.ts';
import type { ReaderEnd, ReaderOrder } from './reader.ts';

/** Batches asked for and not taken yet. */
const ahead = 3;

export interface EventFile extends AsyncIterable<EventBatch> {
  /** Grows while batches are taken. */
  readonly bytes: Readonly<ByteCount>;
  /** What was found out about the file, once it has been read. */
  readonly notes: readonly Words[];
}

/** Ends early when `stop` is given. Throws FileTrouble for a file that is not there, ImportTrouble for one that cannot be read to its end. */
export function readAhead(order: ReaderOrder, stop: AbortSignal): EventFile {
  const bytes = countBytes(order.path);
  const notes: Words[] = [];
  return { bytes, notes, [Symbol.asyncIterator]: () => batches(order, { bytes, notes }, stop) };
}

async function* batches(
  order: ReaderOrder,
  { bytes, notes }: { bytes: ByteCount; notes: Words[] },
  stop: AbortSignal,
): AsyncGenerator<EventBatch> {
  const piped = order.path === '-';
  const worker = new Worker(new URL(`./reader${extname(import.meta.url)}`, import.meta.url), {
    workerData: order,
    stdin: piped,
  });
  let broken: unknown;
  if (piped && worker.stdin !== null) {
    pipeline(process.stdin, worker.stdin).catch((error: unknown) => {
      broken = error;
      void worker.terminate();
    });
  }
  try {
    for (let asked = 0; asked < ahead; asked += 1) worker.postMessage('more');
    const messages = on(worker, 'message', { signal: stop, close: ['exit'] });
    for await (const [message] of messages as AsyncIterable<[EventBatch | ReaderEnd]>) {
      if ('trouble' in message) {
        notes.push(...message.notes);
        if (message.trouble === null) return;
        const { words, exitCode, code } = message.trouble;
        throw new ImportTrouble(words, exitCode, { code });
      }
      bytes.read = message.bytesRead;
      yield message;
      worker.postMessage('more');
    }
    throw broken ?? new Error('the thread that reads the file ended early');
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await worker.terminate();
    // Whoever writes into the pipe is told, and the program can end.
    if (piped) process.stdin.destroy();
  }
}
