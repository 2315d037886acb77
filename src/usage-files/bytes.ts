// A file as plain bytes: gzip and zip are taken apart on the way. What a file is, its first bytes say, whatever it is called.
// Where the bytes come from, and what takes gzip apart, whoever opens the file says: disk.ts, or a browser.

import { usageFilesWords } from '../words/usage-files.ts';
import { FileTrouble } from './row-problem.ts';
import { isWorkbook, isZip, zipMember } from './zip.ts';

/** Counts the bytes that came from the disk, compressed or not: what a progress bar shows. */
export interface ByteCount {
  read: number;
  /** Null on standard input. */
  readonly total: number | null;
}

/** A file that can be read. */
export interface Source {
  /** What it is called. */
  readonly path: string;
  readonly bytes: ByteCount;
  /** Its bytes as they lie there. A piece is good until the next is asked for. */
  readonly pieces: () => AsyncGenerator<Buffer>;
  /** What is packed in them. Throws where the stream is broken or cut. */
  readonly gunzip: (packed: AsyncGenerator<Buffer>) => AsyncGenerator<Buffer>;
}

/** What a file holds: text, whose pieces are good until the next is asked for, or a whole Excel workbook. */
export type Contents = { readonly text: AsyncGenerator<Buffer> } | { readonly workbook: Buffer };

/** Enough to tell what a file is: the first name in a zip stands among them. */
const headSize = 512;
const largestWorkbook = 64 * 1024 * 1024;

/** A packed file in a packed one, and no more: nobody packs thrice by mistake. */
const mostLayers = 3;

export async function contentsOf(source: Source): Promise<Contents> {
  const { path } = source;
  let pieces = source.pieces();
  for (let layer = 0; layer <= mostLayers; layer += 1) {
    const head = await headOf(pieces);
    const all = joined(head, pieces);
    const other = otherFormats.find(({ starts }) => head.subarray(0, 8).toString('latin1').startsWith(starts));
    if (other !== undefined) {
      await pieces.return(undefined);
      throw new FileTrouble('NOT_TEXT', { zh: `${path} ${other.zh}`, en: `${path} ${other.en}` });
    }
    if (isWorkbook(head)) return { workbook: await wholeWorkbook(path, all) };
    if (isZip(head)) pieces = zipMember(path, head, all);
    else if (head[0] === 0x1f && head[1] === 0x8b) pieces = gunzipped(source, all);
    else return { text: all };
  }
  await pieces.return(undefined);
  throw new FileTrouble('NOT_TEXT', usageFilesWords.packedTooOften(path));
}

async function headOf(pieces: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < headSize) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

const otherFormats = [
  { starts: '\xd0\xcf\x11\xe0', ...usageFilesWords.isAnOldExcelFile },
  { starts: '<', ...usageFilesWords.isAWebPage },
  { starts: '%PDF', ...usageFilesWords.isAPdf },
  { starts: 'Rar!', ...usageFilesWords.isARarArchive },
  { starts: '7z\xbc\xaf', ...usageFilesWords.isA7zArchive },
  { starts: 'PK\x05\x06', ...usageFilesWords.isAnEmptyZip },
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

async function* gunzipped({ path, gunzip }: Source, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* gunzip(pieces);
  } catch (error) {
    throw new FileTrouble('BROKEN_GZIP', usageFilesWords.gzipStreamIsBrokenOrCut(path), error);
  }
}
