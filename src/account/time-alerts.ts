// What time brings to an account, from its head alone: whether something is due to be said. What has gone past its meaning is not.

import { formatInstant, type Period, startOfDayAfter } from '../core/calendar.ts';
import { bookIn } from '../core/contract.ts';
import type { Counted } from '../core/counted.ts';
import { type LivePack, worthOf } from '../core/pack.ts';
import { isUnpriced } from '../core/placed.ts';
import type { PriceBook, Tariff } from '../core/price-book.ts';
import { reachedBy } from '../core/rate.ts';
import { addCalls, type Calls, formatMoney, type Instant, instantOf, noCalls } from '../core/units.ts';
import type { DayUsage } from '../core/usage.ts';
import type { AlertSettings } from './alert-settings.ts';
import type { AlertDetails, NewAlert } from './alerts.ts';
import { type Head, heldUnits, isStopped } from './head.ts';

const dayLength = 86_400_000;

/** An account at a moment, as it is looked at. */
export interface Standing {
  readonly head: Head;
  readonly book: PriceBook;
  readonly now: Instant;
  readonly settings: AlertSettings;
}

/** A pack that ends soon with calls left. */
export interface Expiry {
  readonly standing: Standing;
  readonly pack: LivePack;
  /** What holds reserve included. */
  readonly left: Calls;
  readonly account: string;
  readonly once: string;
}

/**
 * Packs that have come nearer to their end than one of the account's days before it: each at the nearest of them, since what should have
 * been said earlier means nothing now. A pack is no news on most of its life: days are told of that are less than half of it.
 */
export function expiriesOf(standing: Standing): Expiry[] {
  const { head, now, settings } = standing;
  return head.packs.flatMap((pack) => {
    const left = addCalls(pack.remaining, heldUnits(head, pack.no));
    if (left === noCalls || pack.expiresAt <= now) return [];
    const life = (pack.expiresAt - pack.effectiveAt) / dayLength;
    // A day at most lies between so many days of 24 hours and as many midnights: calendars are asked only near them.
    const isNear = (each: number): boolean => pack.expiresAt - now <= (each + 1) * dayLength;
    const days = settings.daysBefore
      .filter(
        (each) => life >= 2 * each && isNear(each) && startOfDayAfter(head.timeZone, pack.expiresAt, -each) <= now,
      )
      .reduce((nearest, each) => Math.min(nearest, each), Number.POSITIVE_INFINITY);
    if (days === Number.POSITIVE_INFINITY) return [];
    return [{ standing, pack, left, account: head.account, once: `pack-expires:${pack.no}:${days}` }];
  });
}

/** Days that an account's own pace is taken from. */
export const paceDays = 30;

/** With the money at risk, and the pace that would use the calls up beside the account's own; `usage`: its last `paceDays` whole days. */
export function expiryAlert({ standing, pack, left, once }: Expiry, usage: readonly DayUsage[]): NewAlert {
  const { head, book, now } = standing;
  const covers = book.packProducts.get(pack.product)?.covers;
  let used = noCalls;
  for (const { meter, calls } of usage) used = addCalls(used, (calls * (covers?.get(meter) ?? 0n)) as Calls);
  const days = BigInt(Math.max(1, Math.ceil((pack.expiresAt - now) / dayLength)));
  const details: AlertDetails = {
    pack: pack.id,
    product: pack.product,
    left,
    calls: pack.calls,
    days,
    expiresAt: formatInstant(head.timeZone, pack.expiresAt),
    atRisk: formatMoney(worthOf(pack, left), book.currency),
    currency: book.currency,
    neededPerDay: (left + days - 1n) / days,
    ownPerDay: (2n * used + BigInt(paceDays)) / (2n * BigInt(paceDays)),
  };
  return { account: head.account, kind: 'pack-expires', at: now, details, once };
}

/** Service that has been stopped for arrears. */
export function stopAlert({ head, book, now }: Standing): NewAlert | undefined {
  const { negativeSince: since, timeZone, account } = head;
  if (since === null || !isStopped(head, book, now)) return undefined;
  return {
    account,
    kind: 'service-stopped',
    at: instantOf(since + book.policies.arrearsGraceHours * 3_600_000),
    details: { ...balanceOf(head, book), since: formatInstant(timeZone, since) },
    once: `service-stopped:${since}`,
  };
}

export const balanceOf = (head: Head, book: PriceBook): AlertDetails => ({
  balance: formatMoney(head.balance, book.currency),
  currency: book.currency,
});

/** The first call of a tariff's month that no price is agreed for. */
const unpricedFrom = ({ tiers }: Tariff): Calls | undefined => tiers.find(isUnpriced)?.from;

const isNear = (counted: Calls, from: Calls): boolean => counted * 5n >= from * 4n;

/** Open months whose calls may have come near a tier without a price: whose counters are worth reading. */
export const monthsNearUnpriced = ({ head, book }: Standing): Period[] =>
  [...head.postpaidCalls].flatMap(([month, postpaid]) =>
    [...bookIn(book, month).tariffs.values()].some((tariff) => {
      const from = unpricedFrom(tariff);
      return from !== undefined && (tariff.basis !== 'after-packs' || (postpaid > noCalls && isNear(postpaid, from)));
    })
      ? [month]
      : [],
  );

/** Of each tariff the period, or the day that reached furthest. What packs paid alone needs no price, whatever tier it chooses. */
function furthest(counters: readonly Counted[]): Counted[] {
  const found = new Map<Tariff, Counted>();
  for (const each of counters) {
    if (each.quantities.postpaid === noCalls) continue;
    const known = found.get(each.tariff);
    const isFurther =
      known === undefined || reachedBy(each.tariff, each.quantities) > reachedBy(each.tariff, known.quantities);
    if (isFurther) found.set(each.tariff, each);
  }
  return [...found.values()];
}

/** A tariff that is near the tier without a price, or in it. */
export function unpricedAlerts({ head, now }: Standing, month: Period, counters: readonly Counted[]): NewAlert[] {
  return furthest(counters).flatMap(({ tariff, day, quantities: { postpaid, drawn } }): NewAlert[] => {
    const from = unpricedFrom(tariff);
    if (from === undefined) return [];
    const counted = reachedBy(tariff, { postpaid, drawn });
    const isReached = tariff.bound === 'lower-inclusive' || from === noCalls ? counted >= from : counted > from;
    if (!isReached && !isNear(counted, from)) return [];
    const kind = isReached ? 'unpriced-reached' : 'unpriced-near';
    const details = { tariff: tariff.id, month, ...(day === null ? {} : { day }), counted, from };
    return [{ account: head.account, kind, at: now, details, once: `${kind}:${month}:${tariff.id}` }];
  });
}
