// A file on the disk, or standard input, to be read in pieces.

import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { usageFilesWords } from '../words/usage-files.ts';
import type { ByteCount, Source } from './bytes.ts';
import { FileTrouble } from './row-problem.ts';

const pieceSize = 1 << 17;

/** Throws FileTrouble where there is no such file. */
export function onDisk(path: string): Source {
  const bytes = countBytes(path);
  return { path, bytes, pieces: () => rawBytes(path, bytes), gunzip };
}

export function countBytes(path: string): ByteCount {
  if (path === '-') return { read: 0, total: null };
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new FileTrouble('NOT_FOUND', usageFilesWords.noFile(path));
  }
  if (found.isDirectory()) {
    throw new FileTrouble('NOT_READABLE', usageFilesWords.isAFolder(path));
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
  const file = await opened(path);
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

async function opened(path: string) {
  try {
    return await open(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { zh, en } = usageFilesWords.fileCannotBeOpened(path, reason);
    throw new FileTrouble('NOT_READABLE', { zh, en }, error);
  }
}

async function* gunzip(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const unpacking = createGunzip({ chunkSize: pieceSize });
  const feeding = feed(unpacking, packed);
  for await (const piece of unpacking) yield piece;
  await feeding;
}

/** Feeds a decompressor with a pause whenever it is full; ends it also when the source fails. */
async function feed(gunzip: ReturnType<typeof createGunzip>, pieces: AsyncGenerator<Buffer>) {
  try {
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
