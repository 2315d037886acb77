// Two statements in one round trip, by the driver's pipelining.

import type { ClientBase } from 'pg';

/** The driver declares it read-only, since it is meant for a connection's whole life: then nothing could be copied on it. */
type Pipelined = { pipeline: boolean };

/**
 * Sends both before either is answered, on a connection where nothing else is under way. Each gets its answer; within a transaction the
 * second is refused when the first was, and a `commit` rolls back. Rejects with the first error.
 */
export async function together<A, B>(
  client: ClientBase,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const connection = client as unknown as Pipelined;
  connection.pipeline = true;
  try {
    const [a, b] = await Promise.allSettled([first(), second()]);
    if (a.status === 'rejected') throw a.reason;
    if (b.status === 'rejected') throw b.reason;
    return [a.value, b.value];
  } finally {
    // Not before both are answered: the driver would forget whose answer it waits for.
    connection.pipeline = false;
  }
}
