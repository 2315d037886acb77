// Rounds: both sides by turns, each warmed up before every measurement.

import type { Bench } from './bench.ts';

/** A side of a comparison: a load of `bench.options.seconds`, or a piece of work, smaller where it only warms up. */
export type Side<Result> = (bench: Bench, warmsUp: boolean) => Promise<Result>;

/** The first warm-up is so many times as long: V8 goes on compiling for tens of seconds. */
const firstTime = 4;

const forSeconds = (bench: Bench, seconds: number): Bench => ({ ...bench, options: { ...bench.options, seconds } });

/** Loads a side for the first time, and writes dirty pages out. */
export async function prepare(bench: Bench, ...sides: Side<unknown>[]): Promise<void> {
  for (const side of sides) await side(forSeconds(bench, firstTime * bench.options.warmUp), true);
  await bench.cluster.checkpoint();
}

/** One measurement, behind a warm-up whose result is thrown away. */
export async function measured<Result>(bench: Bench, side: Side<Result>): Promise<Result> {
  await side(forSeconds(bench, bench.options.warmUp), true);
  return side(bench, false);
}

/** Runs both sides in turn, A B B A A B …, so that a drift of the machine meets both alike. */
export async function alternate<A, B>(
  bench: Bench,
  a: Side<A>,
  b: Side<B>,
  rounds = bench.options.rounds,
): Promise<{ readonly a: A[]; readonly b: B[] }> {
  const results: { a: A[]; b: B[] } = { a: [], b: [] };
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      results.a.push(await measured(bench, a));
      results.b.push(await measured(bench, b));
    } else {
      results.b.push(await measured(bench, b));
      results.a.push(await measured(bench, a));
    }
  }
  return results;
}
