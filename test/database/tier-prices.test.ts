// Prices of blocks in the ledger: a contract for such a tier, a bill closed and corrected, its files, and all that checks it.

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

let open: OpenApp;
beforeAll(async () => {
  open = await openApp('2026-01-05T09:00:00+08:00');
  expect((await open.call('POST', '/v1/price-books', document)).status).toBe(201);
  await openAccountWith(open, 'acme', '1000.00', { book: 'tiers', opened: '2025-12-01' });
});
afterAll(() => open?.close());

const use = async (id: string, meter: string, calls: number) => {
  const time = '2026-01-09T09:00:00+08:00';
  const { status, text } = await open.call('POST', '/v1/events', { account: 'acme', id, meter, calls, time });
  expect(status, text).toBe(200);
};
const file = async (query: string) => (await open.call('GET', `/v1/bills/acme:2026-01/export?${query}`)).text;

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

test('a correction is rated in blocks again, and the checks agree on all of it', async () => {
  expect((await open.once('POST', '/v1/events/m3/void', { account: 'acme' })).status).toBe(200);
  const { json } = await open.call('GET', '/v1/bills/acme:2026-02');
  // 301 calls fewer: 898 of the last tier are eight hundreds.
  expect(json).toMatchObject({ adjustments: '-6.00' });
  open.setClock('2026-03-03T09:00:00+08:00');
  await open.call('POST', '/v1/bills/close', { month: '2026-02' });
  const { verdicts } = await verifyLedger(open.suanpan);
  expect(verdicts.flatMap(({ first }) => (first === null ? [] : [first]))).toEqual([]);
});
