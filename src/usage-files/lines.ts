// A file, or standard input, as pieces that end at line ends. Gzip is recognised by its first bytes, whatever the file is called.

import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { FileTrouble } from './problem.ts';

const pieceSize = 1 << 17;
/** A line longer than this is reported and skipped, so that one missing line end cannot fill the memory. */
export const longestLine = 1 << 20;

/** Counts the bytes that came from the disk, compressed or not: what a progress bar shows. */
export interface ByteCount {
  read: number;
  /** Null on standard input. */
  readonly total: number | null;
}

export function countBytes(path: string): ByteCount {
  if (path === '-') return { read: 0, total: null };
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new FileTrouble('NOT_FOUND', { zh: `没有文件 ${path}`, en: `no file ${path}` });
  }
  if (found.isDirectory()) {
    throw new FileTrouble('NOT_READABLE', { zh: `${path} 是文件夹`, en: `${path} is a folder` });
  }
  return { read: 0, total: found.isFile() ? found.size : null };
}

/** Bytes as they lie on the disk, or come in. A piece is good until the next is asked for: files are read into one buffer. */
async function* rawBytes(path: string, count: ByteCount): AsyncGenerator<Buffer> {
  if (path === '-') {
    for await (const piece of process.stdin) {
      count.read += piece.length;
      yield piece;
    }
    return;
  }
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(pieceSize);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, pieceSize);
      if (bytesRead === 0) return;
      count.read += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The bytes of a file, decompressed where they are gzip. A piece is good until the next is asked for. */
async function* plainBytes(path: string, count: ByteCount): AsyncGenerator<Buffer> {
  const pieces = rawBytes(path, count);
  try {
    let head = Buffer.alloc(0);
    while (head.length < 2) {
      const next = await pieces.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(path, head, pieces);
    else {
      if (head.length > 0) yield head;
      yield* pieces;
    }
  } finally {
    // Whoever stops reading early closes the file too.
    await pieces.return(undefined);
  }
}

async function* gunzipped(path: string, head: Buffer, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: pieceSize });
  const feeding = feed(gunzip, head, pieces);
  try {
    for await (const piece of gunzip) yield piece;
    await feeding;
  } catch (error) {
    throw new FileTrouble(
      'BROKEN_GZIP',
      { zh: `${path}：gzip 数据损坏或不完整`, en: `${path}: the gzip stream is broken or cut short` },
      error,
    );
  }
}

/** Feeds a decompressor with a pause whenever it is full; ends it also when the source fails. */
async function feed(gunzip: ReturnType<typeof createGunzip>, head: Buffer, pieces: AsyncGenerator<Buffer>) {
  try {
    gunzip.write(head);
    for await (const piece of pieces) {
      if (gunzip.destroyed) return;
      if (!gunzip.write(Buffer.from(piece))) await roomAgain(gunzip);
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

const roomAgain = (gunzip: ReturnType<typeof createGunzip>): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      gunzip.off('drain', done).off('close', done);
      resolve();
    };
    gunzip.on('drain', done).on('close', done);
  });

/** Whole lines, or the place of a line that was too long to be read. */
export type Piece = { readonly lines: Buffer } | 'line too long';

const lineEnd = 10;

/**
 * A file in pieces of whole lines, the byte order mark taken off. The last line may lack its line end.
 * A piece is good until the next is asked for. The line that straddles two reads comes as a piece of its own, so that only
 * it is copied.
 */
export async function* wholeLines(path: string, count: ByteCount): AsyncGenerator<Piece> {
  let rest = Buffer.alloc(0);
  let skipping = false;
  let first = true;
  for await (const bytes of plainBytes(path, count)) {
    let piece = first ? withoutMark(bytes) : bytes;
    first = false;
    if (skipping || rest.length > 0) {
      const end = piece.indexOf(lineEnd) + 1;
      if (end > 0 && !skipping) yield { lines: Buffer.concat([rest, piece.subarray(0, end)]) };
      if (end > 0) [rest, skipping] = [Buffer.alloc(0), false];
      else if (!skipping) rest = Buffer.concat([rest, piece]);
      piece = piece.subarray(end > 0 ? end : piece.length);
    }
    const end = piece.lastIndexOf(lineEnd) + 1;
    if (end > 0) yield { lines: piece.subarray(0, end) };
    if (end < piece.length) rest = Buffer.from(piece.subarray(end));
    if (rest.length > longestLine) {
      yield 'line too long';
      [rest, skipping] = [Buffer.alloc(0), true];
    }
  }
  if (rest.length > 0) yield { lines: rest };
}

/** The first read of a file or pipe brings the whole mark: it is shorter than any block. */
const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
