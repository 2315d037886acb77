// The calls we know, in 14 bytes a row: when, what kind, how many. Every recomputation of a bill walks this tape again, so
// that testing a cause needs no second reading of the file.

import type { CallFacts, Outcome } from '../core/event.ts';

/** What rows of the same meter, facts and outcome share. */
export interface Kind {
  readonly no: number;
  /** Null: the action has no meter. */
  readonly meter: string | null;
  readonly outcome: Outcome;
  /** Null where the row gave its meter. */
  readonly facts: CallFacts | null;
}

/** First of its id; the same event again; the same id with other content. */
export type Repeat = 'first' | 'duplicate' | 'conflict';

const blockBits = 16;
const blockRows = 1 << blockBits;
const duplicateBit = 0x8000;
const conflictBit = 0x4000;
export const mostKinds = conflictBit;
const mostInCell = 0xffff_ffff;

interface Block {
  readonly times: Float64Array;
  readonly calls: Uint32Array;
  readonly kinds: Uint16Array;
}

export class Tape {
  readonly kinds: Kind[] = [];
  readonly #blocks: Block[] = [];
  /** Quantities that do not fit a cell. */
  readonly #large = new Map<number, number>();
  #length = 0;
  #latest = Number.NEGATIVE_INFINITY;
  #inOrder = true;
  #order: Uint32Array | undefined;

  get length(): number {
    return this.#length;
  }

  /** True when the rows already stand in the order of their calls. */
  get inOrder(): boolean {
    return this.#inOrder;
  }

  add(at: number, kind: number, calls: number, repeat: Repeat): void {
    const row = this.#length;
    if (row % blockRows === 0) {
      this.#blocks.push({
        times: new Float64Array(blockRows),
        calls: new Uint32Array(blockRows),
        kinds: new Uint16Array(blockRows),
      });
    }
    const block = this.#blocks[row >>> blockBits] as Block;
    const cell = row % blockRows;
    block.times[cell] = at;
    block.calls[cell] = Math.min(calls, mostInCell);
    if (calls >= mostInCell) this.#large.set(row, calls);
    block.kinds[cell] = kind | (repeat === 'duplicate' ? duplicateBit : repeat === 'conflict' ? conflictBit : 0);
    if (at < this.#latest) this.#inOrder = false;
    else this.#latest = at;
    this.#length += 1;
  }

  timeOf(row: number): number {
    return (this.#blocks[row >>> blockBits] as Block).times[row % blockRows] as number;
  }

  callsOf(row: number): number {
    const calls = (this.#blocks[row >>> blockBits] as Block).calls[row % blockRows] as number;
    return calls === mostInCell ? (this.#large.get(row) ?? calls) : calls;
  }

  /** Kind and repeat in one number. */
  markOf(row: number): number {
    return (this.#blocks[row >>> blockBits] as Block).kinds[row % blockRows] as number;
  }

  /** Rows in the order of their calls, ties as in the file; undefined when that is the order of the file. */
  order(): Uint32Array | undefined {
    if (this.#inOrder) return undefined;
    if (this.#order === undefined) {
      const order = new Uint32Array(this.#length);
      for (let row = 0; row < order.length; row += 1) order[row] = row;
      this.#order = order.sort((a, b) => this.timeOf(a) - this.timeOf(b) || a - b);
    }
    return this.#order;
  }
}

export const kindIn = (mark: number): number => mark & ~(duplicateBit | conflictBit);

export function repeatIn(mark: number): Repeat {
  if (mark < conflictBit) return 'first';
  return mark >= duplicateBit ? 'duplicate' : 'conflict';
}
