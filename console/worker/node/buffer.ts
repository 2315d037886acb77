// Node's Buffer in a browser, for the code that reads files.

// The package, and not the module of Node's that has its name.
import { Buffer } from 'buffer/';

Object.assign(globalThis, { Buffer });

export { Buffer };

export const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80);

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
