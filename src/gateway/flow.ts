// One call from its signature to its answer: held, passed on, judged, captured. Fails closed: what cannot be held is not passed on.

import { createHmac, randomUUID } from 'node:crypto';
import type { GatewayError } from '../words/gateway.ts';
import { type Call, callerOf, fieldOf, isUsual } from './call.ts';
import {
  type Attempt,
  attemptsOf,
  errorIn,
  type Fields,
  judgeCall,
  responseOf,
  showsAttempts,
  tokenIn,
} from './judge.ts';
import type { FlowToken, LedgerClient, Signer } from './ledger.ts';
import type { ActionRule, FlowRule, GatewayMap } from './map.ts';
import type { Told } from './told.ts';
import { passOn, type Upstream } from './upstream.ts';
import type { Wired } from './wire.ts';

export interface GatewayParts {
  readonly map: GatewayMap;
  readonly ledger: LedgerClient;
  readonly upstream: Upstream;
  readonly clock: () => number;
}

/** The provider's bytes, or an error of the gateway's own. `outcome` is for the counters. */
export type Flowed =
  | { readonly kind: 'bytes'; readonly body: Buffer; readonly outcome: string }
  | { readonly kind: 'error'; readonly error: GatewayError };

const fail = (error: GatewayError): Extract<Flowed, { kind: 'error' }> => ({ kind: 'error', error });

export async function flow(parts: GatewayParts, call: Call): Promise<Flowed> {
  const { map, ledger } = parts;
  const caller = await callerOf(call, ledger, parts.clock());
  if ('error' in caller) return fail(caller.error);
  const action = call.headers['x-tc-action'] ?? '';
  const rule = Object.hasOwn(map.actions, action) ? map.actions[action] : undefined;
  const isKnown = rule !== undefined && call.headers['x-tc-version'] === map.version;
  if (!isKnown || !isUsual(call)) return fail('UnsupportedOperation');
  if (!mayCall(caller, action, rule)) return fail('AuthFailure.UnauthorizedOperation');
  const order = { parts, call, action, account: caller.account };
  switch (rule.kind) {
    case 'call':
      return chargedCall(order, rule);
    case 'start':
      return startOfFlow(order, rule);
    case 'free':
      return answered(answerOf(await passOn(call, parts.upstream)), 'free');
    case 'attempts':
      return fetched(order, rule);
  }
}

/** What begins a flow leads to attempts that are charged; fetching them charges for what was made already. */
function mayCall({ scopes, actions }: Signer, action: string, { kind }: ActionRule): boolean {
  const isCharged = kind === 'call' || kind === 'start';
  return scopes.includes(isCharged ? 'meter' : 'read') && (actions === null || actions.includes(action));
}

interface Order {
  readonly parts: GatewayParts;
  readonly call: Call;
  readonly action: string;
  readonly account: string;
}

/** What stands in an answer is read once: it may be megabytes. Undefined: no answer that can be used. */
interface Answer {
  readonly body: Buffer;
  readonly response: Fields;
}

function answerOf(passed: Wired): Answer | undefined {
  if (passed.kind !== 'answer' || passed.status !== 200) return undefined;
  const response = responseOf(passed.body);
  return response === undefined ? undefined : { body: passed.body, response };
}

const answered = (answer: Answer | undefined, outcome: string): Flowed =>
  answer === undefined ? fail('InternalError') : { kind: 'bytes', body: answer.body, outcome };

const refusals: Readonly<Record<string, GatewayError>> = {
  ARREARS: 'UnauthorizedOperation.Arrears',
  POSTPAID_OFF: 'UnauthorizedOperation.Arrears',
  CAP_REACHED: 'UnauthorizedOperation.Arrears',
  SUSPENDED: 'UnauthorizedOperation.ChargeStatusException',
  NO_TARIFF: 'UnauthorizedOperation.Nonactivated',
  UNKNOWN_METER: 'UnauthorizedOperation.Nonactivated',
};

const errorOf = (told: Exclude<Told, { kind: 'done' }>): GatewayError =>
  (told.kind === 'refused' ? refusals[told.code] : undefined) ?? 'RequestLimitExceeded';

/** A hold that the ledger may have made without saying so is given back: nothing was passed on. */
async function held(
  { parts: { ledger }, account }: Order,
  meter: string,
  id: string,
): Promise<GatewayError | undefined> {
  const told = await ledger.hold(account, meter, id);
  if (told.kind === 'done') return undefined;
  if (told.kind === 'away') void ledger.release(account, id);
  return errorOf(told);
}

async function chargedCall(order: Order, rule: Extract<ActionRule, { kind: 'call' }>): Promise<Flowed> {
  const { parts, call, action, account } = order;
  const id = randomUUID();
  const refused = await held(order, rule.meter, id);
  if (refused !== undefined) return fail(refused);
  const passed = await passOn(call, parts.upstream);
  if (passed.kind === 'unsent') await parts.ledger.release(account, id);
  const answer = answerOf(passed);
  // What nobody knows the fate of is left as it is: its time runs out, and it waits for a person.
  if (answer === undefined) return fail('InternalError');
  const verdict = judgeCall(rule, answer.response);
  if (verdict.kind === 'not made') await parts.ledger.release(account, id);
  if (verdict.kind === 'result') await parts.ledger.capture(account, id, { action, resultCode: verdict.code });
  return answered(answer, verdict.kind);
}

/** Only where one attempt could be paid; who pays it is settled when it was made. */
async function startOfFlow(order: Order, rule: Extract<ActionRule, { kind: 'start' }>): Promise<Flowed> {
  const { parts, call, account } = order;
  const known = flowRuleOf(order, rule.rule);
  const meter = rule.meter ?? known?.meter;
  if (meter === undefined) return fail('UnauthorizedOperation.Nonactivated');
  const id = randomUUID();
  const refused = await held(order, meter, id);
  if (refused !== undefined) return fail(refused);
  await parts.ledger.release(account, id);
  const answer = answerOf(await passOn(call, parts.upstream));
  const free = answered(answer, 'free');
  const token = answer === undefined || rule.token === undefined ? undefined : tokenIn(rule.token, answer.response);
  if (token === undefined || rule.fetch === undefined) return free;
  const fetching = parts.map.actions[rule.fetch];
  const facts = factsOf(fetching?.kind === 'attempts' ? fetching : {}, known);
  return (await refusedToken(order, { token, action: rule.fetch, ...facts })) ?? free;
}

/** Whose the flow is stands in the ledger before the customer has its token: by that the provider's own list is matched later. */
async function refusedToken(
  { parts, account }: Order,
  flow: Omit<FlowToken, 'account'>,
): Promise<Extract<Flowed, { kind: 'error' }> | undefined> {
  const told = await parts.ledger.keepToken({ ...flow, account });
  if (told.kind === 'done') return undefined;
  const isOfAnother = told.kind === 'refused' && told.code === 'TOKEN_OF_ANOTHER';
  return fail(isOfAnother ? 'InvalidParameterValue.BizTokenIllegal' : 'RequestLimitExceeded');
}

function flowRuleOf(order: Order, field: string | undefined): FlowRule | undefined {
  const id = field === undefined ? undefined : fieldOf(order.call, field);
  const { rules } = order.parts.map;
  return id !== undefined && Object.hasOwn(rules, id) ? rules[id] : undefined;
}

/** The attempts are on disk before the customer sees them: who is not answered asks again, and the same attempt counts once. */
async function fetched(order: Order, rule: Extract<ActionRule, { kind: 'attempts' }>): Promise<Flowed> {
  const token = fieldOf(order.call, rule.token);
  const known = flowRuleOf(order, rule.rule);
  if (token === undefined || (rule.rule !== undefined && known === undefined)) {
    return fail('UnauthorizedOperation.Nonactivated');
  }
  const answer = answerOf(await passOn(order.call, order.parts.upstream));
  if (answer === undefined) return fail('InternalError');
  const { body, response } = answer;
  const { attempts, isPartly } = attemptsOf(rule, response);
  // Attempts beside an error are not shown: the provider's own list says what they were.
  if (errorIn(response) !== undefined) {
    return showsAttempts(rule, response) ? fail('InternalError') : answered(answer, 'attempts');
  }
  const facts = factsOf(rule, known);
  const refused = await refusedToken(order, { token, action: order.action, ...facts });
  if (refused !== undefined) return refused;
  let outcome = 'attempts';
  for (const attempt of attempts) {
    const found = await recorded(order, token, attempt, facts);
    if (found === 'away') return fail('RequestLimitExceeded');
    // Asking again would not help: it is too old, say.
    if (found === 'refused') return fail('InternalError');
    if (found === 'disagrees') outcome = 'provider disagrees';
    if (found === 'another result') outcome = 'another result';
  }
  return { kind: 'bytes', body, outcome: isPartly ? 'attempts not readable' : outcome };
}

type FlowFacts = { readonly channel?: string; readonly library?: string };

function factsOf({ library: own }: { readonly library?: string | undefined }, known: FlowRule | undefined): FlowFacts {
  const library = own ?? known?.library;
  return { ...(known === undefined ? {} : { channel: known.channel }), ...(library === undefined ? {} : { library }) };
}

async function recorded(
  { parts, action, account }: Order,
  token: string,
  { seq, code, at, charged }: Attempt,
  facts: FlowFacts,
): Promise<'as it says' | 'disagrees' | 'another result' | 'refused' | 'away'> {
  const id = seq === '' ? token : `${token}:${seq}`;
  const time = new Date(at ?? parts.clock()).toISOString();
  const said = charged === null ? {} : { providerCharged: charged };
  const event = { account, time, action, ...facts, resultCode: code, ...said };
  const told = await parts.ledger.record({ ...event, id });
  if (isThere(told)) return 'as it says';
  if (told.kind === 'refused' && told.code === 'EVENT_CONFLICT') {
    // Something else stands under its id: another result of it, or what its account wrote there to have this one free.
    const own = await parts.ledger.record({ ...event, id: ownId(parts.upstream, account, id, code) });
    return own.kind === 'done' || isThere(own) ? 'another result' : own.kind;
  }
  if (told.kind !== 'done') return told.kind;
  const { verdicts } = (told.body.receipt ?? {}) as { readonly verdicts?: unknown };
  return verdicts === undefined ? 'as it says' : 'disagrees';
}

/** The provider does not say when each attempt was: fetched again it is another time of the same attempt. */
const isThere = (told: Told): boolean =>
  told.kind === 'refused' && told.code === 'EVENT_CONFLICT' && told.pointer === '/time';

const longestId = 200;

/** The same whenever the attempt is fetched, and none that its account could have written before. */
function ownId({ secretKey }: Upstream, account: string, id: string, code: string): string {
  const mark = createHmac('sha256', secretKey)
    .update(JSON.stringify([account, id, code]))
    .digest('hex')
    .slice(0, 32);
  return `${id.slice(0, longestId - mark.length - 1)}:${mark}`;
}
