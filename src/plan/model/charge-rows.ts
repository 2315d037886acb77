// The rows of an integer program that say what tariffs charge for the postpaid calls of a part.

import type { Program, Term } from '../program/solver.ts';
import type { Counter } from './parts.ts';
import { blocksIn, type Piece, piecesOf, type Steps } from './pieces.ts';

/** The programs count money in hundreds of fen. */
export const money = 100;

/** Prices of one call have no finer parts of a fen. */
const finestParts = 1_000_000;

export const negated = (terms: readonly Term[]): Term[] => terms.map(([column, factor]) => [column, -factor]);

export class ChargeRows {
  readonly #program: Program;
  /** Calls that the program counts as one. */
  readonly #scale: number;
  readonly #postpaid = new Map<string, { readonly terms: Term[]; most: number }>();

  constructor(program: Program, scale: number) {
    this.#program = program;
    this.#scale = scale;
  }

  /** A variable that holds postpaid calls of a tariff's month, at most `most`. */
  add(month: number, tariff: string | null, variable: number, most: number): void {
    const key = `${month}|${tariff ?? ''}`;
    const sum = this.#postpaid.get(key) ?? { terms: [], most: 0 };
    sum.terms.push([variable, 1]);
    sum.most += most;
    this.#postpaid.set(key, sum);
  }

  /** Charges a counter for `base` calls and what was added. */
  write(counter: Counter, base: number): void {
    const key = `${counter.month}|${counter.tariff?.id ?? ''}`;
    const { terms, most } = this.#postpaid.get(key) ?? { terms: [], most: 0 };
    const pieces = piecesOf(counter, base, base + most);
    const program = this.#program;
    const scale = this.#scale;
    const charge: Term[] = [];
    const calls: Term[] = [];
    const choices: Term[] = [];
    for (const piece of pieces) {
      const length = (piece.to - piece.from) / scale;
      const chosen = program.variable(0, 0, 1, true);
      const beyond = program.variable(0, 0, length);
      program.require(
        Number.NEGATIVE_INFINITY,
        [
          [beyond, 1],
          [chosen, -length],
        ],
        0,
      );
      choices.push([chosen, 1]);
      calls.push([chosen, piece.from / scale], [beyond, 1]);
      if (piece.steps === undefined) charge.push([chosen, piece.start], [beyond, slope(piece) * scale]);
      else charge.push([chosen, piece.start], [this.#blocksOf(piece, piece.steps, chosen, beyond), piece.steps.price]);
    }
    program.require(1, choices, 1);
    program.require(base === 0 ? 0 : base / scale, [...calls, ...negated(terms)], base / scale);
    this.#writeCharge(counter, charge);
  }

  /** How many blocks more than at its beginning a piece is charged for: the least whole number that pays for its calls. */
  #blocksOf({ from, to }: Piece, steps: Steps, chosen: number, beyond: number): number {
    const { calls, block, part } = steps;
    const before = blocksIn(calls, steps);
    const most = blocksIn(calls + to - from, steps) - before;
    const program = this.#program;
    const more = program.variable(0, 0, most, true);
    const pulled: Term[] = [
      [more, 1],
      [chosen, -most],
    ];
    program.require(Number.NEGATIVE_INFINITY, pulled, 0);
    // more × block ≥ calls beyond those that the blocks before pay for.
    const open = calls - before * block - (part === 'down' ? block - 1 : 0);
    const needed: Term[] = [
      [more, 1],
      [beyond, -this.#scale / block],
      [chosen, -open / block],
    ];
    program.require(0, needed, Number.POSITIVE_INFINITY);
    return more;
  }

  /** Rounds half up to the fen where prices have fractions of one: the least whole number above the charge less one half. */
  #writeCharge({ tariff }: Counter, charge: readonly Term[]): void {
    const parts = (tariff?.tiers ?? []).map(({ price }) => Number(price?.per ?? 1n));
    const finest = parts.reduce((product, per) => (product * per) / greatestCommonDivisor(product, per), 1);
    const program = this.#program;
    if (finest === 1) {
      for (const [column, fen] of charge) {
        const variable = program.columns[column];
        if (variable !== undefined) variable.cost += fen / money;
      }
      return;
    }
    const rounded = program.variable(1 / money, 0, Number.POSITIVE_INFINITY, true);
    // Where blocks make the parts of a fen finer than the solver's tolerance, an exact half may be cut off: the bound stays one.
    const above = finest > finestParts ? -0.5 : -0.5 + 1 / (4 * finest);
    program.require(above, [[rounded, 1], ...negated(charge)], Number.POSITIVE_INFINITY);
  }
}

const slope = ({ from, to, start, end }: Piece): number => (to === from ? 0 : (end - start) / (to - from));

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
