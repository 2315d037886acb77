// Events entered lately by this server. Only speed depends on it: the unique key of the ledger decides what is known.

import type { EventRow } from '../store/rows.ts';
import { Generations } from './generations.ts';
import type { CachedHead } from './heads-cache.ts';
import type { Receipt } from './receipt.ts';

export interface EnteredEvent {
  readonly row: EventRow;
  readonly receipt: Receipt;
  /** Version of its account's head that its group wrote. */
  readonly version: bigint;
}

export interface RecentEventsOptions {
  readonly ids: number;
  readonly receipts: number;
}

export class RecentEvents {
  /** A hit means "perhaps known, look it up", whatever the account; a miss "probably new". */
  readonly #ids: Generations<true>;
  readonly #entered: Generations<EnteredEvent>;

  constructor({ ids, receipts }: RecentEventsOptions) {
    this.#ids = new Generations(ids);
    this.#entered = new Generations(receipts);
  }

  mayHold(id: string): boolean {
    return this.#ids.get(id) === true;
  }

  /** The event as it was entered, if nobody else can have changed it since: its head never left this server's memory. */
  find(cached: CachedHead, id: string): EnteredEvent | undefined {
    const entered = this.#entered.get(id);
    return entered?.row.account === cached.head.account && entered.version > cached.readAs ? entered : undefined;
  }

  add(event: EnteredEvent): void {
    this.#ids.set(event.row.id, true);
    this.#entered.set(event.row.id, event);
  }
}
