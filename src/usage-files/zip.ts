// The one file inside a zip, as a stream. The check sum stands at the end of the archive, so a damaged one is noticed there.

import { crc32 } from 'node:zlib';
import { Unzip, UnzipInflate, UnzipPassThrough } from 'fflate';
import { usageFilesWords } from '../words/usage-files.ts';
import { FileTrouble } from './row-problem.ts';

const localHeader = 0x04034b50;
const directoryHeader = Buffer.from('PK\x01\x02', 'latin1');

export const isZip = (head: Buffer): boolean => head.length >= 30 && head.readUInt32LE(0) === localHeader;

/** An Excel workbook is a zip whose first member has one of a few names. */
export const isWorkbook = (head: Buffer): boolean =>
  isZip(head) && /^(?:\[Content_Types\]\.xml|_rels\/|xl\/|docProps\/)/.test(firstName(head));

const firstName = (head: Buffer): string => head.subarray(30, 30 + head.readUInt16LE(26)).toString('utf8');

/** Of a little compressed input much can come out: this much at a time is taken in. */
const bite = 1 << 14;
/** The directory of an archive of one file fits in. */
const tailSize = 1 << 16;

const isUseless = (name: string): boolean => name.endsWith('/') || /(?:^|\/)(?:__MACOSX\/|\.)/.test(name);

export async function* zipMember(path: string, head: Buffer, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if ((head.readUInt16LE(6) & 1) !== 0) {
    await pieces.return(undefined);
    throw new FileTrouble('ENCRYPTED', usageFilesWords.zipHasAPassword(path));
  }
  const reading = new MemberReading(path);
  for await (const piece of pieces) {
    for (let start = 0; start < piece.length; start += bite) {
      reading.push(piece.subarray(start, start + bite));
      yield* reading.take();
    }
  }
  reading.checkEnd();
}

class MemberReading {
  readonly #path: string;
  readonly #unzip: Unzip;
  #chosen: string | undefined;
  #out: Buffer[] = [];
  #isWhole = false;
  #sum = 0;
  #tail = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
    this.#unzip = new Unzip((member) => {
      if (isUseless(member.name)) return;
      if (this.#chosen !== undefined) throw severalMembers(path, this.#chosen, member.name);
      this.#chosen = member.name;
      member.ondata = (error, bytes, isLast) => {
        if (error !== null) throw error;
        const piece = Buffer.from(bytes);
        this.#sum = crc32(piece, this.#sum);
        if (piece.length > 0) this.#out.push(piece);
        if (isLast) this.#isWhole = true;
      };
      member.start();
    });
    this.#unzip.register(UnzipInflate);
    this.#unzip.register(UnzipPassThrough);
  }

  push(bytes: Buffer): void {
    // The decompressor keeps what it is given, and the buffer is read into again.
    const own = Buffer.from(bytes);
    this.#tail = Buffer.concat([this.#tail, own]).subarray(-tailSize);
    try {
      this.#unzip.push(own);
    } catch (error) {
      throw error instanceof FileTrouble ? error : broken(this.#path, error);
    }
  }

  take(): Buffer[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  checkEnd(): void {
    const name = this.#chosen;
    if (name === undefined) {
      throw new FileTrouble('NOT_READABLE', usageFilesWords.zipHoldsNoFile(this.#path));
    }
    for (let at = this.#tail.indexOf(directoryHeader); at >= 0; at = this.#tail.indexOf(directoryHeader, at + 4)) {
      const found = this.#tail.subarray(at + 46, at + 46 + this.#tail.readUInt16LE(at + 28)).toString('utf8');
      if (found === name && this.#isWhole && this.#tail.readUInt32LE(at + 16) === this.#sum) return;
    }
    throw broken(this.#path);
  }
}

const severalMembers = (path: string, one: string, other: string): FileTrouble =>
  new FileTrouble('SEVERAL_MEMBERS', usageFilesWords.zipHoldsSeveralFiles(path, one, other));

const broken = (path: string, cause?: unknown): FileTrouble =>
  new FileTrouble('BROKEN_ZIP', usageFilesWords.zipIsBrokenOrCutShort(path), cause);
