// How long the event loop stands still while something is done: what everybody else's call waits at worst.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** No request that its limits allow may hold the loop longer, in milliseconds. */
export const longestStandstill = 50;

async function longestDelay(during: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  try {
    await during();
    // What the work leaves behind in one piece counts too.
    await sleep(5);
  } finally {
    delay.disable();
  }
  return delay.max / 1e6;
}

/**
 * The longest standstill in milliseconds, less what this machine makes of half a second of nothing. The least of three runs: a machine
 * with other things to do stops a process now and then, but work that holds the loop holds it each time.
 */
export async function standstill(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3 && least > longestStandstill; run += 1) {
    const [busy, idle] = [await longestDelay(work), await longestDelay(() => sleep(500))];
    least = Math.min(least, busy - idle);
  }
  return least;
}
