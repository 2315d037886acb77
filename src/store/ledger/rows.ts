// Rows of the ledger as the store takes and gives them. They never leave the store but through these types.

import type { Head, Hold } from '../../account/head.ts';
import type { EndedHold } from '../../account/hold.ts';
import type { Correction, Outcome } from '../../account/use.ts';
import type { Day } from '../../core/calendar.ts';
import type { Draw, Payer } from '../../core/settle.ts';
import type { Calls, Instant } from '../../core/units.ts';

/** The facts that decided an event's meter, as sent. */
export interface EventFacts {
  readonly action: string;
  readonly channel: string | null;
  readonly library: string | null;
  readonly resultCode: string;
}

export interface EventRow {
  readonly account: string;
  readonly id: string;
  readonly seq: number;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly calls: Calls;
  readonly meter: string | null;
  readonly outcome: Outcome;
  readonly stopped: boolean;
  /** Held because it came from the account itself, into a final month. */
  readonly late: boolean;
  readonly draws: readonly Draw[];
  readonly postpaid: Calls;
  readonly department: string | null;
  readonly facts: EventFacts | null;
}

/** A head with the version it was read at. */
export interface VersionedHead {
  readonly head: Head;
  readonly version: bigint;
}

export interface UsageRow {
  readonly account: string;
  readonly day: Day;
  readonly meter: string;
  readonly payer: Payer;
  readonly calls: Calls;
}

export interface HoldRow {
  readonly account: string;
  readonly hold: Hold;
}

export interface HoldEndRow {
  readonly account: string;
  readonly ended: EndedHold;
  readonly at: Instant;
}

export interface CorrectionRow {
  readonly account: string;
  readonly correction: Correction;
}

/** All that one durable statement writes for a group of changes. */
export interface GroupRows {
  readonly heads: VersionedHead[];
  /** Heads that are not written, but must be the ones in the database still. */
  readonly unchanged: VersionedHead[];
  readonly events: EventRow[];
  readonly usage: UsageRow[];
  readonly corrections: CorrectionRow[];
  readonly holds: HoldRow[];
  readonly holdEnds: HoldEndRow[];
}

export const emptyGroup = (): GroupRows => ({
  heads: [],
  unchanged: [],
  events: [],
  usage: [],
  corrections: [],
  holds: [],
  holdEnds: [],
});

/** An outcome with what belongs to it alone, as one number. */
export interface StoredOutcome {
  readonly outcome: Outcome;
  /** Charged while service was stopped. */
  readonly stopped: boolean;
  /** Held because it came from the account itself, into a final month. */
  readonly late: boolean;
}

const held: StoredOutcome = { outcome: 'held', stopped: false, late: false };

/** By number. A row with any other is damaged, and nothing that costs money. */
const storedOutcomes: readonly StoredOutcome[] = [
  { outcome: 'charged', stopped: false, late: false },
  { outcome: 'not-charged', stopped: false, late: false },
  held,
  { outcome: 'charged', stopped: true, late: false },
  { outcome: 'held', stopped: false, late: true },
];

const outcomeNumbers: Record<Outcome, number> = { charged: 0, 'not-charged': 1, held: 2 };

export function outcomeNumber({ outcome, stopped, late }: StoredOutcome): number {
  if (outcome === 'charged' && stopped) return 3;
  return outcome === 'held' && late ? 4 : outcomeNumbers[outcome];
}

export const readOutcome = (no: number): StoredOutcome => storedOutcomes[no] ?? held;
