// Plain events as columns: of a meter, without facts, department or a word of the provider, their ids in ASCII. Whatever lies in memory
// until a commit is moved by the garbage collector, object by object: with batches that was a third of Node's time.

import type { IncomingEvent } from '../../core/event.ts';
import type { Draw } from '../../core/settle.ts';
import { callsOf, type Instant, instantOf } from '../../core/units.ts';

/** A 32-bit mark of an id, FNV-1a of its units of UTF-16, unit by unit from `firstMark` on. */
export const firstMark = 0x811c9dc5;
export const nextMark = (mark: number, unit: number): number => Math.imul(mark ^ unit, 0x01000193);

/** Events in the order of a body. */
export interface PlainColumns {
  /** The whole body. */
  readonly bytes: Buffer;
  /** Where in it ids begin, and end. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly marks: Int32Array;
  readonly calls: Float64Array;
  readonly at: Float64Array;
  readonly meters: readonly string[];
}

/** Those of one account: at these places of the columns. */
export class PlainEvents {
  readonly columns: PlainColumns;
  readonly places: Int32Array;

  constructor(columns: PlainColumns, places: Int32Array) {
    this.columns = columns;
    this.places = places;
  }

  get length(): number {
    return this.places.length;
  }

  placeOf(index: number): number {
    return this.places[index] as number;
  }

  idOf(index: number): string {
    const { bytes, starts, ends } = this.columns;
    const place = this.placeOf(index);
    return bytes.toString('latin1', starts[place], ends[place]);
  }

  markOf(index: number): number {
    return this.columns.marks[this.placeOf(index)] as number;
  }

  callsOf(index: number): number {
    return this.columns.calls[this.placeOf(index)] as number;
  }

  atOf(index: number): Instant {
    return instantOf(this.columns.at[this.placeOf(index)] as number);
  }

  meterOf(index: number): string {
    return this.columns.meters[this.placeOf(index)] as string;
  }

  /** As events, for whoever has to look at each. */
  list(): IncomingEvent[] {
    return Array.from(this.places, (_, index) => ({
      id: this.idOf(index),
      meter: this.meterOf(index),
      calls: callsOf(this.callsOf(index)),
      at: this.atOf(index),
      department: null,
      facts: null,
    }));
  }
}

/** In the place of a pack: nobody but postpaid paid, or several packs. */
export const noPack = -1;
export const severalPacks = -2;

/** Plain events settled one behind another: all charged, numbered without a gap. */
export interface PlainRun {
  readonly account: string;
  readonly events: PlainEvents;
  /** Ledger number of the first. */
  readonly first: number;
  /** The number of the pack that paid, by event. */
  readonly packs: Int32Array;
  readonly postpaid: Float64Array;
  readonly several: ReadonlyMap<number, readonly Draw[]>;
  readonly stopped: boolean;
  readonly receivedAt: Instant;
}

export function countEvents(runs: readonly PlainRun[]): number {
  let count = 0;
  for (const { events } of runs) count += events.length;
  return count;
}

/** The draws of one of them. */
export function drawsOf({ events, packs, postpaid, several }: PlainRun, index: number): readonly Draw[] {
  const pack = packs[index] as number;
  if (pack === severalPacks) return several.get(index) ?? [];
  const calls = callsOf(events.callsOf(index) - (postpaid[index] as number));
  return pack === noPack ? [] : [{ pack, calls, units: calls }];
}
