// Deciding a group: heads and known duplicates are loaded, nothing waits, nothing is written. Returns the rows to write and,
// for each request, the answer to give once they are on disk.

import { cappedKey } from '../account/caps.ts';
import { timeOf } from '../account/head.ts';
import { type ClassifiedEvent, changesFinal, recordUse } from '../account/use.ts';
import { classify } from '../core/code-table.ts';
import { disagreementOf, type IncomingEvent, isSameEvent } from '../core/event.ts';
import { eventWords } from '../core/event-name.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, refuse } from '../core/refusal.ts';
import type { Instant } from '../core/units.ts';
import type { StoredEvent } from '../store/ledger/events.ts';
import { flushUsage } from '../store/ledger/group.ts';
import type { EventRow, VersionedHead } from '../store/ledger/rows.ts';
import { tell } from '../store/ledger/rows.ts';
import { decideAuthorize, decideCapture, decideRelease, endExpired } from './decide-holds.ts';
import { settlePlain } from './decide-plain.ts';
import {
  type Decision,
  enter,
  enteredEvent,
  type Known,
  nothingKnown,
  receiptFor,
  type Work,
  wasOurs,
} from './decision.ts';
import { receiptOf, storedReceipt } from './receipt.ts';
import type { EnteredEvent } from './recent-events.ts';
import { type EventResult, eventsOf, type ReceiptWish, type RecordRequest, type Request } from './requests.ts';
import type { Slice } from './slices.ts';

/**
 * Decides all requests of one account on its head, in slices where they are many: while its group is under way nobody else has the
 * account. Gives a promise only if others had a turn. The head is changed: drop it when the rows are not saved.
 */
export function decideAccount(
  versioned: VersionedHead,
  book: PriceBook,
  requests: readonly Request[],
  known: Known,
  clock: Instant,
  decision: Decision,
  slice: Slice,
): Promise<void> | undefined {
  const { head } = versioned;
  const now = timeOf(head, clock);
  const { rows } = decision;
  const version = versioned.version + 1n;
  const before = head.seq;
  const work: Work = {
    ...{ head, book, now, rows, version, decision },
    known: known.accounts.get(head.account) ?? nothingKnown,
    unsure: known.unsure,
    isPlain: known.plain.has(head.account),
    entered: new Map(),
    ended: undefined,
    rests: false,
  };
  endExpired(work);
  const finish = (): void => {
    if (head.seq === before) {
      if (work.rests) rows.unchanged.push(versioned);
      return;
    }
    head.time = now;
    flushUsage(head, rows.usage);
    rows.heads.push(versioned);
  };
  const waits = decideRequests(work, requests, 0, slice);
  if (waits !== undefined) return waits.then(finish);
  finish();
  return undefined;
}

function decideRequests(
  work: Work,
  requests: readonly Request[],
  from: number,
  slice: Slice,
): Promise<void> | undefined {
  for (let at = from; at < requests.length; at += 1) {
    work.decision.answers.push(decideRequest(work, requests[at] as Request));
    if (slice.isOver) return slice.next().then(() => decideRequests(work, requests, at + 1, slice));
  }
  return undefined;
}

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
  const { plain } = request;
  if (work.isPlain && plain !== null) {
    const { packs, timeZone } = work.head;
    const settled = { run: settlePlain(work, plain.events), packs, timeZone };
    return () => plain.done(settled);
  }
  const results = eventsOf(request).map((event) => decideEvent(work, event, request));
  return () => request.done(results);
}

function decideEvent(
  work: Work,
  event: IncomingEvent,
  { receipts, byOperator, key: sender }: RecordRequest,
): EventResult {
  const found = alreadyHeld(work, event, receipts);
  if (found !== undefined) return found;
  if (work.head.holds.some((hold) => hold.id === event.id)) {
    work.rests = true;
    return { id: event.id, status: 'conflict', refusal: refuse('HOLD_OPEN', { hold: event.id }, '/id') };
  }
  const classified = classifyEvent(work.book, event);
  if (isRefusal(classified)) return { id: event.id, status: 'rejected', refusal: classified };
  const packs = work.head.packs;
  const disagreement = disagreementOf(classified.outcome, event.providerCharged);
  const late =
    disagreement === null && !byOperator && changesFinal(work.head, { at: event.at, outcome: classified.outcome });
  const by = cappedKey(work.head, sender);
  // Field by field: spreads of so many cost several times as much, and this runs for every call.
  const meant: ClassifiedEvent = {
    id: event.id,
    meter: classified.meter,
    calls: event.calls,
    at: event.at,
    outcome: late || disagreement !== null ? 'held' : classified.outcome,
    department: event.department,
    key: by,
  };
  const record = recordUse(work.head, work.book, meant, work.now);
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
    late,
    disagreement,
    draws: record.draws,
    postpaid: record.postpaid,
    department: event.department,
    key: by,
    facts: event.facts,
  };
  const settled = enter(work, row, packs);
  if (record.news.length > 0) tell(work.rows, row.account, record.seq, work.now, record.news);
  if (record.correction !== null) work.rows.corrections.push({ account: row.account, correction: record.correction });
  if (record.outcome === 'held') return { id: event.id, status: 'held', receipt: receiptFor(work, settled) };
  if (receipts === 'receipt') return { id: event.id, status: 'accepted', receipt: receiptFor(work, settled) };
  return receipts === 'none'
    ? { id: event.id, status: 'accepted' }
    : { id: event.id, status: 'accepted', settled: { row, packs, timeZone: work.head.timeZone } };
}

/** What the ledger, this server or this very group holds of an event's id; undefined: nothing that is known yet. */
function alreadyHeld(work: Work, event: IncomingEvent, receipts: ReceiptWish): EventResult | undefined {
  const { events, remembered } = work.known;
  const stored = events.size === 0 ? undefined : events.get(event.id);
  if (stored !== undefined) return known(work, event, stored, receipts);
  const earlier = work.entered.get(event.id);
  if (earlier !== undefined) return repeated(work, event, enteredEvent(earlier), receipts);
  const entered = remembered.size === 0 ? undefined : remembered.get(event.id);
  return entered === undefined ? undefined : repeated(work, event, entered, receipts);
}

/** What an event means by the price book: its own meter, or the one its facts decide. */
export function classifyEvent(book: PriceBook, event: IncomingEvent) {
  if (event.facts === null) return { meter: event.meter, outcome: 'charged' as const };
  return classify(book, event.facts, event.at);
}

/** An event whose id the ledger holds: the same content is a duplicate, other content a conflict (billing rules 5.1). */
function known(work: Work, event: IncomingEvent, stored: StoredEvent, receipts: ReceiptWish): EventResult {
  if (!isSameEvent(event, stored)) return conflict(event, stored);
  const first = stored.outcome === 'held' ? 'held' : 'accepted';
  const status = wasOurs(work, event.id, stored.seq) ? first : 'duplicate';
  if (receipts === 'none' && status !== 'held') return { id: event.id, status };
  return { id: event.id, status, receipt: storedReceipt(stored, work.head.timeZone) };
}

function repeated(work: Work, event: IncomingEvent, entered: EnteredEvent, receipts: ReceiptWish): EventResult {
  if (!isSameEvent(event, entered)) return conflict(event, entered);
  // It may have been voided or reviewed since, which moves the head.
  work.rests = true;
  const status = 'duplicate';
  if (receipts === 'none') return { id: event.id, status };
  return { id: event.id, status, receipt: receiptOf(entered, work.head.timeZone) };
}

/** The pointer says whether it is the same call at another time, or another one. */
function conflict(event: IncomingEvent, { at, ...earlier }: Omit<IncomingEvent, 'id'>): EventResult {
  const pointer = isSameEvent({ ...event, at }, { ...earlier, at }) ? '/time' : '/id';
  return {
    id: event.id,
    status: 'conflict',
    refusal: refuse('EVENT_CONFLICT', { event: eventWords(event.id) }, pointer),
  };
}
