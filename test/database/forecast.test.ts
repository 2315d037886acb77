// Forecasts of accounts with a made-up past, on the real database and through the real HTTP application.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../../bench/usage-patterns.ts';
import type { Day } from '../../src/core/calendar.ts';
import { weekdayOf } from '../../src/forecast/days.ts';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { buy, get, use, useDaily } from './made-up-past.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-01T00:00:00+08:00');
});
afterAll(() => open.close());

const facts = (notice: Json): Json => notice.facts as Json;

const forecastOf = (account: string) => get(open, `/v1/accounts/${account}/forecast`);

describe('a forecast', () => {
  test('of an account without any calls says so', async () => {
    open.setClock('2026-01-05T12:00:00+08:00');
    await openAccountWith(open, 'new', '0.00');
    const forecast = await forecastOf('new');
    expect(forecast).toMatchObject({
      basis: { days: 0, range: null },
      calls: { soFar: 0, expected: 0, low: null, high: null },
      bill: { soFar: '0.00', expected: '0.00', low: null, high: null },
      packs: [],
      notices: [{ code: 'NO_HISTORY', zh: expect.any(String), en: expect.any(String) }],
      summary: { zh: expect.stringContaining('2026-01'), en: expect.stringContaining('2026-01') },
    });
    await use(open, 'new', '2026-01-05T13:00:00+08:00', 50);
    expect(await forecastOf('new')).toMatchObject({ basis: { days: 0 }, calls: { soFar: 50, expected: 50 } });
    open.setClock('2026-01-06T00:00:00+08:00');
    expect(await forecastOf('new')).toMatchObject({
      calls: { soFar: 50, expected: 50 + 26 * 50, low: null },
      notices: [{ code: 'SHORT_HISTORY' }],
    });
  });

  test('by hand: 100 calls every day, a pack of 1,000 bought on the last day of February', async () => {
    open.setClock('2026-02-01T08:00:00+08:00');
    await openAccountWith(open, 'steady', '10000.00', { cap: 1500 });
    await useDaily(open, 'steady', '2026-02-01', '2026-02-28', () => 100);
    open.setClock('2026-02-28T23:00:00+08:00');
    await buy(open, 'steady', 'basic_authority', 1000, 'p1');
    await buy(open, 'steady', 'eid', 1000, 'p2');
    await useDaily(open, 'steady', '2026-03-01', '2026-03-05', () => 100);
    open.setClock('2026-03-06T00:00:00+08:00');
    const forecast = await forecastOf('steady');
    // 31 × 100 calls; the pack pays 1,000, the other 2,100 cost 0.85 each.
    expect(forecast).toMatchObject({
      month: '2026-03',
      basis: { days: 33, range: '80%' },
      calls: { soFar: 500, expected: 3100, low: 3100, high: 3100 },
      meters: [{ meter: basic, expected: 3100 }],
      bill: { soFar: '0.00', expected: '1785.00', low: '1785.00', high: '1785.00', quoteRequired: false },
      // Postpaid from the 11th on: 1,500 of them at the end of the 25th.
      postpaidFrom: { expected: '2026-03-11' },
      cap: { cap: 1500, soFar: 0, reached: { expected: '2026-03-25', earliest: '2026-03-25', latest: '2026-03-25' } },
      unpriced: [],
    });
    expect(forecast.packs).toMatchObject([
      {
        pack: 'p2',
        lastDay: '2027-02-28',
        runsDry: { expected: null },
        forfeits: { calls: { expected: 1000 }, worth: { expected: '1400.00', low: '1400.00', high: '1400.00' } },
      },
      { pack: 'p1', remaining: 500, runsDry: { expected: '2026-03-10' }, forfeits: { calls: { expected: 0 } } },
    ]);
    expect((forecast.notices as Json[]).map(({ code }) => code)).toEqual([
      'CAP_AHEAD',
      'PACK_FORFEITS',
      'PACK_RUNS_DRY',
    ]);
  });

  test('says of thousands of equal packs once what is to be said, and still names each', async () => {
    open.setClock('2026-03-10T08:00:00+08:00');
    await openAccountWith(open, 'crowd', '100000000.00');
    await useDaily(open, 'crowd', '2026-03-10', '2026-03-12', () => 700);
    for (const hour of ['10', '11', '12']) {
      open.setClock(`2026-03-13T${hour}:00:00+08:00`);
      const order = { account: 'crowd', product: 'basic_authority', size: 1_000, count: 1_000, id: `p${hour}` };
      expect(await open.once('POST', '/v1/packs', order)).toMatchObject({ status: 201 });
    }
    const { json, text } = await open.call('GET', '/v1/accounts/crowd/forecast');
    const { packs, notices, bill, billNotices } = json as Record<string, Json[]>;
    const ids = packs?.flatMap(({ pack, others }) => [pack, ...(others as unknown[])]) ?? [];
    expect(ids).toHaveLength(3_000);
    expect(new Set(ids).size).toBe(3_000);
    expect(packs?.every(({ count, others }) => count === (others as unknown[]).length + 1)).toBe(true);
    // 250,000 calls within the year: the packs that run dry do so on days of their own; of the rest most lose all.
    const lost = notices?.filter(({ code }) => code === 'PACK_FORFEITS') as Json[];
    const [whole, ...others] = lost.toSorted((a, b) => Number(facts(b).packs) - Number(facts(a).packs));
    expect(whole).toMatchObject({
      en: expect.stringMatching(
        /^2,7\d\d packs of .* and others\) .* 1,000 calls left each .*¥930\.00 each, ¥2,[\d,.]+ in all/,
      ),
      zh: expect.stringMatching(/2,7\d\d 个（.* 等）.*各剩 1,000 次作废，每个价值 ¥930\.00/),
      facts: { calls: 1_000, worth: '930.00' },
    });
    expect(others.length).toBeLessThanOrEqual(1);
    const dry = notices?.filter(({ code }) => code === 'PACK_RUNS_DRY') as Json[];
    expect([...lost, ...dry].reduce((sum, notice) => sum + Number(facts(notice).packs), 0)).toBe(3_000);
    const rest = JSON.stringify([bill, billNotices, ids]).length;
    expect(text.length - rest).toBeLessThan(400_000);
  }, 120_000);

  test('tells when a tier without a price is reached', async () => {
    open.setClock('2026-04-01T08:00:00+08:00');
    await openAccountWith(open, 'large', '0.00');
    await useDaily(open, 'large', '2026-04-01', '2026-05-10', () => 10_000);
    open.setClock('2026-05-11T00:00:00+08:00');
    const forecast = await forecastOf('large');
    expect(forecast).toMatchObject({
      unpriced: [{ tariff: 'liveness_verification', reached: { expected: '2026-05-20' } }],
      bill: { quoteRequired: true, postpaid: null, expected: '210800.00' },
    });
    expect((forecast.notices as Json[]).map(({ code }) => code)).toContain('UNPRICED_AHEAD');
  });

  test('follows the week, and holds a range around a noisy past', async () => {
    open.setClock('2026-06-01T08:00:00+08:00');
    await openAccountWith(open, 'weekly', '0.00');
    const random = seeded(7);
    const weekly = (day: Day) => (weekdayOf(day) % 6 === 0 ? 20 : 200) + Math.floor(60 * random());
    await useDaily(open, 'weekly', '2026-06-01', '2026-08-10', weekly, 'identity');
    open.setClock('2026-08-11T00:00:00+08:00');
    const forecast = await forecastOf('weekly');
    const { expected, low, high } = forecast.calls as Record<string, number>;
    // 21 weekdays at 229.5 and 10 days of weekends at 49.5 in all of August.
    expect(expected).toBeGreaterThan(5_000);
    expect(expected).toBeLessThan(5_650);
    expect(low).toBeLessThan(expected!);
    expect(high).toBeGreaterThan(expected!);
    const { low: least, expected: bill, high: most } = forecast.bill as Record<string, string>;
    expect(Number(least)).toBeLessThanOrEqual(Number(bill));
    expect(Number(most)).toBeGreaterThanOrEqual(Number(bill));
  });

  test('at the month’s end is the draft bill', async () => {
    open.setClock('2026-08-31T23:59:59+08:00');
    const [forecast, bill] = [await forecastOf('weekly'), await get(open, '/v1/bills/weekly:2026-08')];
    expect(forecast.bill).toMatchObject({
      soFar: bill.total,
      expected: bill.total,
      low: bill.total,
      high: bill.total,
      lines: bill.lines,
    });
  });
});
