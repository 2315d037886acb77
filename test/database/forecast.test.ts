// Forecasts and what-ifs of accounts with a made-up past, on the real database and through the real HTTP application.

import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seeded } from '../../bench/usage-patterns.ts';
import type { Day } from '../../src/core/calendar.ts';
import { callsOf } from '../../src/core/units.ts';
import { daysThrough, weekdayOf } from '../../src/forecast/days.ts';
import { basic, instant, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { bentBook } from '../scenarios/story.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-01T00:00:00+08:00');
});
afterAll(() => open.close());

let serial = 0;

/** Sends one event at `time`, the clock set to it. Times of one account only go forward. */
async function use(account: string, time: string, calls: number, meter = basic): Promise<void> {
  serial += 1;
  open.setClock(time);
  const event = { id: `e${serial}`, meter, calls: callsOf(calls), at: instant(time), department: null, facts: null };
  const [result] = await open.suanpan.ledger.record(account, [event]);
  expect(result).toMatchObject({ status: 'accepted' });
}

async function useDaily(account: string, from: string, to: string, calls: (day: Day) => number, meter = basic) {
  for (const day of daysThrough(from as Day, to as Day)) {
    if (calls(day) > 0) await use(account, `${day}T09:00:00+08:00`, calls(day), meter);
  }
}

async function get(url: string): Promise<Json> {
  const reply = await open.call('GET', url);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.json;
}

const forecastOf = (account: string) => get(`/v1/accounts/${account}/forecast`);

async function whatIf(body: Json): Promise<Json> {
  const reply = await open.call('POST', '/v1/what-if', body);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.json;
}

const buy = (account: string, product: string, size: number, id: string) =>
  open.once('POST', '/v1/packs', { account, product, size, id });

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
    await use('new', '2026-01-05T13:00:00+08:00', 50);
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
    await useDaily('steady', '2026-02-01', '2026-02-28', () => 100);
    open.setClock('2026-02-28T23:00:00+08:00');
    await buy('steady', 'basic_authority', 1000, 'p1');
    await buy('steady', 'eid', 1000, 'p2');
    await useDaily('steady', '2026-03-01', '2026-03-05', () => 100);
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

  test('tells when a tier without a price is reached', async () => {
    open.setClock('2026-04-01T08:00:00+08:00');
    await openAccountWith(open, 'large', '0.00');
    await useDaily('large', '2026-04-01', '2026-05-10', () => 10_000);
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
    await useDaily('weekly', '2026-06-01', '2026-08-10', weekly, 'identity');
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
    const [forecast, bill] = [await forecastOf('weekly'), await get('/v1/bills/weekly:2026-08')];
    expect(forecast.bill).toMatchObject({
      soFar: bill.total,
      expected: bill.total,
      low: bill.total,
      high: bill.total,
      lines: bill.lines,
    });
  });
});

/** Three months of several meters, packs bought and refunded in the middle of days, gifts once and monthly. */
async function liveThreeMonths(account: string, seed: number, year: number): Promise<void> {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  open.setClock(`${year}-01-02T08:00:00+08:00`);
  await openAccountWith(open, account, '900000.00');
  const meters = [basic, 'photo.authority', 'liveness.basic.selfie', 'identity'];
  const products = ['basic_authority', 'basic_selfie', 'identity'];
  let packs = 0;
  for (const day of daysThrough(`${year}-01-02` as Day, `${year}-03-31` as Day)) {
    const hours = Array.from({ length: 1 + Math.floor(4 * random()) }, () => Math.floor(24 * 60 * random())).toSorted(
      (a, b) => a - b,
    );
    for (const minute of hours) {
      const time = `${day}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00+08:00`;
      const dice = random();
      open.setClock(time);
      if (dice < 0.05) await buy(account, pick(products), 1000, `p${++packs}`);
      else if (dice < 0.07) {
        const months = random() < 0.5 ? { months: 2 } : {};
        await open.once('POST', '/v1/gifts', {
          account,
          product: pick(products),
          calls: 200,
          id: `g${++packs}`,
          ...months,
        });
      } else if (dice < 0.09 && packs > 0) await open.once('POST', `/v1/packs/p${packs}/refund`, { account });
      else await use(account, time, 1 + Math.floor(300 * random()), pick(meters));
    }
    if (day === `${year}-02-10`) {
      const closed = await open.once('POST', '/v1/bills/close', { month: `${year}-01`, account });
      expect(closed.status).toBe(200);
    }
  }
}

describe('a what-if', () => {
  test.each([1, 2, 3, 4])('on unchanged terms gives exactly the real bills: seed %i', async (seed) => {
    const account = `same${seed}`;
    await liveThreeMonths(account, seed, 2026 + seed);
    open.setClock(`${2026 + seed}-04-01T08:00:00+08:00`);
    const before = await open.state();
    for (const months of [1, 2, 3]) {
      const answer = await whatIf({ account, months });
      expect(answer.months).toHaveLength(months);
      for (const month of answer.months as {
        month: string;
        real: Json;
        whatIf: Json;
        calls: Json;
        difference: string;
      }[]) {
        const bill = await get(`/v1/bills/${account}:${month.month}`);
        expect(month.real.state).toBe(month.month.endsWith('01') ? 'final' : 'draft');
        expect(month.whatIf).toMatchObject({
          prepaid: bill.prepaid,
          postpaid: bill.postpaid,
          total: bill.total,
          lines: bill.lines,
          usage: bill.usage,
        });
        expect(month.real).toMatchObject({ total: bill.total });
        expect(month.difference).toBe('0.00');
        expect(month.calls.whatIf).toBe(month.calls.real);
      }
      const { real, whatIf: again } = answer.total as { real: Json; whatIf: Json };
      expect(again).toEqual(real);
    }
    expect(await open.state()).toBe(before);
  });

  test('by hand: other packs, other books, growth', async () => {
    open.setClock('2027-06-30T08:00:00+08:00');
    await openAccountWith(open, 'hand', '100000.00');
    await use('hand', '2027-07-10T09:00:00+08:00', 3_000);
    await use('hand', '2027-08-10T09:00:00+08:00', 9_000);
    open.setClock('2027-09-01T08:00:00+08:00');
    const total = async (terms: Json) =>
      (await whatIf({ account: 'hand', months: 2, ...terms })).total as Record<string, Json & string>;
    // 3,000 × 0.85 and 9,000 × 0.85.
    expect(await total({})).toMatchObject({
      real: { total: '10200.00' },
      whatIf: { total: '10200.00' },
      difference: '0.00',
    });
    // One pack of 10,000: 8,000 for 3,000 and 7,000 calls, then 2,000 × 0.85.
    expect(await total({ packs: [{ product: 'basic_authority', size: 10_000 }] })).toMatchObject({
      whatIf: { prepaid: '8000.00', postpaid: '1700.00', total: '9700.00', left: { calls: 0 } },
      difference: '-500.00',
    });
    expect(await total({ packs: [{ product: 'basic_authority', size: 10_000, count: 2 }] })).toMatchObject({
      whatIf: { total: '16000.00', left: { calls: 8000, worth: '6400.00' } },
      difference: '5800.00',
    });
    // 1.2 times: 3,600 × 0.85 and 10,800 × 0.75.
    expect(await total({ growth: 1.2 })).toMatchObject({
      calls: { real: 12_000, whatIf: 14_400 },
      difference: '960.00',
    });
    // Flat 1.00 under the book of 2021.
    expect(await total({ book: 'faceid-2021' })).toMatchObject({
      whatIf: { total: '12000.00' },
      difference: '1800.00',
    });
    const offer = bentBook('faceid-legacy', (book) => {
      for (const tier of book.tariffs.find(({ id }) => id === 'liveness_verification')!.tiers) tier.price = '0.5';
    });
    expect(await total({ book: offer })).toMatchObject({ whatIf: { total: '6000.00' }, difference: '-4200.00' });
    // 34.2 calls a day would round to nothing of the kind: the month is rounded once.
    expect(await total({ growth: 0.0001 })).toMatchObject({ calls: { whatIf: 1 } });
  });

  test('bought packs are bought again at the other book’s price, gifts and what was left before stay', async () => {
    open.setClock('2027-10-20T08:00:00+08:00');
    await openAccountWith(open, 'mixed', '100000.00');
    await buy('mixed', 'basic_authority', 1000, 'old');
    await use('mixed', '2027-10-21T09:00:00+08:00', 400);
    open.setClock('2027-11-05T08:00:00+08:00');
    await buy('mixed', 'basic_authority', 1000, 'fresh');
    await open.once('POST', '/v1/gifts', { account: 'mixed', product: 'basic_authority', calls: 100, id: 'gift' });
    await use('mixed', '2027-11-10T09:00:00+08:00', 2_000);
    open.setClock('2027-12-01T08:00:00+08:00');
    // November: gift 100, old 600, fresh 1,000, postpaid 300.
    const one = { account: 'mixed', months: 1 };
    expect(await whatIf(one)).toMatchObject({ total: { whatIf: { total: '1230.00' }, real: { total: '1230.00' } } });
    expect(await whatIf({ ...one, packs: [] })).toMatchObject({
      total: { whatIf: { prepaid: '0.00', total: '1105.00' } },
    });
    const dear = bentBook('faceid-legacy', (book) => {
      const product = (
        book.packProducts as unknown as { id: string; sizes: { calls: number; price: string }[] }[]
      ).find(({ id }) => id === 'basic_authority')!;
      product.sizes[0]!.price = '900';
    });
    expect(await whatIf({ ...one, book: dear })).toMatchObject({
      total: { whatIf: { prepaid: '900.00', total: '1200.00' } },
    });
    const without = bentBook('faceid-legacy', (book) => {
      book.packProducts = book.packProducts.filter(({ id }) => id !== 'basic_authority');
    });
    const answer = await whatIf({ ...one, book: without });
    expect(answer).toMatchObject({ total: { whatIf: { prepaid: '0.00', total: '1700.00' } } });
    expect((answer.notices as Json[]).map(({ code }) => code)).toEqual(['PACK_USELESS', 'PACK_NOT_SOLD']);
  });

  test.each([
    ['no months', { months: 0 }, 422, '/months'],
    ['half a month', { months: 1.5 }, 422, '/months'],
    ['no growth', { growth: 0 }, 422, '/growth'],
    ['less than none', { growth: -1 }, 422, '/growth'],
    ['growth too fine to mean', { growth: 1.23456 }, 422, '/growth'],
    ['growth in words', { growth: 'much' }, 422, '/growth'],
    ['an unknown book', { book: 'faceid-1999' }, 404, '/book'],
    ['no book at all', { book: 7 }, 422, '/book'],
    ['a broken offer', { book: { id: 'offer' } }, 422, '/book/'],
    ['a pack that nobody sells', { packs: [{ product: 'basic_authority', size: 7 }] }, 422, '/packs/0/size'],
    ['an unknown pack', { packs: [{ product: 'gold', size: 1000 }] }, 422, '/packs/0/product'],
    ['no packs of it', { packs: [{ product: 'basic_authority', size: 1000, count: 0 }] }, 422, '/packs/0/count'],
    ['an unknown field', { growht: 2 }, 422, '/growht'],
    ['an account without a past', { account: 'idle' }, 422, '/months'],
    ['an unknown account', { account: 'nobody' }, 404, undefined],
  ])('refuses %s', async (_, wrong, status, pointer) => {
    open.setClock('2028-01-01T08:00:00+08:00');
    if ((wrong as Json).account === 'idle') await openAccountWith(open, 'idle', '0.00');
    const reply = await open.call('POST', '/v1/what-if', { account: 'hand', months: 6, ...wrong });
    const errors = reply.json.errors as { pointer: string }[];
    expect(`${reply.status} ${errors[0]?.pointer}`).toContain(`${status} ${pointer}`);
  });

  test('refuses a book that lacks a meter that was called', async () => {
    const lacking = bentBook('faceid-2021', (book) => {
      book.meters = book.meters.filter(({ id }) => id !== basic);
      for (const product of book.packProducts) product.covers = product.covers.filter(({ meter }) => meter !== basic);
      book.packProducts = book.packProducts.filter(({ covers }) => covers.length > 0);
    });
    const reply = await open.call('POST', '/v1/what-if', { account: 'hand', months: 6, book: lacking });
    expect(reply.json).toMatchObject({ code: expect.stringMatching(/UNKNOWN_METER|INVALID_BOOK/) });
  });

  test('an account’s key sees its own past only', async () => {
    const key = await open.keyOf('hand');
    expect((await open.call('POST', '/v1/what-if', { months: 6 }, key)).json).toMatchObject({ account: 'hand' });
    expect((await open.call('POST', '/v1/what-if', { months: 6, account: 'mixed' }, key)).status).toBe(404);
    expect((await open.call('GET', '/v1/accounts/hand/forecast', undefined, key)).status).toBe(200);
    expect((await open.call('GET', '/v1/accounts/mixed/forecast', undefined, key)).status).toBe(404);
  });
});

describe('from a shell', () => {
  const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
  let environment: Record<string, string>;
  beforeAll(async () => {
    const url = await open.app.listen({ port: 0, host: '127.0.0.1' });
    environment = {
      PATH: process.env.PATH ?? '',
      HOME: '/nonexistent',
      LANG: 'C',
      SUANPAN_URL: url,
      SUANPAN_API_KEY: open.operator,
    };
  });

  const run = (...args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      execFile(process.execPath, [program, ...args], { env: environment }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  test('forecast and what-if, as tables, as JSON, in Chinese', async () => {
    open.setClock('2027-09-10T08:00:00+08:00');
    const forecast = await run('forecast', 'hand');
    expect(forecast).toMatchObject({ code: 0, out: expect.stringContaining('At the end of 2027-09') });
    expect((await run('forecast', 'hand', '--lang', 'zh')).out).toContain('月末预计');
    expect(JSON.parse((await run('forecast', 'hand', '--json')).out)).toMatchObject({
      account: 'hand',
      month: '2027-09',
    });
    const offer = `${mkdtempSync(`${tmpdir()}/suanpan-offer-`)}/offer.json`;
    writeFileSync(offer, JSON.stringify(bentBook('faceid-legacy', () => undefined)));
    const terms = [
      'what-if',
      'hand',
      '--months',
      '2',
      '--book',
      offer,
      '--pack',
      'basic_authority:10000x2',
      '--growth',
      '1.5',
    ];
    const answer = await run(...terms);
    expect(answer).toMatchObject({
      code: 0,
      out: expect.stringContaining('really cost ¥10,200.00; on these terms ¥16,000.00'),
    });
    expect(JSON.parse((await run(...terms, '--json')).out)).toMatchObject({ total: { calls: { whatIf: 18_000 } } });
    expect((await run('what-if', 'hand', '--months', '2', '--no-packs', '--lang', 'zh')).out).toContain('相同');
  });

  test.each([
    ['--months', '0'],
    ['--months', '25'],
    ['--months', '2', '--growth', '-1'],
    ['--months', '2', '--growth', 'twice'],
    ['--months', '2', '--pack', 'basic_authority'],
    ['--months', '2', '--no-packs', '--pack', 'eid:1000'],
  ])('refuses %s %s %s %s', async (...args) => {
    expect(await run('what-if', 'hand', ...args.filter((arg) => arg !== undefined))).toMatchObject({
      code: 2,
      out: '',
    });
  });

  test('an unknown book or account is not found', async () => {
    expect((await run('what-if', 'hand', '--months', '2', '--book', 'faceid-1999')).code).toBe(3);
    expect((await run('forecast', 'nobody')).code).toBe(3);
  });
});
