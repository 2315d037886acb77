// The provider's own list of attempts, day by day, against the ledger: what nobody fetched is metered at its own time to the account that
// its flow was begun for, what cannot be matched is kept for the operator. A page may come twice, and from two gateways: an attempt is one
// event, and a page that a day has gone on from changes nothing.

import { dayOf } from '../core/calendar.ts';
import type { IncomingEvent } from '../core/event.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { callsOf, type Instant, instantOf } from '../core/units.ts';
import { isOverload } from '../ledger/requests.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { findEvents, type StoredEvent } from '../store/ledger/events.ts';
import {
  dropTokens,
  type FlowToken,
  findTokens,
  firstToken,
  keepToken,
  knownEvents,
} from '../store/ledger/flow-tokens.ts';
import {
  beginSweep,
  type Finding,
  findSweep,
  openDays,
  replaceFindings,
  type Sweep,
  turnPage,
  wholeDays,
} from '../store/ledger/sweeps.ts';
import { refuseMissingAccount } from './read-account.ts';
import type { Suanpan } from './suanpan.ts';

/** Keeps whose a flow is. The same again is no news. Refusals: NOT_FOUND (the account), TOKEN_OF_ANOTHER. */
export async function rememberToken(suanpan: Suanpan, flow: FlowToken): Promise<FlowToken | Refusal> {
  const missing = await refuseMissingAccount(suanpan, flow.account);
  if (missing !== undefined) return missing;
  const owner = await keepToken(suanpan.pool, flow, suanpan.clock());
  return owner === flow.account ? flow : refuse('TOKEN_OF_ANOTHER', { token: flow.token }, '/token');
}

const dayLength = 86_400_000;
/** So many days back a sweep catches up by itself. */
const mostDays = 30;
/** A list that rises for ever ends here: of the provider's days none is a hundredth as long. */
const mostPages = 50_000;
/** So many findings of a day are kept. */
const mostFindings = 100_000;
/** The provider tells of no day before. */
const tokensKept = 400 * dayLength;

export interface SweepWish {
  /** The last day of which the provider's list is whole. */
  readonly through: string;
  /** Of the provider's calendar. */
  readonly timeZone: string;
  /** Without one: the first that is due, if any is. */
  readonly day?: string | undefined;
  /** A day that is whole begins again. */
  readonly anew?: boolean | undefined;
  /** Not these, where none is named. */
  readonly except?: readonly string[] | undefined;
}

/** Begins a day, or goes on with it where it was left; null: nothing is due. */
export async function takeSweep(suanpan: Suanpan, wish: SweepWish): Promise<Sweep | null> {
  const day = wish.day ?? (await dueDay(suanpan, wish));
  if (day === undefined) return null;
  await beginSweep(suanpan.pool, day, suanpan.clock(), wish.anew ?? false);
  return (await findSweep(suanpan.pool, day)) ?? null;
}

/** The first of the days that were begun and left, and of those since the first flow was begun through a gateway. */
async function dueDay({ pool }: Suanpan, wish: SweepWish): Promise<string | undefined> {
  const { through, except = [] } = wish;
  const days = daysSince(await firstToken(pool), wish);
  const whole = await wholeDays(pool, days);
  const due = [...(await openDays(pool)), ...days.filter((each) => !whole.has(each))];
  return due.filter((each) => each <= through && !except.includes(each)).toSorted()[0];
}

function daysSince(first: Instant | null, { through, timeZone }: SweepWish): string[] {
  if (first === null) return [];
  const begin = dayOf(timeZone, first);
  const last = Date.parse(through);
  return Array.from({ length: mostDays }, (_, back) =>
    new Date(last - back * dayLength).toISOString().slice(0, 10),
  ).filter((each) => each >= begin);
}

export interface ListedAttempt {
  readonly token: string;
  /** Null: the list gives it no number; so for the two that follow. */
  readonly attempt: string | null;
  readonly at: Instant | null;
  readonly resultCode: string | null;
  /** The provider's own word. */
  readonly charged: boolean;
  readonly rule: string | null;
}

export interface ListPage {
  readonly day: string;
  readonly cursor: number;
  /** Null: it is the last. */
  readonly next: number | null;
  readonly attempts: readonly ListedAttempt[];
}

/** Matches a page, and turns to the next. Refusals: NOT_FOUND (the day was not begun), SWEEP_MOVED, OVERLOADED. */
export async function sweepPage(suanpan: Suanpan, page: ListPage): Promise<Sweep | Refusal> {
  const { day, cursor, attempts } = page;
  const before = await findSweep(suanpan.pool, day);
  if (before === undefined) return refuseMissing('sweep', day);
  if (before.ended !== null || before.cursor !== cursor) return refuse('SWEEP_MOVED', { day });
  const matched = await match(suanpan, attempts);
  if (isRefusal(matched)) return matched;
  const { metered, held } = matched;
  const findings = before.findings < mostFindings ? matched.findings : [];
  const isTooLong = page.next !== null && page.next !== cursor && before.pages + 1 >= mostPages;
  const next = isTooLong ? null : page.next;
  const marks = [...(isTooLong ? ['LIST_TOO_LONG'] : []), ...(findings === matched.findings ? [] : ['MORE'])];
  const now = suanpan.clock();
  const turned = await inTransaction(suanpan.pool, async (tx) => {
    const counts = { attempts: attempts.length, metered, held };
    if (!(await turnPage(tx, { ...page, ...counts, next }, now))) return refuse('SWEEP_MOVED', { day });
    await replaceFindings(tx, day, attempts.map(placeOf), [...findings, ...marks.map(ofAll)]);
    if (next === null) await dropTokens(tx, instantOf(now - tokensKept), 10_000);
    return true;
  });
  if (isRefusal(turned)) return turned;
  return (await findSweep(suanpan.pool, day)) ?? refuseMissing('sweep', day);
}

/** What is found of the whole list, and of no attempt. */
const ofAll = (why: string): Finding => ({
  ...{ token: '*', attempt: why, at: instantOf(0), why },
  ...{ account: null, rule: null, resultCode: null, charged: false },
});

const placeOf = ({ token, attempt, at }: ListedAttempt) => ({ token, attempt: attempt ?? '', at: at ?? instantOf(0) });

interface Matched {
  readonly findings: Finding[];
  metered: number;
  held: number;
}

/** An attempt as an event of the account whose flow it is. */
interface Owned {
  readonly listed: ListedAttempt;
  readonly account: string;
  readonly event: IncomingEvent;
}

async function match(suanpan: Suanpan, attempts: readonly ListedAttempt[]): Promise<Matched | Refusal> {
  const matched: Matched = { findings: [], metered: 0, held: 0 };
  const find = (listed: ListedAttempt, why: string, account: string | null = null): void => {
    const { rule, resultCode, charged } = listed;
    matched.findings.push({ ...placeOf(listed), why, account, rule, resultCode, charged });
  };
  const tokens = await findTokens(suanpan.pool, [...new Set(attempts.map(({ token }) => token))]);
  const [owned, strange]: [Owned[], ListedAttempt[]] = [[], []];
  for (const listed of attempts) {
    const flow = tokens.get(listed.token);
    const event = eventOf(listed, flow);
    if (event === undefined) {
      // Some end before they have a number or a result: they are free, and no event.
      if (listed.charged) find(listed, 'NO_NUMBER', flow?.account ?? null);
    } else if (flow === undefined) strange.push(listed);
    else owned.push({ listed, account: flow.account, event });
  }
  const known = await knownEvents(suanpan.pool, strange.map(idOf));
  for (const listed of strange) if (!known.has(idOf(listed))) find(listed, 'UNKNOWN_TOKEN');
  for (const [account, own] of Map.groupBy(owned, (each) => each.account)) {
    const refused = await record(suanpan, account, own, matched, find);
    if (refused !== undefined) return refused;
  }
  return matched;
}

const idOf = ({ token, attempt }: ListedAttempt): string => `${token}:${attempt}`;

function eventOf(listed: ListedAttempt, flow: FlowToken | undefined): IncomingEvent | undefined {
  const { attempt, at, resultCode, charged } = listed;
  if (attempt === null || at === null || resultCode === null) return undefined;
  const { action, channel, library } = flow ?? { action: '', channel: null, library: null };
  const facts = { action, channel, library, resultCode };
  return { id: idOf(listed), meter: null, calls: callsOf(1), at, department: null, facts, providerCharged: charged };
}

type Find = (listed: ListedAttempt, why: string, account: string) => void;

/** The attempts of one account. Refusal: OVERLOADED, where the page must come again. */
async function record(
  suanpan: Suanpan,
  account: string,
  own: readonly Owned[],
  matched: Matched,
  find: Find,
): Promise<Refusal | undefined> {
  const known: Owned[] = [];
  const results = await suanpan.ledger.record(
    account,
    own.map(({ event }) => event),
  );
  for (const [index, { status, refusal }] of results.entries()) {
    const each = own[index];
    if (each === undefined) continue;
    if (status === 'accepted') matched.metered += 1;
    else if (status === 'held') matched.held += 1;
    else if (status !== 'rejected') known.push(each);
    else if (refusal !== undefined && isOverload(refusal)) return refusal;
    else find(each.listed, refusal?.refused ?? 'REJECTED', account);
  }
  const keys = known.map(({ event }) => ({ account, id: event.id }));
  const stored = new Map((await findEvents(suanpan.pool, keys, suanpan.meters)).map((event) => [event.id, event]));
  for (const { listed, event } of known) {
    const why = differenceOf(stored.get(event.id), listed);
    if (why !== undefined) find(listed, why, account);
  }
  return undefined;
}

/** Undefined: the ledger has the attempt as the list says. By another action or at another time, where an answer told none, it is the same. */
function differenceOf(stored: StoredEvent | undefined, { resultCode, charged }: ListedAttempt): string | undefined {
  // The id is that of a call on hold, or of an archived event.
  if (stored === undefined) return 'NOT_FOUND';
  if (stored.facts?.resultCode !== resultCode) return 'OTHER_RESULT';
  const isDecided = stored.arrivedHeld || stored.voidedAt !== null;
  return isDecided || (stored.outcome === 'charged') === charged ? undefined : 'OTHER_CHARGE';
}
