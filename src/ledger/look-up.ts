// What a group needs to know before it is decided: its heads, and what the ledger may hold already. From memory where it is there.

import type { ClientBase } from 'pg';
import { timeOf } from '../account/head.ts';
import { eventRefusal } from '../account/use.ts';
import type { IncomingEvent } from '../core/event.ts';
import type { Instant } from '../core/units.ts';
import { findEvents, type StoredEvent } from '../store/ledger/events.ts';
import { beginLocked, readHeads } from '../store/ledger/heads.ts';
import { findHolds, type StoredHold } from '../store/ledger/holds.ts';
import { arePlain } from './decide-plain.ts';
import type { Known } from './decision.ts';
import type { CachedHead, HeadsCache } from './heads-cache.ts';
import type { LedgerOptions } from './options.ts';
import type { EnteredEvent, RecentEvents } from './recent-events.ts';
import { eventsOf, type Group, type Request } from './requests.ts';

export class LookUp {
  readonly #options: LedgerOptions;
  readonly #heads: HeadsCache;
  readonly #recent: RecentEvents;

  constructor(options: LedgerOptions, heads: HeadsCache, recent: RecentEvents) {
    this.#options = options;
    this.#heads = heads;
    this.#recent = recent;
  }

  /** In order of account: rows are locked in that order, in a transaction that is opened with them. */
  async heads(client: ClientBase, accounts: string[], lock: boolean): Promise<Map<string, CachedHead>> {
    const heads = new Map<string, CachedHead>();
    const missing: string[] = [];
    for (const account of accounts) {
      const cached = lock ? undefined : this.#heads.get(account);
      if (cached === undefined) missing.push(account);
      else heads.set(account, cached);
    }
    if (missing.length === 0) return heads;
    const read = lock ? await beginLocked(client, missing) : await readHeads(client, missing);
    for (const { head, version } of read) heads.set(head.account, { head, version, readAs: version });
    return new Map([...heads].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Finds what the ledger may hold already: ids seen lately in memory or, as all of them after a lost try, in the database. */
  async known(
    client: ClientBase,
    group: Group,
    { lookUp, unsure }: { readonly lookUp: boolean; readonly unsure: ReadonlyMap<string, number> },
    heads: ReadonlyMap<string, CachedHead>,
    now: Instant,
  ): Promise<Known> {
    const eventKeys: { account: string; id: string }[] = [];
    const holdKeys: { account: string; id: string }[] = [];
    const accounts = new Map<string, Ids>();
    const plain = new Set<string>();
    for (const [account, requests] of group) {
      const cached = heads.get(account);
      const book = this.#options.books.find(cached?.head.book ?? '');
      if (
        !lookUp &&
        cached !== undefined &&
        book !== undefined &&
        arePlain(requests, cached, book, now, this.#recent)
      ) {
        plain.add(account);
        continue;
      }
      const at = cached === undefined ? now : timeOf(cached.head, now);
      // What would be refused is never written, so no unique key tells that it was accepted before: too old by now, say.
      const isRefused = (event: IncomingEvent) => book !== undefined && eventRefusal(book, event, at) !== undefined;
      const isSuspect = (event: IncomingEvent) => isRefused(event) || this.#recent.mayHold(event.id);
      for (const request of requests) {
        for (const id of suspects(request, cached, lookUp)) holdKeys.push({ account, id });
        if (request.kind !== 'record') continue;
        const asked = eventsOf(request);
        const marked = lookUp ? asked : asked.filter(isSuspect);
        // A batch that is sent again is known whole, though a mark of it may have been replaced since.
        const suspected = 2 * marked.length >= asked.length ? asked : marked;
        for (const event of suspected) {
          const { id } = event;
          const entered =
            lookUp || cached === undefined || isRefused(event) ? undefined : this.#recent.find(cached, id);
          if (entered === undefined) eventKeys.push({ account, id });
          else idsOf(accounts, account).remembered.set(id, entered);
        }
      }
    }
    eventKeys.push(...holdKeys);
    const { meters } = this.#options;
    const events: StoredEvent[] = eventKeys.length === 0 ? [] : await findEvents(client, eventKeys, meters);
    const holds: StoredHold[] = holdKeys.length === 0 ? [] : await findHolds(client, holdKeys, meters);
    for (const event of events) idsOf(accounts, event.account).events.set(event.id, event);
    for (const stored of holds) idsOf(accounts, stored.account).holds.set(stored.hold.id, stored);
    return { accounts, plain, unsure: new Map(unsure) };
  }
}

/** `KnownIds` while they are gathered. */
interface Ids {
  readonly events: Map<string, StoredEvent>;
  readonly holds: Map<string, StoredHold>;
  readonly remembered: Map<string, EnteredEvent>;
}

function idsOf(accounts: Map<string, Ids>, account: string): Ids {
  const known = accounts.get(account);
  if (known !== undefined) return known;
  const ids = { events: new Map(), holds: new Map(), remembered: new Map() };
  accounts.set(account, ids);
  return ids;
}

const none: readonly string[] = [];

/** Hold ids to look up: captures and releases whose hold the head does not carry, authorisations after a lost try. */
function suspects(request: Request, cached: CachedHead | undefined, lookUp: boolean): readonly string[] {
  if (request.kind === 'record') return none;
  if (request.kind === 'authorize') return lookUp ? [request.hold.id] : [];
  const carried = cached?.head.holds.some((hold) => hold.id === request.id) ?? false;
  return carried && !lookUp ? [] : [request.id];
}
