// Who may do what, and whom a request is about: both are decided here, before anything is read.

import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import type { Duty, ManagingDuty, Role } from '../core/roles.ts';
import type { Scope } from '../core/scopes.ts';
import { noOrder, parseOrderId } from '../operations/orders.ts';
import { noBill, parseBillId } from '../operations/read-bills.ts';
import { httpWords } from '../words/http.ts';
import { invalid } from '../words/invalid.ts';
import { type Caller, mayDo, mayRead, nobody } from './caller.ts';
import { isOfOwnPage, sessionTokenOf } from './cookie.ts';
import type { Keys } from './key-check.ts';
import { sendProblem } from './problem.ts';
import { isSigned } from './signed.ts';

/** How a request names the account it is about, and what its route then works with. */
export interface Subjects {
  /** `:id` is the account. */
  path: string;
  /** `account` of the query or the body; an account key's own where it is left out. */
  query: string;
  body: string;
  /** `:id` is a bill's, and the account stands in it. */
  bill: string;
  /** The same of an order. */
  order: string;
  /** As above; an operator who names none means all accounts: null. */
  'query or all': string | null;
  'body or all': string | null;
  /** Every item of the body names its own: the route asks `accountFor` for each. */
  items: null;
  /** `:id` is a webhook's: the route looks up whose it is. */
  webhook: null;
  /** `:id` is a delivery's: the route looks up whose it is. */
  delivery: null;
  /** `:id` is a person's: the route looks up whose they are. */
  person: null;
  /** `:id` is a key's: the route looks up whose it is. */
  'key of': null;
  /** The key itself, or the person. */
  key: null;
  /** The person who has signed in: no key is one. */
  self: null;
  /** The whole server, or an account that is not there yet: operators only. */
  server: null;
}
export type Subject = keyof Subjects;

/** `public` looks at no key, `anyone` at the one that is sent, if any: it may show more. All other routes say what a key must be made for, and whom the request is about. */
export type Access = 'public' | 'anyone' | Keyed;
export type Keyed = {
  readonly of: Subject;
  /** A signature of the payment system will do in place of a key. */
  readonly signed?: true;
  /** It is the operator's, but an account's own people with that duty do it for their account. */
  readonly owners?: true;
} & (
  | { readonly scope: Exclude<Scope, 'manage'> | 'any' }
  // What a key needs says too little of a person: which of an operator's duties it is.
  | { readonly scope: 'manage'; readonly duty: ManagingDuty }
);

/** Whose duty it is, where a person calls. */
export const dutyOf = (access: Keyed): Duty | 'any' => (access.scope === 'manage' ? access.duty : access.scope);
export type SubjectOf<A extends Access> = A extends { readonly of: infer Of extends Subject } ? Subjects[Of] : null;

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the door has been passed. */
    caller: Caller | null;
  }
}

/** Who calls, and may they? Before the body is read: a stranger's megabytes are not worth parsing. */
export function admit(keys: Keys, access: Access): onRequestHookHandler {
  return (request, reply, done) => {
    const { authorization, cookie } = request.headers;
    const isSilent = !authorization && sessionTokenOf(cookie) === undefined;
    if (access === 'public' || (access === 'anyone' && isSilent)) {
      request.caller = nobody;
      return done();
    }
    // Whether the signature holds, the body has to tell: until it is read nobody calls.
    if (typeof access !== 'string' && access.signed === true && isSigned(request)) return done();
    const go = (found: Caller | Refusal): void => {
      // Whoever was signed in once may look at what anyone may.
      const caller = access === 'anyone' && !authorization && isRefusal(found) ? nobody : found;
      const refused = isRefusal(caller) ? caller : refusalFor(request, caller, access);
      if (refused !== undefined) return void sendProblem(request, reply, refused);
      request.caller = caller as Caller;
      done();
    };
    const known = keys.recall(request.headers);
    if (known !== undefined) return go(known);
    keys.check(request).then(go).catch(done);
  };
}

/** No key of an account may call such a route, whatever it was made for. */
export const isForOperators = (access: Keyed): boolean =>
  (access.scope === 'manage' && access.owners !== true) || access.of === 'server';

function refusalFor(request: FastifyRequest, caller: Caller, access: Exclude<Access, 'public'>): Refusal | undefined {
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  // A cookie goes along whoever's page sends the request.
  if (caller.person !== null && changes && !isOfOwnPage(request)) return refuse('FOREIGN_ORIGIN');
  if (access === 'anyone') return undefined;
  return caller.person === null ? forbidden(caller, access) : forbiddenTo(caller, caller.person.role, access);
}

/** What a key may not do. */
export function forbidden(caller: Caller, access: Keyed): Refusal | undefined {
  const { scope, of } = access;
  if (of === 'self') return refuse('PERSON_REQUIRED');
  if (caller.account !== null && (scope === 'manage' || of === 'server')) {
    return refuse('FORBIDDEN', { scope, role: 'operator' });
  }
  if (scope === 'any' || caller.scopes.includes(scope)) return undefined;
  if (scope === 'buy' && caller.account === null && caller.scopes.includes('manage')) return undefined;
  return refuse('FORBIDDEN', { scope: scope === 'buy' && caller.account === null ? 'manage' : scope });
}

/** Of an operator’s duty within a route that others may call for less. */
export const forbiddenDuty = (caller: Caller, duty: ManagingDuty): Refusal | undefined => {
  const access = { scope: 'manage', duty, of: 'server' } as const;
  return caller.person === null ? forbidden(caller, access) : forbiddenTo(caller, caller.person.role, access);
};

/** What a person may not do. */
function forbiddenTo(caller: Caller, role: Role, access: Keyed): Refusal | undefined {
  const duty = dutyOf(access);
  const isAllowed = mayDo(role, duty) && !(caller.account !== null && isForOperators(access));
  return isAllowed ? undefined : refuse('DUTY_REQUIRED', { personRole: role, duty });
}

/** A book that is bound to accounts is seen by those who have it and by operators; for all others it does not exist. */
export const maySeeBook = (caller: Caller, bound: string): boolean =>
  mayRead(caller) && (caller.account === null || caller.book === bound);

/** Where an operator's key has to name the account. */
const unnamed = {
  body: httpWords.accountInBody,
  query: httpWords.accountInQuery,
};

/** The account that one item is about. An account's key means its own; any other account does not exist for it. */
export function accountFor(
  caller: Caller,
  named: string | undefined,
  place: keyof typeof unnamed = 'body',
): string | Refusal {
  if (caller.account === null) return named ?? invalid('/account', unnamed[place]);
  return named === undefined || named === caller.account ? caller.account : refuseMissing('account', named);
}

interface Asked {
  readonly params: FastifyRequest['params'];
  readonly query: unknown;
  readonly body: unknown;
}

/** The account that a request is about. What it may not see is answered like what is not there, and nothing was read for it. */
export function subjectOf(caller: Caller, of: Subject, { params, query, body }: Asked): string | null | Refusal {
  const { id = '' } = params as { readonly id?: string };
  switch (of) {
    case 'path':
      return accountFor(caller, id);
    case 'query':
      return accountFor(caller, accountIn(query), 'query');
    case 'body':
      return accountFor(caller, accountIn(body));
    case 'query or all':
      return orAll(caller, accountIn(query));
    case 'body or all':
      return orAll(caller, accountIn(body));
    case 'bill': {
      // In the words of the id asked for: those of the account would tell that it exists.
      const account = parseBillId(id)?.account;
      const isSeen = account !== undefined && !isRefusal(accountFor(caller, account));
      return isSeen ? account : noBill(id);
    }
    case 'order': {
      const account = parseOrderId(id)?.account;
      const isSeen = account !== undefined && !isRefusal(accountFor(caller, account));
      return isSeen ? account : noOrder(id);
    }
    case 'items':
    case 'webhook':
    case 'delivery':
    case 'person':
    case 'key of':
    case 'key':
    case 'self':
    case 'server':
      return null;
  }
}

const orAll = (caller: Caller, named: string | undefined): string | null | Refusal =>
  caller.account === null && named === undefined ? null : accountFor(caller, named);

const accountIn = (asked: unknown): string | undefined => (asked as { readonly account?: string } | undefined)?.account;
