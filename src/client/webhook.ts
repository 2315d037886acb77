// What a webhook of ours brings: checked before it is believed.

import { Webhook } from 'standardwebhooks';
import { readJson } from '../core/json.ts';
import type { Answer } from './shapes.ts';

/** An alert as it arrives. `data` is what `GET /v1/alerts` lists. */
export interface Delivery {
  readonly type: string;
  /** RFC 3339, when it happened. */
  readonly timestamp: string;
  readonly data: Answer<'alertPage'>['alerts'][number];
}

/** As Node, Fastify and Express give them, or as `Request` has them. */
export type SentHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Checks the signature (Standard Webhooks: HMAC-SHA256 over id, time and body; five minutes at most between the clocks) and reads the body.
 * `body` is what arrived, byte by byte, and no JSON that was read and written again. While a secret is rotated the former one is good
 * too: with either of them a delivery can be checked. Throws where it is not ours, or too old.
 */
export function verifyWebhook(secret: string, body: string | Uint8Array, headers: SentHeaders): Delivery {
  const text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
  new Webhook(secret).verify(text, plain(headers), { jsonParse: false });
  const read = readJson(text);
  if (!isDelivery(read)) throw new TypeError('no delivery');
  return read;
}

const isDelivery = (read: unknown): read is Delivery =>
  typeof read === 'object' && read !== null && 'type' in read && typeof read.type === 'string' && 'data' in read;

const plain = (headers: SentHeaders): Record<string, string> =>
  Object.fromEntries(
    headers instanceof Headers
      ? headers
      : Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]),
  );
