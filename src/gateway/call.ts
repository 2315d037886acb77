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
  /** Hexadecimal SHA-256 of the body: it is signed twice, by the client and by us. */
  readonly digest: string;
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
  const { headers, digest } = call;
  const began = performance.now();
  const named = await namedSigner(headers, ledger, now);
  if ('error' in named) return named;
  const { signer, claim, timestamp } = named;
  const payloadHash = headers['x-tc-content-sha256'] === unsigned ? sha256(unsigned) : digest;
  const request = { ...call, payloadHash, timestamp };
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
  if (!isReadAtOnce(body)) return undefined;
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

/** The names of the outermost object, each as often as it stands there, in a text that is JSON. From sign to sign: it may be megabytes. */
function namesIn(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  sign.lastIndex = 0;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    const [each] = found;
    if (each === '{' || each === '[') depth += 1;
    else if (each === '"') {
      const end = endOf(text, found.index);
      colon.lastIndex = end + 1;
      if (depth === 1 && colon.test(text)) names.push(JSON.parse(text.slice(found.index, end + 1)) as string);
      sign.lastIndex = end + 1;
    } else depth -= 1;
  }
  return names;
}

const sign = /["{}[\]]/g;

/** Where the string ends that begins there. */
function endOf(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); ; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text[first - 1] === '\\') first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
}

/** What begins a value or parts two of them: so many stand in nothing that an SDK sends. */
const signs = ['{', '[', ','] as const;
const mostSigns = 10_000;

/** Whether it is read in no time that others would notice: long texts are, millions of small values are not. */
function isReadAtOnce(body: Buffer): boolean {
  let count = 0;
  for (const each of signs) {
    for (let at = body.indexOf(each); at >= 0; at = body.indexOf(each, at + 1)) {
      count += 1;
      if (count > mostSigns) return false;
    }
  }
  return true;
}
