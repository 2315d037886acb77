// Who may do what, and whom a request is about: both are decided here, before anything is read.

import type { FastifyRequest, onRequestHookHandler } from 'fastify';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import type { Scope } from '../core/scopes.ts';
import { noOrder, parseOrderId } from '../operations/orders.ts';
import { noBill, parseBillId } from '../operations/read-bills.ts';
import { httpWords } from '../words/http.ts';
import { invalid } from '../words/invalid.ts';
import { type Caller, nobody } from './caller.ts';
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
  /** The key itself. */
  key: null;
  /** The whole server, or an account that is not there yet: operators only. */
  server: null;
}
export type Subject = keyof Subjects;

/** `public` looks at no key, `anyone` at the one that is sent, if any: it may show more. All other routes say what a key must be made for, and whom the request is about. */
export type Access = 'public' | 'anyone' | Keyed;
export interface Keyed {
  readonly scope: Scope | 'any';
  readonly of: Subject;
  /** A signature of the payment system will do in place of a key. */
  readonly signed?: true;
}
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
    if (access === 'public' || (access === 'anyone' && !request.headers.authorization)) {
      request.caller = nobody;
      return done();
    }
    // Whether the signature holds, the body has to tell: until it is read nobody calls.
    if (typeof access !== 'string' && access.signed === true && isSigned(request)) return done();
    const go = (caller: Caller | Refusal): void => {
      const refused = isRefusal(caller) ? caller : access === 'anyone' ? undefined : forbidden(caller, access);
      if (refused !== undefined) return void sendProblem(request, reply, refused);
      request.caller = caller as Caller;
      done();
    };
    const known = keys.recall(request.headers.authorization);
    if (known !== undefined) return go(known);
    keys.check(request).then(go).catch(done);
  };
}

/** No key of an account may call such a route, whatever it was made for. */
export const isForOperators = ({ scope, of }: Keyed): boolean => scope === 'manage' || of === 'server';

function forbidden(caller: Caller, access: Keyed): Refusal | undefined {
  const { scope, of } = access;
  if (caller.account !== null && isForOperators(access)) {
    return refuse('FORBIDDEN', { scope, role: 'operator' });
  }
  if (scope === 'any' || caller.scopes.includes(scope)) return undefined;
  if (scope === 'buy' && caller.account === null) return forbidden(caller, { scope: 'manage', of });
  return refuse('FORBIDDEN', { scope });
}

/** A book that is bound to accounts is seen by those who have it and by operators; for all others it does not exist. */
export const maySeeBook = ({ account, scopes, book }: Caller, bound: string): boolean =>
  scopes.includes('read') && (account === null || book === bound);

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
    case 'key':
    case 'server':
      return null;
  }
}

const orAll = (caller: Caller, named: string | undefined): string | null | Refusal =>
  caller.account === null && named === undefined ? null : accountFor(caller, named);

const accountIn = (asked: unknown): string | undefined => (asked as { readonly account?: string } | undefined)?.account;
