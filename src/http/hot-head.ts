// The head of a request that the hot connection answers by itself: read whole and strictly, or not at all. Whatever is not named here
// is Node's to read, so that no bytes have two meanings.

/** The only request there is. */
const startLine = 'POST /v1/events HTTP/1.1\r\n';
/** Characters of a head, its blank line included. */
const mostHead = 4_096;
/** Bytes of a body. */
const mostBody = 64 * 1024;

export interface HotHead {
  /** The head's bytes, to be compared with those of the next request of the connection. */
  readonly bytes: Buffer;
  /** Bytes of the body. */
  readonly length: number;
  readonly authorization: string;
  readonly requestId: string | undefined;
  readonly language: string | undefined;
}

/** What a header's value has to look like where it means something here. */
const meant: Readonly<Record<string, RegExp>> = {
  host: /^[\x21-\x7e]{1,255}$/,
  'content-length': /^[1-9]\d{0,5}$/,
  'content-type': /^application\/json(?:; ?charset=utf-8)?$/i,
  authorization: /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/,
  connection: /^keep-alive$/i,
  'x-request-id': /^[A-Za-z0-9._-]{1,100}$/,
  'accept-language': /^[\x20-\x7e]+$/,
};
const needed = ['host', 'content-length', 'content-type', 'authorization'];

/** Headers that change nothing of the answer to a caller with a key. */
const idle = new Set([
  'accept',
  'accept-encoding',
  'cache-control',
  'pragma',
  'sec-fetch-mode',
  'traceparent',
  'tracestate',
  'user-agent',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
]);

const form = /^([A-Za-z0-9-]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?[ \t]*$/;

/** A line whose end is still to come. */
const begun = /^(?:[A-Za-z0-9-]+(?::[\x20-\x7e\t]*)?)?\r?$/;

/** Whether the name of a line that has begun tells that it is none of ours. */
function isOther(line: string, found: ReadonlyMap<string, string>): boolean {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon)).toLowerCase();
  return colon >= 0 && (found.has(name) || !(name in meant || idle.has(name)));
}

/** `more`: as far as it goes it may become one. `other`: it is none of ours. */
export function readHotHead(chunk: Buffer): HotHead | 'more' | 'other' {
  const text = chunk.toString('latin1', 0, Math.min(chunk.length, mostHead));
  if (!text.startsWith(startLine)) return startLine.startsWith(text) ? 'more' : 'other';
  const end = text.indexOf('\r\n\r\n');
  const lines = text.slice(startLine.length, end < 0 ? text.length : end).split('\r\n');
  const rest = end < 0 ? (lines.pop() ?? '') : '';
  if (end < 0 && (text.length === mostHead || !begun.test(rest))) return 'other';
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, written = '', value = ''] = form.exec(line) ?? [];
    const name = written.toLowerCase();
    const pattern = meant[name];
    if (found.has(name) || !(pattern === undefined ? idle.has(name) : pattern.test(value))) return 'other';
    found.set(name, value);
  }
  if (end < 0) return isOther(rest, found) ? 'other' : 'more';
  if (needed.some((name) => !found.has(name))) return 'other';
  const length = Number(found.get('content-length'));
  if (length > mostBody) return 'other';
  return {
    // A copy: the chunk is part of a larger piece of memory, which it would keep.
    bytes: Buffer.from(chunk.subarray(0, end + 4)),
    length,
    authorization: found.get('authorization') ?? '',
    requestId: found.get('x-request-id'),
    language: found.get('accept-language'),
  };
}
