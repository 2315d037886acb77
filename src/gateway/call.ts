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
  const told = await ledger.signers(claim.secretId, claim.date, claim.service);
  if (told.kind === 'away') return { error: 'RequestLimitExceeded' };
  if (told.kind === 'refused') {
    return { error: told.code === 'NOT_FOUND' ? 'AuthFailure.SecretIdNotFound' : 'RequestLimitExceeded' };
  }
  return { signer: signerOf(told.body), claim, timestamp };
}

/** Whose a call is and what they may do, by its signature. */
export async function callerOf(
  call: Call,
  ledger: LedgerClient,
  now: number,
): Promise<Signer | { readonly error: GatewayError }> {
  const { headers } = call;
  const named = await namedSigner(headers, ledger, now);
  if ('error' in named) return named;
  const { signer, claim, timestamp } = named;
  const payload = headers['x-tc-content-sha256'] === unsigned ? unsigned : call.body;
  const request = { ...call, payloadHash: sha256(payload), timestamp };
  return isSignedBy(signer.keys, request, claim) ? signer : { error: 'AuthFailure.SignatureFailure' };
}

/** What says for whom and what the call is must be signed. */
const isWhole = ({ signedHeaders }: Tc3Claim): boolean =>
  signedHeaders.includes('host') && signedHeaders.includes('content-type');
