// Contract prices to the fen: what they change, from when, and what they leave alone (billing rules 6.4).

import { expect, test } from 'vitest';
import { run } from './story.ts';

const account = { id: 'acme', opened: '2020-03-01', balance: '1000000.00' };
const meter = 'liveness.basic.authority';
const at = (day: string) => `${day}T10:00:00+08:00`;
const use = (day: string, id: string, calls: number) => ({ at: at(day), do: 'use', id, meter, calls });
const close = (day: string, month: string) => ({ at: at(day), do: 'close', month });
const price = (day: string, from: string, terms: object) => ({ at: at(day), do: 'price', from, ...terms });
const liveness = (...tiers: [from: number, price: string | null][]) => ({
  tariffs: { liveness_verification: tiers.map(([from, each]) => ({ from, price: each })) },
});
const live = (...steps: object[]) => run({ book: 'faceid-legacy', account, steps });
const codes = ({ results }: ReturnType<typeof live>) => results.map((each) => (each.ok ? 'ok' : each.code));
const totals = ({ bills }: ReturnType<typeof live>) => bills.map(({ month, total }) => `${month} ${total}`);

test('a month beyond the last public tier is billed once its tier has a price', () => {
  const output = live(
    use('2026-01-10', 'e', 250_000),
    close('2026-02-03', '2026-01'),
    price('2026-02-04', '2026-01', liveness([200_000, '0.55'])),
    close('2026-02-05', '2026-01'),
  );
  expect(codes(output)).toEqual(['ok', 'QUOTE_REQUIRED', 'ok', 'ok']);
  expect(totals(output)).toEqual(['2026-01 137500.00']);
  expect(output.bills[0]).toMatchObject({
    contract: 1,
    lines: [{ unitPrice: '0.55', from: 200_000, amount: '137500.00' }],
  });
});

test('a month that waits for a price is billed after the next one was', () => {
  const output = live(
    use('2026-01-10', 'e1', 250_000),
    close('2026-02-03', '2026-01'),
    use('2026-02-10', 'e2', 1_000),
    close('2026-03-03', '2026-02'),
    price('2026-03-04', '2026-01', liveness([200_000, '0.55'])),
    close('2026-03-05', '2026-01'),
  );
  expect(codes(output)).toEqual(['ok', 'QUOTE_REQUIRED', 'ok', 'ok', 'ok', 'ok']);
  expect(totals(output)).toEqual(['2026-02 850.00', '2026-01 137500.00']);
});

test('a price that calls were made at stands, and so does a final month', () => {
  const output = live(
    use('2026-01-10', 'e', 5_000),
    price('2026-01-11', '2026-01', liveness([1_000, '0.80'])),
    price('2026-01-11', '2026-01', liveness([1_000, '0.80'], [200_000, '0.55'])),
    price('2026-01-11', '2026-01', { packs: { basic_authority: [{ size: 1_000, price: '1.00' }] } }),
    price('2026-01-11', '2025-12', liveness([200_000, '0.55'])),
    close('2026-02-03', '2026-01'),
    price('2026-02-03', '2026-01', liveness([200_000, '0.50'])),
    price('2026-02-03', '2026-03', liveness([1_000, '0.80'])),
  );
  expect(codes(output)).toEqual([
    'ok',
    'PRICES_STAND',
    'PRICES_STAND',
    'PRICES_STAND',
    'ok',
    'ok',
    'PRICES_STAND',
    'ok',
  ]);
  expect(totals(output)).toEqual(['2026-01 4250.00']);
});

const month = (no: number) => `2026-0${no}`;

/** One month after the other: calls on the 10th, its bill on the 3rd of the next. */
const months = (...calls: number[]) =>
  calls.flatMap((each, index) => [
    use(`${month(index + 1)}-10`, `e${index + 1}`, each),
    close(`${month(index + 2)}-03`, month(index + 1)),
  ]);

test('from the next month on: a tier, tiers of its own, and the book again', () => {
  const output = live(
    price('2026-01-05', '2026-02', liveness([1_000, '0.80'])),
    price('2026-01-05', '2026-03', liveness([0, '0.90'], [2_500, '0.60'])),
    price('2026-01-05', '2026-04', {}),
    ...months(3_000, 3_000, 3_000, 3_000),
  );
  expect(new Set(codes(output))).toEqual(new Set(['ok']));
  expect(totals(output)).toEqual(['2026-01 2550.00', '2026-02 2400.00', '2026-03 1800.00', '2026-04 2550.00']);
  expect(output.bills.map((bill) => bill.contract)).toEqual([undefined, 1, 2, 3]);
  expect(output.bills[2]?.lines[0]).toMatchObject({ from: 2_500, to: null, unitPrice: '0.60' });
});

test('a correction is priced as its own month was, not as the one it arrives in', () => {
  const output = live(
    price('2026-01-05', '2026-02', liveness([0, '0.50'], [1_000, '0.40'])),
    use('2026-01-10', 'e1', 3_000),
    close('2026-02-03', '2026-01'),
    { ...use('2026-02-04', 'late', 1_000), time: at('2026-01-20') },
    use('2026-02-10', 'e2', 3_000),
    close('2026-03-03', '2026-02'),
  );
  const [, february] = output.bills;
  expect(february).toMatchObject({ postpaid: '1200.00', adjustments: '850.00', total: '2050.00' });
});

test('a correction of one tariff does not wait for the price of another', () => {
  const late = (id: string, of: string, calls: number) => ({
    at: at('2026-02-05'),
    do: 'use',
    id,
    meter: of,
    calls,
    time: at('2026-01-20'),
  });
  const output = live(
    close('2026-02-03', '2026-01'),
    late('unpriced', 'liveness.basic.selfie', 300_000),
    late('priced', meter, 1_000),
    { at: at('2026-03-05'), do: 'void', id: 'priced' },
    close('2026-03-06', '2026-02'),
    close('2026-04-03', '2026-03'),
  );
  expect(codes(output)).toEqual(['ok', 'ok', 'ok', 'ok', 'QUOTE_REQUIRED', 'ok']);
  expect(totals(output)).toEqual(['2026-01 0.00', '2026-03 -850.00']);
});

test('a pack costs what was agreed when it is bought, also a size that the book does not sell', () => {
  const output = live(
    price('2026-01-05', '2026-02', {
      packs: {
        basic_authority: [
          { size: 1_000, price: '700.00' },
          { size: 777, price: '1.00' },
        ],
      },
    }),
    { at: at('2026-01-06'), do: 'buy', id: 'p1', product: 'basic_authority', size: 1_000 },
    { at: at('2026-01-06'), do: 'buy', id: 'p2', product: 'basic_authority', size: 777 },
    { at: at('2026-02-06'), do: 'buy', id: 'p3', product: 'basic_authority', size: 1_000 },
    { at: at('2026-02-06'), do: 'buy', id: 'p4', product: 'basic_authority', size: 777 },
    { at: at('2026-02-06'), do: 'buy', id: 'p5', product: 'basic_authority', size: 10_000 },
    { at: at('2026-02-07'), do: 'refund', id: 'p3' },
    close('2026-03-03', '2026-02'),
  );
  expect(codes(output)).toEqual(['ok', 'ok', 'SIZE_NOT_SOLD', 'ok', 'ok', 'ok', 'ok', 'ok']);
  const lines = output.bills[0]?.lines.map((line) => `${line.kind} ${line.amount}`);
  expect(lines).toEqual(['pack 700.00', 'pack 1.00', 'pack 8000.00', 'pack_refund -700.00']);
});
