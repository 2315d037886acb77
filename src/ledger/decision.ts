// What deciding a group works on: the account at hand, what the ledger already holds, and the rows and answers that come of it.

import type { Head } from '../account/head.ts';
import type { EndedHold } from '../account/hold.ts';
import type { LivePack } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import type { Draw } from '../core/settle.ts';
import type { Instant } from '../core/units.ts';
import type { StoredEvent } from '../store/ledger/events.ts';
import type { StoredHold } from '../store/ledger/holds.ts';
import { type EventRow, emptyGroup, type GroupRows } from '../store/ledger/rows.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import type { EnteredEvent } from './recent-events.ts';

/** What the ledger already holds for ids of one account, by id. Absent: not looked up, the database will tell when they are written. */
export interface KnownIds {
  readonly events: ReadonlyMap<string, StoredEvent>;
  readonly holds: ReadonlyMap<string, StoredHold>;
  /** Events that this server entered lately and still has in memory. */
  readonly remembered: ReadonlyMap<string, EnteredEvent>;
}

/** The same for a group. */
export interface Known {
  /** Those of which something is known. By account, so that no key is put together for each call: one costs as much as a look-up. */
  readonly accounts: ReadonlyMap<string, KnownIds>;
  /** Accounts that have plain events and nothing else: see decide-plain.ts. */
  readonly plain: ReadonlySet<string>;
  /** Ledger numbers by key that an earlier try of this group wrote, its fate unknown. What is found under them was accepted then. */
  readonly unsure: Map<string, number>;
}

export const nothingKnown: KnownIds = { events: new Map(), holds: new Map(), remembered: new Map() };

export const keyOf = (account: string, id: string): string => `${id} ${account}`;

/** Whether a row is one that this very group wrote, in a try that it heard no answer of. True once: who asks again repeats. */
export function wasOurs({ unsure, head }: Pick<Work, 'unsure' | 'head'>, id: string, seq: number): boolean {
  if (unsure.size === 0) return false;
  const key = keyOf(head.account, id);
  return unsure.get(key) === seq && unsure.delete(key);
}

export interface Decision {
  /** Its `unchanged` heads are those that answers rest on and that the group does not write. */
  readonly rows: GroupRows;
  readonly entered: SettledEvent[];
  /** Gives every request its answer. Call it when the rows are on disk. */
  readonly answers: (() => void)[];
}

export const openDecision = (): Decision => ({ rows: emptyGroup(), entered: [], answers: [] });

/** An event that a group enters, with the packs it could draw from. */
export interface SettledEvent {
  readonly row: EventRow;
  readonly packs: readonly LivePack[];
  /** Of its account's head, as the group writes it. */
  readonly version: bigint;
}

/** One account of a group while its requests are decided. */
export interface Work {
  readonly head: Head;
  readonly book: PriceBook;
  readonly now: Instant;
  readonly known: KnownIds;
  readonly isPlain: boolean;
  readonly unsure: Known['unsure'];
  readonly rows: GroupRows;
  /** Events that this group enters, so that a second one of the same id in it is a duplicate of the first. */
  readonly entered: Map<string, SettledEvent>;
  /** Holds that end in this group, by id; undefined while none has. */
  ended: Map<string, EndedHold> | undefined;
  /** Version of the head that this group writes. */
  readonly version: bigint;
  readonly decision: Decision;
  /**
   * An answer says what the head says, and writes nothing that another server's change of the head would make fail:
   * it is given only if the head in the database is still the same.
   */
  rests: boolean;
}

export function enter(work: Work, row: EventRow, packs: readonly LivePack[]): SettledEvent {
  const event: SettledEvent = { row, packs, version: work.version };
  work.rows.events.push(row);
  work.entered.set(row.id, event);
  work.decision.entered.push(event);
  return event;
}

export function endHold(work: Work, ended: EndedHold): void {
  work.rows.holdEnds.push({ account: work.head.account, ended, at: work.now });
  work.ended ??= new Map();
  work.ended.set(ended.hold.id, ended);
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
  late: row.late,
  disagreement: row.disagreement,
  draws: namedDraws(row.draws, packs),
  postpaid: row.postpaid,
  department: row.department,
  facts: row.facts,
});

export const receiptFor = ({ head }: Work, settled: SettledEvent): Receipt =>
  receiptOf(enteredEvent(settled), head.timeZone);

export const namedDraws = (draws: readonly Draw[], packs: readonly LivePack[]) =>
  draws.map((draw) => ({ pack: packs.find((pack) => pack.no === draw.pack)?.id ?? '', calls: draw.calls }));
