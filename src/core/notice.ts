// What a careful clerk would point out about a quote or bill: bounds, cliffs, packs that do not pay. Billing rules 2.2, 6.2.
// Codes and figures; the sentences are made from them in words/notices.ts.

import type { Counted } from './counted.ts';
import { seenBy } from './placed.ts';
import type { PackProduct, PackSize, PriceBook, Tariff } from './price-book.ts';
import { boundReadings, cliffAhead, type Quantities, rate } from './rate.ts';
import { tierAt } from './tariff-modes.ts';
import { type Calls, formatBlockPrice, formatMoney, formatMoneyOrNull, type Money, noCalls } from './units.ts';

export type NoticeCode =
  | 'ON_BOUND'
  | 'CLIFF_AHEAD'
  | 'UNPRICED_TIER'
  | 'PACK_DEARER'
  | 'PACK_UNIT_DEARER'
  | 'CALLS_LEFT_OVER';

/** Money and prices as decimal strings, calls as whole numbers, ids and codes as they are. */
export interface Notice {
  readonly code: NoticeCode;
  readonly facts: Readonly<Record<string, string | bigint | null>>;
}

/**
 * Notices about one tariff's month: exactly on a bound, a cliff ahead, an unpriced tier. Of a day the cliff is not told: no call can be added
 * to one that is over.
 */
export function tariffNotices({ tariff, day, quantities }: Counted, currency: string): Notice[] {
  const kinds = day === null ? [onBound, cliff, unpriced] : [onBound, unpriced];
  return kinds.flatMap((noticeOf) => {
    const notice = noticeOf(tariff, quantities, currency);
    return notice === undefined ? [] : [day === null ? notice : { ...notice, facts: { ...notice.facts, day } }];
  });
}

function onBound(tariff: Tariff, quantities: Quantities, currency: string): Notice | undefined {
  const readings = boundReadings(tariff, quantities);
  if (readings === undefined) return undefined;
  return {
    code: 'ON_BOUND',
    facts: {
      tariff: tariff.id,
      calls: readings.reached,
      bound: tariff.bound,
      lowerInclusive: formatMoneyOrNull(readings.lowerInclusive, currency),
      upperInclusive: formatMoneyOrNull(readings.upperInclusive, currency),
    },
  };
}

function cliff(tariff: Tariff, quantities: Quantities, currency: string): Notice | undefined {
  const ahead = cliffAhead(tariff, quantities);
  if (ahead === undefined) return undefined;
  const { more, amount, saves } = ahead;
  return {
    code: 'CLIFF_AHEAD',
    facts: { tariff: tariff.id, more, amount: formatMoney(amount, currency), saves: formatMoney(saves, currency) },
  };
}

function unpriced(tariff: Tariff, quantities: Quantities, currency: string): Notice | undefined {
  const rated = rate(tariff, quantities);
  if (rated.amount !== null) return undefined;
  const { from, to } = tierAt(tariff, rated.tier);
  return {
    code: 'UNPRICED_TIER',
    facts: {
      tariff: tariff.id,
      calls: rated.reached,
      bound: tariff.bound,
      from,
      to,
      estimate: formatMoneyOrNull(rated.estimate, currency),
    },
  };
}

/** A pack without which the same month costs less. */
export const packDearer = (
  product: PackProduct,
  size: Calls,
  { without, difference }: { readonly without: Money; readonly difference: Money },
  currency: string,
): Notice => ({
  code: 'PACK_DEARER',
  facts: {
    product: product.id,
    size,
    without: formatMoney(without, currency),
    difference: formatMoney(difference, currency),
  },
});

/** A size that costs at least as much a call as the postpaid tier that as many calls would reach. */
export function packUnitDearer(book: PriceBook, product: PackProduct, size: PackSize): Notice | undefined {
  for (const [meter, ratio] of product.covers) {
    const ofMeter = book.tariffs.get(book.meters.get(meter)?.tariff ?? '');
    // Calls counted by the day have no one price for the days that a pack may be used on.
    if (ofMeter === undefined || ofMeter.counter === 'day') continue;
    const tariff = seenBy(ofMeter, meter);
    const calls = (size.calls / ratio) as Calls;
    const { tier, amount } = rate(tariff, { postpaid: calls, drawn: noCalls });
    const { price } = tierAt(tariff, tier);
    if (amount === null || price === null || size.price <= amount) continue;
    return {
      code: 'PACK_UNIT_DEARER',
      facts: {
        product: product.id,
        size: size.calls,
        price: formatMoney(size.price, book.currency),
        postpaid: formatMoney(amount, book.currency),
        unitPrice: formatBlockPrice(price, book.currency),
      },
    };
  }
  return undefined;
}

/** Calls of a pack that the quoted month does not use. */
export const leftOver = (product: PackProduct, calls: Calls): Notice => ({
  code: 'CALLS_LEFT_OVER',
  facts: { product: product.id, calls },
});
