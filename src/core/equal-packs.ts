// Equal packs delivered together, as one thing with a count: where nobody asks which of a thousand paid, as in a quote, the work
// must not grow with their number. Drawing leaves them as it would leave each, one after the other: test/laws/equal-packs.test.ts.

import { type Calls, minimumCalls, noCalls, subtractCalls } from './units.ts';

/** So many packs with so many units left in each. */
export interface Run {
  readonly packs: bigint;
  readonly remaining: Calls;
}

/** The calls that packs in these runs can pay at so many units a call. A pack pays whole calls only. */
export function callsIn(runs: readonly Run[], ratio: bigint): Calls {
  let calls = 0n;
  for (const { packs, remaining } of runs) calls += packs * (remaining / ratio);
  return calls as Calls;
}

/** The runs once they paid a draw: each pack in turn as far as it goes. Packs with nothing left are left out. */
export function drawnFrom(
  runs: readonly Run[],
  draw: { readonly calls: Calls; readonly units: Calls },
): readonly Run[] {
  if (draw.calls === noCalls) return runs;
  const ratio = draw.units / draw.calls;
  const after: Run[] = [];
  let left = draw.calls;
  for (const run of runs) {
    const each = run.remaining / ratio;
    const whole = each === 0n ? 0n : minimumCalls(run.packs as Calls, (left / each) as Calls);
    left = subtractCalls(left, (whole * each) as Calls);
    const broken = each > 0n && left > noCalls && whole < run.packs ? 1n : 0n;
    add(after, whole, run.remaining - each * ratio);
    add(after, broken, run.remaining - left * ratio);
    if (broken === 1n) left = noCalls;
    add(after, run.packs - whole - broken, run.remaining);
  }
  return after;
}

function add(runs: Run[], packs: bigint, remaining: bigint): void {
  if (packs === 0n || remaining === 0n) return;
  const last = runs.at(-1);
  if (last?.remaining === remaining) runs[runs.length - 1] = { packs: last.packs + packs, remaining: last.remaining };
  else runs.push({ packs, remaining: remaining as Calls });
}
