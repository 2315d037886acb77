// Made-up accounts whose daily calls follow known patterns: what the forecast is tested against. The same seed gives the same days.

export interface Pattern {
  readonly name: string;
  /** Calls of so many days; day 0 is a Sunday, `month` the first day of the month that is forecast. */
  readonly make: (random: () => number, days: number, month: number) => number[];
}

/** A small generator with a state of 32 bits (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal with mean 0 and deviation 1. */
function normal(random: () => number): number {
  const [a, b] = [1 - random(), random()];
  return Math.sqrt(-2 * Math.log(a)) * Math.cos(2 * Math.PI * b);
}

/** Office hours: busy Monday to Friday, a third at the weekend. */
const office = [0.35, 1.2, 1.25, 1.2, 1.15, 1.1, 0.4];
const shops = [1.4, 0.8, 0.8, 0.85, 0.95, 1.15, 1.4];

const days = (count: number, calls: (day: number) => number): number[] =>
  Array.from({ length: count }, (_, day) => Math.max(0, Math.round(calls(day))));

const noisy = (random: () => number, deviation: number): number =>
  Math.exp(deviation * normal(random) - deviation ** 2 / 2);

export const patterns: readonly Pattern[] = [
  {
    name: 'steady week',
    make: (random, count) => {
      const level = 200 + 20_000 * random();
      return days(count, (day) => level * (office[day % 7] ?? 1) * noisy(random, 0.12));
    },
  },
  {
    name: 'growth',
    make: (random, count) => {
      const level = 500 + 2_000 * random();
      const monthly = 0.08 + 0.3 * random();
      return days(count, (day) => level * (1 + monthly) ** (day / 30) * (shops[day % 7] ?? 1) * noisy(random, 0.12));
    },
  },
  {
    name: 'launch or step',
    make: (random, count) => {
      const level = 1_000 + 3_000 * random();
      const isLaunch = random() < 0.4;
      const factor = isLaunch ? 1 : random() < 0.5 ? 1.6 + 2 * random() : 0.2 + 0.4 * random();
      const at = count - 8 - Math.floor(52 * random());
      return days(count, (day) => {
        const before = isLaunch ? 0 : level;
        return (day < at ? before : level * factor) * (office[day % 7] ?? 1) * noisy(random, 0.12);
      });
    },
  },
  {
    name: 'noisy and sparse',
    make: (random, count) => {
      const chance = 0.15 + 0.3 * random();
      const size = 20 + 200 * random();
      return days(count, () => (random() < chance ? size * noisy(random, 0.9) : 0));
    },
  },
  {
    name: 'drifting',
    make: (random, count) => {
      let level = 1_000 + 5_000 * random();
      return days(count, (day) => {
        level *= Math.exp(0.03 * normal(random));
        return level * (office[day % 7] ?? 1) * noisy(random, 0.2);
      });
    },
  },
  {
    // A rhythm that the forecast does not know: most calls come in the last days of each month. Last month knows it.
    name: 'month-end rush',
    make: (random, count, month) => {
      const level = 300 + 3_000 * random();
      return days(count, (day) => {
        const dayOfMonth = (((day - month) % 30) + 30) % 30;
        return level * (dayOfMonth >= 25 ? 6 : 1) * noisy(random, 0.12);
      });
    },
  },
];
