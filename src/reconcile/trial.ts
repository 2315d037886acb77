// One mistake tried: what the bill would be with it, and how much of what was wrong it puts right.

import { type Cells, differing, distance } from './figures.ts';
import type { Cause, Evidence, Hypothesis } from './hypothesis.ts';
import type { Reading } from './reading.ts';

/** A mistake may put one figure wrong for so many that it explains: two mistakes can cancel each other in a figure. */
const leastRatio = 4;

export interface Trial {
  readonly hypothesis: Hypothesis;
  /** Others that lead to the same bill, figure by figure. */
  readonly same: readonly Hypothesis[];
  readonly reading: Reading;
  readonly cells: Cells;
  readonly wrong: ReadonlySet<string>;
  readonly gain: number;
  readonly distance: bigint;
}

/** What is known once a mistake is taken for granted. */
export const after = (before: Evidence, { reading, cells, wrong }: Trial): Evidence => ({
  ...before,
  reading,
  expected: cells,
  wrong,
});

export function bestOf(
  now: Evidence,
  hypotheses: readonly Hypothesis[],
  compute: (reading: Reading) => Cells,
): Trial | undefined {
  let best: Trial | undefined;
  for (const hypothesis of hypotheses) {
    const trial = tried(now, hypothesis, compute);
    if (trial === undefined || (best !== undefined && trial.gain < best.gain)) continue;
    if (best !== undefined && trial.gain === best.gain && trial.distance >= best.distance) {
      if (trial.distance === best.distance && isSameBill(trial, best)) {
        best = { ...best, same: [...best.same, hypothesis] };
      }
      continue;
    }
    best = trial;
  }
  return best;
}

/** Undefined where it explains nothing, or puts too many figures wrong. */
function tried(now: Evidence, hypothesis: Hypothesis, compute: (reading: Reading) => Cells): Trial | undefined {
  const reading = hypothesis.under(now.reading);
  const cells = compute(reading);
  const wrong = differing(now.bill.cells, cells);
  const explained = countMissing(now.wrong, wrong);
  const broken = countMissing(wrong, now.wrong);
  if (explained === 0 || broken * leastRatio > explained) return undefined;
  const apart = distance(now.bill.cells, cells, wrong);
  return { hypothesis, same: [], reading, cells, wrong, gain: explained - broken, distance: apart };
}

function countMissing(from: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let count = 0;
  for (const key of from) if (!other.has(key)) count += 1;
  return count;
}

const isSameBill = (one: Trial, other: Trial): boolean =>
  one.wrong.size === other.wrong.size && isWithin(one.cells, other.cells) && isWithin(other.cells, one.cells);

function isWithin(cells: Cells, others: Cells): boolean {
  for (const [key, { value }] of cells) if (value !== (others.get(key)?.value ?? 0n)) return false;
  return true;
}

/** The cause, with those that cannot be told apart from it. */
export function causeOf({ hypothesis: { cause }, same }: Trial): Cause {
  const others = new Map(same.map((each) => [each.cause.en, each.cause]));
  others.delete(cause.en);
  // How packs should have been sorted is one question in many words.
  for (const [text, { code }] of others) if (code === 'DRAW_ORDER' && code === cause.code) others.delete(text);
  return others.size === 0 ? cause : { ...cause, or: [...others.values()] };
}

/** The steps without those that the later ones have made needless: a mistake that explains nothing more was none. */
export function sparing(start: Evidence, steps: readonly Trial[], compute: (reading: Reading) => Cells): Trial[] {
  let kept = [...steps];
  for (let at = 0; kept.length > 1 && at < kept.length; ) {
    const fewer = retraced(start, kept.toSpliced(at, 1), compute);
    if (wrongAfter(start, fewer) <= wrongAfter(start, kept)) kept = fewer;
    else at += 1;
  }
  return kept;
}

const wrongAfter = ({ wrong }: Evidence, steps: readonly Trial[]): number => (steps.at(-1)?.wrong ?? wrong).size;

/** The same mistakes one after the other from the beginning. */
function retraced(start: Evidence, steps: readonly Trial[], compute: (reading: Reading) => Cells): Trial[] {
  const found: Trial[] = [];
  let now = start;
  for (const { hypothesis, same } of steps) {
    const reading = hypothesis.under(now.reading);
    const cells = compute(reading);
    const wrong = differing(now.bill.cells, cells);
    const step = { hypothesis, same, reading, cells, wrong, gain: 0, distance: 0n };
    found.push(step);
    now = after(now, step);
  }
  return found;
}
