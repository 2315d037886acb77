// Requests that a payment system of the operator's own signs in place of showing an API key (Standard Webhooks): the secret never
// travels, and what was sent once is worth nothing after five minutes.

import { Readable } from 'node:stream';
import type { FastifyRequest, preParsingHookHandler } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { refuse } from '../core/refusal.ts';
import type { Caller } from './caller.ts';
import { sendProblem } from './problem.ts';

/** Whoever holds the secret of payments. */
export const payer: Caller = {
  account: null,
  prefix: 'payment',
  rootKey: null,
  scopes: ['manage'],
  book: null,
  person: null,
};

export const isSigned = ({ headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && headers['webhook-signature'] !== undefined;

/** A notification of a payment is a few hundred bytes. */
const mostBytes = 16 * 1024;

/** Reads the body of a request that the door let pass for its signature, and makes it the payer's if that holds. */
export function takeSigned(secret: string | undefined): preParsingHookHandler {
  const webhook = secret === undefined ? undefined : new Webhook(secret);
  return (request, reply, payload, done) => {
    if (request.caller !== null) return done(null, payload);
    readBody(payload).then((body) => {
      if (webhook === undefined || body === undefined || !holds(webhook, request, body)) {
        sendProblem(request, reply, refuse('UNAUTHENTICATED', { signed: 'webhook-signature' }));
        return;
      }
      request.caller = payer;
      done(null, Readable.from([body], { objectMode: false }));
    }, done);
  };
}

/** Undefined: it is longer than any notification. */
async function readBody(payload: AsyncIterable<unknown>): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of payload) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > mostBytes) return undefined;
  }
  return Buffer.concat(parts);
}

function holds(webhook: Webhook, { headers }: FastifyRequest, body: Buffer): boolean {
  try {
    webhook.verify(body, headers as Record<string, string>, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
