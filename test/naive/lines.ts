// What a month of a tariff comes to on a bill, as the naive implementation writes it.

import { placesOf, type Rated, rate, shownPrice, written } from './figures.ts';
import type { BookJson, LineJson, TariffJson } from './json.ts';
import { type Call, hasPrices } from './order.ts';

/** `calls`: those that count, as they arrived. */
export type Counter = { postpaid: bigint; drawn: bigint; calls?: Call[] };

export const rateAny = (book: BookJson, tariff: TariffJson | null, { postpaid, drawn, calls }: Counter): Rated =>
  tariff
    ? rate(tariff, postpaid, drawn, placesOf(book), calls)
    : { amount: postpaid === 0n ? 0n : null, calls: postpaid === 0n ? 0n : null, tier: 0, fees: [] };

/** The line of the calls, and one for each fee. */
export function linesOf(book: BookJson, tariff: TariffJson | null, sum: Counter): LineJson[] {
  const { calls, tier, fees } = rateAny(book, tariff, sum);
  if (calls === null) return [{ kind: 'quote' }];
  if (tariff === null) return [];
  const feeLines = fees.map(({ reason, amount }) => ({
    ...{ kind: 'fee', tariff: tariff.id, reason },
    amount: written(book, amount),
  }));
  if (sum.postpaid === 0n) return feeLines;
  const unitPrice =
    tariff.mode === 'graduated' || hasPrices(tariff) ? null : shownPrice(book, tariff.tiers[tier]?.price ?? '');
  const line = {
    kind: 'postpaid',
    tariff: tariff.id,
    calls: Number(sum.postpaid),
    tier,
    unitPrice,
    amount: written(book, calls),
  };
  return [line, ...feeLines];
}
