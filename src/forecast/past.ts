// What an account really did over some months: the calls by day with who paid them, and the packs that it had.

import { endOfPeriod, type Period, startOfPeriod } from '../core/calendar.ts';
import { forfeitFrom, type PackFacts, worthOf } from '../core/pack.ts';
import type { PriceBook } from '../core/price-book.ts';
import {
  addCalls,
  addMoney,
  type Calls,
  type Instant,
  type Money,
  noCalls,
  noMoney,
  subtractCalls,
} from '../core/units.ts';
import type { DayUsage } from '../core/usage.ts';

export interface PastPack {
  readonly facts: PackFacts;
  readonly refundedAt: Instant | null;
}

export interface Past {
  readonly account: string;
  readonly timeZone: string;
  /** The account's own book. */
  readonly book: PriceBook;
  /** Months in order, without gap. */
  readonly months: readonly Period[];
  /** Charged calls of these months. */
  readonly uses: readonly DayUsage[];
  /** All packs of the account, in order of delivery. */
  readonly packs: readonly PastPack[];
  /** Units that each pack had paid before the first of the months, by pack number. */
  readonly drawnBefore: ReadonlyMap<number, Calls>;
}

export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

export function spanOf({ months, timeZone }: Past): Span {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no months');
  return { from: startOfPeriod(timeZone, first), to: endOfPeriod(timeZone, last) };
}

/** Calls of one meter as units of one pack. */
export const unitsOf = (book: PriceBook, facts: PackFacts, meter: string, calls: Calls): Calls =>
  (calls * (book.packProducts.get(facts.product)?.covers.get(meter) ?? 1n)) as Calls;

export const unitsBefore = ({ drawnBefore }: Past, { facts }: PastPack): Calls =>
  subtractCalls(facts.calls, drawnBefore.get(facts.no) ?? noCalls);

/** Packs delivered before the months that could still pay in them. */
export function carriedPacks(past: Past): PastPack[] {
  const { from } = spanOf(past);
  return past.packs.filter(
    (pack) =>
      pack.facts.boughtAt < from &&
      (pack.refundedAt === null || pack.refundedAt >= from) &&
      forfeitFrom(pack.facts, past.book.policies) > from &&
      unitsBefore(past, pack) > noCalls,
  );
}

/** What packs have left at the end of the months, for those that live on, and what it was worth when bought. */
export interface Left {
  readonly calls: Calls;
  readonly worth: Money;
}

export function leftOf(
  packs: Iterable<{ readonly facts: PackFacts; readonly units: Calls; readonly worth: Money }>,
  at: Instant,
): Left {
  let left: Left = { calls: noCalls, worth: noMoney };
  for (const { facts, units, worth } of packs) {
    if (facts.expiresAt <= at || units === noCalls) continue;
    left = { calls: addCalls(left.calls, units), worth: addMoney(left.worth, worth) };
  }
  return left;
}

/** What the account's own packs really had left at the end of the months. */
export function reallyLeft(past: Past): Left {
  const { from, to } = spanOf(past);
  const had = past.packs.filter(
    ({ facts, refundedAt }) => facts.boughtAt < to && (refundedAt === null || refundedAt >= to),
  );
  const byPayer = Map.groupBy(past.uses, ({ payer }) => payer);
  const packs = had.map((pack) => {
    const { facts } = pack;
    const drawn = (byPayer.get(`pack:${facts.no}`) ?? [])
      .map(({ meter, calls }) => unitsOf(past.book, facts, meter, calls))
      .reduce(addCalls, noCalls);
    const units = subtractCalls(facts.boughtAt < from ? unitsBefore(past, pack) : facts.calls, drawn);
    return { facts, units, worth: worthOf(facts, units) };
  });
  return leftOf(packs, to);
}
