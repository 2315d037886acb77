// One try of a mail in the recipient's language, as text and as HTML.

import { createTransport } from 'nodemailer';
import type { Words } from '../core/price-book.ts';
import type { Limits, Tried } from './post.ts';

export interface MailRoute {
  /** smtp:// or smtps://, with user and password where the server wants them. */
  readonly url: string;
  /** Who it comes from: an address, with or without a name. */
  readonly from: string;
}

export interface Letter {
  /** What the recipient's server knows it by: the same at every try. */
  readonly id: string;
  readonly to: string;
  readonly language: keyof Words;
  readonly says: { readonly subject: Words; readonly lines: readonly Words[] };
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What it says. An alert never changes, and so neither does its letter. */
export function letterOf({ language, says: { subject, lines } }: Pick<Letter, 'language' | 'says'>) {
  const texts = lines.map((line) => line[language]);
  const paragraphs = texts.map((line) => `<p>${escaped(line)}</p>`).join('\n');
  return {
    subject: subject[language],
    text: `${texts.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="${language}"><meta charset="utf-8"><title>${escaped(subject[language])}</title>\n<body>\n${paragraphs}\n</body></html>\n`,
  };
}

interface SmtpError extends NodeJS.ErrnoException {
  readonly responseCode?: number;
  readonly command?: string;
}

/** A server that says 5xx of the letter or its recipient will say so again; of a password or a connection it may not. */
const isFinal = ({ responseCode = 0, command = '' }: SmtpError): boolean =>
  responseCode >= 500 && /^(RCPT TO|DATA)$/.test(command);

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error('timeout'), { code: 'timeout' })), milliseconds);
  work.catch(() => {});
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends it once. */
export async function post(letter: Letter, route: MailRoute, { patience }: Limits): Promise<Tried> {
  const times = {
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    dnsTimeout: patience,
  };
  const server = createTransport({ url: route.url, ...times });
  try {
    const { id, to } = letter;
    // Nobody answers a machine: no out-of-office note to it, and none from it.
    const headers = { 'auto-submitted': 'auto-generated' };
    const sending = server.sendMail({
      from: route.from,
      to,
      messageId: `<${id}@suanpan>`,
      headers,
      ...letterOf(letter),
    });
    // A server that says a little now and then would never run into the others.
    await within(3 * patience, sending);
    return { problem: null, gone: false };
  } catch (error) {
    const failed = error as SmtpError;
    const problem = failed.responseCode === undefined ? (failed.code ?? 'connection') : `smtp ${failed.responseCode}`;
    return { problem, gone: isFinal(failed) };
  } finally {
    server.close();
  }
}
