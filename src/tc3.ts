// TC3-HMAC-SHA256: how a request to Tencent Cloud's APIs is signed. Pure; the keys come from outside.
// Source: Tencent Cloud's public page on signature v3; test/gateway/tc3.test.ts has its example and what the official SDKs make.

import { createHmac, createSecretKey, hash, KeyObject, timingSafeEqual } from 'node:crypto';

export interface Tc3Scope {
  readonly secretId: string;
  /** Day of the timestamp in UTC, "2026-01-06". */
  readonly date: string;
  /** What the client calls the service: "faceid", or the first label of its endpoint. */
  readonly service: string;
}

/** What an Authorization header says. */
export interface Tc3Claim extends Tc3Scope {
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What is signed of a request. */
export interface Tc3Request {
  readonly method: string;
  /** As it was sent, without the question mark; '' of a POST. */
  readonly query: string;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Hexadecimal SHA-256 of the body, byte for byte. */
  readonly payloadHash: string;
  /** Whole seconds since 1970, as the header has them. */
  readonly timestamp: string;
}

const claim =
  /^TC3-HMAC-SHA256 +Credential=([A-Za-z0-9_-]{1,100})\/(\d{4}-\d{2}-\d{2})\/([A-Za-z0-9._-]{1,100})\/tc3_request, *SignedHeaders=([a-z0-9;-]{1,500}), *Signature=([0-9a-f]{64})$/;

/** Undefined: no such header. */
export function readClaim(authorization: string | undefined): Tc3Claim | undefined {
  const [, secretId, date, service, signed, signature] = claim.exec(authorization ?? '') ?? [];
  if (secretId === undefined || date === undefined || service === undefined) return undefined;
  if (signed === undefined || signature === undefined) return undefined;
  return { secretId, date, service, signedHeaders: signed.split(';'), signature };
}

export const sha256 = (content: string | Uint8Array): string => hash('sha256', content, 'hex');

/** Who signs often makes a `KeyObject` of the bytes once: with bytes an HMAC costs five times as much. */
export type SigningKey = Uint8Array | KeyObject;
export const keptKey = (key: Uint8Array): KeyObject => createSecretKey(key);

const hmac = (key: string | SigningKey, text: string): Buffer =>
  createHmac('sha256', typeof key === 'string' || key instanceof KeyObject ? key : keptKey(key))
    .update(text)
    .digest();

/** The key that signs one service's requests of one day: it is good for nothing else, and the secret is not found from it. */
export const signingKey = (secretKey: string, date: string, service: string): Buffer =>
  hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');

/** The signature in hexadecimal. A header that is to be signed and is not there counts as empty. */
export function signatureOf(
  key: SigningKey,
  request: Tc3Request,
  scope: Tc3Scope,
  signedHeaders: readonly string[],
): string {
  const { method, query, headers, payloadHash, timestamp } = request;
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('');
  const canonical = [method, '/', query, lines, signedHeaders.join(';'), payloadHash].join('\n');
  const { date, service } = scope;
  const text = ['TC3-HMAC-SHA256', timestamp, `${date}/${service}/tc3_request`, sha256(canonical)].join('\n');
  return hmac(key, text).toString('hex');
}

export const authorizationOf = (scope: Tc3Scope, signedHeaders: readonly string[], signature: string): string =>
  `TC3-HMAC-SHA256 Credential=${scope.secretId}/${scope.date}/${scope.service}/tc3_request, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;

/**
 * Whether the claim's signature is that of one of the keys. Node's SDK signs the host without its port, others with it, and some write
 * what they sign in small letters: each of these is the same request.
 */
export function isSignedBy(
  keys: readonly SigningKey[],
  request: Tc3Request,
  { signature, signedHeaders, ...scope }: Tc3Claim,
): boolean {
  const given = Buffer.from(signature);
  return forms.some((form) => {
    const formed = { ...request, headers: form(request.headers, signedHeaders) };
    return keys.some((key) => timingSafeEqual(Buffer.from(signatureOf(key, formed, scope, signedHeaders)), given));
  });
}

type Headers = Tc3Request['headers'];

const withoutPort = (headers: Headers): Headers => ({
  ...headers,
  host: (headers.host ?? '').replace(/:\d{1,5}$/, ''),
});
const inSmall = (headers: Headers, names: readonly string[]): Headers =>
  Object.fromEntries(names.map((name) => [name, headers[name]?.toLowerCase()]));

/** What clients take for the headers that they sign; most are found by the first or the second. */
const forms: readonly ((headers: Headers, names: readonly string[]) => Headers)[] = [
  (headers) => headers,
  withoutPort,
  inSmall,
  (headers, names) => withoutPort(inSmall(headers, names)),
];

/** The day of a timestamp in UTC; undefined: it is none. */
export function dateOfTimestamp(timestamp: string): string | undefined {
  if (!/^\d{1,11}$/.test(timestamp)) return undefined;
  return new Date(Number(timestamp) * 1_000).toISOString().slice(0, 10);
}
