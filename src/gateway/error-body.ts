// An error of the gateway's own, as the provider writes its errors.

import { randomUUID } from 'node:crypto';
import { type GatewayError, gatewayErrors } from '../words/gateway.ts';

/** `language`: what X-TC-Language says. */
export function errorBody(error: GatewayError, language: string | undefined): Buffer {
  const { zh, en } = gatewayErrors[error];
  const Message = /^en/i.test(language ?? '') ? en : zh;
  return Buffer.from(JSON.stringify({ Response: { Error: { Code: error, Message }, RequestId: randomUUID() } }));
}
