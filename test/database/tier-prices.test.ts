// Prices of blocks, fees and limits in the ledger: contracts for such tiers, bills closed and corrected, their files, and all that checks
// them.

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyLedger } from '../../src/verify/verify.ts';
import { tierBook } from '../book/tier-book.ts';
import { type OpenApp, openAccountWith, openApp } from '../http/open-app.ts';
import { decimal } from '../naive/figures.ts';

const document = tierBook(
  'graduated',
  [
    { from: 0, to: 1000, price: '0.1', per: 300, part: 'up' },
    { from: 1000, to: 5000, price: '0.07', per: 7, part: 'exact' },
    { from: 5000, to: null, price: null, per: 100, part: 'down' },
  ],
  { basis: 'gross' },
);
document.meters.push({ id: 'v', title: { zh: '项', en: 'item' }, tariff: 'v' } as never);
const volume = { ...document.tariffs[0]!, id: 'v', mode: 'volume' as const };
document.tariffs.push({ ...volume, tiers: [{ from: 0, to: null, price: '3.2', per: 3600, part: 'exact' }] });
document.packProducts.push({
  id: 'p',
  title: { zh: '包', en: 'pack' },
  covers: [{ meter: 'm' }],
  sizes: [{ calls: 500, price: '9' }],
} as never);

const withFees = {
  ...tierBook(
    'graduated',
    [
      { from: 0, to: 100, price: '1', fee: '10' },
      { from: 100, to: null, price: '0.5', fee: '20' },
    ],
    { fee: '5', minimum: '50', maximum: '200', withoutCalls: true },
  ),
  id: 'fees',
};

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-05T09:00:00+08:00');
  expect((await open.call('POST', '/v1/price-books', document)).status).toBe(201);
  await openAccountWith(open, 'acme', '1000.00', { book: 'tiers', opened: '2025-12-01' });
  expect((await open.call('POST', '/v1/price-books', withFees)).status).toBe(201);
  await openAccountWith(open, 'globex', '1000.00', { book: 'fees', opened: '2025-12-01' });
});
afterAll(() => open?.close());

const use = async (id: string, meter: string, calls: number, account = 'acme') => {
  const time = '2026-01-09T09:00:00+08:00';
  const { status, text } = await open.call('POST', '/v1/events', { account, id, meter, calls, time });
  expect(status, text).toBe(200);
};
const file = async (query: string, of = 'acme') =>
  (await open.call('GET', `/v1/bills/${of}:2026-01/export?${query}`)).text;

test('a contract prices a tier for what the book prices it for, and has no tiers of its own there', async () => {
  const own = await open.once('POST', '/v1/accounts/acme/contracts', {
    from: '2026-01',
    tariffs: {
      t: [
        { from: 0, price: '0.1' },
        { from: 2000, price: '0.05' },
      ],
    },
  });
  expect(own.json).toMatchObject({ code: 'UNKNOWN_TIER' });
  const agreed = await open.once('POST', '/v1/accounts/acme/contracts', {
    from: '2026-01',
    tariffs: { t: [{ from: 5000, price: '2' }] },
  });
  expect(agreed.status, agreed.text).toBe(201);
  expect((agreed.json as { tariffs: { t: unknown[] } }).tariffs.t[2]).toEqual({
    ...{ from: 5000, to: null, price: '2.00', per: 100, part: 'down' },
  });
});

const fen = (amounts: readonly (string | undefined)[]): bigint =>
  (amounts.reduce((sum, amount) => sum + decimal(amount ?? '', 8), 0n) + 500_000n) / 1_000_000n;

test('a bill says what each price is for, and its calls one by one add up to it', async () => {
  await open.once('POST', '/v1/packs', { account: 'acme', product: 'p', size: 500 });
  open.setClock('2026-01-09T09:00:00+08:00');
  for (const [at, calls] of [600, 1, 299, 301, 3999, 999].entries()) await use(`m${at}`, 'm', calls);
  for (const [at, calls] of [1, 6, 5000].entries()) await use(`v${at}`, 'v', calls);
  for (const [at, calls] of [100, 60].entries()) await use(`f${at}`, 'm', calls, 'globex');
  open.setClock('2026-02-03T09:00:00+08:00');
  expect((await open.call('POST', '/v1/bills/close', { month: '2026-01' })).status).toBe(200);
  const lines = (parse(await file('format=csv')) as string[][]).filter(
    ([kind, , tariff]) => kind === 'postpaid' && tariff,
  );
  // Of 6,199 calls 500 are the pack's: 500 of the first tier are left, two blocks; 4,000 ÷ 7; eleven whole hundreds of 1,199.
  expect(lines.map((cells) => cells.slice(7))).toEqual([
    ['', '62.20', '(500 ÷ 300 ↑ 2) × 0.10 + 4,000 ÷ 7 × 0.07 + (1,199 ÷ 100 ↓ 11) × 2.00 = 62.20'],
    ['3.20/3600', '4.45', '5,007 ÷ 3,600 × 3.20 = 4.45'],
  ]);
  const calls = parse(await file('format=csv&detail=calls'), { columns: true }) as Record<string, string>[];
  const amounts = (tariff: string) => calls.filter((each) => each.tariff === tariff).map(({ amount }) => amount);
  expect([fen(amounts('t')), fen(amounts('v'))]).toEqual([6220n, 445n]);
  // The first call of a block that counts as a whole costs the block.
  expect(amounts('t').slice(0, 3)).toEqual(['0.10', '0.00', '0.10']);
  const focus = parse(await file('format=focus'), { columns: true }) as Record<string, string>[];
  expect(focus.find(({ SkuId }) => SkuId === 'v')).toMatchObject({
    ...{ PricingUnit: '3600 Calls', PricingQuantity: '1.39083333', ListUnitPrice: '3.20', BilledCost: '4.45' },
  });
});

test('fees are lines of their own, also in a month without calls, and files have them', async () => {
  const lines = (parse(await file('format=csv', 'globex')) as string[][]).slice(1);
  expect(lines.map(([kind, , , , , calls, tier, , amount, formula]) => [kind, calls, tier, amount, formula])).toEqual([
    ['postpaid', '160', '1', '130.00', '100 × 1.00 + 60 × 0.50 = 130.00'],
    ['fee', '', '', '5.00', '1 × 5.00 = 5.00'],
    ['fee', '', '0', '10.00', '1 × 10.00 = 10.00'],
    ['fee', '', '1', '20.00', '1 × 20.00 = 20.00'],
    ['prepaid', '', '', '0.00', ''],
    ['postpaid', '', '', '165.00', ''],
    ['adjustments', '', '', '0.00', ''],
    ['total', '', '', '165.00', ''],
  ]);
  const focus = parse(await file('format=focus', 'globex'), { columns: true }) as Record<string, string>[];
  expect(fen(focus.map(({ BilledCost }) => BilledCost))).toBe(16_500n);
  for (const format of ['pdf', 'xlsx']) expect((await file(`format=${format}`, 'globex')).length).toBeGreaterThan(1000);
  const calls = parse(await file('format=csv&detail=calls', 'globex'), { columns: true }) as Record<string, string>[];
  expect(fen(calls.map(({ amount }) => amount))).toBe(13_000n);
  const { json } = await open.call('GET', '/v1/bills/globex:2026-02');
  // 5 and 10 without a call, and 35 up to the least of a month.
  expect(json).toMatchObject({
    postpaid: '50.00',
    lines: [{ amount: '5.00' }, { amount: '10.00' }, { amount: '35.00' }],
  });
  const agreed = await open.once('POST', '/v1/accounts/globex/contracts', {
    from: '2026-03',
    tariffs: { t: [{ from: 100, price: '9' }] },
  });
  expect((agreed.json as { tariffs: { t: unknown[] } }).tariffs.t[1]).toEqual({
    ...{ from: 100, to: null, price: '9.00', fee: '20.00' },
  });
});

test('a correction is rated in blocks again, and the checks agree on all of it', async () => {
  expect((await open.once('POST', '/v1/events/m3/void', { account: 'acme' })).status).toBe(200);
  // 100 calls are in the first tier alone: 30 and the fee of the second come back.
  expect((await open.once('POST', '/v1/events/f1/void', { account: 'globex' })).status).toBe(200);
  expect((await open.call('GET', '/v1/bills/globex:2026-02')).json).toMatchObject({
    adjustments: '-50.00',
    total: '0.00',
  });
  const { json } = await open.call('GET', '/v1/bills/acme:2026-02');
  // 301 calls fewer: 898 of the last tier are eight hundreds.
  expect(json).toMatchObject({ adjustments: '-6.00' });
  open.setClock('2026-03-03T09:00:00+08:00');
  await open.call('POST', '/v1/bills/close', { month: '2026-02' });
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});
