// Plain events decided: the same settlement as of any event, kept as columns. Only for an account of which nothing can stop them: no
// repeat, no refusal, no hold, no cap, and nothing to be held for a person.

import { timeOf } from '../account/head.ts';
import { eventRefusal, recordUse } from '../account/use.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal } from '../core/refusal.ts';
import type { Draw } from '../core/settle.ts';
import { callsOf, type Instant, noCalls } from '../core/units.ts';
import { noPack, type PlainEvents, type PlainRun, severalPacks } from '../store/ledger/plain-events.ts';
import { tell } from '../store/ledger/rows.ts';
import type { Work } from './decision.ts';
import type { CachedHead } from './heads-cache.ts';
import type { RecentEvents } from './recent-events.ts';
import type { Request } from './requests.ts';

/** Whether all that an account asks for in a group are plain events that will be entered, one after the other. */
export function arePlain(
  requests: readonly Request[],
  { head }: CachedHead,
  book: PriceBook,
  now: Instant,
  recent: RecentEvents,
): boolean {
  if (head.holds.length > 0 || head.caps.length > 0) return false;
  const at = timeOf(head, now);
  const seen = new Set<number>();
  let count = 0;
  for (const request of requests) {
    if (request.kind !== 'record' || request.plain === null) return false;
    // From a key of the account itself some would be held.
    if (!request.byOperator && head.finals.size > 0) return false;
    const { events } = request.plain;
    for (let index = 0; index < events.length; index += 1) {
      const mark = events.markOf(index);
      if (recent.mayHoldMark(mark)) return false;
      seen.add(mark);
      const event = { meter: events.meterOf(index), calls: oneCall, at: events.atOf(index) };
      if (eventRefusal(book, event, at) !== undefined) return false;
    }
    count += events.length;
  }
  // Two of one id have one mark.
  return seen.size === count;
}

const oneCall = callsOf(1);
const none: ReadonlyMap<number, readonly Draw[]> = new Map();

/** Settles them on the head of `work`. */
export function settlePlain({ head, book, now, rows }: Work, events: PlainEvents): PlainRun {
  const first = head.seq + 1;
  const packs = new Int32Array(events.length);
  const postpaid = new Float64Array(events.length);
  let several: Map<number, readonly Draw[]> | undefined;
  let stopped = false;
  for (let index = 0; index < events.length; index += 1) {
    const calls = callsOf(events.callsOf(index));
    const meant = {
      id: '',
      meter: events.meterOf(index),
      calls,
      at: events.atOf(index),
      outcome: 'charged' as const,
      department: null,
      key: null,
    };
    const record = recordUse(head, book, meant, now);
    if (isRefusal(record)) throw new Error(`plain event ${events.idOf(index)} was refused: ${record.refused}`);
    const { draws } = record;
    const [draw] = draws;
    packs[index] = draw === undefined ? noPack : draw.pack;
    if (draws.length > 1) {
      packs[index] = severalPacks;
      several ??= new Map();
      several.set(index, draws);
    }
    postpaid[index] = record.postpaid === noCalls ? 0 : Number(record.postpaid);
    stopped = record.stopped;
    if (record.news.length > 0) tell(rows, head.account, record.seq, now, record.news);
    if (record.correction !== null) rows.corrections.push({ account: head.account, correction: record.correction });
  }
  const run = {
    ...{ account: head.account, events, first, packs, postpaid },
    ...{ several: several ?? none, stopped, receivedAt: now },
  };
  rows.plain.push(run);
  return run;
}
