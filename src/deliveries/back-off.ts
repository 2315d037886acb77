// When a delivery that failed is tried again, and when it is given up.

import { type Instant, instantOf } from '../core/units.ts';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** Waits after the first try, the second, …: three days in all. After the last of them follows one more try. */
export const waits: readonly number[] = [
  5 * second,
  minute,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  20 * hour,
];

/**
 * When a delivery is tried again after so many tries, null: never. `chance` in [0, 1) moves each wait by up to a tenth: what failed
 * together does not come back together.
 */
export function nextTry(tries: number, now: Instant, chance: number): Instant | null {
  const wait = waits[tries - 1];
  return wait === undefined ? null : instantOf(now + Math.round(wait * (0.9 + 0.2 * chance)));
}
