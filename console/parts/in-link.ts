// A text, packed, behind the "#" of a link: it is sent to nobody, and the link still carries it.

import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';

/** Longer addresses are cut by what people send them with. */
const longest = 30_000;

/** Undefined: the text is too large for a link. */
export function hashOf(name: string, text: string): string | undefined {
  const packed = deflateSync(strToU8(text), { level: 9 });
  const letters = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(''));
  const hash = `#${name}=${letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
  return hash.length > longest ? undefined : hash;
}

/** Undefined: there is none of that name, or the link was cut. */
export function textIn(name: string, hash: string): string | undefined {
  const mark = `#${name}=`;
  if (!hash.startsWith(mark)) return undefined;
  try {
    const letters = atob(hash.slice(mark.length).replaceAll('-', '+').replaceAll('_', '/'));
    return strFromU8(inflateSync(Uint8Array.from(letters, (letter) => letter.charCodeAt(0))));
  } catch {
    return undefined;
  }
}
