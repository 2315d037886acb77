// Secrets that must be used again, not only compared: stored encrypted, by a key that is made of the pepper and so lies outside the
// database.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const keyOf = (pepper: string): Buffer =>
  Buffer.from(hkdfSync('sha256', pepper, '', 'suanpan sealed secrets', 32) as ArrayBuffer);

/** AES-256-GCM: nonce, tag and what is sealed, in base64. */
export function seal(pepper: string, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(pepper), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Undefined: sealed with another pepper, or damaged. */
export function unseal(pepper: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < 28) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', keyOf(pepper), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
