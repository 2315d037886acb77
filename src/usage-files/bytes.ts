// A file, or standard input, as plain bytes: gzip and zip are taken apart on the way. What a file is, its first bytes say,
// whatever it is called.

import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { usageFilesWords } from '../words/usage-files.ts';
import { FileTrouble } from './row-problem.ts';
import { isWorkbook, isZip, zipMember } from './zip.ts';

const pieceSize = 1 << 17;

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

/** What a file holds: text, whose pieces are good until the next is asked for, or a whole Excel workbook. */
export type Contents = { readonly text: AsyncGenerator<Buffer> } | { readonly workbook: Buffer };

/** Enough to tell what a file is: the first name in a zip stands among them. */
const headSize = 512;
const largestWorkbook = 64 * 1024 * 1024;

export async function contentsOf(path: string, count: ByteCount): Promise<Contents> {
  const pieces = rawBytes(path, count);
  let head = Buffer.alloc(0);
  while (head.length < headSize) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = joined(head, pieces);
  const other = otherFormats.find(({ starts }) => head.subarray(0, 8).toString('latin1').startsWith(starts));
  if (other !== undefined) {
    await pieces.return(undefined);
    throw new FileTrouble('NOT_TEXT', { zh: `${path} ${other.zh}`, en: `${path} ${other.en}` });
  }
  if (isWorkbook(head)) return { workbook: await wholeWorkbook(path, all) };
  if (isZip(head)) return { text: zipMember(path, head, all) };
  return { text: head[0] === 0x1f && head[1] === 0x8b ? gunzipped(path, all) : all };
}

const otherFormats = [
  { starts: '\xd0\xcf\x11\xe0', ...usageFilesWords.isAnOldExcelFile },
  { starts: '<', ...usageFilesWords.isAWebPage },
  { starts: '%PDF', ...usageFilesWords.isAPdf },
  { starts: 'Rar!', ...usageFilesWords.isARarArchive },
  { starts: '7z\xbc\xaf', ...usageFilesWords.isA7zArchive },
];

/** A first piece and those after it. Whoever stops reading early closes the file too. */
export async function* joined(head: Buffer, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    yield* pieces;
  } finally {
    await pieces.return(undefined);
  }
}

async function wholeWorkbook(path: string, pieces: AsyncGenerator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    parts.push(Buffer.from(piece));
    size += piece.length;
    if (size <= largestWorkbook) continue;
    throw new FileTrouble('TOO_LARGE', usageFilesWords.workbookIsOver64Mib(path));
  }
  return Buffer.concat(parts);
}

async function* gunzipped(path: string, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: pieceSize });
  const feeding = feed(gunzip, pieces);
  try {
    for await (const piece of gunzip) yield piece;
    await feeding;
  } catch (error) {
    throw new FileTrouble('BROKEN_GZIP', usageFilesWords.gzipStreamIsBrokenOrCut(path), error);
  }
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
