// Passwords of people: argon2id with the parameters that OWASP names (19 MiB, two passes), in PHC form.

import { hash, verify } from '@node-rs/argon2';

const [least, most] = [12, 200];

/** What people type looks alike in more than one form of Unicode. */
const normal = (password: string): string => password.normalize('NFKC');

/** Whether it may be one: long enough, and not the address of whoever it belongs to. */
export function isFitPassword(password: string, email: string): boolean {
  const text = normal(password);
  const different = new Set(text).size;
  return [...text].length >= least && text.length <= most && different >= 5 && text.toLowerCase() !== email;
}

export const hashPassword = (password: string): Promise<string> => hash(normal(password));

/** What nobody's password is compared with, so that an address that is not known takes as long as one that is. */
let nobodys: Promise<string> | undefined;

/** `stored` null: there is no such person, or none has been set. The same work either way. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword('a password that nobody has');
  const isSame = await verify(stored ?? (await nobodys), normal(password));
  return stored !== null && isSame;
}
