// How long a plan may still be thought about. When time is up each method ends with the best it has, and the proof tells the gap.

/** Milliseconds; whoever asks for the plan has the clock. */
export type TimeLeft = () => number;

export const endless: TimeLeft = () => Number.POSITIVE_INFINITY;

/** Seconds for one of several programs: never more than half of what is left, so that those after it have some too. */
export const secondsOf = (timeLeft: TimeLeft, most: number): number =>
  Math.max(0.01, Math.min(most, timeLeft() / 2_000));
