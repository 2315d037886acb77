// Ratios: what every key has in common.

import type { CpuTimes } from './cpu-times.ts';

/** One comparison of a key. `least`: the ratio must reach the goal; `most`: it must not exceed it. */
export interface Part {
  readonly name: string;
  readonly ratio: number;
  readonly goal: number;
  readonly bound: 'least' | 'most';
  readonly rounds: readonly number[];
  readonly ok: boolean;
}

export interface Measured {
  readonly parts: readonly Part[];
  /** What an event costs on each side, by its name. */
  readonly spent: Readonly<Record<string, CpuTimes | undefined>>;
  /** Absolute figures of this machine and moment; only the ratios compare between machines. */
  readonly figures: Readonly<Record<string, unknown>>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new Error('no rounds');
  return (low + high) / 2;
}

export const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

/** `every`: each round must keep the goal, not only their median. */
export function part(
  name: string,
  bound: Part['bound'],
  goal: number,
  rounds: readonly number[],
  rule: 'median' | 'every' = 'median',
): Part {
  const worst = bound === 'least' ? Math.min(...rounds) : Math.max(...rounds);
  const decisive = rule === 'every' ? worst : median(rounds);
  const ok = bound === 'least' ? decisive >= goal : decisive <= goal;
  return { name, ratio: rounded(decisive), goal, bound, rounds: rounds.map((ratio) => rounded(ratio)), ok };
}

/** The part with the least room to its goal: what the key's line shows. */
export function tightest(parts: readonly Part[]): Part {
  const room = ({ bound, ratio, goal }: Part) => (bound === 'least' ? ratio / goal : goal / ratio);
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error('a key without parts');
  return rest.reduce((found, candidate) => (room(candidate) < room(found) ? candidate : found), first);
}

/** The quotients of two sides, round by round. */
export const quotients = (over: readonly number[], under: readonly number[]): number[] =>
  over.map((value, round) => value / (under[round] ?? Number.NaN));

export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
