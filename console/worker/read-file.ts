// Files of the visitor's, read in the browser by what reads them on the command line.

import './node/buffer.ts';
import type { Words } from '../../src/core/price-book.ts';
import { type UsageFile, type UsageReading, usageFileOf } from '../../src/usage-files/batches.ts';
import type { Source } from '../../src/usage-files/bytes.ts';
import { readMonth, readWhole } from '../../src/usage-files/cells.ts';
import { FileTrouble } from '../../src/usage-files/row-problem.ts';
import { tableFields } from '../../src/usage-files/table-fields.ts';
import { tableOf } from '../../src/usage-files/table-of.ts';
import type { Refused } from './outcome.ts';

async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  } finally {
    await reader.cancel();
  }
}

function streamOf(pieces: AsyncGenerator<Buffer>): ReadableStream<BufferSource> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(Uint8Array.from(value));
    },
  });
}

export const sourceOf = (file: File): Source => ({
  path: file.name,
  bytes: { read: 0, total: file.size },
  pieces: () => piecesOf(file.stream()),
  gunzip: (packed) => piecesOf(streamOf(packed).pipeThrough(new DecompressionStream('gzip'))),
});

export const usageOf = (file: File, reading: UsageReading): UsageFile => usageFileOf(sourceOf(file), reading);

const profileColumns = { ...tableFields.profile, passOver: [] };

/** The rows of a profile as they stand; whether they are right, the table that they fill shows. */
export async function profileOf(file: File) {
  const { rows } = await tableOf(sourceOf(file), profileColumns, 'meter');
  return rows.map(({ cell }) => ({
    month: String(readMonth(cell('month')) ?? cell('month')),
    meter: cell('meter'),
    calls: String(readWhole(cell('calls')) ?? cell('calls')),
  }));
}

export const troubleIn = (words: Words, code: string): Refused => ({
  refused: { code, pointer: null, zh: words.zh, en: words.en },
});

/** What stands in the way of reading a file, as a refusal; anything else is thrown on. */
export async function orTrouble<Outcome>(work: () => Promise<Outcome>): Promise<Outcome | Refused> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileTrouble) return troubleIn(error.words, error.code);
    throw error;
  }
}
