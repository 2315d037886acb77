// Tariffs with a price for each meter, or priced call by call as they arrived: the naive way is to look at every call of the list.

import type { TariffJson } from './json.ts';

/** A call of the month that counts, in the order of arrival. */
export type Call = { meter: string; postpaid: bigint; drawn: bigint };
/** Calls charged together: of one tier, and of one meter where the tier has a price for each. */
export type Part = { tier: number; price: string | null; calls: bigint };

export const hasPrices = (tariff: TariffJson): boolean => tariff.tiers.some((tier) => tier.prices);
export const isOrdered = (tariff: TariffJson): boolean =>
  tariff.mode === 'graduated' && (tariff.basis === 'gross-in-order' || hasPrices(tariff));

const meterIn = (tariff: TariffJson, tier: number, meter: string): string => (tariff.tiers[tier]?.prices ? meter : '');
const priceIn = (tariff: TariffJson, tier: number, meter: string): string | null =>
  tariff.tiers[tier]?.prices?.[meter] ?? tariff.tiers[tier]?.price ?? null;

/** `chosen`: the tier that prices all, where one does. */
export function partsOf(tariff: TariffJson, calls: Call[], chosen: number): Part[] {
  const parts = new Map<string, Part>();
  const put = (tier: number, meter: string, n: bigint): void => {
    const key = `${tier}/${meterIn(tariff, tier, meter)}`;
    const part = parts.get(key) ?? { tier, price: priceIn(tariff, tier, meter), calls: 0n };
    parts.set(key, { ...part, calls: part.calls + n });
  };
  let counted = 0n;
  for (const { meter, postpaid, drawn } of calls) {
    if (tariff.mode !== 'graduated') {
      put(chosen, meter, postpaid);
      continue;
    }
    if (tariff.basis === 'gross-in-order') counted += drawn;
    for (const [tier, { from, to }] of tariff.tiers.entries()) {
      // Of the calls numbered counted + 1 … counted + postpaid those with from < number ≤ to.
      const last = to == null || counted + postpaid < BigInt(to) ? counted + postpaid : BigInt(to);
      const before = counted > BigInt(from) ? counted : BigInt(from);
      if (last > before) put(tier, meter, last - before);
    }
    counted += postpaid;
  }
  return [...parts.values()].filter((part) => part.calls > 0n);
}
