// A tariff's month as straight pieces over the number of postpaid calls: what an integer program can choose among.

import { lastPrice, rate } from '../../core/rate.ts';
import { modeRules } from '../../core/tariff-modes.ts';
import { callsOf } from '../../core/units.ts';
import type { Counter } from './parts.ts';

/** From `from` to `to` postpaid calls, both included, the charge rises evenly from `start` to `end`, in fen before rounding. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** The pieces from `least` to `most` postpaid calls; numbers of calls that need a contract price are left out. */
export function piecesOf(counter: Counter, least: number, most: number): Piece[] {
  const starts = [...new Set([least, ...breaksOf(counter)])].filter((calls) => calls >= least && calls <= most);
  starts.sort((a, b) => a - b);
  const pieces: Piece[] = [];
  for (const [index, from] of starts.entries()) {
    const to = (starts[index + 1] ?? most + 1) - 1;
    const [start, end] = [chargeBeforeRounding(counter, from), chargeBeforeRounding(counter, to)];
    if (start !== undefined && end !== undefined) pieces.push({ from, to, start, end });
    else if (start !== undefined) pieces.push({ from, to: from, start, end: start });
  }
  return pieces.reduce(joinStraight, []);
}

/** Where a new piece starts. */
function breaksOf({ tariff, calls }: Counter): number[] {
  if (tariff === null) return [1];
  const froms = tariff.tiers.map((tier) => Number(tier.from));
  const { hasOnePrice, jumps } = modeRules[tariff.mode];
  if (tariff.basis === 'gross') return hasOnePrice ? [] : froms.map((from) => Number(calls) - from);
  const first = jumps && tariff.bound === 'upper-inclusive' ? 1 : 0;
  return froms.map((from) => (from === 0 ? 0 : from + first));
}

const slopeOf = (piece: Piece): number =>
  piece.to === piece.from ? 0 : (piece.end - piece.start) / (piece.to - piece.from);

function joinStraight(pieces: Piece[], piece: Piece): Piece[] {
  const last = pieces.at(-1);
  const isStraight =
    last !== undefined &&
    last.to + 1 === piece.from &&
    last.to > last.from &&
    piece.to > piece.from &&
    Math.abs(slopeOf(last) - slopeOf(piece)) < 1e-9 &&
    Math.abs(last.end + slopeOf(last) - piece.start) < 1e-6;
  if (!isStraight) return [...pieces, piece];
  return [...pieces.slice(0, -1), { ...last, to: piece.to, end: piece.end }];
}

function chargeBeforeRounding({ tariff, calls, unavoidable }: Counter, postpaid: number): number | undefined {
  if (postpaid === 0) return 0;
  if (tariff === null) return unavoidable ? 0 : undefined;
  const left = callsOf(postpaid);
  const { slices } = rate(tariff, { postpaid: left, drawn: callsOf(calls - left) });
  let sum = 0;
  for (const slice of slices) {
    const price = slice.price ?? (unavoidable ? lastPrice(tariff) : null);
    if (price === null && slice.calls > 0n && !unavoidable) return undefined;
    if (price !== null) sum += (Number(slice.calls) * Number(price.amount)) / Number(price.per);
  }
  return sum;
}
