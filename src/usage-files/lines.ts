// Bytes → pieces that end at line ends. A line ends with LF, CR LF or CR, also where one file has all three.

import { fromWide, wideEncoding } from './encoding.ts';
import type { FileNotes } from './notes.ts';

/** A line longer than this is reported and skipped, so that one missing line end cannot fill the memory. */
export const longestLine = 1 << 20;

/** Whole lines, or the place of a line that was too long to be read. */
export type Piece = { readonly lines: Buffer } | 'line too long';

const [lineFeed, carriageReturn] = [10, 13];

/**
 * A text in pieces of whole lines, in UTF-8 where it was in UTF-16, the byte order marks taken off. The last line may lack its
 * line end. A piece is good until the next is asked for. The line that straddles two reads comes as a piece of its own, so
 * that only it is copied.
 */
export async function* wholeLines(path: string, text: AsyncGenerator<Buffer>, notes: FileNotes): AsyncGenerator<Piece> {
  let rest = Buffer.alloc(0);
  let skipping = false;
  for await (const bytes of withLineFeeds(utf8Bytes(path, text, notes))) {
    let piece = bytes;
    if (skipping || rest.length > 0) {
      const end = piece.indexOf(lineFeed) + 1;
      if (end > 0 && !skipping) yield { lines: Buffer.concat([rest, piece.subarray(0, end)]) };
      if (end > 0) [rest, skipping] = [Buffer.alloc(0), false];
      else if (!skipping) rest = Buffer.concat([rest, piece]);
      piece = piece.subarray(end > 0 ? end : piece.length);
    }
    const end = piece.lastIndexOf(lineFeed) + 1;
    if (end > 0) yield { lines: piece.subarray(0, end) };
    if (end < piece.length) rest = Buffer.from(piece.subarray(end));
    if (rest.length > longestLine) {
      yield 'line too long';
      [rest, skipping] = [Buffer.alloc(0), true];
    }
  }
  if (rest.length > 0) yield { lines: rest };
}

async function* utf8Bytes(path: string, text: AsyncGenerator<Buffer>, notes: FileNotes): AsyncGenerator<Buffer> {
  try {
    const first = await text.next();
    if (first.done === true) return;
    const wide = wideEncoding(first.value);
    if (wide !== undefined) notes.encoding = wide;
    const all = prefixed(first.value, text);
    const pieces = wide === undefined ? all : fromWide(path, wide, all);
    let isFirst = true;
    for await (const piece of pieces) {
      yield isFirst ? withoutMarks(piece) : piece;
      isFirst = false;
    }
  } finally {
    await text.return(undefined);
  }
}

async function* prefixed(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** The first piece brings the marks whole: they are shorter than any block. Some programs write two. */
function withoutMarks(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
  return bytes.subarray(start);
}

/** Turns each CR that no LF follows into one. A CR at the end of a piece waits for what follows. */
async function* withLineFeeds(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let waits = false;
  for await (const bytes of pieces) {
    if (bytes.length === 0) continue;
    let piece: Buffer = waits ? Buffer.concat([Buffer.from([carriageReturn]), bytes]) : bytes;
    waits = piece.at(-1) === carriageReturn;
    if (waits) piece = piece.subarray(0, -1);
    for (let at = piece.indexOf(carriageReturn); at >= 0; at = piece.indexOf(carriageReturn, at + 1)) {
      if (piece[at + 1] !== lineFeed) piece[at] = lineFeed;
    }
    yield piece;
  }
  if (waits) yield Buffer.from([lineFeed]);
}
