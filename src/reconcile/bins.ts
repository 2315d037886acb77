// The tape by quarter hours: how many calls of each kind every quarter of an hour had. Days of every zone begin at one, so that
// a recomputation adds some thousand sums instead of walking a million rows; it walks rows only where a pack begins, ends or
// runs short.

import type { Tape } from './tape.ts';

export const quarterHour = 900_000;

/** One quarter hour that had calls: entries and rows by their positions, ends exclusive. */
export interface Bin {
  readonly start: number;
  readonly firstEntry: number;
  readonly endEntry: number;
  readonly firstRow: number;
  readonly endRow: number;
}

export interface Bins {
  readonly list: readonly Bin[];
  /** Marks (kind and repeat, see Tape) and calls of all entries. */
  readonly marks: Uint16Array;
  /** The different marks among them. */
  readonly distinctMarks: readonly number[];
  readonly calls: Float64Array;
  /** Row of the tape at a position in the order of calls. */
  readonly rowAt: (position: number) => number;
}

const known = new WeakMap<Tape, Bins>();

/** The bins of a tape that is complete; made once. */
export function binsOf(tape: Tape): Bins {
  const made = known.get(tape) ?? makeBins(tape);
  known.set(tape, made);
  return made;
}

function makeBins(tape: Tape): Bins {
  const order = tape.order();
  const rowAt = (position: number): number => (order === undefined ? position : (order[position] as number));
  const sums = new Float64Array(1 << 16);
  const list: Bin[] = [];
  const marks: number[] = [];
  const calls: number[] = [];
  let touched: number[] = [];
  let firstRow = 0;
  let start = tape.length === 0 ? 0 : quarterOf(tape.timeOf(rowAt(0)));
  const close = (endRow: number): void => {
    const firstEntry = marks.length;
    for (const mark of touched) {
      marks.push(mark);
      calls.push(sums[mark] as number);
      sums[mark] = 0;
    }
    list.push({ start, firstEntry, endEntry: marks.length, firstRow, endRow });
    touched = [];
    firstRow = endRow;
  };
  for (let position = 0; position < tape.length; position += 1) {
    const row = rowAt(position);
    const quarter = quarterOf(tape.timeOf(row));
    if (quarter !== start) {
      close(position);
      start = quarter;
    }
    const mark = tape.markOf(row);
    if (sums[mark] === 0) touched.push(mark);
    sums[mark] = (sums[mark] as number) + tape.callsOf(row);
  }
  if (tape.length > 0) close(tape.length);
  return {
    list,
    marks: Uint16Array.from(marks),
    distinctMarks: [...new Set(marks)],
    calls: Float64Array.from(calls),
    rowAt,
  };
}

const quarterOf = (time: number): number => Math.floor(time / quarterHour) * quarterHour;
