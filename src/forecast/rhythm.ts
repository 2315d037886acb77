// One series of daily calls → what the next days will bring: weekday factors × a recent level with a damped trend.
// The method in words, and how well it does: docs/concepts/forecast.md. Estimates are floating point here, and nowhere else:
// they become whole calls once (project.ts), and money only ever comes from whole calls.

/** Weekday factors, level and trend as they stood after the last day, and how far the same method was off in the past. */
export interface Rhythm {
  /** Relative to a mean day of 1; index 0 is the weekday of the first day of the series. */
  readonly factors: readonly number[];
  readonly level: number;
  /** Calls a day that the level rises by. */
  readonly trend: number;
  /** A mean day of the past: what ratios of errors are steadied with. */
  readonly typical: number;
  readonly days: number;
  /** The series it was fitted to, and the level and trend after each of its days. */
  readonly past: readonly number[];
  readonly states: readonly State[];
}

interface State {
  readonly level: number;
  readonly trend: number;
}

interface Smoothing {
  /** How much a day moves the level. */
  readonly level: number;
  /** How much a move of the level moves the trend; 0: no trend. */
  readonly trend: number;
}

/** A trend loses so much of itself with every day ahead: growth seen lately does not go on for ever. */
const damping = 0.97;
/** Calmest first. The one that would have erred least on the past's next-seven-days totals is taken, if it is clearly better. */
const smoothings: readonly Smoothing[] = [0.03, 0.07, 0.15, 0.3].flatMap((level) =>
  [0, 0.05, 0.2].map((trend) => ({ level, trend })),
);
const plainSmoothing: Smoothing = { level: 0.2, trend: 0 };
/** Times that each weekday must have been seen for weekday factors, and days that choosing a smoothing needs. */
const fewestWeeks = 2;
const fewestDaysForChoice = 28;
/** A weekday with less than this share of a mean day says nothing about the level. */
const quietWeekday = 0.05;

/** `past`: calls of every day without gap, the last is the day before the first one to be forecast. */
export function fitRhythm(past: readonly number[]): Rhythm {
  const factors = weekdayFactors(past);
  const smoothing = past.length < fewestDaysForChoice ? plainSmoothing : bestSmoothing(past, factors);
  const states = smooth(past, factors, smoothing);
  const start = lastStep(past, factors);
  const recent = start === 0 ? states : smooth(past.slice(start), rotated(factors, start), smoothing);
  const { level, trend } = recent.at(-1) ?? { level: 0, trend: 0 };
  const typical = past.length === 0 ? 0 : sum(past) / past.length;
  return { factors, level, trend, typical, days: past.length, past, states };
}

/** Expected calls of the next days. Never negative. */
export const nextDays = (rhythm: Rhythm, days: number): number[] => ahead(rhythm, rhythm.factors, rhythm.days, days);

function ahead(state: State, factors: readonly number[], from: number, days: number): number[] {
  const next: number[] = [];
  totalAhead(state, factors, from, days, next);
  return next;
}

/** The sum of the next days; each of them too, where it is asked for. */
function totalAhead(
  { level, trend }: State,
  factors: readonly number[],
  from: number,
  days: number,
  each?: number[],
): number {
  let [total, rise, damped] = [0, 0, trend];
  for (let index = 0; index < days; index += 1) {
    damped *= damping;
    rise += damped;
    const calls = Math.max(0, level + rise) * factorAt(factors, from + index);
    total += calls;
    each?.push(calls);
  }
  return total;
}

/** Origins in the past that the range is drawn from; fewer say too little. */
const fewestOrigins = 14;
const fewestDaysBeforeOrigin = 7;

/** From so many days on there is a range. */
export const fewestDaysForRange = fewestOrigins + fewestDaysBeforeOrigin;

/**
 * How far off the next `days` would have been forecast, for every day of the past on which they could have been and are known:
 * the logarithm of what came ÷ what was forecast, without its sign, ascending. Too little and too much count alike: a past that
 * only ever surprised upwards does not promise that nothing can fall. Where the past is too short for so many days ahead, the
 * most days that leave enough origins. Undefined: too little past.
 */
export function pastErrors(rhythm: Rhythm, days: number): readonly number[] | undefined {
  const { past, states, factors } = rhythm;
  if (past.length < fewestDaysForRange) return undefined;
  const span = Math.max(1, Math.min(days, past.length - fewestDaysBeforeOrigin - fewestOrigins + 1));
  const errors: number[] = [];
  for (let origin = fewestDaysBeforeOrigin; origin + span <= past.length; origin += 1) {
    const state = states[origin - 1];
    if (state === undefined) continue;
    const forecast = totalAhead(state, factors, origin, span);
    const came = sum(past.slice(origin, origin + span));
    errors.push(Math.abs(Math.log(steadied(came, rhythm) / steadied(forecast, rhythm))));
  }
  return errors.toSorted((a, b) => a - b);
}

/** The total that a share of months will probably stay below, by the errors of the past; at one half, what is expected. */
export function totalAt(rhythm: Rhythm, expected: number, errors: readonly number[], share: number): number {
  const error = Math.sign(share - 0.5) * quantile(errors, Math.abs(2 * share - 1));
  return Math.max(0, steadied(expected, rhythm) * Math.exp(error) - steadied(0, rhythm));
}

/** One typical day is added to both sides of a ratio, so that nothing is divided by nothing. */
const steadied = (calls: number, { typical }: Rhythm): number => calls + (typical === 0 ? 1 : typical);

/** The value below which a share of the sorted values lies, between two of them in proportion. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (high - low) * (at - Math.floor(at));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const factorAt = (factors: readonly number[], day: number): number => factors[day % 7] ?? 1;
const rotated = (factors: readonly number[], by: number): number[] =>
  factors.map((_, at) => factorAt(factors, at + by));

/**
 * Each weekday's share of the seven days around it: a level that rises or falls leans on no weekday. Drawn towards 1 by as much
 * of their spread as chance alone explains: a meter of few calls has no rhythm to speak of.
 */
function weekdayFactors(past: readonly number[]): number[] {
  const shares = sharesOfWeek(past);
  if (shares.some((ofWeekday) => ofWeekday.length < fewestWeeks)) return [1, 1, 1, 1, 1, 1, 1];
  const means = shares.map(weightedMean);
  const chance = mean(
    shares.map((ofWeekday, weekday) => {
      const squares = ofWeekday.map(({ value, weight }) => ({ value: (value - (means[weekday] ?? 1)) ** 2, weight }));
      return weightedMean(squares) / (ofWeekday.length - 1);
    }),
  );
  const level = mean(means);
  const factors = means.map((value) => value / level);
  const spread = mean(factors.map((factor) => (factor - 1) ** 2));
  const kept = spread === 0 ? 0 : Math.max(0, 1 - chance / spread);
  return factors.map((factor) => 1 + kept * (factor - 1));
}

interface Share {
  readonly value: number;
  readonly weight: number;
}

/** By weekday. A day counts by the root of its week's calls: neither does a great week drown the others, nor a quiet one lend its noise. */
function sharesOfWeek(past: readonly number[]): Share[][] {
  const shares: Share[][] = Array.from({ length: 7 }, () => []);
  for (let day = 3; day + 3 < past.length; day += 1) {
    const calls = sum(past.slice(day - 3, day + 4));
    if (calls > 0) shares[day % 7]?.push({ value: (7 * (past[day] ?? 0)) / calls, weight: Math.sqrt(calls) });
  }
  return shares;
}

const mean = (values: readonly number[]): number => sum(values) / values.length;

const weightedMean = (shares: readonly Share[]): number =>
  sum(shares.map(({ value, weight }) => value * weight)) / sum(shares.map(({ weight }) => weight));

const openingDays = 7;

/** Level and trend after each day. */
function smooth(past: readonly number[], factors: readonly number[], { level: a, trend: b }: Smoothing): State[] {
  let state: State = { level: openingLevel(past, factors), trend: 0 };
  return past.map((calls, day) => {
    const drift = damping * state.trend;
    const factor = factorAt(factors, day);
    if (factor < quietWeekday) {
      state = { level: Math.max(0, state.level + drift), trend: drift };
      return state;
    }
    // A young series is averaged: its first days must not weigh for months.
    const weight = Math.max(a, 1 / (day + openingDays));
    const level = Math.max(0, weight * (calls / factor) + (1 - weight) * (state.level + drift));
    state = { level, trend: b * (level - state.level) + (1 - b) * drift };
    return state;
  });
}

function openingLevel(past: readonly number[], factors: readonly number[]): number {
  const week = past.slice(0, openingDays);
  const weight = sum(week.map((_, day) => factorAt(factors, day)));
  return weight === 0 ? 0 : sum(week) / weight;
}

const choiceSpan = 7;
const clearlyBetter = 0.95;

function bestSmoothing(past: readonly number[], factors: readonly number[]): Smoothing {
  const came = past.map((_, origin) => sum(past.slice(origin, origin + choiceSpan)));
  let best = plainSmoothing;
  let least = Number.POSITIVE_INFINITY;
  for (const smoothing of smoothings) {
    const states = smooth(past, factors, smoothing);
    let error = 0;
    for (let origin = 2 * choiceSpan; origin + choiceSpan <= past.length; origin += 1) {
      const state = states[origin - 1] ?? { level: 0, trend: 0 };
      error += Math.abs((came[origin] ?? 0) - totalAhead(state, factors, origin, choiceSpan));
    }
    if (error < clearlyBetter * least) [best, least] = [smoothing, error];
  }
  return best;
}

const fewestDaysAfterStep = 4;
const fewestDaysBeforeStep = 14;
const daysLookedBack = 28;
const stepFactor = 1.5;

/**
 * Where the present begins: the latest day from which on every day lies beyond all of the four weeks before it, and well beyond.
 * A launch or a lost customer is no trend, and what came before it says nothing about the level after it. 0: no such day.
 */
function lastStep(past: readonly number[], factors: readonly number[]): number {
  const days = past.map((calls, day) => calls / Math.max(quietWeekday, factorAt(factors, day)));
  let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
  for (let start = days.length - 1; start >= fewestDaysBeforeStep; start -= 1) {
    lowest = Math.min(lowest, days[start] ?? 0);
    highest = Math.max(highest, days[start] ?? 0);
    if (days.length - start < fewestDaysAfterStep) continue;
    const before = days.slice(Math.max(0, start - daysLookedBack), start);
    const rises = lowest > Math.max(...before);
    if (!rises && highest >= Math.min(...before)) continue;
    const [old, present] = [median(before), median(days.slice(start))];
    if (rises ? present > stepFactor * old : present * stepFactor < old) return start;
  }
  return 0;
}

const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
