// I1, and the database's own part of I9 to I11: the unique keys and append-only triggers that the ledger rests on.

import type { ClientBase } from 'pg';
import { eventWords } from '../core/event-name.ts';
import {
  findRepeatedEvent,
  findStrayReference,
  readRefusedChanges,
  readUniqueKeys,
} from '../store/connection/safeguards.ts';
import type { AccountRange } from '../store/streams/ranges.ts';
import type { Checker, StoredAccount } from './checker.ts';
import { type InvariantId, type Verdicts, Witness } from './invariants.ts';
import type { Tick } from './ticks.ts';

const eventsKey = 'events (event_id, account_id)';

const uniqueKeys: readonly (readonly [InvariantId, string])[] = [
  ['I1', eventsKey],
  ['I1', 'voids (account_id, event_id)'],
  ['I1', 'reviews (account_id, event_id)'],
  ['I1', 'holds (account_id, hold_id)'],
  ['I1', 'hold_ends (account_id, hold_seq)'],
  ['I1', 'event_draws (account_id, seq, pack_no)'],
  ['I1', 'event_keys (account_id, seq)'],
  ['I1', 'outbox (account_id, seq, place)'],
  ['I1', 'alerts (account_id, no)'],
  ['I1', 'alerts (account_id, once)'],
  ['I1', 'packs (account_id, pack_no)'],
  ['I1', 'packs (account_id, pack_id)'],
  ['I1', 'pack_refunds (account_id, pack_no)'],
  ['I9', 'money_entries (account_id, seq)'],
  ['I21', 'orders (account_id, order_no)'],
  ['I21', 'order_ends (account_id, order_no)'],
  ['I21', 'order_references (reference)'],
  ['I18', 'audit (chain, no)'],
  ['I11', 'bills (account_id, period)'],
  ['I11', 'bills (account_id, bill_no)'],
];

const appendOnly: readonly (readonly [InvariantId, string])[] = [
  ['I9', 'money_entries'],
  ['I10', 'bills'],
  ['I21', 'orders'],
  ['I21', 'order_ends'],
  ['I21', 'order_references'],
  ['I18', 'audit'],
];

export interface Guards {
  /** False: an event may stand twice, so duplicates are looked for. */
  readonly eventsUnique: boolean;
}

export async function checkGuards(client: ClientBase, verdicts: Verdicts): Promise<Guards> {
  const keys = await readUniqueKeys(client);
  for (const [invariant, key] of uniqueKeys) {
    const [table = ''] = key.split(' ');
    new Witness(invariant, verdicts).same(table, key, 'a unique key', keys.has(key) ? 'a unique key' : 'none');
  }
  const refused = await readRefusedChanges(client);
  for (const [invariant, table] of appendOnly) {
    for (const change of ['update', 'delete', 'truncate']) {
      const found = refused.has(`${table}: ${change}`) ? 'refused' : 'allowed';
      new Witness(invariant, verdicts).same(table, `trigger against ${change}`, 'refused', found);
    }
  }
  return { eventsUnique: keys.has(eventsKey) };
}

/** Looks for events that stand twice where no key forbids it: beside an archived one of the same id, or without the key. */
export async function checkRepeated(client: ClientBase, range: AccountRange, verdicts: Verdicts): Promise<void> {
  const repeated = await findRepeatedEvent(client, range);
  if (repeated === undefined) return;
  const witness = new Witness('I1', verdicts);
  witness.at(repeated.account);
  witness.broken('events', `event_id ${eventWords(repeated.id)}`, 'one row', `${repeated.times}`);
}

/** What keeps a reference from paying twice says what the ends of orders say. */
export async function checkReferences(client: ClientBase, range: AccountRange, verdicts: Verdicts): Promise<void> {
  const stray = await findStrayReference(client, range);
  if (stray === undefined) return;
  const witness = new Witness('I21', verdicts);
  witness.at(stray.account);
  const { no, reference } = stray;
  witness.broken('order_references', `order_no ${no}`, `${reference} on both sides`, 'on one');
}

/** Counts the events that the key guards, and that a captured hold became the event of its id. */
export class IdentityChecker implements Checker {
  readonly #witness: Witness;
  /** Ids of open holds by ledger number. */
  #holds = new Map<number, string>();
  #captured: { readonly seq: number; readonly id: string } | undefined;

  constructor(verdicts: Verdicts) {
    this.#witness = new Witness('I1', verdicts);
  }

  open({ id }: StoredAccount): void {
    this.#holds = new Map();
    this.#captured = undefined;
    this.#witness.at(id);
  }

  tick({ seq, event, hold, holdEnd }: Tick): void {
    if (this.#captured !== undefined) {
      this.#witness.same('hold_ends', `seq ${seq - 1}, event of the hold`, this.#captured.id, event?.id ?? 'none');
      this.#captured = undefined;
    }
    if (event !== undefined) this.#witness.count();
    if (hold !== undefined) this.#holds.set(seq, hold.id);
    if (holdEnd === undefined) return;
    const id = this.#holds.get(holdEnd.holdSeq);
    this.#holds.delete(holdEnd.holdSeq);
    if (holdEnd.how === 'captured' && id !== undefined) this.#captured = { seq, id };
  }

  close(): void {
    if (this.#captured === undefined) return;
    const { seq, id } = this.#captured;
    this.#witness.broken('hold_ends', `seq ${seq}, event of the hold`, id, 'none');
  }
}
