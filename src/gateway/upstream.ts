// Passing a call on: signed again with the operator's key, the body byte for byte.

import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { authorizationOf, dateOfTimestamp, sha256, signatureOf, signingKey } from '../tc3.ts';
import type { Call } from './call.ts';

export interface Upstream {
  readonly url: URL;
  readonly service: string;
  readonly secretId: string;
  readonly secretKey: string;
  /** Milliseconds. */
  readonly patience: number;
}

/** `refused`: no connection was made, so no call. `lost`: nobody knows. */
export type Passed =
  | { readonly kind: 'answer'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'refused' | 'lost' };

const mostAnswer = 32 * 1024 * 1024;
const passedOn = ['x-tc-action', 'x-tc-version', 'x-tc-region', 'x-tc-language', 'x-tc-requestclient'] as const;
const signed = ['content-type', 'host'];

function signedHeaders(call: Call, { url, service, secretId, secretKey }: Upstream): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const date = dateOfTimestamp(timestamp) ?? '';
  const headers = { 'content-type': call.headers['content-type'] ?? 'application/json', host: url.host };
  const { method, query, body } = call;
  const what = { method, query, headers, payloadHash: sha256(body), timestamp };
  const scope = { secretId, date, service };
  const signature = signatureOf(signingKey(secretKey, date, service), what, scope, signed);
  const own = passedOn.flatMap((name) => (call.headers[name] === undefined ? [] : [[name, call.headers[name]]]));
  return {
    ...Object.fromEntries(own),
    ...headers,
    'x-tc-timestamp': timestamp,
    authorization: authorizationOf(scope, signed, signature),
    'content-length': String(body.length),
  };
}

export function passOn(call: Call, upstream: Upstream): Promise<Passed> {
  const { url, patience } = upstream;
  const send = url.protocol === 'https:' ? overHttps : overHttp;
  return new Promise((resolve) => {
    let connected = false;
    const lost = (): void => resolve({ kind: connected ? 'lost' : 'refused' });
    const path = call.query === '' ? '/' : `/?${call.query}`;
    const request = send(url, { method: call.method, path, headers: signedHeaders(call, upstream), agent: false });
    // Before that nothing was sent.
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    request.on('error', lost);
    request.on('response', (response) => readAnswer(response).then(resolve, lost));
    const end = setTimeout(() => request.destroy(new Error('late')), patience);
    request.on('close', () => clearTimeout(end));
    request.end(call.body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Passed> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > mostAnswer) throw new Error('too large');
    parts.push(part);
  }
  return { kind: 'answer', status: response.statusCode ?? 0, body: Buffer.concat(parts) };
}
