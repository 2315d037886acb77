// Writes one group: load heads and suspected duplicates, decide, save, answer. A group that loses a race is decided again with
// its heads locked; one whose connection broke is looked up first, since it may have been committed. No loss is tried for ever: a
// group that goes on losing is split, and at last the request that makes it lose is refused alone.

import { setTimeout as wait } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { refuse, refuseMissing } from '../core/refusal.ts';
import { isNodeAway } from '../store/connection/failures.ts';
import { awaitWhatIsRead, serverOf } from '../store/connection/standby.ts';
import { together } from '../store/connection/together.ts';
import { isLarge, saveGroup, saveLargeGroup, stillUnchanged } from '../store/ledger/group.ts';
import type { GroupRows } from '../store/ledger/rows.ts';
import { endSpan, isTracing, startSpan } from '../tracing.ts';
import { bookOf } from './books.ts';
import { countGroup, openCounters } from './counters.ts';
import { decideAccount } from './decide.ts';
import { type Decision, enteredEvent, keyOf, openDecision } from './decision.ts';
import type { CachedHead, HeadsCache } from './heads-cache.ts';
import { LookUp } from './look-up.ts';
import { type Loss, lossOf, mostLosses, noLosses } from './losses.ts';
import type { LedgerOptions } from './options.ts';
import type { RecentEvents } from './recent-events.ts';
import { type Group, refuseRequest, weightOf } from './requests.ts';
import { Slice } from './slices.ts';

/** How a group is tried. Every loss makes the next try more careful. */
interface Attempt {
  lock: boolean;
  lookUp: boolean;
  /** What the latest try was about to write. */
  rows: GroupRows | undefined;
  /** Ledger numbers of the events and holds, by key, that tries of unknown fate wrote. */
  readonly unsure: Map<string, number>;
  readonly losses: Record<Loss, number>;
  /** When those who wait are refused rather than the group tried in parts, or on another connection. */
  readonly giveUpAt: number;
}

/** What a try that was not lost decided, and the heads that it decided on. */
interface Tried {
  readonly decision: Decision;
  readonly heads: ReadonlyMap<string, CachedHead>;
  /** Where it was written. */
  readonly server: string;
}

/** What came of a group: `none`: the database stayed away; `node`: a node of it, while others go on. Refused requests count as written. */
export type Written = 'all' | 'node' | 'none';

const lesser = (one: Written, other: Written): Written =>
  one === 'none' || other === 'none' ? 'none' : one === 'node' ? one : other;

/** Groups for which a lost race makes an account lock its head first. */
const contendedTurns = 64;

export class GroupWriter {
  readonly counters = openCounters();
  readonly #options: LedgerOptions;
  readonly #heads: HeadsCache;
  readonly #recent: RecentEvents;
  readonly #lookUp: LookUp;
  /** Which server all that is in memory was read from, or written to. */
  #server = '';

  constructor(options: LedgerOptions, heads: HeadsCache, recent: RecentEvents) {
    this.#options = options;
    this.#heads = heads;
    this.#recent = recent;
    this.#lookUp = new LookUp(options, heads, recent);
  }

  /** Writes a group and answers every request in it. Never rejects. */
  write(group: Group): Promise<Written> {
    const contended = [...group.keys()].filter((account) => this.#heads.isContended(account));
    return this.#persist(group, {
      lock: contended.length > 0,
      lookUp: false,
      rows: undefined,
      unsure: new Map(),
      losses: noLosses(),
      giveUpAt: performance.now() + (this.#options.patience ?? 5_000),
    });
  }

  async #persist(group: Group, attempt: Attempt): Promise<Written> {
    const started = performance.now();
    for (let pause = 10; ; pause = Math.min(pause * 2, 500)) {
      try {
        const tried = await this.#try(group, attempt);
        const { decision } = tried;
        // Not before: an event whose commit failed would be taken for entered.
        this.#remember(tried);
        const took = performance.now() - started;
        countGroup(this.counters, group, took);
        if (isTracing()) traceGroup(group, took);
        for (const answer of decision.answers) answer();
        return 'all';
      } catch (error) {
        for (const account of group.keys()) this.#heads.drop(account);
        const lost = lossOf(error);
        this.counters.losses[lost] += 1;
        attempt.losses[lost] += 1;
        if (attempt.losses[lost] > mostLosses[lost]) return this.#split(group, attempt, lost, error);
        // To wait for it would keep the lane from the accounts of the other nodes.
        const isNode = this.#options.places !== undefined && isNodeAway(error);
        if (isNode || (lost === 'connection' && performance.now() + pause >= attempt.giveUpAt)) {
          this.#giveUp(group, 'OVERLOADED', error);
          return isNode ? 'node' : 'none';
        }
        this.#careful(attempt, lost, group);
        if (lost === 'connection') await wait(pause);
      }
    }
  }

  /** The events of a large group are looked up when they come again: few of them do, and to keep them all costs a tenth of an import. */
  #remember({ decision: { entered, rows }, heads, server }: Tried): void {
    // Another lane has met another server meanwhile, which may not have what this one was told.
    if (server !== this.#server) {
      for (const account of heads.keys()) this.#heads.drop(account);
      return;
    }
    for (const { head, version } of rows.heads) {
      this.#heads.set({ head, version: version + 1n, readAs: heads.get(head.account)?.readAs ?? version });
    }
    // A repeat of a batch is looked up whole.
    for (const { events } of rows.plain) {
      for (let index = 0; index < events.length; index += 1) this.#recent.addMark(events.markOf(index));
    }
    const idsOnly = isLarge(rows);
    for (const event of entered) {
      if (idsOnly) this.#recent.addId(event.row.id);
      else this.#recent.add(enteredEvent(event), event.version);
    }
  }

  #careful(attempt: Attempt, lost: Loss, group: Group): void {
    this.counters.retries += 1;
    if (lost === 'heads') {
      this.counters.conflicts += 1;
      attempt.lock = true;
      for (const account of group.keys()) this.#heads.contend(account, contendedTurns);
    } else if (lost === 'ids') {
      attempt.lock ||= attempt.lookUp;
      attempt.lookUp = true;
    } else if (lost === 'locks') attempt.lock = true;
    else {
      attempt.lookUp = true;
      for (const { account, id, seq } of attempt.rows?.events ?? []) attempt.unsure.set(keyOf(account, id), seq);
      for (const { account, events, first } of attempt.rows?.plain ?? []) {
        for (let index = 0; index < events.length; index += 1) {
          attempt.unsure.set(keyOf(account, events.idOf(index)), first + index);
        }
      }
      for (const { account, hold } of attempt.rows?.holds ?? []) attempt.unsure.set(keyOf(account, hold.id), hold.seq);
    }
  }

  /** One bad request must not spoil the others: each half is tried by itself, and at last the bad one alone is refused. */
  async #split(group: Group, attempt: Attempt, lost: Loss, error: unknown): Promise<Written> {
    const requests = [...group.values()].flat();
    const isRace = lost === 'heads' || lost === 'locks';
    if (requests.length === 1 || (isRace && performance.now() >= attempt.giveUpAt)) {
      // A race that is lost time and again may be won later; anything else is ours to mend.
      this.#giveUp(group, isRace ? 'OVERLOADED' : 'INTERNAL_ERROR', error);
      return 'all';
    }
    this.counters.splits += 1;
    const middle = Math.ceil(requests.length / 2);
    let written: Written = 'all';
    for (const half of [requests.slice(0, middle), requests.slice(middle)]) {
      const own = { ...attempt, rows: undefined, losses: noLosses() };
      const done = await this.#persist(
        Map.groupBy(half, (request) => request.account),
        own,
      );
      written = lesser(written, done);
    }
    return written;
  }

  #giveUp(group: Group, code: 'OVERLOADED' | 'INTERNAL_ERROR', error: unknown): void {
    this.counters.failures += 1;
    const cause = error instanceof Error ? error.message : String(error);
    if (code === 'INTERNAL_ERROR') this.#options.log?.(`the ledger refused ${[...group.keys()].join(', ')}: ${cause}`);
    const refusal = refuse(code, { cause });
    for (const requests of group.values()) for (const request of requests) refuseRequest(request, refusal);
  }

  async #try(group: Group, attempt: Attempt): Promise<Tried> {
    const client = await this.#options.pool.connect();
    let broken: Error | undefined;
    try {
      const server = await this.#meet(client);
      return { ...(await this.#decideAndSave(client, group, attempt)), server };
    } catch (error) {
      broken = await endTransaction(client, attempt.lock, error);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** What is in memory holds for the server that it was read from: after a fail-over the new one may lack it, under the same versions. */
  async #meet(client: ClientBase): Promise<string> {
    const server = await serverOf(client);
    if (server !== this.#server) {
      this.#heads.clear();
      this.#recent.clear();
      this.#server = server;
    }
    return server;
  }

  /** With its heads locked, in a transaction that is over when this returns. */
  async #decideAndSave(client: ClientBase, group: Group, attempt: Attempt): Promise<Omit<Tried, 'server'>> {
    const heads = await this.#lookUp.heads(client, [...group.keys()].toSorted(), attempt.lock);
    for (const { head } of heads.values()) {
      if (this.#options.books.find(head.book) === undefined) await bookOf(this.#options.books, head.book);
    }
    const now = this.#options.clock();
    const known = await this.#lookUp.known(client, group, attempt, heads, now);
    const decision = openDecision();
    const slice = new Slice();
    for (const [account, cached] of heads) {
      const book = this.#options.books.find(cached.head.book);
      if (book === undefined) throw new Error(`price book ${cached.head.book} was lost`);
      const decided = decideAccount(cached, book, group.get(account) ?? [], known, now, decision, slice);
      if (decided !== undefined) await decided;
    }
    for (const [account, requests] of group) {
      if (heads.has(account)) continue;
      const unknown = refuseMissing('account', account);
      for (const request of requests) decision.answers.push(() => refuseRequest(request, unknown));
    }
    const { rows } = decision;
    attempt.rows = rows;
    const rests = known.accounts.size + rows.unchanged.length > 0;
    await this.#save(client, rows, attempt.lock);
    // What writes waits for the standby by itself, and all that was read lies before it in the log.
    if (rests && rows.heads.length === 0 && this.#options.awaitsStandby?.() === true) await awaitWhatIsRead(client);
    if (attempt.lock && rows.heads.length === 0) await client.query('commit');
    return { decision, heads };
  }

  async #save(client: ClientBase, rows: GroupRows, locked: boolean): Promise<void> {
    const { meters } = this.#options;
    // What is locked cannot have changed.
    if (locked) rows.unchanged.length = 0;
    if (rows.heads.length === 0)
      return rows.unchanged.length === 0 ? undefined : stillUnchanged(client, rows.unchanged);
    // While heads are locked nothing is copied: a server that stands still in the middle of a COPY would keep them.
    if (locked) {
      await together(
        client,
        () => saveGroup(client, rows, meters),
        () => client.query('commit'),
      );
      return;
    }
    if (!isLarge(rows)) return saveGroup(client, rows, meters);
    try {
      await saveLargeGroup(client, rows, meters);
    } catch (error) {
      if (lossOf(error) !== 'connection') await client.query('rollback');
      throw error;
    }
  }
}

/** Leaves the connection clean after a failure; an error when it must be thrown away. */
async function endTransaction(client: ClientBase, open: boolean, error: unknown): Promise<Error | undefined> {
  if (lossOf(error) === 'connection') return error instanceof Error ? error : new Error(String(error));
  if (!open) return undefined;
  try {
    await client.query('rollback');
    return undefined;
  } catch (failure) {
    return failure instanceof Error ? failure : new Error(String(failure));
  }
}

/** What a group did, told when it is done. */
function traceGroup(group: Group, took: number): void {
  let items = 0;
  for (const requests of group.values()) for (const request of requests) items += weightOf(request);
  const attributes = { 'suanpan.accounts': group.size, 'suanpan.items': items };
  endSpan(startSpan('ledger group', { kind: 'INTERNAL', startTime: Date.now() - took, attributes }), null);
}
