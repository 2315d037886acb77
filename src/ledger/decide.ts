// Deciding a group: heads and known duplicates are loaded, nothing waits, nothing is written. Returns the rows to write and,
// for each request, the answer to give once they are on disk.

import { classify } from '../core/code-table.ts';
import { type Head, recordUse } from '../core/head.ts';
import { authorize, capture, expireHolds, type Hold, type HoldEnd, release } from '../core/hold.ts';
import type { LivePack } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import type { Draw } from '../core/settle.ts';
import type { Instant } from '../core/units.ts';
import type { StoredEvent } from '../store/events.ts';
import { flushUsage } from '../store/group.ts';
import type { StoredHold } from '../store/holds.ts';
import { type EventFacts, type EventRow, emptyGroup, type GroupRows } from '../store/rows.ts';
import type { CachedHead } from './heads-cache.ts';
import { type Receipt, receiptOf, storedReceipt } from './receipt.ts';
import type { EnteredEvent } from './recent-events.ts';
import type {
  Authorization,
  AuthorizeRequest,
  CaptureRequest,
  EventResult,
  IncomingEvent,
  RecordRequest,
  ReleaseRequest,
  Request,
} from './requests.ts';

/** What the ledger already holds for the ids of a group. Absent: not looked up, the unique key will tell. */
export interface Known {
  readonly events: ReadonlyMap<string, StoredEvent>;
  readonly holds: ReadonlyMap<string, StoredHold>;
  /** Events that this server entered lately and still has in memory. */
  readonly remembered: ReadonlyMap<string, EnteredEvent>;
  /** Ledger numbers by key that an earlier try of this group wrote, its fate unknown. What is found under them was accepted then. */
  readonly unsure: Map<string, number>;
}

export const keyOf = (account: string, id: string): string => `${id} ${account}`;

export interface Decision {
  readonly rows: GroupRows;
  /** Events that the group enters, with the version of its account's head that it writes. */
  readonly entered: { readonly event: SettledEvent; readonly version: bigint }[];
  /** Heads as the group writes them, for the cache. */
  readonly heads: CachedHead[];
  /** Something was refused for what the head said. A head from memory may be out of date: read it and decide again. */
  doubtful: boolean;
  /** Gives every request its answer. Call it when the rows are on disk. */
  readonly answers: (() => void)[];
}

/** An event that a group enters, with the packs it could draw from. */
export interface SettledEvent {
  readonly row: EventRow;
  readonly packs: readonly LivePack[];
}

interface Work {
  readonly head: Head;
  readonly book: PriceBook;
  readonly now: Instant;
  readonly known: Known;
  readonly rows: GroupRows;
  /** Events that this group enters, so that a second one of the same id in it is a duplicate of the first. */
  readonly entered: Map<string, SettledEvent>;
  /** Version of the head that this group writes. */
  readonly version: bigint;
  readonly decision: Decision;
}

/** Decides all requests of one account on its head. The head is changed: drop it when the rows are not saved. */
export function decideAccount(
  cached: CachedHead,
  book: PriceBook,
  requests: readonly Request[],
  known: Known,
  now: Instant,
  decision: Decision,
): void {
  const { head } = cached;
  const { rows, answers } = decision;
  const version = cached.version + 1n;
  const before = head.seq;
  const work: Work = { head, book, now, known, rows, entered: new Map(), version, decision };
  for (const ended of expireHolds(head, now)) rows.holdEnds.push({ account: head.account, ended, at: now });
  for (const request of requests) answers.push(decideRequest(work, request));
  if (head.seq === before) return;
  flushUsage(head, rows.usage);
  rows.heads.push(cached);
  decision.heads.push({ ...cached, version });
}

export const openDecision = (): Decision => ({
  rows: emptyGroup(),
  entered: [],
  heads: [],
  doubtful: false,
  answers: [],
});

function decideRequest(work: Work, request: Request): () => void {
  switch (request.kind) {
    case 'record':
      return decideRecord(work, request);
    case 'authorize':
      return decideAuthorize(work, request);
    case 'capture':
      return decideCapture(work, request);
    case 'release':
      return decideRelease(work, request);
  }
}

function decideRecord(work: Work, request: RecordRequest): () => void {
  const results = request.events.map((event) => decideEvent(work, event, request.receipts));
  return () => request.done(results);
}

function decideEvent(work: Work, event: IncomingEvent, receipts: boolean): EventResult {
  const key = keyOf(work.head.account, event.id);
  const stored = work.known.events.get(key);
  if (stored !== undefined) return known(work, event, stored, key);
  const earlier = work.entered.get(event.id);
  const entered = earlier === undefined ? work.known.remembered.get(key) : enteredEvent(earlier);
  if (entered !== undefined) return repeated(work, event, entered);
  if (work.head.holds.some((hold) => hold.id === event.id)) return conflict(event);
  const classified = classifyEvent(work.book, event);
  if (isRefusal(classified)) return { id: event.id, status: 'rejected', refusal: classified };
  const packs = work.head.packs;
  const record = recordUse(work.head, work.book, { ...event, ...classified }, work.now);
  if (isRefusal(record)) return { id: event.id, status: 'rejected', refusal: record };
  const row: EventRow = {
    account: work.head.account,
    id: event.id,
    seq: record.seq,
    at: event.at,
    receivedAt: work.now,
    calls: event.calls,
    meter: classified.meter,
    outcome: record.outcome,
    stopped: record.stopped,
    draws: record.draws,
    postpaid: record.postpaid,
    department: event.department,
    facts: event.facts,
  };
  const settled = enter(work, row, packs);
  if (record.correction !== null) work.rows.corrections.push({ account: row.account, correction: record.correction });
  const status = record.outcome === 'held' ? 'held' : 'accepted';
  return receipts ? { id: event.id, status, receipt: receiptFor(work, settled) } : { id: event.id, status };
}

function enter(work: Work, row: EventRow, packs: readonly LivePack[]): SettledEvent {
  const event: SettledEvent = { row, packs };
  work.rows.events.push(row);
  work.entered.set(row.id, event);
  work.decision.entered.push({ event, version: work.version });
  return event;
}

/** Field by field: a spread of so many costs several times as much, and this runs for every call. */
export const enteredEvent = ({ row, packs }: SettledEvent): EnteredEvent => ({
  account: row.account,
  id: row.id,
  seq: row.seq,
  meter: row.meter,
  calls: row.calls,
  at: row.at,
  outcome: row.outcome,
  stopped: row.stopped,
  draws: namedDraws(row.draws, packs),
  postpaid: row.postpaid,
  department: row.department,
  facts: row.facts,
});

const receiptFor = ({ head }: Work, settled: SettledEvent): Receipt => receiptOf(enteredEvent(settled), head.timeZone);

const namedDraws = (draws: readonly Draw[], packs: readonly LivePack[]) =>
  draws.map((draw) => ({ pack: packs.find((pack) => pack.no === draw.pack)?.id ?? '', calls: draw.calls }));

/** What an event means by the price book: its own meter, or the one its facts decide. */
export function classifyEvent(book: PriceBook, event: IncomingEvent) {
  if (event.facts === null) return { meter: event.meter, outcome: 'charged' as const };
  return classify(book, {
    action: event.facts.action,
    resultCode: event.facts.resultCode,
    at: event.at,
    ...(event.facts.channel === null ? {} : { channel: event.facts.channel }),
    ...(event.facts.library === null ? {} : { library: event.facts.library }),
  });
}

/** Whether a row is one that this very group wrote, in a try that it heard no answer of. True once: who asks again repeats. */
const wasOurs = ({ unsure }: Known, key: string, seq: number): boolean => unsure.get(key) === seq && unsure.delete(key);

/** An event whose id the ledger holds: the same content is a duplicate, other content a conflict (billing rules 5.1). */
function known(work: Work, event: IncomingEvent, stored: StoredEvent, key: string): EventResult {
  if (!sameContent(event, stored)) return conflict(event);
  const receipt = storedReceipt(stored, work.head.timeZone);
  const first = stored.outcome === 'held' ? 'held' : 'accepted';
  return { id: event.id, status: wasOurs(work.known, key, stored.seq) ? first : 'duplicate', receipt };
}

function repeated(work: Work, event: IncomingEvent, entered: EnteredEvent): EventResult {
  return sameContent(event, entered)
    ? { id: event.id, status: 'duplicate', receipt: receiptOf(entered, work.head.timeZone) }
    : conflict(event);
}

const conflict = (event: IncomingEvent): EventResult => ({
  id: event.id,
  status: 'conflict',
  refusal: refuse('EVENT_CONFLICT', { event: event.id }, '/id'),
});

type Content = Pick<EventRow, 'meter' | 'calls' | 'at' | 'department' | 'facts'>;

const sameContent = (event: IncomingEvent, stored: Content): boolean =>
  event.calls === stored.calls &&
  event.at === stored.at &&
  event.department === stored.department &&
  sameFacts(event.facts, stored.facts) &&
  (event.facts !== null || event.meter === stored.meter);

const sameFacts = (a: EventFacts | null, b: EventFacts | null): boolean =>
  a === null || b === null
    ? a === b
    : a.action === b.action && a.channel === b.channel && a.library === b.library && a.resultCode === b.resultCode;

function decideAuthorize(work: Work, request: AuthorizeRequest): () => void {
  const { head, known: ledger } = work;
  const key = keyOf(head.account, request.hold.id);
  const earlier = head.holds.find((hold) => hold.id === request.hold.id) ?? ledger.holds.get(key)?.hold;
  const same =
    earlier !== undefined &&
    earlier.meter === request.hold.meter &&
    earlier.calls === request.hold.calls &&
    earlier.department === request.hold.department;
  const packs = head.packs;
  const answer = (result: Authorization | Refusal) => () => request.done(result);
  if (earlier !== undefined && !same) return answer(refuse('ID_TAKEN', { id: request.hold.id }, '/id'));
  if (earlier !== undefined) {
    const ended = ledger.holds.get(key)?.how ?? null;
    if (ended !== null) return answer(refuse('HOLD_ENDED', { hold: earlier.id, how: ended }));
    return answer({
      hold: earlier,
      draws: namedDraws(earlier.draws, packs),
      replayed: !wasOurs(ledger, key, earlier.seq),
    });
  }
  if (ledger.events.has(key) || work.entered.has(request.hold.id)) {
    return answer(refuse('ID_TAKEN', { id: request.hold.id }, '/id'));
  }
  const hold = authorize(head, work.book, request.hold, work.now);
  if (isRefusal(hold)) {
    work.decision.doubtful = true;
    return answer(hold);
  }
  work.rows.holds.push({ account: head.account, hold });
  return answer({ hold, draws: namedDraws(hold.draws, packs), replayed: false });
}

function decideCapture(work: Work, request: CaptureRequest): () => void {
  const { head, now } = work;
  const hold = head.holds.find((candidate) => candidate.id === request.id);
  if (hold === undefined) {
    const result = captureAgain(work, request.id, endedBefore(work, request.id));
    return () => request.done(result);
  }
  if (work.known.events.has(keyOf(head.account, hold.id))) {
    work.rows.holdEnds.push({ account: head.account, ended: release(head, hold), at: now });
    return () => request.done(refuse('ID_TAKEN', { id: hold.id }, '/id'));
  }
  const packs = head.packs;
  const { ended, record } = capture(head, hold, now);
  work.rows.holdEnds.push({ account: head.account, ended, at: now });
  const settled = enter(
    work,
    {
      account: head.account,
      id: hold.id,
      seq: record.seq,
      at: hold.at,
      receivedAt: now,
      calls: hold.calls,
      meter: hold.meter,
      outcome: record.outcome,
      stopped: record.stopped,
      draws: record.draws,
      postpaid: record.postpaid,
      department: hold.department,
      facts: null,
    },
    packs,
  );
  if (record.correction !== null) work.rows.corrections.push({ account: head.account, correction: record.correction });
  const receipt = receiptFor(work, settled);
  return () => request.done({ id: hold.id, status: 'accepted', receipt });
}

/** How a hold that the head does not carry ended: earlier in this very group, or as the ledger says. */
function endedBefore(work: Work, id: string): { readonly hold: Hold; readonly how: HoldEnd | null } | undefined {
  const { account } = work.head;
  const here = work.rows.holdEnds.find((row) => row.account === account && row.ended.hold.id === id);
  if (here !== undefined) return here.ended;
  const stored = work.known.holds.get(keyOf(account, id));
  // An end is for ever; a hold that goes on, or that nobody knows, is what a head from memory may be wrong about.
  if (stored === undefined || stored.how === null) work.decision.doubtful = true;
  return stored;
}

/** A capture whose hold is gone: captured before (same receipt again), ended otherwise, or never made. */
function captureAgain(work: Work, id: string, ended: ReturnType<typeof endedBefore>): EventResult | Refusal {
  const key = keyOf(work.head.account, id);
  const stored = work.known.events.get(key);
  if (ended?.how === 'captured' && stored !== undefined) {
    const status = wasOurs(work.known, key, stored.seq) ? 'accepted' : 'duplicate';
    return { id, status, receipt: storedReceipt(stored, work.head.timeZone) };
  }
  const entered = work.entered.get(id);
  if (entered !== undefined) return { id, status: 'duplicate', receipt: receiptFor(work, entered) };
  return ended === undefined
    ? refuse('NOT_FOUND', { id })
    : refuse('HOLD_ENDED', { hold: id, how: ended.how ?? 'expired' });
}

function decideRelease(work: Work, request: ReleaseRequest): () => void {
  const { head, now } = work;
  const hold = head.holds.find((candidate) => candidate.id === request.id);
  if (hold !== undefined) {
    work.rows.holdEnds.push({ account: head.account, ended: release(head, hold), at: now });
    return () => request.done({ hold });
  }
  const ended = endedBefore(work, request.id);
  if (ended === undefined) return () => request.done(refuse('NOT_FOUND', { id: request.id }));
  if (ended.how === 'captured') return () => request.done(refuse('HOLD_ENDED', { hold: request.id, how: 'captured' }));
  return () => request.done({ hold: ended.hold });
}
