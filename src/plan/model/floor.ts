// What calls of a tariff cost at least, as a straight line below its charges: what searches cut off by.

import type { Tariff } from '../../core/price-book.ts';
import { type Calls, noCalls } from '../../core/units.ts';

/** So many calls cost at least `calls × perCall − slack` fen, before rounding. */
export interface Floor {
  readonly perCall: number;
  /** What parts of blocks that cost nothing may save in a month. */
  readonly slack: number;
}

export const noFloor: Floor = { perCall: 0, slack: 0 };

/** Of a tariff's tiers that have a price, in a month of `calls` at most: a maximum lies above the line up to there. */
export function floorOf({ tiers, maximum }: Tariff, calls: Calls): Floor {
  const prices = tiers.flatMap(({ price }) => price ?? []);
  const each = prices.map(({ amount, per }) => Number(amount) / Number(per));
  const parts = prices.map(({ block }, index) =>
    block?.part === 'down' ? Number(block.calls) * (each[index] ?? 0) : 0,
  );
  if (each.length === 0 || calls === noCalls) return noFloor;
  const most = maximum === undefined ? Number.POSITIVE_INFINITY : Number(maximum) / Number(calls);
  return { perCall: Math.min(...each, most) * (1 - 1e-9), slack: parts.reduce((sum, part) => sum + part, 0) };
}
