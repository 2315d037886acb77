// In what encoding a text is. UTF-16 shows in the first bytes; GB18030 only where the first Chinese letter stands, which can
// be late in a file, and until there the two are the same.

import { isAscii, isUtf8 } from 'node:buffer';
import type { Words } from '../core/price-book.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { FileTrouble } from './row-problem.ts';

export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'GB18030';

export const encodingWords = (encoding: Encoding): Words => usageFilesWords.readAs(encoding);

/** UTF-16 by its mark, or by the zero bytes between the letters of its first line. */
export function wideEncoding(head: Buffer): 'UTF-16LE' | 'UTF-16BE' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'UTF-16LE';
  if (head[0] === 0xfe && head[1] === 0xff) return 'UTF-16BE';
  const letters = head.subarray(0, 64);
  const zeros = [0, 0];
  letters.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const most = letters.length / 4;
  if (odd > most && even === 0) return 'UTF-16LE';
  return even > most && odd === 0 ? 'UTF-16BE' : undefined;
}

/** UTF-16 text as UTF-8 bytes. */
export async function* fromWide(
  path: string,
  encoding: 'UTF-16LE' | 'UTF-16BE',
  pieces: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  try {
    for await (const piece of pieces) yield Buffer.from(decoder.decode(piece, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if (error instanceof FileTrouble) throw error;
    throw new FileTrouble('NOT_TEXT', usageFilesWords.textIsBrokenOrCutShort(path, encoding), error);
  }
}

/** Reads pieces of whole lines; remembers what the file turned out to be. */
export class LineDecoder {
  #gb: InstanceType<typeof TextDecoder> | undefined;
  #isWide = false;

  get encoding(): Encoding {
    return this.#gb === undefined ? 'UTF-8' : 'GB18030';
  }

  /** The text of a piece; undefined where it is in neither encoding. Once one is certain, the other is none. */
  read(piece: Buffer): string | undefined {
    if (isAscii(piece)) return piece.toString('latin1');
    if (this.#gb !== undefined) return decoded(this.#gb, piece);
    if (isUtf8(piece)) {
      this.#isWide = true;
      return piece.toString('utf8');
    }
    if (this.#isWide || !looksChinese(piece) || hasUtf8Line(piece)) return undefined;
    const decoder = new TextDecoder('gb18030', { fatal: true });
    const text = decoded(decoder, piece);
    if (text !== undefined) this.#gb = decoder;
    return text;
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece: Buffer): string | undefined {
  try {
    return decoder.decode(piece);
  } catch {
    return undefined;
  }
}

/** Whether some line is Chinese in UTF-8, three bytes a letter: then the file is UTF-8, and another line of it damaged. */
function hasUtf8Line(piece: Buffer): boolean {
  for (let start = 0; start < piece.length; ) {
    const found = piece.indexOf(10, start);
    const line = piece.subarray(start, found < 0 ? piece.length : found);
    if (!isAscii(line) && isUtf8(line) && line.some((byte) => byte >= 0xe0)) return true;
    start += line.length + 1;
  }
  return false;
}

/** Common Chinese letters have both bytes from A1 on. Western letters in an old encoding stand between plain ones. */
function looksChinese(piece: Buffer): boolean {
  let [pairs, common] = [0, 0];
  for (let at = 0; at < piece.length; at += 1) {
    if ((piece[at] as number) < 0x81) continue;
    pairs += 1;
    at += 1;
    if ((piece[at] ?? 0) >= 0xa1) common += 1;
  }
  return common * 2 > pairs;
}
