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
  const pieces: Piece[] = [];
  const tierStarts = startsWithin([least, ...breaksOf(counter)], least, most);
  const limits = spansOf(tierStarts, most).flatMap(([from, to]) => limitsWithin(counter, from, to));
  for (const [from, to] of spansOf(startsWithin([...tierStarts, ...limits], least, most), most)) {
    const [start, end] = [chargeBeforeRounding(counter, from), chargeBeforeRounding(counter, to)];
    const steps = start === end || end === undefined ? undefined : stepsOf(counter, from, to);
    if (start !== undefined && end !== undefined) {
      pieces.push(steps === undefined ? { from, to, start, end } : { from, to, start, end, steps });
    } else if (start !== undefined) pieces.push({ from, to: from, start, end: start });
  }
  return pieces.reduce(joinStraight, []);
}

const startsWithin = (starts: readonly number[], least: number, most: number): number[] =>
  [...new Set(starts)].filter((calls) => calls >= least && calls <= most).sort((a, b) => a - b);

const spansOf = (starts: readonly number[], most: number): (readonly [from: number, to: number])[] =>
  starts.map((from, index) => [from, (starts[index + 1] ?? most + 1) - 1]);

/** Where a month leaves its minimum, or comes to its maximum, within a piece: charges never fall there. */
function limitsWithin({ tariff, ...counter }: Counter, from: number, to: number): number[] {
  if (tariff === null || (tariff.minimum === undefined && tariff.maximum === undefined)) return [];
  const { minimum, maximum, ...unbounded } = tariff;
  return [minimum, maximum].flatMap((limit) => {
    if (limit === undefined) return [];
    const isBeyond = (calls: number) =>
      (chargeBeforeRounding({ ...counter, tariff: unbounded }, calls) ?? 0) > Number(limit);
    if (isBeyond(from) || !isBeyond(to)) return [];
    let [low, high] = [from, to];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isBeyond(middle)) high = middle;
      else low = middle + 1;
    }
    return [low];
  });
}

/** Where a new piece starts. */
function breaksOf({ tariff, calls }: Counter): number[] {
  if (tariff === null) return [1];
  const froms = tariff.tiers.map((tier) => Number(tier.from));
  const { hasOnePrice, jumps } = modeRules[tariff.mode];
  if (tariff.basis !== 'after-packs') return hasOnePrice ? [] : froms.map((from) => Number(calls) - from);
  // The first call of a month, and of a tier where slices are priced, brings its fees.
  if (!jumps && hasFees(tariff)) return [0, ...froms.map((from) => from + 1)];
  const first = jumps && tariff.bound === 'upper-inclusive' ? 1 : 0;
  return [...(hasFees(tariff) ? [1] : []), ...froms.map((from) => (from === 0 ? 0 : from + first))];
}

const hasFees = ({ tiers, fee, minimum }: Tariff): boolean =>
  fee !== undefined || minimum !== undefined || tiers.some((tier) => tier.fee !== undefined);

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
  const { tariff, calls, unavoidable } = counter;
  if (tariff === null) return unavoidable || postpaid === 0 ? 0 : undefined;
  const { slices, fees, reached } = rate(tariff, {
    postpaid: callsOf(postpaid),
    drawn: callsOf(calls - BigInt(postpaid)),
  });
  let sum = 0;
  for (const slice of slices) {
    const price = slice.price ?? (unavoidable ? lastPrice(tariff) : null);
    if (price === null && slice.calls > 0n && !unavoidable) return undefined;
    if (price !== null) sum += (Number(chargedCalls(slice.calls, price)) * Number(price.amount)) / Number(price.per);
  }
  for (const { limit, estimate } of fees) if (limit === undefined) sum += Number(estimate ?? 0n);
  return reached > 0n || tariff.withoutCalls === true ? withinLimits(sum, tariff) : sum;
}

/** Limits are whole fen, so it is the same whether rounding comes before or after them. */
const withinLimits = (sum: number, { minimum, maximum }: Tariff): number =>
  Math.min(Math.max(sum, Number(minimum ?? 0n)), maximum === undefined ? Number.POSITIVE_INFINITY : Number(maximum));
