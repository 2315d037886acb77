// A tariff's month as straight pieces over the number of postpaid calls: what an integer program can choose among.

import type { Tariff } from '../../core/price-book.ts';
import { lastPrice, rate } from '../../core/rate.ts';
import { modeRules } from '../../core/tariff-modes.ts';
import { callsOf, chargedCalls } from '../../core/units.ts';
import type { Counter } from './parts.ts';

/** From `from` to `to` postpaid calls, both included, the charge rises from `start` to `end`, in fen before rounding: evenly, or by steps. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  readonly steps?: Steps;
}

/** Whole blocks are charged as the calls of one slice rise. */
export interface Steps {
  /** Calls of the slice at the beginning of the piece. */
  readonly calls: number;
  /** Calls of a block, and what it costs. */
  readonly block: number;
  readonly price: number;
  readonly part: 'up' | 'down';
}

/** The blocks that so many calls of a slice are charged for. */
export const blocksIn = (calls: number, { block, part }: Steps): number =>
  part === 'up' ? Math.ceil(calls / block) : Math.floor(calls / block);

/** The pieces from `least` to `most` postpaid calls; numbers of calls that need a contract price are left out. */
export function piecesOf(counter: Counter, least: number, most: number): Piece[] {
  const starts = [...new Set([least, ...breaksOf(counter)])].filter((calls) => calls >= least && calls <= most);
  starts.sort((a, b) => a - b);
  const pieces: Piece[] = [];
  for (const [index, from] of starts.entries()) {
    const to = (starts[index + 1] ?? most + 1) - 1;
    const [start, end] = [chargeBeforeRounding(counter, from), chargeBeforeRounding(counter, to)];
    const steps = to > from && end !== undefined ? stepsOf(counter, from, to) : undefined;
    if (start !== undefined && end !== undefined) {
      pieces.push(steps === undefined ? { from, to, start, end } : { from, to, start, end, steps });
    } else if (start !== undefined) pieces.push({ from, to: from, start, end: start });
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
    last.steps === undefined &&
    piece.steps === undefined &&
    last.to + 1 === piece.from &&
    last.to > last.from &&
    piece.to > piece.from &&
    Math.abs(slopeOf(last) - slopeOf(piece)) < 1e-9 &&
    Math.abs(last.end + slopeOf(last) - piece.start) < 1e-6;
  if (!isStraight) return [...pieces, piece];
  return [...pieces.slice(0, -1), { ...last, to: piece.to, end: piece.end }];
}

/** Of the one slice whose calls rise along a piece. */
function stepsOf(counter: Counter, from: number, to: number): Steps | undefined {
  const { tariff, unavoidable } = counter;
  if (tariff === null) return undefined;
  const [before, after] = [slicesOf(counter, tariff, from), slicesOf(counter, tariff, to)];
  const rising = after.find(({ tier, calls }) => (before.find((slice) => slice.tier === tier)?.calls ?? 0n) !== calls);
  const price = rising?.price ?? (unavoidable ? lastPrice(tariff) : null);
  if (rising === undefined || price?.block === undefined || price.block.part === 'exact') return undefined;
  const block = Number(price.block.calls);
  return {
    calls: Number(before.find(({ tier }) => tier === rising.tier)?.calls ?? 0n),
    block,
    price: (block * Number(price.amount)) / Number(price.per),
    part: price.block.part,
  };
}

const slicesOf = ({ calls }: Counter, tariff: Tariff, postpaid: number) =>
  rate(tariff, { postpaid: callsOf(postpaid), drawn: callsOf(calls - BigInt(postpaid)) }).slices;

function chargeBeforeRounding(counter: Counter, postpaid: number): number | undefined {
  const { tariff, unavoidable } = counter;
  if (postpaid === 0) return 0;
  if (tariff === null) return unavoidable ? 0 : undefined;
  const slices = slicesOf(counter, tariff, postpaid);
  let sum = 0;
  for (const slice of slices) {
    const price = slice.price ?? (unavoidable ? lastPrice(tariff) : null);
    if (price === null && slice.calls > 0n && !unavoidable) return undefined;
    if (price !== null) sum += (Number(chargedCalls(slice.calls, price)) * Number(price.amount)) / Number(price.per);
  }
  return sum;
}
