// The whole ledger as lines, one kind a table, each in order of account and ledger number: what `verify` replays.

import type { EntryKind } from '../../account/commands.ts';
import type { HoldEnd } from '../../account/hold.ts';
import type { Order, OrderEnding, Receipt } from '../../account/orders.ts';
import type { Period } from '../../core/calendar.ts';
import type { Disagreement, Outcome } from '../../core/event.ts';
import type { PackFacts } from '../../core/pack.ts';
import type { Contract } from '../../core/price-book.ts';
import type { Calls, Instant, Money } from '../../core/units.ts';
import type { DayUsage } from '../../core/usage.ts';
import type { EventRow } from '../ledger/rows.ts';

export interface Line {
  readonly account: string;
  readonly seq: number;
}

/** Calls that one pack paid for. */
export interface PaidCalls {
  readonly packNo: number;
  readonly calls: Calls;
}

/** Who paid, as the row itself says: one pack by number, or several by rows of event_draws. */
export interface Settled {
  readonly outcome: Outcome;
  readonly stopped: boolean;
  readonly late: boolean;
  readonly disagreement: Disagreement | null;
  readonly postpaid: Calls;
  readonly packNo: number | null;
  readonly drawCount: number;
}

export interface EventLine
  extends Line,
    Settled,
    Pick<EventRow, 'id' | 'at' | 'receivedAt' | 'calls' | 'meter' | 'facts' | 'department'> {}

/** The event that a void or a review is about. */
export interface EventCall {
  readonly at: Instant;
  readonly calls: Calls;
  readonly meter: string | null;
  readonly arrived: Outcome;
}

export interface ReviewLine extends Line, Settled {
  readonly id: string;
  readonly reviewedAt: Instant;
  /** The event's. */
  readonly department: string | null;
  /** Null: the event is missing. */
  readonly event: EventCall | null;
}

export interface VoidLine extends Line {
  readonly id: string;
  readonly voidedAt: Instant;
  /** Null: the event is missing. */
  readonly event: (EventCall & { readonly settled: Settled; readonly draws: readonly PaidCalls[] }) | null;
  /** The number under which it was settled. */
  readonly settledSeq: number;
}

export interface DrawLine extends Line, PaidCalls {
  /** 1, 2, 3 … in the order of drawing; 0: not known. */
  readonly place: number;
}

/** What the outbox has of a ledger row, delivered or not. */
export interface NewsLine extends Line {
  readonly kind: string;
  readonly details: string;
}

export interface HoldLine extends Line {
  readonly id: string;
  readonly meter: string;
  readonly calls: Calls;
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly department: string | null;
  /** Null: unreadable. */
  readonly draws: readonly PaidCalls[] | null;
  readonly postpaid: Calls;
  readonly byOperator: boolean;
  readonly review: boolean;
}

export interface HoldEndLine extends Line {
  readonly holdSeq: number;
  readonly how: HoldEnd;
  readonly at: Instant;
}

export interface PackLine extends Line {
  readonly facts: PackFacts;
}

export interface RefundLine extends Line {
  readonly packNo: number;
  readonly at: Instant;
  readonly exception: boolean;
}

export interface ForfeitLine extends Line {
  readonly packNo: number;
  readonly units: Calls;
  readonly bookedAt: Instant;
}

export interface EntryLine extends Line {
  readonly kind: EntryKind;
  readonly amount: Money;
  readonly balance: Money;
  readonly at: Instant;
  readonly reference: string;
}

export interface BillLine extends Line {
  readonly period: Period;
  readonly no: number;
  readonly closedAt: Instant;
  readonly digest: string;
  readonly document: string;
}

export interface ContractLine extends Line {
  /** Null: unreadable. */
  readonly contract: Contract | null;
  readonly at: Instant;
}

export interface OrderLine extends Line {
  /** Null: unreadable. */
  readonly order: Order | null;
}

export interface OrderEndLine extends Line {
  readonly no: number;
  readonly how: OrderEnding;
  readonly at: Instant;
  readonly receipt: Receipt | null;
}

/** Percents that hold for rows after a ledger number; null: as usual. */
export interface ThresholdsLine {
  readonly afterSeq: number;
  readonly percents: readonly number[] | null;
}

/** Lines without a ledger number: `seq` is 0. */
export interface UsageLine extends Line, DayUsage {}

export interface CorrectionLine extends Line {
  readonly period: Period;
  readonly arrival: Period;
  readonly meter: string;
  /** Empty where the calls are counted by the month. */
  readonly day: string;
  readonly postpaid: Calls;
  readonly drawn: Calls;
}

export interface AccountLine extends Line {
  readonly book: string;
  readonly timeZone: string | null;
  /** What the outbox had of ledger rows up to this one may be deleted. */
  readonly newsDeletedThrough: number;
  /** When the account asked to be told that packs are low, by ledger number. */
  readonly packThresholds: readonly ThresholdsLine[];
}

export interface HeadLine extends Line {
  readonly fixed: string;
  readonly state: string;
}
