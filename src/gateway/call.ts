// A call as it arrived at the gateway, and whose it is.

import type { IncomingHttpHeaders } from 'node:http';
import { dateOfTimestamp, isSignedBy, readClaim, sha256, type Tc3Claim } from '../tc3.ts';
import type { GatewayError } from '../words/gateway.ts';
import { type LedgerClient, type Signer, signerOf } from './ledger.ts';

export interface Call {
  readonly method: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Seconds that a client's clock may be off. */
const clockTolerance = 300;
/** A body that is said to be unsigned: this word is signed in its place. */
const unsigned = 'UNSIGNED-PAYLOAD';

export const oneOfEach = (headers: IncomingHttpHeaders): Call['headers'] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));

interface Named {
  readonly signer: Signer;
  readonly claim: Tc3Claim;
  readonly timestamp: string;
}

/** By whom a call says that it is signed, before its body is there. */
export async function namedSigner(
  headers: Call['headers'],
  ledger: LedgerClient,
  now: number,
): Promise<Named | { readonly error: GatewayError }> {
  const claim = readClaim(headers.authorization);
  const timestamp = headers['x-tc-timestamp'] ?? '';
  const date = dateOfTimestamp(timestamp);
  if (claim === undefined || date !== claim.date || headers['x-tc-token'] !== undefined || !isWhole(claim)) {
    return { error: 'AuthFailure.InvalidAuthorization' };
  }
  if (Math.abs(now / 1_000 - Number(timestamp)) > clockTolerance) return { error: 'AuthFailure.SignatureExpire' };
  const told = await ledger.signers.find(claim);
  if (told.kind === 'away') return { error: 'RequestLimitExceeded' };
  if (told.kind === 'refused') {
    return { error: told.code === 'NOT_FOUND' ? 'AuthFailure.SecretIdNotFound' : 'RequestLimitExceeded' };
  }
  return { signer: signerOf(told.body), claim, timestamp };
}

/** Whose a call is and what they may do, by its signature. One that fits no key may be of a SecretKey made since they were asked for. */
export async function callerOf(
  call: Call,
  ledger: LedgerClient,
  now: number,
): Promise<Signer | { readonly error: GatewayError }> {
  const { headers } = call;
  const began = performance.now();
  const named = await namedSigner(headers, ledger, now);
  if ('error' in named) return named;
  const { signer, claim, timestamp } = named;
  const payload = headers['x-tc-content-sha256'] === unsigned ? unsigned : call.body;
  const request = { ...call, payloadHash: sha256(payload), timestamp };
  if (isSignedBy(signer.keys, request, claim)) return signer;
  const told = await ledger.signers.findSince(claim, began);
  if (told?.kind === 'away') return { error: 'RequestLimitExceeded' };
  const anew = told?.kind === 'done' ? signerOf(told.body) : undefined;
  return anew !== undefined && isSignedBy(anew.keys, request, claim) ? anew : { error: 'AuthFailure.SignatureFailure' };
}

/** What says for whom and what the call is must be signed. */
const isWhole = ({ signedHeaders }: Tc3Claim): boolean =>
  signedHeaders.includes('host') && signedHeaders.includes('content-type');

/** As SDKs send them: what is asked stands in one place. Of two the provider might read the other one. */
export const isUsual = ({ method, query, body }: Call): boolean =>
  method === 'POST' ? query === '' : method === 'GET' && body.length === 0;

/** A text that the call says once; undefined where it stands twice, in letters of any size: the provider might read the other one. */
export function fieldOf({ method, query, body }: Call, name: string): string | undefined {
  const isIt = (each: string): boolean => each.toLowerCase() === name.toLowerCase();
  if (method === 'GET') {
    const fields = [...new URLSearchParams(query)].filter(([each]) => isIt(each));
    return fields.length === 1 && fields[0]?.[0] === name ? fields[0][1] : undefined;
  }
  const text = body.toString();
  try {
    const read = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const value = Object.hasOwn(read, name) ? read[name] : undefined;
    return typeof value === 'string' && namesIn(text).filter(isIt).length === 1 ? value : undefined;
  } catch {
    return undefined;
  }
}

const colon = /[ \t\r\n]*:/y;

/** The names of the outermost object, each as often as it stands there, in a text that is JSON. By characters: it may be megabytes. */
function namesIn(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    else if (sign === '"') {
      const begin = at;
      for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
      colon.lastIndex = at + 1;
      if (depth === 1 && colon.test(text)) names.push(JSON.parse(text.slice(begin, at + 1)) as string);
    }
  }
  return names;
}
