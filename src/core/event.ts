// A usage event as it comes in, by HTTP, from a file or from a scenario: one shape, one table of its fields. Source: contracts, "Event".

import type { Calls, Instant } from './units.ts';

interface FieldRule {
  /** Longest text, in UTF-16 units; null: no text. */
  readonly most: number | null;
  readonly required: boolean;
}

const text = (most: number, required = false) => ({ most, required });

/** The fields by their names on the wire and in the headers of files, in the order of a header. */
export const eventFields = {
  id: text(200, true),
  account: text(64),
  meter: text(100),
  action: text(100),
  channel: text(100),
  library: text(100),
  resultCode: text(100),
  calls: { most: null, required: false },
  time: { most: null, required: true },
  department: text(100),
} as const satisfies Readonly<Record<string, FieldRule>>;

export type EventField = keyof typeof eventFields;

export const isEventField = (name: string): name is EventField => Object.hasOwn(eventFields, name);

/** What a call was: the facts that decide its meter and whether it is charged. */
export interface CallFacts {
  readonly action: string;
  readonly channel: string | null;
  readonly library: string | null;
  /** Null: only a rule that treats every code alike can tell. The ledger takes none without. */
  readonly resultCode: string | null;
}

/** Checked for shape, not yet against the price book. Either `meter` or `facts` is given. */
export interface IncomingEvent {
  /** The ledger's id: see event-name.ts. */
  readonly id: string;
  readonly meter: string | null;
  readonly calls: Calls;
  readonly at: Instant;
  readonly department: string | null;
  readonly facts: CallFacts | null;
  /** The provider's own word, beside the facts: whether it charges the call. It is no part of the event's identity. */
  readonly providerCharged?: boolean;
}

/** An event sent again says the same (billing rules 5.1). Which meter its facts meant is not asked. */
export const isSameEvent = (a: Omit<IncomingEvent, 'id'>, b: Omit<IncomingEvent, 'id'>): boolean =>
  a.calls === b.calls &&
  a.at === b.at &&
  a.department === b.department &&
  isSameCall(a.facts, b.facts) &&
  (a.facts !== null || a.meter === b.meter);

export const isSameCall = (a: CallFacts | null, b: CallFacts | null): boolean =>
  a === null || b === null
    ? a === b
    : a.action === b.action && a.channel === b.channel && a.library === b.library && a.resultCode === b.resultCode;

/** `held`: a person must say whether it is charged (billing rules 5.5, or it would change a final bill). */
export type Outcome = 'charged' | 'not-charged' | 'held';

/** What the code table and the provider itself say of a call, where they disagree. */
export interface Disagreement {
  readonly table: Outcome;
  readonly provider: 'charged' | 'not-charged';
}

/** All that there are. A code that the table does not know proves nothing, unless the provider charges it. */
export const disagreements: readonly Disagreement[] = [
  { table: 'not-charged', provider: 'charged' },
  { table: 'charged', provider: 'not-charged' },
  { table: 'held', provider: 'charged' },
];

/** Null: they agree, or the provider has said nothing. */
export function disagreementOf(table: Outcome, providerCharged: boolean | undefined): Disagreement | null {
  if (providerCharged === undefined) return null;
  const provider = providerCharged ? 'charged' : 'not-charged';
  return disagreements.find((each) => each.table === table && each.provider === provider) ?? null;
}

/**
 * Why an event is held: a result that the code table does not know, a month that is final (docs/decisions/0014), or a provider that says
 * otherwise than the code table (docs/decisions/0047).
 */
export const heldReasons = ['EVENT_HELD', 'LATE_INTO_FINAL', 'PROVIDER_DISAGREES'] as const;
export type HeldReason = (typeof heldReasons)[number];

/** Milliseconds that a call's time may be ahead of its account's (billing rules 5.2). */
export const futureAllowance = 300_000;
