// Rows of the ledger as the store takes and gives them. They never leave the store but through these types.

import type { MoneyEntry } from '../../account/commands.ts';
import type { AgreedContract } from '../../account/contracts.ts';
import type { Forfeit } from '../../account/forfeits.ts';
import type { Head, Hold } from '../../account/head.ts';
import type { EndedHold } from '../../account/hold.ts';
import type { News } from '../../account/news.ts';
import type { EndedOrder, MadeOrder, Order } from '../../account/orders.ts';
import type { Correction, UsageRecord } from '../../account/use.ts';
import type { Period } from '../../core/calendar.ts';
import {
  type Disagreement,
  disagreements,
  type HeldReason,
  type IncomingEvent,
  type Outcome,
} from '../../core/event.ts';
import type { PackFacts } from '../../core/pack.ts';
import type { Settlement } from '../../core/settle.ts';
import type { Instant } from '../../core/units.ts';
import type { DayUsage } from '../../core/usage.ts';
import type { PlainRun } from './plain-events.ts';

/** An event settled. `meter` is what it was found to mean. */
export interface EventRow extends Omit<IncomingEvent, 'providerCharged'>, Settlement {
  readonly account: string;
  readonly seq: number;
  readonly receivedAt: Instant;
  readonly outcome: Outcome;
  readonly stopped: boolean;
  /** Held because it came from the account itself, into a final month. */
  readonly late: boolean;
  /** Held because the provider says otherwise than the code table. */
  readonly disagreement: Disagreement | null;
  /** By which key it came, where a cap of that key was set. */
  readonly key: string | null;
}

/** A head with the version it was read at. */
export interface VersionedHead {
  readonly head: Head;
  readonly version: bigint;
}

export interface UsageRow extends DayUsage {
  readonly account: string;
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

export interface NewPackRow {
  readonly account: string;
  readonly seq: number;
  readonly pack: PackFacts;
}

export interface RefundRow {
  readonly account: string;
  readonly packNo: number;
  readonly seq: number;
  readonly at: Instant;
  /** Its window had closed. */
  readonly exception: boolean;
}

export interface ForfeitRow {
  readonly account: string;
  readonly forfeit: Forfeit;
}

export interface EntryRow {
  readonly account: string;
  readonly entry: MoneyEntry;
}

export interface BillRow {
  readonly account: string;
  readonly period: Period;
  readonly no: number;
  readonly seq: number;
  readonly closedAt: Instant;
  readonly digest: string;
  /** The bill as canonical JSON; the digest is taken over these very bytes. */
  readonly document: string;
}

/** What a person decided about an event afterwards; `record`: how a reviewed one was settled then. */
export interface DecisionRow {
  readonly account: string;
  readonly event: string;
  readonly at: Instant;
  readonly by: string;
}

export interface VoidRow extends DecisionRow {
  readonly seq: number;
}

export interface ReviewRow extends DecisionRow {
  readonly record: UsageRecord;
}

export interface ContractRow {
  readonly account: string;
  readonly agreed: AgreedContract;
  readonly by: string;
}

export interface OrderRow {
  readonly account: string;
  readonly made: MadeOrder;
  readonly by: string;
}

export interface OrderEndRow {
  readonly account: string;
  readonly order: Order;
  readonly ended: EndedOrder;
  readonly by: string;
}

/** What is to be told of one row of an account's ledger: `place` 0, 1 … in the order in which it happened. */
export interface OutboxRow {
  readonly account: string;
  readonly seq: number;
  readonly place: number;
  readonly at: Instant;
  readonly news: News;
}

/** All that one durable statement writes, for a group of calls or for commands: each row of an account that there is. */
export interface GroupRows {
  readonly heads: VersionedHead[];
  /** Heads that are not written, but must be the ones in the database still. */
  readonly unchanged: VersionedHead[];
  readonly events: EventRow[];
  /** More events, as columns. */
  readonly plain: PlainRun[];
  readonly usage: UsageRow[];
  readonly corrections: CorrectionRow[];
  readonly holds: HoldRow[];
  readonly holdEnds: HoldEndRow[];
  readonly packs: NewPackRow[];
  readonly refunds: RefundRow[];
  readonly forfeits: ForfeitRow[];
  readonly entries: EntryRow[];
  readonly bills: BillRow[];
  readonly contracts: ContractRow[];
  readonly orders: OrderRow[];
  readonly orderEnds: OrderEndRow[];
  readonly voids: VoidRow[];
  readonly reviews: ReviewRow[];
  readonly outbox: OutboxRow[];
}

export const emptyGroup = (): GroupRows => ({
  heads: [],
  unchanged: [],
  events: [],
  plain: [],
  usage: [],
  corrections: [],
  holds: [],
  holdEnds: [],
  packs: [],
  refunds: [],
  forfeits: [],
  entries: [],
  bills: [],
  contracts: [],
  orders: [],
  orderEnds: [],
  voids: [],
  reviews: [],
  outbox: [],
});

/** Puts what a settled call brings on the outbox. */
export function tell(into: GroupRows, account: string, seq: number, at: Instant, news: readonly News[]): void {
  for (const [place, each] of news.entries()) into.outbox.push({ account, seq, place, at, news: each });
}

/** An outcome with what belongs to it alone, as one number. */
export interface StoredOutcome {
  readonly outcome: Outcome;
  /** Charged while service was stopped. */
  readonly stopped: boolean;
  /** Held because it came from the account itself, into a final month. */
  readonly late: boolean;
  /** Held because the provider says otherwise than the code table. */
  readonly disagreement: Disagreement | null;
}

const none = { stopped: false, late: false, disagreement: null };
const held: StoredOutcome = { ...none, outcome: 'held' };

/** By number. A row with any other is damaged, and nothing that costs money. */
const storedOutcomes: readonly StoredOutcome[] = [
  { ...none, outcome: 'charged' },
  { ...none, outcome: 'not-charged' },
  held,
  { ...none, outcome: 'charged', stopped: true },
  { ...held, late: true },
  ...disagreements.map((disagreement) => ({ ...held, disagreement })),
];

/** The numbers of those that wait for a person, or have waited. */
export const heldNumbers: readonly number[] = storedOutcomes.flatMap(({ outcome }, no) =>
  outcome === 'held' ? [no] : [],
);

export const heldReason = ({ late, disagreement }: StoredOutcome): HeldReason =>
  late ? 'LATE_INTO_FINAL' : disagreement === null ? 'EVENT_HELD' : 'PROVIDER_DISAGREES';

const outcomeNumbers: Record<Outcome, number> = { charged: 0, 'not-charged': 1, held: 2 };

export function outcomeNumber({ outcome, stopped, late, disagreement }: StoredOutcome): number {
  if (outcome === 'charged' && stopped) return 3;
  if (outcome !== 'held') return outcomeNumbers[outcome];
  return late ? 4 : disagreement === null ? outcomeNumbers.held : firstDisagreement + placeOf(disagreement);
}

const firstDisagreement = 5;
const placeOf = ({ table, provider }: Disagreement): number =>
  disagreements.findIndex((each) => each.table === table && each.provider === provider);

export const readOutcome = (no: number): StoredOutcome => storedOutcomes[no] ?? held;
