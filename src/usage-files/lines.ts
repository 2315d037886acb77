// Bytes → pieces that end at line ends. A line ends with LF, CR LF or CR, also where one file has all three.

import { joined } from './bytes.ts';
import { fromWide, wideEncoding } from './encoding.ts';
import type { FileNotes } from './notes.ts';

/** A line longer than this is reported and skipped, so that one missing line end cannot fill the memory. */
export const longestLine = 1 << 20;

/** Whole lines, or the place of a line that was too long to be read. */
export type Piece = { readonly lines: Buffer } | 'line too long';

const [lineFeed, carriageReturn] = [10, 13];

/** A text as UTF-8 with LF at each line end, the byte order marks taken off. A piece is good until the next is asked for. */
export const plainText = (path: string, text: AsyncGenerator<Buffer>, notes: FileNotes): AsyncGenerator<Buffer> =>
  withLineFeeds(utf8Bytes(path, text, notes));

/**
 * A text in pieces of whole lines. The last line may lack its line end. A piece is good until the next is asked for. The line
 * that straddles two reads comes as a piece of its own, so that only it is copied.
 */
export async function* wholeLines(text: AsyncGenerator<Buffer>): AsyncGenerator<Piece> {
  let rest = Buffer.alloc(0);
  let skipping = false;
  for await (const bytes of text) {
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

/** A text in pieces of whole letters: a JSON array may be one line of any length. */
export async function* wholeLetters(text: AsyncGenerator<Buffer>): AsyncGenerator<Piece> {
  let rest = Buffer.alloc(0);
  for await (const bytes of text) {
    const piece = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = endOfLetters(piece);
    rest = Buffer.from(piece.subarray(end));
    yield { lines: piece.subarray(0, end) };
  }
  if (rest.length > 0) yield { lines: rest };
}

/** Before the letter that the piece cuts, if it cuts one. */
function endOfLetters(piece: Buffer): number {
  for (let back = 1; back <= 3 && back <= piece.length; back += 1) {
    const byte = piece[piece.length - back] as number;
    if (byte < 0x80) return piece.length;
    if (byte < 0xc0) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return size > back ? piece.length - back : piece.length;
  }
  return piece.length;
}

async function* utf8Bytes(path: string, text: AsyncGenerator<Buffer>, notes: FileNotes): AsyncGenerator<Buffer> {
  try {
    const first = await text.next();
    if (first.done === true) return;
    const wide = wideEncoding(first.value);
    if (wide !== undefined) notes.encoding = wide;
    const all = joined(first.value, text);
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
