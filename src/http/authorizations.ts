// Authorisation on the call path: hold, capture, release.

import type { z } from 'zod';
import { formatInstant } from '../core/calendar.ts';
import { isRefusal, type Refusal, type RefusalCode, refuse } from '../core/refusal.ts';
import { type Calls, callsOf, noCalls } from '../core/units.ts';
import type { Authorization } from '../ledger/requests.ts';
import type { Caller } from './caller.ts';
import * as contract from './contract/contract.ts';
import { type RouteParts, route } from './route.ts';

const defaultSeconds = 60;

export function registerAuthorizations(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/authorizations',
      links: {
        'POST /v1/authorizations/:id/capture': { id: '$response.body#/id' },
        'POST /v1/authorizations/:id/release': { id: '$response.body#/id' },
      },
      answer: contract.hold,
      access: { scope: 'meter', of: 'body' },
      refuses: [
        'HOLD_OF_OPERATOR',
        'UNKNOWN_METER',
        'ID_TAKEN',
        'HOLD_ENDED',
        'ARREARS',
        'POSTPAID_OFF',
        'CAP_REACHED',
        'NO_TARIFF',
        'SUSPENDED',
        'TOO_MANY_HOLDS',
      ],
      summary: 'May this call be made, and who will pay? Holds the calls until captured, released or out of time',
      body: contract.authorization,
      statuses: [201, 200],
    },
    async ({ account, caller, body }) => {
      const held = await hold(parts, caller, account, body);
      return isRefusal(held) ? held : { status: held.replayed ? 200 : 201, body: holdDocument(account, held) };
    },
  );
  registerEnds(parts);
  registerGate(parts);
}

/** Holds what a body asks for. */
export const hold = (
  { suanpan }: RouteParts,
  caller: Caller,
  account: string,
  body: z.output<typeof contract.authorization>,
): Promise<Authorization | Refusal> =>
  suanpan.ledger.authorize(account, {
    byOperator: caller.account === null,
    key: caller.rootKey,
    ...(body.id === undefined ? {} : { id: body.id }),
    meter: body.meter,
    calls: callsOf(body.calls ?? 1),
    department: body.department ?? null,
    milliseconds: (body.seconds ?? defaultSeconds) * 1_000,
    review: body.onExpiry === 'review',
  });

/** Captures it, and says what the call was settled as. */
export async function capture(
  { suanpan }: RouteParts,
  caller: Caller,
  account: string,
  { id, action, channel, library, resultCode }: Captured,
) {
  const facts =
    action === undefined
      ? null
      : { action, channel: channel ?? null, library: library ?? null, resultCode: resultCode ?? null };
  const result = await suanpan.ledger.capture(account, id, caller.account === null, facts);
  if (isRefusal(result)) return result;
  const { status, receipt, refusal } = result;
  if (refusal !== undefined) return refusal;
  if (status === 'conflict' || status === 'rejected' || receipt === undefined) {
    throw new Error(`captured: ${status}`);
  }
  return { id: result.id, status, receipt };
}

type Captured = z.output<typeof contract.captured> & { readonly id: string };

/** What account and balance say against a call: to a gateway all of it is one answer, which its kind understands. */
const closing: ReadonlySet<RefusalCode> = new Set([
  'ARREARS',
  'POSTPAID_OFF',
  'CAP_REACHED',
  'NO_TARIFF',
  'SUSPENDED',
  'TOO_MANY_HOLDS',
]);

function registerGate(parts: RouteParts): void {
  const { ledger } = parts.suanpan;
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/gate',
      answer: contract.hold,
      access: { scope: 'meter', of: 'query' },
      refuses: ['GATE_CLOSED', 'UNKNOWN_METER', 'ID_TAKEN', 'HOLD_ENDED'],
      summary: 'May this call pass? For gateways that ask first (ext_authz, forward-auth): 200, or 401 or 403',
      query: contract.gateQuery,
    },
    async ({ account, caller, query, reply }) => {
      const held = await ledger.authorize(account, {
        // Asked with the customer's own key, which must not take the hold back once the call has passed.
        byOperator: true,
        key: caller.rootKey,
        ...(query.id === undefined ? {} : { id: query.id }),
        meter: query.meter,
        calls: callsOf(1),
        department: null,
        milliseconds: defaultSeconds * 1_000,
        review: query.onExpiry === 'review',
      });
      if (isRefusal(held)) {
        reply.header('x-suanpan-code', held.refused);
        return closing.has(held.refused) ? refuse('GATE_CLOSED', { why: held.refused }) : held;
      }
      reply.header('x-suanpan-account', account).header('x-suanpan-authorization', encodeURIComponent(held.hold.id));
      return { body: holdDocument(account, held) };
    },
  );
}

function registerEnds(parts: RouteParts): void {
  const { ledger } = parts.suanpan;
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/authorizations/:id/capture',
      links: { 'GET /v1/events/:id/receipt': { id: '$response.body#/id' } },
      answer: contract.capture,
      access: { scope: 'meter', of: 'body' },
      refuses: ['HOLD_ENDED', 'HOLD_OF_OPERATOR', 'UNKNOWN_ACTION', 'OTHER_METER', 'EVENT_CONFLICT'],
      summary: 'The call was made: the hold becomes the usage event of the same id. Idempotent',
      body: contract.captured,
    },
    async ({ account, caller, params, body }) => {
      const captured = await capture(parts, caller, account, { ...body, id: params.id ?? '' });
      return isRefusal(captured) ? captured : { body: captured };
    },
  );
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/authorizations/:id/release',
      answer: contract.release,
      access: { scope: 'meter', of: 'body' },
      refuses: ['HOLD_ENDED', 'HOLD_OF_OPERATOR'],
      summary: 'The call was not made: the calls go back',
      body: contract.ofAccount,
    },
    async ({ account, caller, params }) => {
      const result = await ledger.release(account, params.id ?? '', caller.account === null);
      if (isRefusal(result)) return result;
      return { body: { id: result.hold.id, account, status: 'released' as const, calls: result.hold.calls } };
    },
  );
}

const payerOf = (postpaid: Calls, draws: number): z.output<typeof contract.hold>['payer'] =>
  postpaid === noCalls ? 'pack' : draws === 0 ? 'postpaid' : 'pack and postpaid';

function holdDocument(account: string, { hold, draws, timeZone }: Authorization) {
  return {
    id: hold.id,
    account,
    allowed: true as const,
    meter: hold.meter,
    calls: hold.calls,
    payer: payerOf(hold.postpaid, draws.length),
    draws,
    postpaid: hold.postpaid,
    expiresAt: formatInstant(timeZone, hold.expiresAt),
  };
}
