// One way to make a route: its access says who may call it and whom a request is about, its schemas validate and document it,
// its command may run once by Idempotency-Key.

import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ClientBase } from 'pg';
import type { ZodType, z } from 'zod';
import { canonicalJson, writeJson } from '../core/json.ts';
import { isRefusal, type Refusal, type RefusalCode, refuse } from '../core/refusal.ts';
import { unseenIn } from '../core/safe-text.ts';
import type { Money } from '../core/units.ts';
import type { Suanpan } from '../operations/suanpan.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { keepAct } from '../store/ledger/audit.ts';
import { type Answer, runOnce } from '../store/ledger/idempotency.ts';
import type { WorkRoom } from '../threads/work-room.ts';
import { httpWords } from '../words/http.ts';
import { invalid } from '../words/invalid.ts';
import { unseenWords } from '../words/name-flaws.ts';
import { type Access, admit, type SubjectOf, subjectOf } from './access.ts';
import { actOf } from './act-of.ts';
import { type BodyShares, boundBodies } from './body-shares.ts';
import type { Caller } from './caller.ts';
import { shareOf } from './caller-share.ts';
import type { Answered as Shown } from './contract/scalars.ts';
import type { HotCounters } from './hot-connection.ts';
import type { Keys } from './key-check.ts';
import { takesOnly } from './media.ts';
import { invalidInput, languageOf, sendProblem } from './problem.ts';
import { takeSigned } from './signed.ts';
import type { Turns } from './turns.ts';

export interface Documented {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Fastify's form: /v1/accounts/:id */
  readonly url: string;
  readonly access: Access;
  readonly summary: string;
  readonly query?: ZodType;
  readonly body?: ZodType;
  /** The Idempotency-Key header: required on commands that create or move money, taken where it helps. */
  readonly once?: 'required' | 'optional';
  /** Why its own work may be refused. What the door and the reading of input refuse goes without saying (refusals.ts). */
  readonly refuses?: readonly RefusalCode[];
  /** The statuses of success; 200 if not given. The first is what a value is answered with. */
  readonly statuses?: readonly [number, ...number[]];
  /** What the body may come as, beside `application/json`. */
  readonly media?: Readonly<Record<string, ZodType>>;
  /** What a success is answered with; undefined where there is none, or it is not JSON. */
  readonly answer: ZodType | undefined;
  /**
   * It changes something in transactions of its own: the act is kept before it begins, whatever comes of it. `all`: where it is about
   * no single account; about one its route keeps it.
   */
  readonly keptFirst?: true | 'all';
  /** It is a command: the act is kept in its transaction. */
  readonly audited?: true;
  /** Operations that an id of the answer leads to: "POST /v1/packs/:id/refund" and where their parameters stand in it. */
  readonly links?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the answer comes as, in place of `application/json`. */
  readonly answerType?: string;
  /** What the answer comes as when the client asks for it, beside `application/json`. */
  readonly answerMedia?: Readonly<Record<string, ZodType>>;
}

export interface Input<Query, Body, Account = string | null> {
  readonly caller: Caller;
  /** The account the request is about, which the caller may see; null where it is about none, or about all. */
  readonly account: Account;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Gives the turn of a read to the next: what follows takes no connection that others wait for. */
  readonly endTurn: () => void;
}

/**
 * `once`: the Idempotency-Key, or something new for a request that has none. `was`: says what was there before, for the audit, where
 * something is changed.
 */
export type CommandInput<Query, Body, Account> = Input<Query, Body, Account> & {
  readonly once: string;
  readonly was: (before: unknown) => void;
  /** Done when it has been committed, and not before. */
  readonly afterwards: (work: () => void) => void;
};

/** What a route answers: a value becomes JSON with the route's first status, or this one. */
export interface Answered<Body = unknown> {
  readonly status?: number;
  readonly body: Body;
}

/** What a handler may answer where a schema promises it. */
type Promised<Schema extends ZodType | undefined> = Schema extends ZodType ? Shown<Schema> : never;

export interface RouteParts {
  readonly app: FastifyInstance;
  readonly suanpan: Suanpan;
  readonly keys: Keys;
  /** Where what may take long is done: what strangers ask takes nothing from those who have a key. */
  readonly rooms: { readonly keyed: WorkRoom; readonly strangers: WorkRoom };
  /** Lines of commands, by account. */
  readonly turns: Turns;
  /** Lines of reads, by caller. */
  readonly readTurns: Turns;
  /** Lines of files, by caller. */
  readonly fileTurns: Turns;
  /** Bytes of long bodies, by caller. */
  readonly bodies: BodyShares;
  /** Acts on money above it wait for a second person; null: none does. */
  readonly secondPersonAbove: Money | null;
  /** Whole days that the transfer for an order may take. */
  readonly orderDays: number;
  /** What the payment system signs with; without one nothing that is signed is believed. */
  readonly paymentSecret: string | undefined;
  /** What came by hot connections. */
  readonly hot: HotCounters;
  readonly documented: Documented[];
}

/** A route that reads and answers for itself: the same door and the same document as all others. */
export function routeByHand(
  parts: RouteParts,
  spec: Documented,
  options: { readonly bodyLimit?: number },
  handler: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  parts.documented.push(spec);
  const { method, url } = spec;
  const door = doorOf(parts, spec);
  const { bodyLimit } = options;
  const bound = bodyLimit === undefined ? [] : [boundBodies(parts.bodies, bodyLimit)];
  parts.app.route({ ...options, method, url, ...door, onRequest: [door.onRequest, ...bound], handler });
}

/** What every request to a route passes first: who may call, then in which form a body may come. */
function doorOf({ keys, paymentSecret }: RouteParts, { method, access, media = {} }: Documented) {
  const onRequest = admit(keys, access);
  // The body of a GET is never read.
  if (method === 'GET') return { onRequest };
  const inForm = takesOnly(Object.keys(media));
  const isSignable = typeof access !== 'string' && access.signed === true;
  return { onRequest, preParsing: isSignable ? [inForm, takeSigned(paymentSecret)] : inForm };
}

type Parsed<Schema extends ZodType | undefined> = Schema extends ZodType ? z.output<Schema> : undefined;

type Spec<
  Query extends ZodType | undefined,
  Body extends ZodType | undefined,
  Whose extends Access,
  Said extends ZodType | undefined,
> = Documented & {
  readonly answer: Said;
  readonly query?: Query;
  readonly body?: Body;
  readonly access: Whose;
  /**
   * What a HEAD is answered with: the refusal there would be, as far as it costs nothing, and headers. Without it a HEAD does what
   * the GET does.
   */
  readonly head?: (input: Input<Parsed<Query>, Parsed<Body>, SubjectOf<Whose>>) => Promise<Refusal | undefined>;
};

/** A route that reads, or whose command needs no transaction of ours. */
export function route<
  Query extends ZodType | undefined,
  Body extends ZodType | undefined,
  const Whose extends Access,
  Said extends ZodType | undefined,
>(
  parts: RouteParts,
  spec: Spec<Query, Body, Whose, Said>,
  answer: (
    input: Input<Parsed<Query>, Parsed<Body>, SubjectOf<Whose>>,
  ) => Promise<Answered<Promised<Said>> | Refusal | FastifyReply | undefined>,
): void {
  parts.documented.push(spec);
  parts.app.route({
    method: spec.method,
    url: spec.url,
    ...doorOf(parts, spec),
    exposeHeadRoute: spec.head === undefined,
    handler: async (request, reply) => {
      const input = await readInput<Parsed<Query>, Parsed<Body>, SubjectOf<Whose>>(spec, request, reply);
      if (input === undefined) return reply;
      if (spec.keptFirst === true || (spec.keptFirst === 'all' && input.account === null))
        await keepFirst(parts, spec, input);
      const answered = await inReadTurn(parts, spec, input, answer);
      if (isRefusal(answered)) return sendProblem(request, reply, answered);
      // A reply is thenable: awaited, one that was sent already comes back as undefined.
      if (answered === undefined || !('body' in answered)) return reply;
      return send(reply, { status: statusOf(spec, answered), body: writeJson(answered.body) });
    },
  });
  if (spec.head !== undefined) headRoute(parts, spec, spec.head);
}

/** HEAD, without the work for a body that nobody gets. */
function headRoute<Query, Body, Account>(
  parts: RouteParts,
  spec: Documented,
  head: (input: Input<Query, Body, Account>) => Promise<Refusal | undefined>,
): void {
  parts.app.route({
    method: 'HEAD',
    url: spec.url,
    ...doorOf(parts, spec),
    handler: async (request, reply) => {
      const input = await readInput<Query, Body, Account>(spec, request, reply);
      if (input === undefined) return reply;
      const refusal = await inReadTurn(parts, spec, input, head);
      if (refusal !== undefined) return sendProblem(request, reply, refusal);
      if (!reply.hasHeader('content-type')) reply.type('application/json; charset=utf-8');
      return reply.header('cache-control', 'no-store').send();
    },
  });
}

/** A route that changes one account in one transaction. Its account's cached head is forgotten afterwards. */
export function command<
  Query extends ZodType | undefined,
  Body extends ZodType | undefined,
  const Whose extends Access,
  Said extends ZodType | undefined,
>(
  parts: RouteParts,
  spec: Spec<Query, Body, Whose, Said>,
  work: (
    tx: ClientBase,
    input: CommandInput<Parsed<Query>, Parsed<Body>, SubjectOf<Whose>>,
  ) => Promise<(Answered<Promised<Said>> & { readonly account?: string }) | Refusal>,
  /** Puts into an answer what must not be stored for a repeat. */
  complete?: (input: CommandInput<Parsed<Query>, Parsed<Body>, SubjectOf<Whose>>, body: string) => string,
): void {
  route(parts, { ...spec, audited: true }, async (request) => {
    const key = request.request.headers['idempotency-key'];
    const isKey = typeof key === 'string' && key !== '' && key.length <= 200;
    if (spec.once === 'required' && !isKey) return refuse('IDEMPOTENCY_KEY_REQUIRED');
    if (spec.once === 'optional' && key !== undefined && !isKey) {
      return refuse('INVALID_INPUT', { problem: 'Idempotency-Key: 1 to 200 characters' });
    }
    let before: unknown;
    let last = (): void => {};
    const input = {
      ...request,
      once: isKey && spec.once !== undefined ? key : randomUUID(),
      was: (was: unknown) => {
        before = was;
      },
      afterwards: (work: () => void) => {
        last = work;
      },
    };
    let changed: string | undefined;
    const run = async (tx: ClientBase): Promise<Answer | Refusal> => {
      const answered = await work(tx, input);
      if (isRefusal(answered)) return answered;
      changed = answered.account;
      const body = writeJson(answered.body);
      const chain = input.account ?? changed ?? '';
      await keepAct(tx, actOf(parts.suanpan.clock(), spec, input, { chain, before, after: answered.body }));
      return { status: statusOf(spec, answered), body };
    };
    const { pool } = parts.suanpan;
    const attempt = async () =>
      typeof key === 'string' && spec.once !== undefined
        ? runOnce(pool, onceKey(input, spec, key), run)
        : inTransaction(pool, run);
    const outcome = await inTurn(parts.turns, input.account, attempt);
    if (changed !== undefined) parts.suanpan.ledger.forget(changed);
    if (isRefusal(outcome)) return outcome;
    last();
    const stored = 'answer' in outcome ? outcome : { answer: outcome, replayed: false };
    if (stored.replayed) input.reply.header('idempotent-replayed', 'true');
    const { status, body } = stored.answer;
    return send(input.reply, { status, body: complete === undefined ? body : complete(input, body) });
  });
}

/** Acts in transactions of their own are kept before they begin: one that breaks off half done must not be one that nobody did. */
async function keepFirst(parts: RouteParts, spec: Documented, input: Input<unknown, unknown, unknown>): Promise<void> {
  const chain = typeof input.account === 'string' ? input.account : '';
  const kept = { chain, before: undefined, after: undefined };
  const { pool, clock } = parts.suanpan;
  await inTransaction(pool, (tx) => keepAct(tx, actOf(clock(), spec, input, kept)));
}

/** Commands of one account stand in line before they take a connection: its head lets only one of them go on anyhow. */
async function inTurn<T>(turns: Turns, account: string | null, work: () => Promise<T>): Promise<T | Refusal> {
  if (account === null) return work();
  const end = await turns.take(account);
  if (isRefusal(end)) return end;
  try {
    return await work();
  } finally {
    end();
  }
}

/**
 * Reads of one caller stand in line before they take a connection, so that connections are left to the others. `work` has answered
 * when all is read, but for a file that reads as it is sent: those have turns of their own.
 */
async function inReadTurn<Asking extends Input<unknown, unknown, unknown>, T>(
  { readTurns }: RouteParts,
  spec: Documented,
  input: Asking,
  work: (input: Asking) => Promise<T>,
): Promise<T | Refusal> {
  if (!readsDatabase(spec)) return work(input);
  const end = await readTurns.take(shareOf(input.caller, input.request.ip).own);
  if (isRefusal(end)) return end;
  try {
    return await work({ ...input, endTurn: end });
  } finally {
    end();
  }
}

/** What is public, and what a key says of itself, is in memory. */
const readsDatabase = ({ method, access }: Documented): boolean =>
  method === 'GET' && typeof access !== 'string' && access.of !== 'key';

const statusOf = (spec: Documented, answered: Answered): number => answered.status ?? spec.statuses?.[0] ?? 200;

function onceKey(input: Input<unknown, unknown>, spec: Documented, key: string) {
  const query = Object.keys(input.query ?? {}).length === 0 ? [] : [input.query];
  const what = canonicalJson([spec.method, spec.url, input.params, input.body ?? null, ...query]);
  const { account, prefix } = input.caller;
  const formerScope = account === null ? 'operator' : `account:${account}`;
  return { scope: `key:${prefix}`, formerScope, key, digest: createHash('sha256').update(what).digest('hex') };
}

const send = (reply: FastifyReply, { status, body }: Answer): FastifyReply => sendText(reply, status, body);

/** JSON that is text already, or text of the type that the reply has. */
export const sendText = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  sendMade(reply, status, text);

/** The same in bytes. */
export const sendBytes = (reply: FastifyReply, status: number, bytes: Uint8Array): FastifyReply =>
  sendMade(reply, status, bytes);

function sendMade(reply: FastifyReply, status: number, made: string | Uint8Array): FastifyReply {
  if (!reply.hasHeader('content-type')) reply.type('application/json; charset=utf-8');
  return reply.code(status).header('cache-control', 'no-store').send(made);
}

async function readInput<Query, Body, Account>(
  spec: Documented,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Input<Query, Body, Account> | undefined> {
  const { caller } = request;
  if (caller === null) throw new Error('nobody asked for the key');
  const params = request.params as Record<string, string>;
  const unseen = unseenIn(Object.values(params).join(''));
  if (unseen !== undefined) {
    const { en, zh } = unseenWords(unseen);
    sendProblem(request, reply, invalid(undefined, httpWords.path(zh, en)));
    return undefined;
  }
  const query = spec.query?.safeParse(request.query);
  const body = spec.body?.safeParse(request.body ?? {});
  for (const parsed of [query, body]) {
    if (parsed === undefined || parsed.success) continue;
    const { refusal, fields } = invalidInput(parsed.error, languageOf(request.headers['accept-language']));
    sendProblem(request, reply, refusal, fields);
    return undefined;
  }
  const asked = { params, query: query?.data as Query, body: body?.data as Body };
  const account = typeof spec.access === 'string' ? null : subjectOf(caller, spec.access.of, asked);
  if (isRefusal(account)) {
    sendProblem(request, reply, account);
    return undefined;
  }
  return { ...asked, caller, account: account as Account, request, reply, endTurn: () => {} };
}
