// A receipt: who paid for one event. Made from the settlement at once, or read back later: the same text both times.

import { formatInstant } from '../core/calendar.ts';
import type { Disagreement, HeldReason, Outcome } from '../core/event.ts';
import { nameOf } from '../core/event-name.ts';
import { type Calls, type Instant, noCalls } from '../core/units.ts';
import type { StoredEvent } from '../store/ledger/events.ts';
import { type EventRow, heldReason } from '../store/ledger/rows.ts';

/** `drawnLater`: the pack was delivered when the call was settled already, under this number, at this time. */
export interface ReceiptDraw {
  readonly pack: string;
  readonly calls: Calls;
  readonly drawnLater?: { readonly seq: number; readonly time: string };
}

/** Calls are whole numbers; `time` is in the account's zone. */
export interface Receipt {
  readonly event: string;
  /** Of a CloudEvent. */
  readonly source?: string;
  readonly account: string;
  readonly seq: number;
  readonly meter: string | null;
  readonly calls: Calls;
  readonly time: string;
  readonly outcome: Outcome;
  readonly draws: readonly ReceiptDraw[];
  readonly postpaid: Calls;
  readonly notCharged: Calls;
  readonly stopped?: true;
  /** Why it is held. */
  readonly reason?: HeldReason;
  /** What the code table and the provider say, where they disagree. */
  readonly verdicts?: Disagreement;
  readonly department?: string;
  readonly voided?: string;
  readonly voidedBy?: string;
}

export interface ReceiptFacts extends Omit<EventRow, 'draws' | 'facts' | 'key' | 'receivedAt'> {
  readonly draws: readonly {
    readonly pack: string;
    readonly calls: Calls;
    readonly later?: { readonly seq: number; readonly at: Instant };
  }[];
}

export function receiptOf(facts: ReceiptFacts, timeZone: string): Receipt {
  const { id, source } = nameOf(facts.id);
  return {
    event: id,
    ...(source === null ? {} : { source }),
    account: facts.account,
    seq: facts.seq,
    meter: facts.meter,
    calls: facts.calls,
    time: formatInstant(timeZone, facts.at),
    outcome: facts.outcome,
    draws: facts.draws.map(({ pack, calls, later }) =>
      later === undefined
        ? { pack, calls }
        : { pack, calls, drawnLater: { seq: later.seq, time: formatInstant(timeZone, later.at) } },
    ),
    postpaid: facts.postpaid,
    notCharged: facts.outcome === 'not-charged' ? facts.calls : noCalls,
    ...(facts.stopped ? { stopped: true } : {}),
    ...(facts.outcome === 'held' ? { reason: heldReason(facts) } : {}),
    ...(facts.disagreement === null ? {} : { verdicts: facts.disagreement }),
    ...(facts.department === null ? {} : { department: facts.department }),
  };
}

export function storedReceipt(event: StoredEvent, timeZone: string): Receipt {
  const receipt = receiptOf(event, timeZone);
  if (event.voidedAt === null) return receipt;
  const voided = formatInstant(timeZone, event.voidedAt);
  return { ...receipt, voided, ...(event.voidedBy === null ? {} : { voidedBy: event.voidedBy }) };
}
