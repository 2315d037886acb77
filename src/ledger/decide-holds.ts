// Deciding about holds: authorize, capture, release. One id names one call for ever: a hold while it is open, the event it became, or
// neither any more. What an open or a missing hold is answered with rests on the head: see `Work.rests`.

import type { Hold } from '../account/head.ts';
import {
  capture,
  chargedCall,
  expireHolds,
  type HeldCall,
  type HoldEnd,
  type HoldRequest,
  holdFor,
  payersOf,
  release,
} from '../account/hold.ts';
import { classify } from '../core/code-table.ts';
import { type CallFacts, isSameCall } from '../core/event.ts';
import { eventWords } from '../core/event-name.ts';
import type { LivePack } from '../core/pack.ts';
import { isRefusal, type Refusal, refuse, refuseMissing } from '../core/refusal.ts';
import { type CapturedCall, capturedRow } from './captured.ts';
import { endHold, enter, namedDraws, receiptFor, type SettledEvent, type Work, wasOurs } from './decision.ts';
import { storedReceipt } from './receipt.ts';
import type { Authorization, AuthorizeRequest, CaptureRequest, EventResult, ReleaseRequest } from './requests.ts';

export function decideAuthorize(work: Work, request: AuthorizeRequest): () => void {
  const result = authorization(work, request.hold);
  return () => request.done(result);
}

function authorization(work: Work, asked: HoldRequest): Authorization | Refusal {
  const { head, known } = work;
  const { id } = asked;
  const { timeZone } = head;
  const open = head.holds.find((hold) => hold.id === id);
  if (open !== undefined) {
    work.rests = true;
    if (!isSame(open, asked)) return refuse('ID_TAKEN', { id }, '/id');
    if (isForeign(open, asked)) return refuseForeign(work, open);
    const replayed = !wasOurs(work, id, open.seq);
    return { hold: open, draws: namedDraws(open.draws, head.packs), timeZone, replayed };
  }
  // Before the ids of the past, which are looked up only where the hold would be written: the answer must not depend on it.
  const payers = payersOf(head, work.book, asked, work.now);
  if (isRefusal(payers)) {
    work.rests = true;
    return payers;
  }
  const ended = endedBefore(work, id);
  if (ended !== undefined && !isSame(ended.hold, asked)) return refuse('ID_TAKEN', { id }, '/id');
  if (ended !== undefined) return refuse('HOLD_ENDED', { hold: id, how: ended.how ?? 'expired' });
  // Not known here: the statement that writes the hold refuses an id that the ledger has as an event.
  if (known.events.has(id) || work.entered.has(id)) return refuse('ID_TAKEN', { id }, '/id');
  const { packs } = head;
  const hold = holdFor(head, asked, payers, work.now);
  work.rows.holds.push({ account: head.account, hold });
  return { hold, draws: namedDraws(hold.draws, packs), timeZone, replayed: false };
}

const isSame = (earlier: Hold, asked: HoldRequest): boolean =>
  earlier.meter === asked.meter &&
  earlier.calls === asked.calls &&
  earlier.department === asked.department &&
  earlier.review === asked.review;

/** An operator's hold is no account's to use, and its end would hide from the operator what was held. */
const isForeign = (hold: Hold, { byOperator }: { readonly byOperator: boolean }): boolean =>
  hold.byOperator && !byOperator;

function refuseForeign(work: Work, { id }: Hold): Refusal {
  work.rests = true;
  return refuse('HOLD_OF_OPERATOR', { hold: id });
}

/** How a hold that the head does not carry ended: earlier in this very group, or as the ledger says. */
function endedBefore(work: Work, id: string): { readonly hold: Hold; readonly how: HoldEnd | null } | undefined {
  const here = work.ended?.get(id);
  if (here !== undefined) return here;
  const stored = work.known.holds.get(id);
  // An end is for ever; that a hold goes on elsewhere, or that nobody made it, is for the head to say.
  if (stored === undefined || stored.how === null) work.rests = true;
  return stored;
}

export function decideCapture(work: Work, request: CaptureRequest): () => void {
  const { head } = work;
  const hold = head.holds.find((candidate) => candidate.id === request.id);
  const result = hold === undefined ? captureAgain(work, request) : captured(work, hold, request);
  return () => request.done(result);
}

function captured(work: Work, hold: Hold, request: CaptureRequest): EventResult | Refusal {
  const { head, now } = work;
  if (isForeign(hold, request)) return refuseForeign(work, hold);
  const { packs } = head;
  const call = calledAs(work, hold, request.facts);
  if (isRefusal(call)) {
    work.rests = true;
    return call;
  }
  const { ended, record } = capture(head, work.book, hold, now, call);
  endHold(work, ended);
  const settled = enterCapture(work, { hold, record, call, facts: request.facts }, packs);
  const status = record.outcome === 'held' ? 'held' : 'accepted';
  return { id: hold.id, status, receipt: receiptFor(work, settled) };
}

/** Holds whose time has run out end; those of unknown fate become events that are held. */
export function endExpired(work: Work): void {
  const { packs } = work.head;
  for (const { ended, record } of expireHolds(work.head, work.book, work.now)) {
    endHold(work, ended);
    const { hold } = ended;
    const call = { meter: hold.meter, outcome: 'held' } as const;
    if (record !== null) enterCapture(work, { hold, record, call, facts: null }, packs);
  }
}

const enterCapture = (work: Work, made: CapturedCall, packs: readonly LivePack[]): SettledEvent =>
  enter(work, capturedRow(work.head, made, work.now, work.rows), packs);

/** What the facts of a call mean. Refusals: UNKNOWN_ACTION, OTHER_METER where they mean another meter than was authorised. */
function calledAs({ book }: Work, hold: Hold, facts: CallFacts | null): HeldCall | Refusal {
  if (facts === null) return chargedCall(hold);
  const meant = classify(book, facts, hold.at);
  if (isRefusal(meant) || meant.meter === null || meant.meter === hold.meter) return meant;
  return refuse('OTHER_METER', { hold: hold.id, meter: hold.meter, meant: meant.meter }, '/action');
}

/** A capture whose hold is gone: captured before (same receipt again), ended otherwise, or never made. */
function captureAgain(work: Work, { id, facts }: CaptureRequest): EventResult | Refusal {
  const ended = endedBefore(work, id);
  const stored = work.known.events.get(id);
  if (ended?.how === 'captured' && stored !== undefined) {
    if (!isSameCall(stored.facts, facts)) return otherCall(id);
    const first = stored.outcome === 'held' ? 'held' : 'accepted';
    const status = wasOurs(work, id, stored.seq) ? first : 'duplicate';
    return { id, status, receipt: storedReceipt(stored, work.head.timeZone) };
  }
  const entered = work.entered.get(id);
  // An event that was sent under this id in the same group is no capture.
  if (ended?.how === 'captured' && entered !== undefined) {
    if (!isSameCall(entered.row.facts, facts)) return otherCall(id);
    return { id, status: 'duplicate', receipt: receiptFor(work, entered) };
  }
  return ended === undefined
    ? refuseMissing('hold', id)
    : refuse('HOLD_ENDED', { hold: id, how: ended.how ?? 'expired' });
}

const otherCall = (id: string): Refusal => refuse('EVENT_CONFLICT', { event: eventWords(id) }, '/action');

export function decideRelease(work: Work, request: ReleaseRequest): () => void {
  const result = released(work, request);
  return () => request.done(result);
}

function released(work: Work, request: ReleaseRequest): { readonly hold: Hold } | Refusal {
  const { head } = work;
  const { id } = request;
  const hold = head.holds.find((candidate) => candidate.id === id);
  if (hold !== undefined) {
    if (isForeign(hold, request)) return refuseForeign(work, hold);
    endHold(work, release(head, hold));
    return { hold };
  }
  const ended = endedBefore(work, id);
  if (ended === undefined) return refuseMissing('hold', id);
  return ended.how === 'captured' ? refuse('HOLD_ENDED', { hold: id, how: 'captured' }) : { hold: ended.hold };
}
