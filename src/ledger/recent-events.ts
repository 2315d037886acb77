// Events entered lately by this server. Only speed depends on it: the unique key of the ledger decides what is known.

import type { LivePack } from '../core/pack.ts';
import type { EventRow } from '../store/rows.ts';
import { Generations } from './generations.ts';
import type { CachedHead } from './heads-cache.ts';

export interface EnteredEvent {
  readonly row: EventRow;
  /** The packs it could draw from, for their ids. */
  readonly packs: readonly LivePack[];
  /** Version of its account's head that its group wrote. */
  readonly version: bigint;
}

export class RecentEvents {
  /** One mark an id, whatever its account; a newer id in the same place replaces it. */
  readonly #marks: Uint32Array;
  readonly #entered: Generations<EnteredEvent>;

  /** Keeps up to `marks` marks, a power of two, and between `most` and twice `most` events. */
  constructor({ marks, most }: { readonly marks: number; readonly most: number }) {
    this.#marks = new Uint32Array(marks);
    this.#entered = new Generations(most);
  }

  /** True: perhaps known, look it up. False: probably new. */
  mayHold(id: string): boolean {
    const mark = markOf(id);
    return this.#marks[this.#placeOf(mark)] === mark;
  }

  /** The event as it was entered, if nobody else can have changed it since: its head never left this server's memory. */
  find(cached: CachedHead, id: string): EnteredEvent | undefined {
    const entered = this.#entered.get(id);
    return entered?.row.account === cached.head.account && entered.version > cached.readAs ? entered : undefined;
  }

  add(event: EnteredEvent): void {
    const mark = markOf(event.row.id);
    this.#marks[this.#placeOf(mark)] = mark;
    this.#entered.set(event.row.id, event);
  }

  /** Other bits of the mark than its low ones alone, so that what stands in a place still tells ids apart. */
  #placeOf(mark: number): number {
    return Math.imul(mark, 0x9e3779b1) >>> (Math.clz32(this.#marks.length) + 1);
  }
}

/** FNV-1a of an id's units of UTF-16. */
function markOf(id: string): number {
  let mark = 0x811c9dc5;
  for (let at = 0; at < id.length; at += 1) mark = Math.imul(mark ^ id.charCodeAt(at), 0x01000193);
  return mark >>> 0;
}
