// Usage events in, receipts out: the hot path of HTTP. One event, an array, NDJSON, CloudEvents; answered after the commit.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ledgerIdOf } from '../core/event-name.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { instantOf } from '../core/units.ts';
import { inSlices } from '../ledger/slices.ts';
import { eventsCursor } from '../operations/cursors.ts';
import { reviewEvent, voidEvent } from '../operations/events.ts';
import { refuseMissingAccount } from '../operations/read-account.ts';
import { readEvents } from '../operations/read-ledger.ts';
import { accountFor, type Keyed } from './access.ts';
import { mostEvents, readBody, readJson, readLines, tooLarge } from './body-items.ts';
import type { Caller } from './caller.ts';
import * as contract from './contract/contract.ts';
import { sendAsked } from './from-thread.ts';
import { type Item, itemJson } from './item-json.ts';
import { pageOf } from './paging.ts';
import { type ParsedEvent, parseAnyEvent } from './parse-event.ts';
import { PlainReader } from './plain-body.ts';
import { settlePlainBody } from './plain-items.ts';
import { type Language, languageOf, sendProblem } from './problem.ts';
import { command, type Documented, type RouteParts, route, routeByHand } from './route.ts';
import { spanOf } from './span.ts';

const bodyLimit = 8 * 1024 * 1024;

/** Events that the ledger is handed as one: it settles them without a pause, and fills its groups with such pieces. */
const mostTogether = 250;

const lines = z.string().meta({ description: 'One event a line, up to 10,000; a line has at most 65,536 characters' });

/** Who may send events. */
export const eventsAccess = { scope: 'meter', of: 'items' } as const satisfies Keyed;

export function registerEvents(parts: RouteParts): void {
  const spec = {
    method: 'POST',
    url: '/v1/events',
    links: {
      'GET /v1/events/:id/receipt': { id: '$response.body#/id' },
      'POST /v1/events/:id/void': { id: '$response.body#/id' },
      'POST /v1/events/:id/review': { id: '$response.body#/id' },
    },
    access: eventsAccess,
    refuses: ['EVENT_CONFLICT', 'EVENT_TOO_OLD', 'EVENT_IN_FUTURE', 'UNKNOWN_METER', 'UNKNOWN_ACTION', 'HOLD_OPEN'],
    summary: 'Record usage: one event, an array of up to 10,000, NDJSON, or CloudEvents 1.0. Answered after the commit',
    body: contract.sentEvents,
    media: {
      'application/x-ndjson': lines,
      'application/ndjson': lines,
      'application/jsonl': lines,
      'application/cloudevents+json': contract.cloudEvent,
      'application/cloudevents-batch+json': z.array(contract.cloudEvent).max(contract.mostItems),
    },
    answer: contract.recordedEvents,
  } satisfies Documented;
  // Not an async handler: awaiting a reply, which is thenable, would cost a listener for its end on every call.
  routeByHand(parts, spec, { bodyLimit }, (request, reply) => {
    record(parts, request, reply).catch((error: unknown) => reply.send(error));
  });
  registerReads(parts);
  registerVoids(parts);
}

async function record(parts: RouteParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { body, caller } = request;
  if (caller === null) throw new Error('nobody asked for the key');
  const settled = await settleBody(parts, caller, body, languageOf(request.headers['accept-language']));
  if (typeof settled === 'string') reply.type(eventsAnswer).send(settled);
  else sendProblem(request, reply, settled);
}

/** What the answer to events comes as. */
export const eventsAnswer = 'application/json; charset=utf-8';

/** Settles the event or events of a body: the text of the answer, or why nothing of it was done. */
export async function settleBody(
  parts: RouteParts,
  caller: Caller,
  body: unknown,
  language: Language,
): Promise<string | Refusal> {
  if (body instanceof PlainReader) {
    const settled = await settlePlainBody(parts, caller, body, language, mostTogether);
    if (settled !== undefined) return settled;
    return settleBody(parts, caller, await readBody(body.bytes, body.isLines ? readLines : readJson), language);
  }
  if (!Array.isArray(body)) {
    const item = await settleItem(parts, caller, body);
    const { refusal, status } = item.result;
    const isRefused = refusal !== undefined && (status === 'rejected' || status === 'conflict');
    return isRefused ? refusal : itemJson(item, language);
  }
  if (body.length > contract.mostItems) return tooLarge(mostEvents);
  const items = await settleItems(parts, caller, body);
  const overloaded = items.find(({ result }) => result.refusal?.refused === 'OVERLOADED')?.result.refusal;
  if (overloaded !== undefined) return overloaded;
  const results: string[] = [];
  await inSlices(items, (item) => results.push(itemJson(item, language)));
  return `{"results":[${results.join(',')}]}`;
}

/** What an item asks for, and for which account. */
interface Order {
  readonly account: string;
  readonly parsed: ParsedEvent;
}

function readOrder(caller: Caller, body: unknown): Order | Refusal {
  const parsed = parseAnyEvent(body);
  if (isRefusal(parsed)) return parsed;
  const account = accountFor(caller, parsed.account);
  return isRefusal(account) ? account : { account, parsed };
}

async function settleItem({ suanpan }: RouteParts, caller: Caller, body: unknown): Promise<Item> {
  const order = readOrder(caller, body);
  if (isRefusal(order)) return rejected(body, order);
  const byOperator = caller.account === null;
  const [result] = await suanpan.ledger.record(order.account, [order.parsed.event], {
    byOperator,
    key: caller.rootKey,
    receipts: 'settled',
  });
  if (result === undefined) throw new Error('one event gave no result');
  return { name: order.parsed.name, source: order.parsed.source, result };
}

/** Settles each item by itself: a bad one is rejected, the others go on. Results in the given order. */
async function settleItems({ suanpan }: RouteParts, caller: Caller, bodies: readonly unknown[]): Promise<Item[]> {
  const items = new Array<Item>(bodies.length);
  // In columns: what lies here until the commit is moved by the garbage collector, object by object.
  const byAccount = new Map<string, { readonly places: number[]; readonly parsed: ParsedEvent[] }>();
  await inSlices(bodies, (body, at) => {
    const order = readOrder(caller, body);
    if (isRefusal(order)) {
      items[at] = rejected(body, order);
      return;
    }
    const line = byAccount.get(order.account);
    if (line === undefined) byAccount.set(order.account, { places: [at], parsed: [order.parsed] });
    else {
      line.places.push(at);
      line.parsed.push(order.parsed);
    }
  });
  const handed = [...byAccount].flatMap(([account, { places, parsed }]) =>
    Array.from({ length: Math.ceil(places.length / mostTogether) }, async (_, part) => {
      const from = part * mostTogether;
      const events = parsed.slice(from, from + mostTogether).map(({ event }) => event);
      const results = await suanpan.ledger.record(account, events, {
        byOperator: caller.account === null,
        key: caller.rootKey,
        receipts: 'settled',
      });
      results.forEach((result, index) => {
        const [at, of] = [places[from + index], parsed[from + index]];
        if (at !== undefined && of !== undefined) items[at] = { name: of.name, source: of.source, result };
      });
    }),
  );
  await Promise.all(handed);
  return items;
}

function rejected(body: unknown, refusal: Refusal): Item {
  const name = nameOf(body);
  return { name, source: null, result: { id: name, status: 'rejected', refusal } };
}

function nameOf(body: unknown): string {
  const named = typeof body === 'object' && body !== null && 'id' in body ? body.id : undefined;
  return typeof named === 'string' ? named.slice(0, 200).toWellFormed() : '';
}

const eventQuery = z.strictObject({
  account: contract.accountId.optional(),
  from: contract.time.optional(),
  to: contract.time.optional(),
  ...contract.eventWish,
  ...pageOf(eventsCursor),
});

const source = contract.askedSource.optional().meta({ description: 'The source of a CloudEvent' });
const ofEvent = z.strictObject({ source });

/** The ledger's id of the event that a path and `?source=` name. */
const named = (params: Readonly<Record<string, string>>, query: { readonly source?: string | undefined }): string =>
  ledgerIdOf({ id: params.id ?? '', source: query.source ?? null });

function registerReads(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/events',
      answer: contract.eventPage,
      access: { scope: 'read', of: 'query' },
      refuses: ['UNKNOWN_METER'],
      summary: 'Events of an account in order of call time, all or those that are looked for',
      query: eventQuery,
      head: ({ account }) => refuseMissingAccount(suanpan, account),
    },
    async ({ account, query }) => {
      const { account: _, from, to, cursor, limit = 50, ...wish } = query;
      const page = {
        account,
        ...spanOf({ from, to }),
        after: cursor === undefined ? null : { at: instantOf(cursor[0]), seq: cursor[1] },
        limit,
      };
      const found = await readEvents(suanpan.pool, suanpan, page, wish);
      return isRefusal(found) ? found : { body: found };
    },
  );
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/events/:id/receipt',
      answer: contract.wholeReceipt,
      access: { scope: 'read', of: 'query' },
      summary: 'The receipt of one event: who paid, and why no other pack did',
      query: z.strictObject({ account: contract.accountId.optional(), source }),
    },
    async (input) => {
      const { account, query, params } = input;
      return sendAsked(parts, input, { of: 'receipt', account, event: named(params, query) });
    },
  );
}

function registerVoids(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/events/:id/void',
      answer: contract.receipt,
      access: { scope: 'manage', duty: 'support', of: 'body' },
      refuses: ['ALREADY_VOIDED'],
      summary: 'Void an event, once: its draws go back, its postpaid calls leave the counter',
      query: ofEvent,
      body: contract.ofAccount,
      once: 'optional',
    },
    async (tx, { account, caller, query, params }) => {
      const order = { account, event: named(params, query), by: caller.prefix };
      const receipt = await voidEvent(tx, suanpan, order, suanpan.clock());
      return isRefusal(receipt) ? receipt : { body: receipt, account };
    },
  );
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/events/:id/review',
      answer: contract.receipt,
      access: { scope: 'manage', duty: 'support', of: 'body' },
      refuses: ['NOT_HELD_FOR_REVIEW', 'ALREADY_REVIEWED', 'ALREADY_VOIDED', 'UNKNOWN_METER'],
      summary: 'Decide an event held for review',
      query: ofEvent,
      body: contract.review,
      once: 'optional',
    },
    async (tx, { account, caller, query, body, params }) => {
      const order = { account, event: named(params, query), charge: body.charge, by: caller.prefix };
      const receipt = await reviewEvent(tx, suanpan, order, suanpan.clock());
      return isRefusal(receipt) ? receipt : { body: receipt, account };
    },
  );
}
