// How long the event loop stands still while something is done: what everybody else's call waits at worst.

/** No request that its limits allow may hold the loop longer, in milliseconds. */
export const longestStandstill = 50;

/**
 * The longest that this thread computed between two turns of the loop, in milliseconds of its own time: what other programs on the
 * machine do meanwhile does not count. The least of up to three runs: a collection of garbage falls where it falls, but work that
 * holds the loop holds it each time.
 */
export async function standstill(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3 && least > longestStandstill; run += 1) least = Math.min(least, await longestTurn(work));
  return least;
}

async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let isOver = false;
  let before = process.threadCpuUsage();
  const turn = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, user + system);
    before = process.threadCpuUsage();
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    await work();
  } finally {
    // What the work leaves behind in one piece counts too.
    await new Promise((done) => setImmediate(done));
    isOver = true;
  }
  return longest / 1000;
}
