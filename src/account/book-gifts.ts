// What a price book gives every account: once when it is opened, or each month anew. Source: billing rules 3.5, docs/decisions/0033.

import { endOfPeriod, nextPeriod, type Period, periodOf, startOfPeriod } from '../core/calendar.ts';
import { giftStartAt, lifeFrom, type PackLife, packLife } from '../core/pack.ts';
import type { BookGift, PriceBook } from '../core/price-book.ts';
import { type Instant, instantOf, noMoney } from '../core/units.ts';
import { deliver, type Gift } from './commands.ts';
import type { Head } from './head.ts';

const dayLength = 86_400_000;

/** By its place in the book, and its month: nobody is given one twice. */
const idOf = (place: number, period: Period | null): string =>
  `book-gift-${place + 1}${period === null ? '' : `-${period}`}`;

interface DueGift extends PackLife {
  readonly id: string;
  readonly gift: BookGift;
}

export const gifts = (book: PriceBook): readonly BookGift[] => book.gifts ?? [];

export const hasMonthly = (book: PriceBook): boolean => gifts(book).some(({ every }) => every === 'month');

/** The months that an account may have gifts of now: those that late calls can reach, this one, and the next, so that it is there at midnight. */
export function giftMonths(head: Head, book: PriceBook, opened: Instant, now: Instant): Period[] {
  const { timeZone } = head;
  const late = instantOf(Math.max(opened, now - book.policies.lateWindowDays * dayLength));
  const last = nextPeriod(periodOf(timeZone, now), 1);
  const months: Period[] = [];
  for (let month = periodOf(timeZone, late); month <= last; month = nextPeriod(month, 1)) months.push(month);
  return months;
}

/** Gifts for so many months, and those that are given once where the account is `new`. In order of their ends. */
export function dueGifts(
  head: Head,
  book: PriceBook,
  { months, isNew, opened }: { readonly months: readonly Period[]; readonly isNew: boolean; readonly opened: Instant },
): DueGift[] {
  return gifts(book).flatMap((gift, place): DueGift[] => {
    if (gift.every === 'once')
      return isNew ? [{ id: idOf(place, null), gift, ...lifeOfOnce(head, book, gift, opened) }] : [];
    return months.map((month) => ({
      id: idOf(place, month),
      gift,
      effectiveAt: startOf(head, book, month, opened),
      expiresAt: endOfPeriod(head.timeZone, month),
    }));
  });
}

/** The first month's begins with the account, as the book's packs start. */
function startOf({ timeZone }: Head, book: PriceBook, month: Period, opened: Instant): Instant {
  return month === periodOf(timeZone, opened)
    ? giftStartAt(book, timeZone, opened, endOfPeriod(timeZone, month))
    : startOfPeriod(timeZone, month);
}

const lifeOfOnce = (head: Head, book: PriceBook, gift: BookGift, at: Instant): PackLife =>
  gift.life === null ? packLife(book, gift, at, head) : lifeFrom(book, at, gift.life, head);

/** Delivers one. */
export function giveBookGift(
  head: Head,
  book: PriceBook,
  { id, gift, effectiveAt, expiresAt }: DueGift,
  now: Instant,
): Gift {
  head.seq += 1;
  const { product, calls } = gift;
  const terms = { id, product, calls, gift: true, price: noMoney, boughtAt: now, effectiveAt, expiresAt };
  return { seq: head.seq, pack: deliver(head, book, terms) };
}
