// What-ifs over a made-up past, on the real database, through the real HTTP application and from a shell.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basic, type Json, type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { bentBook } from '../scenarios/story.ts';
import { buy, get, liveThreeMonths, use } from './made-up-past.ts';

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-01T00:00:00+08:00');
});
afterAll(() => open.close());

async function whatIf(body: Json): Promise<Json> {
  const reply = await open.call('POST', '/v1/what-if', body);
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.json;
}

describe('a what-if', () => {
  test.each([1, 2, 3, 4])('on unchanged terms gives exactly the real bills: seed %i', async (seed) => {
    const account = `same${seed}`;
    await liveThreeMonths(open, account, seed, 2026 + seed);
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
        const bill = await get(open, `/v1/bills/${account}:${month.month}`);
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
    await use(open, 'hand', '2027-07-10T09:00:00+08:00', 3_000);
    await use(open, 'hand', '2027-08-10T09:00:00+08:00', 9_000);
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
    // 0.3 and 0.9 calls: each month is rounded once.
    expect(await total({ growth: 0.0001 })).toMatchObject({ calls: { whatIf: 1 } });
  });

  test('bought packs are bought again at the other book’s price, gifts and what was left before stay', async () => {
    open.setClock('2027-10-20T08:00:00+08:00');
    await openAccountWith(open, 'mixed', '100000.00');
    await buy(open, 'mixed', 'basic_authority', 1000, 'old');
    await use(open, 'mixed', '2027-10-21T09:00:00+08:00', 400);
    open.setClock('2027-11-05T08:00:00+08:00');
    await buy(open, 'mixed', 'basic_authority', 1000, 'fresh');
    await open.once('POST', '/v1/gifts', { account: 'mixed', product: 'basic_authority', calls: 100, id: 'gift' });
    await use(open, 'mixed', '2027-11-10T09:00:00+08:00', 2_000);
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
  const folder = mkdtempSync(`${tmpdir()}/suanpan-offer-`);
  let environment: Record<string, string>;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
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
    const offer = `${folder}/offer.json`;
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
