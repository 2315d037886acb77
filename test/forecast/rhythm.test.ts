import { expect, test } from 'vitest';
import { backTest } from '../../bench/back-test.ts';
import { patterns, seeded } from '../../bench/usage-patterns.ts';
import type { Day } from '../../src/core/calendar.ts';
import { callsOf, sumCalls } from '../../src/core/units.ts';
import { dayAfter, daysBetween, daysThrough, weekdayOf } from '../../src/forecast/days.ts';
import { outlookOfAll, outlooks, projectedDays, restAt } from '../../src/forecast/project.ts';
import { fitRhythm, nextDays, pastErrors, quantile } from '../../src/forecast/rhythm.ts';

const repeated = (week: readonly number[], weeks: number): number[] => Array.from({ length: weeks }, () => week).flat();
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const close = (value: number): unknown => expect.closeTo(value, 6);

test.each([
  ['nothing known', [], [0, 0, 0]],
  ['one day', [40], [40, 40, 40]],
  ['three days: their level', [30, 30, 30], [30, 30, 30]],
  ['a steady week is repeated to the call', repeated([10, 20, 30, 40, 50, 0, 0], 4), [10, 20, 30, 40, 50, 0, 0, 10]],
  ['also when the past does not end with a week', [...repeated([7, 7, 7, 7, 7, 1, 1], 3), 7, 7], [7, 7, 7, 1, 1, 7]],
  ['only zeros', repeated([0, 0, 0, 0, 0, 0, 0], 3), [0, 0]],
])('%s', (_, past, next) => {
  expect(nextDays(fitRhythm(past), next.length)).toEqual(next.map(close));
});

test('growth goes on, and less with every day', () => {
  const past = Array.from({ length: 91 }, (_, day) => 1_000 + 10 * day);
  const next = nextDays(fitRhythm(past), 60);
  expect(next[0]).toBeGreaterThan(1_880);
  expect(next[29]).toBeGreaterThan(next[0]!);
  expect(next[29]! - next[28]!).toBeLessThan(next[1]! - next[0]!);
});

test('a step is no trend: the level after it holds', () => {
  const past = [...repeated([100, 110, 90, 100, 105, 95, 100], 8), 400, 410, 390, 400, 405];
  const next = nextDays(fitRhythm(past), 20);
  for (const day of next) expect(day).toBeGreaterThan(340);
  for (const day of next) expect(day).toBeLessThan(470);
});

test('a meter that was given up fades', () => {
  const past = [...repeated([100, 110, 90, 100, 105, 95, 100], 8), ...repeated([0, 0, 0, 0, 0, 0, 0], 2)];
  expect(sum(nextDays(fitRhythm(past), 30))).toBeLessThan(30);
});

test('never negative, whatever came before', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed);
    const past = Array.from({ length: Math.floor(100 * random()) }, () =>
      random() < 0.5 ? 0 : Math.floor(1e6 * random() ** 4),
    );
    if (seed % 3 === 0) past.sort((a, b) => b - a);
    const usage = past.map((calls, day) => ({
      day: dayAfter('2025-06-01' as Day, day),
      meter: 'm',
      calls: callsOf(calls),
    }));
    const today = dayAfter('2025-06-01' as Day, past.length);
    const moment = { today, left: random(), through: dayAfter(today, Math.floor(31 * random())) };
    const outlook = outlookOfAll(usage, moment);
    for (const share of [null, 0.05, 0.5, 0.95]) {
      expect(restAt(outlook, share)).toBeGreaterThanOrEqual(0);
      const days = projectedDays(outlook, moment, outlook.span, share);
      expect(days.every((calls) => calls >= 0n)).toBe(true);
      expect(Number(sumCalls(days))).toBeCloseTo(restAt(outlook, share), -0.5);
    }
    expect(restAt(outlook, 0.05)).toBeLessThanOrEqual(outlook.rest);
    expect(restAt(outlook, 0.95)).toBeGreaterThanOrEqual(outlook.rest);
  }
});

test('a call every third day stays a call every third day', () => {
  const usage = Array.from({ length: 60 }, (_, day) => ({
    day: dayAfter('2025-06-01' as Day, day),
    meter: 'm',
    calls: callsOf(day % 3 === 0 ? 1 : 0),
  }));
  const moment = { today: '2025-07-31' as Day, left: 1, through: '2025-08-29' as Day };
  const [outlook] = outlooks(usage, moment);
  expect(Number(sumCalls(projectedDays(outlook!, moment, 30, null)))).toBeCloseTo(10, -0.7);
});

test('the range is that of the past: none for a past without surprises, wider for a noisy one, absent for a short one', () => {
  expect(pastErrors(fitRhythm(repeated([10, 20, 30, 40, 50, 0, 0], 2)), 5)).toBeUndefined();
  const sure = pastErrors(fitRhythm(repeated([10, 20, 30, 40, 50, 0, 0], 8)), 10)!;
  expect(sure.at(-1)).toBeCloseTo(0);
  const random = seeded(4);
  const noisy = pastErrors(fitRhythm(Array.from({ length: 80 }, () => 100 * random())), 10)!;
  expect(quantile(noisy, 0.9)).toBeGreaterThan(0.05);
});

test('days', () => {
  expect(dayAfter('2028-02-28' as Day, 1)).toBe('2028-02-29');
  expect(dayAfter('2026-01-01' as Day, -1)).toBe('2025-12-31');
  expect(daysBetween('2026-02-27' as Day, '2026-03-02' as Day)).toBe(3);
  expect(weekdayOf('2026-01-05' as Day)).toBe(1);
  expect(daysThrough('2026-01-30' as Day, '2026-02-01' as Day)).toEqual(['2026-01-30', '2026-01-31', '2026-02-01']);
  expect(daysThrough('2026-01-30' as Day, '2026-01-29' as Day)).toEqual([]);
});

test('on made-up months it errs less than "the same as last month", but for a rhythm of the month, which it does not know', () => {
  for (const pattern of patterns) {
    for (const { pattern: name, origin, forecast, naive } of backTest(pattern, 30)) {
      if (name === 'month-end rush') expect(forecast, `${name}, day ${origin}`).toBeGreaterThan(naive);
      else expect(forecast, `${name}, day ${origin}`).toBeLessThan(naive);
    }
  }
});
