// The hot path: whatever waits becomes one durable statement; the next group forms while it commits. No timer, no fixed size.
// Nothing is answered before its commit. Correctness rests on the heads' versions and the unique keys in the database alone.
// The life of one event: ARCHITECTURE.md; the choice of design: docs/decisions/0002.

import { randomUUID } from 'node:crypto';
import type { Hold } from '../account/head.ts';
import type { CallFacts, IncomingEvent } from '../core/event.ts';
import { type Refusal, refuse, refuseFor } from '../core/refusal.ts';
import { beyondShare } from '../core/share.ts';
import type { Calls } from '../core/units.ts';
import type { PlainEvents } from '../store/ledger/plain-events.ts';
import type { GroupCounters } from './counters.ts';
import { GroupWriter, type Written } from './group-writer.ts';
import { HeadsCache } from './heads-cache.ts';
import type { LedgerOptions } from './options.ts';
import { Places } from './places.ts';
import { RecentEvents } from './recent-events.ts';
import {
  type Authorization,
  type EventResult,
  type RecordRequest,
  type Request,
  refuseRequest,
  type SettledRun,
  weightOf,
} from './requests.ts';
import { WaitingRequests } from './waiting.ts';

/** Events that one account may have waiting however many others wait, while an eighth of the line is free: the largest body. */
const oneBatch = 10_000;

/** Milliseconds that a group may hold back a smaller one. A lock or a node that is away may make it last for seconds. */
const longestWait = 20;

/** Accounts whose place is asked for at once. */
const mostAsked = 10_000;

type RecordOptions = Partial<Pick<RecordRequest, 'receipts' | 'byOperator' | 'key'>>;

export class Ledger {
  readonly counters: GroupCounters;
  readonly #waiting: WaitingRequests;
  readonly #places: Places | undefined;
  /** Nodes whose latest group was not written. All of them together have one lane: the others' accounts go on. */
  readonly #away = new Set<string>();
  #awayTried = 0;
  #asking = false;
  readonly #heads: HeadsCache;
  readonly #writer: GroupWriter;
  readonly #groupRoom: number;
  readonly #mostWaiting: number;
  #freeLanes: number;
  #scheduled = false;
  #idle: (() => void)[] = [];
  readonly #lanes: number;
  /** Events of the latest group, and when it began. */
  #latest = { weight: 0, began: 0 };
  #awaitsLatest = false;

  constructor(options: LedgerOptions) {
    const places = options.places && new Places(options.places);
    this.#places = places;
    this.#waiting = new WaitingRequests(places && ((account) => places.shardOf(account)));
    this.#heads = new HeadsCache(options.cachedHeads ?? 50_000);
    const recent = new RecentEvents(options.recent ?? { marks: 2 ** 20, bytes: 2 ** 23 });
    this.#writer = new GroupWriter(options, this.#heads, recent);
    this.counters = this.#writer.counters;
    // Writing down a larger group would hold the loop for longer than 50 ms.
    this.#groupRoom = options.groupRoom ?? 2_500;
    this.#mostWaiting = options.mostWaiting ?? 50_000;
    this.#lanes = options.lanes ?? 2;
    this.#freeLanes = this.#lanes;
  }

  /** Events and other requests that wait for their group. */
  get queueDepth(): number {
    return this.#waiting.weight;
  }

  get cachedHeads(): number {
    return this.#heads.size;
  }

  /** Settles events of one account, durably, in the given order. One result an event, in the same order; see `RecordRequest`. */
  record(
    account: string,
    events: readonly IncomingEvent[],
    { receipts = 'receipt', byOperator = true, key = null }: RecordOptions = {},
  ): Promise<EventResult[]> {
    return new Promise((done) => {
      const refused = (refusal: Refusal) => done(events.map(({ id }) => ({ id, status: 'rejected', refusal })));
      this.#submit({ kind: 'record', account, events, byOperator, key, receipts, done, plain: null }, refused);
    });
  }

  /** The same of plain events: how they were settled as columns, or a result each where something had to be looked at one by one. */
  recordPlain(
    account: string,
    plain: PlainEvents,
    { byOperator = true, key = null }: RecordOptions = {},
  ): Promise<SettledRun | EventResult[]> {
    return new Promise((done) => {
      const asked = { kind: 'record', account, events: [], byOperator, key, receipts: 'settled' } as const;
      const request: Request = { ...asked, plain: { events: plain, done }, done };
      this.#submit(request, (refusal) => refuseRequest(request, refusal));
    });
  }

  /** Holds calls for a payer. Without an id of the caller's own a retry holds anew. */
  authorize(
    account: string,
    call: {
      readonly id?: string;
      readonly meter: string;
      readonly calls: Calls;
      readonly department: string | null;
      readonly milliseconds: number;
      readonly byOperator?: boolean;
      readonly key?: string | null;
      readonly review?: boolean;
    },
  ): Promise<Authorization | Refusal> {
    const { id = randomUUID(), byOperator = true, key = null, review = false } = call;
    const hold = { ...call, id, byOperator, key, review };
    return new Promise((done) => this.#submit({ kind: 'authorize', account, hold, done }, done));
  }

  /** Turns a hold into the usage event of the same id. Idempotent. */
  capture(
    account: string,
    id: string,
    byOperator = true,
    facts: CallFacts | null = null,
  ): Promise<EventResult | Refusal> {
    return new Promise((done) => this.#submit({ kind: 'capture', account, id, byOperator, facts, done }, done));
  }

  release(account: string, id: string, byOperator = true): Promise<{ readonly hold: Hold } | Refusal> {
    return new Promise((done) => this.#submit({ kind: 'release', account, id, byOperator, done }, done));
  }

  /** An operation changed the account: its head is read anew. Only speed depends on calling this. */
  forget(account: string): void {
    this.#heads.drop(account);
  }

  /** Resolves when nothing waits and no group is under way. */
  drain(): Promise<void> {
    return new Promise((done) => {
      this.#idle.push(done);
      this.#pump();
    });
  }

  /** Milliseconds until so many events of those that wait are written, at the pace of all groups so far. */
  #timeFor(events: number): number {
    const { commitMilliseconds, events: written } = this.counters;
    return written === 0 ? 1_000 : (events * commitMilliseconds) / written / this.#lanes;
  }

  /**
   * How many events too many that would be. The first to wait for an account is only measured by the line itself; a batch, handed in
   * piece by piece, goes in whole where it can.
   */
  #beyond(account: string, more: number): number {
    const most = this.#mostWaiting;
    const own = this.#waiting.weightFor(account);
    const all = this.#waiting.weight + more;
    const isBatch = own + more <= Math.min(oneBatch, most / 2) && all <= (most * 7) / 8;
    return own === 0 || isBatch ? all - most : beyondShare(most, all, own + more);
  }

  #submit(request: Request, refused: (refusal: Refusal) => void): void {
    const beyond = this.#beyond(request.account, weightOf(request));
    if (beyond > 0) {
      refused(refuseFor('OVERLOADED', this.#timeFor(beyond)));
      return;
    }
    this.#waiting.add(request);
    if (this.#places !== undefined && this.#waiting.unplaced.size > 0 && !this.#asking) void this.#ask(this.#places);
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After this turn of the loop, so that all requests read from sockets in it share a group.
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  /** Finds out where accounts lie that have requests waiting. Never rejects: whose place is not to be had is refused. */
  async #ask(places: Places): Promise<void> {
    this.#asking = true;
    while (this.#waiting.unplaced.size > 0) {
      const accounts = [...this.#waiting.unplaced].slice(0, mostAsked);
      try {
        await places.learn(accounts);
        this.#waiting.placed(accounts);
      } catch {
        const asked = new Set(accounts);
        this.#refuseWaiting((account) => asked.has(account));
      }
      this.#pump();
    }
    this.#asking = false;
    this.#pump();
  }

  #refuseWaiting(of?: (account: string) => boolean): void {
    for (const request of this.#waiting.clear(of)) refuseRequest(request, refuse('OVERLOADED'));
  }

  readonly #mayTake = (place: string): boolean => this.#awayTried === 0 || !this.#away.has(this.#nodeOf(place));

  #nodeOf(place: string): string {
    return this.#places?.nodeOf(place) ?? '';
  }

  /**
   * Another group beside those under way pays from the size of the latest on: below it both would be small, and what a group costs
   * whatever its size is then shared by few.
   */
  #isBetterLater(): boolean {
    const { weight, began } = this.#latest;
    if (this.#freeLanes === this.#lanes || this.#waiting.weight >= weight) return false;
    if (performance.now() - began >= longestWait) return false;
    if (this.#awaitsLatest) return true;
    this.#awaitsLatest = true;
    setTimeout(() => {
      this.#awaitsLatest = false;
      this.#pump();
    }, longestWait).unref();
    return true;
  }

  #pump(): void {
    while (this.#freeLanes > 0 && this.#waiting.hasReady && !this.#isBetterLater()) {
      const before = this.#waiting.weight;
      const taken = this.#waiting.take(this.#groupRoom, this.#mayTake);
      if (taken === undefined) break;
      this.#latest = { weight: before - this.#waiting.weight, began: performance.now() };
      this.#freeLanes -= 1;
      const node = this.#nodeOf(taken.place);
      const wasAway = this.#away.has(node);
      if (wasAway) this.#awayTried += 1;
      void this.#writer.write(taken.group).then((written) => {
        if (wasAway) this.#awayTried -= 1;
        this.#waiting.finish(taken.group.keys());
        this.#learnOf(written, node);
        this.#freeLanes += 1;
        this.#pump();
      });
    }
    if (this.#freeLanes === this.#lanes && !this.#waiting.hasReady && !this.#asking) {
      for (const done of this.#idle.splice(0)) done();
    }
  }

  /** Those who wait for what is away would wait as long again, one group after another. */
  #learnOf(written: Written, node: string): void {
    if (written === 'all') this.#away.delete(node);
    else if (written === 'none') this.#refuseWaiting();
    else {
      this.#away.add(node);
      const isThere = (account: string) => {
        const shard = this.#places?.shardOf(account);
        return shard !== undefined && this.#nodeOf(shard) === node;
      };
      this.#refuseWaiting(isThere);
      this.#places?.forget(node);
    }
  }
}
