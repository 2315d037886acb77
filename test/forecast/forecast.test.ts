// Laws of forecasts, on made-up accounts in memory.

import { expect, test } from 'vitest';
import { seeded } from '../../bench/usage-patterns.ts';
import { buyPack, giveGift } from '../../src/account/commands.ts';
import { openHead } from '../../src/account/head.ts';
import type { Day, Period } from '../../src/core/calendar.ts';
import { type Calls, callsOf, moneyOf, noCalls, parseMoney } from '../../src/core/units.ts';
import type { UsageTotal } from '../../src/core/usage.ts';
import { daysThrough } from '../../src/forecast/days.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import { forecastDocument } from '../../src/forecast/forecast-document.ts';
import type { Standing } from '../../src/forecast/live-ahead.ts';
import { parseGrowth } from '../../src/forecast/past-months.ts';
import type { DayCalls } from '../../src/forecast/project.ts';
import { instant } from '../http/open-app.ts';
import { bookNamed, granted } from '../scenarios/story.ts';

const period = '2026-05' as Period;

/** An account some days into May, with packs, and calls since `from`. */
function madeUp(seed: number, from: Day, day: number): { standing: Standing; usage: DayCalls[] } {
  const random = seeded(seed);
  const book = bookNamed(random() < 0.5 ? 'faceid-legacy' : 'faceid-2021');
  const head = openHead({ id: 'acme', book, cap: random() < 0.5 ? null : callsOf(20_000) });
  head.balance = moneyOf(10n ** 15n);
  const now = instant(`2026-05-${String(day).padStart(2, '0')}T15:30:00+08:00`);
  const products = [...book.packProducts.values()];
  const facts = Array.from({ length: Math.floor(5 * random()) }, (_, index) => {
    const product = products[Math.floor(random() * products.length)]!;
    const [order, at] = [{ id: `p${index}`, product: product.id }, instant('2026-04-20T10:00:00+08:00')];
    if (random() < 0.3) return giveGift(head, book, { ...order, calls: callsOf(500), months: 3 }, at);
    return buyPack(head, book, { ...order, size: product.sizes[Math.floor(random() * 3)]!.calls }, at);
  });
  expect(facts.every((each) => !('refused' in each))).toBe(true);
  const meters = [...book.meters.keys()].filter(() => random() < 0.6);
  const usage = daysThrough(from, `2026-05-${String(day).padStart(2, '0')}` as Day).flatMap((each) =>
    meters.map((meter) => ({ day: each, meter, calls: callsOf(Math.floor(2_000 * random() ** 3)) })),
  );
  const totals = meters.map((meter): UsageTotal => {
    const inMay = usage.filter((row) => row.meter === meter && row.day.startsWith(period));
    return { meter, payer: 'postpaid', calls: inMay.reduce((sum, row) => (sum + row.calls) as Calls, noCalls) };
  });
  const known = { account: 'acme', period, usage: totals, packs: new Map(head.packs.map((pack) => [pack.no, pack])) };
  return { standing: { head, book, now, facts: { ...known, trades: [], forfeits: [], corrections: [] } }, usage };
}

test('nothing is negative, ranges hold what is expected, packs lose no more than they have, and the start is left alone', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const { standing, usage } = madeUp(seed, '2026-03-01' as Day, 1 + (seed % 31));
    const before = structuredClone(standing.head);
    const seen = granted(forecast(standing, usage));
    const document = forecastDocument(standing, seen);
    expect(standing.head).toEqual(before);
    for (const { soFar, expected, low, high } of [document.calls, ...document.meters]) {
      expect(noCalls <= soFar && soFar <= low! && low! <= expected && expected <= high!).toBe(true);
    }
    const meters = document.meters.reduce((sum, { expected }) => sum + expected, 0n);
    expect(document.calls.expected).toBe(meters);
    const billed = seen.bills.expected.usage.reduce((sum, { calls }) => sum + calls, 0n);
    expect(billed).toBe(meters);
    const [low, expected, high] = [document.bill.low, document.bill.expected, document.bill.high].map(
      (text) => parseMoney(text!, 'CNY')!,
    );
    expect(0n <= low! && low! <= expected! && expected! <= high!).toBe(true);
    for (const { remaining, runsDry, forfeits } of document.packs) {
      const { low: least, expected: lost, high: most } = forfeits.calls;
      expect(0n <= least! && least! <= lost! && lost! <= most! && most! <= remaining).toBe(true);
      expect(lost === 0n).toBe(runsDry.expected !== null);
    }
  }
});

test('the same past gives the same forecast', () => {
  const { standing, usage } = madeUp(5, '2026-03-01' as Day, 12);
  const again = forecastDocument(standing, granted(forecast(standing, usage.toReversed())));
  expect(again).toEqual(forecastDocument(standing, granted(forecast(standing, usage))));
});

test('with little past there is a forecast without a range', () => {
  const { standing, usage } = madeUp(3, '2026-05-01' as Day, 9);
  const document = forecastDocument(standing, granted(forecast(standing, usage)));
  expect(document).toMatchObject({
    basis: { days: 8, range: null },
    calls: { low: null, high: null },
    bill: { low: null },
  });
  expect(document.notices[0]).toMatchObject({ code: 'SHORT_HISTORY' });
  expect(document.calls.expected).toBeGreaterThan(document.calls.soFar);
});

test('stopped service and forbidden postpaid are told', () => {
  const { standing, usage } = madeUp(3, '2026-03-01' as Day, 9);
  const head = { ...standing.head, postpaid: false, negativeSince: instant('2026-05-01T00:00:00+08:00') };
  const { notices } = forecastDocument({ ...standing, head }, granted(forecast({ ...standing, head }, usage)));
  expect(notices.map(({ code }) => code)).toEqual(expect.arrayContaining(['SERVICE_STOPPED', 'POSTPAID_OFF_AHEAD']));
});

test.each([
  ['1', 10_000n],
  ['1.2', 12_000n],
  ['0.0001', 1n],
  ['1000', 10_000_000n],
  ['0', undefined],
  ['0.00001', undefined],
  ['1000.1', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['', undefined],
])('growth %s', (text, times) => {
  expect(parseGrowth(text)?.times).toBe(times);
});
