// Passing a call on: signed again with the operator's key, the body byte for byte.

import { authorizationOf, dateOfTimestamp, keptKey, type SigningKey, signatureOf, signingKey } from '../tc3.ts';
import type { Call } from './call.ts';
import { Wire, type Wired } from './wire.ts';

export interface Upstream {
  readonly url: URL;
  readonly service: string;
  readonly secretId: string;
  readonly secretKey: string;
  /** Milliseconds. */
  readonly patience: number;
  readonly wire: Wire;
  /** Of a day, "2026-01-06". */
  readonly keyOf: (date: string) => SigningKey;
}

export function openUpstream(settings: Omit<Upstream, 'wire' | 'keyOf'>): Upstream {
  const { url, secretKey, service } = settings;
  let last = { date: '', key: keptKey(Buffer.alloc(0)) };
  const keyOf = (date: string): SigningKey => {
    if (last.date !== date) last = { date, key: keptKey(signingKey(secretKey, date, service)) };
    return last.key;
  };
  return { ...settings, keyOf, wire: new Wire(url, { most: 512, kept: 64 }) };
}

const passedOn = ['x-tc-action', 'x-tc-version', 'x-tc-region', 'x-tc-language', 'x-tc-requestclient'] as const;
const signed = ['content-type', 'host'];

function signedHeaders(call: Call, { url, service, secretId, keyOf }: Upstream): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const date = dateOfTimestamp(timestamp) ?? '';
  const headers = { 'content-type': call.headers['content-type'] ?? 'application/json', host: url.host };
  const { method, query, body, digest } = call;
  const what = { method, query, headers, payloadHash: digest, timestamp };
  const scope = { secretId, date, service };
  const signature = signatureOf(keyOf(date), what, scope, signed);
  const own = passedOn.flatMap((name) => (call.headers[name] === undefined ? [] : [[name, call.headers[name]]]));
  return {
    ...Object.fromEntries(own),
    ...headers,
    'x-tc-timestamp': timestamp,
    authorization: authorizationOf(scope, signed, signature),
    'content-length': String(body.length),
  };
}

/** Once at most, whatever becomes of it. */
export function passOn(call: Call, upstream: Upstream): Promise<Wired> {
  const { wire, patience } = upstream;
  const path = call.query === '' ? '/' : `/?${call.query}`;
  const headers = signedHeaders(call, upstream);
  return wire.send({ method: call.method, path, headers, body: call.body, patience });
}
