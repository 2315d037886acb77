// One try of a webhook: a signed POST. Source of the headers: Standard Webhooks.

import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { Webhook } from 'standardwebhooks';
import { endSpan, startSpan, traceparentOf } from '../tracing.ts';
import { version } from '../version.ts';
import { maySendTo, PrivateAddress, publicLookup } from './addresses.ts';

export interface Post {
  readonly url: string;
  /** What the receiver knows it by: the same at every try. */
  readonly id: string;
  readonly body: string;
  /** The newest first; each signs. */
  readonly secrets: readonly string[];
}

/** Null: it is there. `gone`: the receiver wants nothing more, ever. */
export interface Tried {
  readonly problem: string | null;
  readonly gone: boolean;
}

/** `sentAt` is the real time, whatever a sandbox's clock says: receivers refuse what is old. */
export function signed({ id, body, secrets }: Post, sentAt: Date): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': `suanpan/${version}`,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
  };
}

export interface Limits {
  /** Webhooks may lead into one's own network, and go without TLS. */
  readonly anywhere: boolean;
  /** A receiver that takes longer, from the look-up of its name to its status, has failed; milliseconds. */
  readonly patience: number;
}

/** Sends it once. Redirects are not followed, and what the receiver says beside its status is not read. */
export async function send(post: Post, limits: Limits, stop: AbortSignal): Promise<Tried> {
  const url = new URL(post.url);
  if (!limits.anywhere && !maySendTo(url)) return { problem: 'private-address', gone: false };
  const span = startSpan('POST webhook', {
    kind: 'CLIENT',
    attributes: { 'server.address': url.hostname, 'suanpan.delivery': post.id },
  });
  const tried = await trySending(url, post, limits, stop, traceparentOf(span));
  endSpan(span, tried.problem);
  return tried;
}

async function trySending(
  url: URL,
  post: Post,
  limits: Limits,
  stop: AbortSignal,
  traceparent: string | undefined,
): Promise<Tried> {
  try {
    const status = await statusOf(url, post, limits, stop, traceparent);
    if (status >= 200 && status < 300) return { problem: null, gone: false };
    return { problem: `status ${status}`, gone: status === 410 };
  } catch (error) {
    return { problem: problemOf(error as NodeJS.ErrnoException), gone: false };
  }
}

function statusOf(
  url: URL,
  post: Post,
  { anywhere, patience }: Limits,
  stop: AbortSignal,
  traceparent: string | undefined,
): Promise<number> {
  const ask = url.protocol === 'https:' ? request : requestPlain;
  const traced = traceparent === undefined ? {} : { traceparent };
  const length = String(Buffer.byteLength(post.body));
  const headers = { ...signed(post, new Date()), ...traced, 'content-length': length };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.any([AbortSignal.timeout(patience), stop]);
    const options = { method: 'POST', headers, agent: false, signal, ...(anywhere ? {} : { lookup: publicLookup }) };
    const sent = ask(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    // A receiver that answers and closes before it has read all has answered.
    sent.on('error', reject);
    // One that answers 101 gets no more said to it, and its request ends without an answer.
    sent.on('close', () => reject(Object.assign(new Error('no status'), { code: 'NO_STATUS' })));
    sent.end(post.body);
  });
}

function problemOf(error: NodeJS.ErrnoException): string {
  if (error instanceof PrivateAddress) return 'private-address';
  if (error.name === 'TimeoutError' || error.code === 'ABORT_ERR') return 'timeout';
  return error.code ?? 'connection';
}
