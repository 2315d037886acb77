// Money, time and rating of the naive implementation: exact decimals as BigInt, calendars by Temporal.
import { Temporal } from 'temporal-polyfill';
import type { BookJson, TariffJson } from './json.ts';
import { type Call, hasPrices, isOrdered, partsOf } from './order.ts';

/** "0.85" with `places` 2 is 85n. */
export function decimal(text: string, places: number): bigint {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + part.padEnd(places, '0'));
  return text.startsWith('-') ? -size : size;
}

/** Of the currencies that tests have. */
export const placesOf = ({ currency }: Pick<BookJson, 'currency'>): number => ({ JPY: 0, KWD: 3 })[currency] ?? 2;

/** An amount of a book's currency. */
export function written(book: BookJson, units: bigint): string {
  const places = placesOf(book);
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const [whole, part] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  return `${units < 0n ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

export const units = (book: BookJson, text: string): bigint => decimal(text, placesOf(book));

export const shownPrice = (book: BookJson, price: string): string => {
  const [whole = '', part = ''] = price.split('.');
  const kept = part.replace(/0+$/, '').padEnd(placesOf(book), '0');
  return kept === '' ? whole : `${whole}.${kept}`;
};

export const instant = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
export const inZone = (ms: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
export const midnight = (date: Temporal.PlainDate, zone: string): number =>
  date.toZonedDateTime(zone).epochMilliseconds;
export const span = (text: string): number => Temporal.Duration.from(text).total('milliseconds');
export const monthOf = (ms: number, zone: string): string => inZone(ms, zone).toPlainDate().toString().slice(0, 7);
export const dayOf = (ms: number, zone: string): string => inZone(ms, zone).toPlainDate().toString();
export const monthStart = (month: string, plus: number, zone: string): number =>
  midnight(Temporal.PlainYearMonth.from(month).add({ months: plus }).toPlainDate({ day: 1 }), zone);
export const nextMonth = (month: string): string => Temporal.PlainYearMonth.from(month).add({ months: 1 }).toString();

export function timeText(ms: number, zone: string): string {
  const digits = ms % 1000 === 0 ? 0 : 3;
  return inZone(ms, zone).toString({ timeZoneName: 'never', fractionalSecondDigits: digits });
}

export function begins(book: BookJson, at: number, zone: string): number {
  const date = inZone(at, zone).toPlainDate();
  if (book.policies.packStart === 'day') return midnight(date, zone);
  return book.policies.packStart === 'next-day' ? midnight(date.add({ days: 1 }), zone) : at;
}

/** From when a pack pays that begins at `from`: some books have it pay for the day, or the month, of its delivery. */
function paysFrom({ policies }: BookJson, at: number, zone: string, from: number): number {
  const today = inZone(at, zone).toPlainDate();
  if (policies.packCovers === 'day') return Math.min(from, midnight(today, zone));
  return policies.packCovers === 'month' ? Math.min(from, midnight(today.with({ day: 1 }), zone)) : from;
}

/** A monthly gift that would begin when its month is over begins at once. */
export const giftBegins = (book: BookJson, at: number, zone: string, end: number): number =>
  paysFrom(book, at, zone, begins(book, at, zone) < end ? begins(book, at, zone) : at);

/** A term of a size, else of its product, else of the book. */
export function termOf<Name extends 'validity' | 'refundDays' | 'refundPart'>(
  book: BookJson,
  product: string,
  calls: bigint,
  name: Name,
) {
  const sold = book.packProducts.find(({ id }) => id === product);
  const size = sold?.sizes.find((each) => BigInt(each.calls) === calls);
  for (const each of [size, sold]) if (each?.[name] !== undefined) return each[name];
  return undefined;
}

function life(
  book: BookJson,
  product: string,
  calls: bigint,
  at: number,
  startsOn?: string,
): { from: number; to: number } {
  const { packStart, packExpiry } = book.policies;
  const packValidity = termOf(book, product, calls, 'validity') ?? book.policies.packValidity;
  const zone = book.timeZone;
  const own = startsOn === undefined ? at : midnight(Temporal.PlainDate.from(startsOn), zone);
  const from = own > at ? own : begins(book, at, zone);
  // The day it begins on, also where that began at 01:00.
  const date = inZone(from, zone).toPlainDate();
  if (packExpiry === 'end-of-day') return { from, to: midnight(date.add(packValidity).add({ days: 1 }), zone) };
  if (packStart === 'day' || packStart === 'next-day' || own > at)
    return { from, to: midnight(date.add(packValidity), zone) };
  return { from, to: inZone(from, zone).add(packValidity).epochMilliseconds };
}

/** The life of a pack that comes now to an account of a zone. */
export function delivered(
  book: BookJson,
  product: string,
  calls: bigint,
  { now, zone }: { now: number; zone: string },
  startsOn?: string,
): { from: number; to: number } {
  const { from, to } = life(book, product, calls, now, startsOn);
  return { from: paysFrom(book, now, zone, from), to };
}

/** From today on, a year ahead. */
export function mayStart(book: BookJson, now: number, day: string): boolean {
  const today = inZone(now, book.timeZone).toPlainDate();
  const furthest = today.add({ days: 366 }).toString();
  return book.policies.packStart === 'chosen' && today.toString() <= day && day <= furthest;
}

function tierAt(tariff: TariffJson, n: bigint): number {
  const lower = tariff.bound === 'lower-inclusive';
  return tariff.tiers.findIndex(({ from, to }) => {
    const above = lower ? BigInt(from) <= n : BigInt(from) < n;
    const below = to == null || (lower ? n < BigInt(to) : n <= BigInt(to));
    return above && below;
  });
}

type Cost = { amount: bigint | null; tier: number };
/** `calls` is what the calls alone cost. */
export type Rated = Cost & { calls: bigint | null; fees: { reason: string; amount: bigint }[] };

/** Whatever a month of the tariff costs: its calls, its fees, and what its limits add or take. */
export function rate(tariff: TariffJson, postpaid: bigint, drawnCalls: bigint, places = 2, list: Call[] = []): Rated {
  const calls = costOfCalls(tariff, postpaid, drawnCalls, places, list);
  const n = postpaid + (tariff.basis === 'after-packs' ? 0n : drawnCalls);
  if (calls.amount === null || (n === 0n && !tariff.withoutCalls)) return { ...calls, calls: calls.amount, fees: [] };
  const fees: Rated['fees'] = [];
  const add = (reason: string, text: string | undefined): void => {
    const amount = decimal(text ?? '0', places);
    if (amount > 0n) fees.push({ reason, amount });
  };
  add('month', tariff.fee);
  const here = tariff.mode === 'flat' ? 0 : Math.max(0, tierAt(tariff, n));
  for (const [i, tier] of tariff.tiers.entries()) {
    const entered = tariff.mode === 'graduated' ? i === 0 || n > BigInt(tier.from) : i === here;
    if (entered) add('tier', tier.fee);
  }
  let sum = fees.reduce((all, fee) => all + fee.amount, calls.amount);
  for (const reason of ['minimum', 'maximum'] as const) {
    const text = tariff[reason];
    const limit = text === undefined ? sum : decimal(text, places);
    if (reason === 'minimum' ? sum < limit : sum > limit) {
      fees.push({ reason, amount: limit - sum });
      sum = limit;
    }
  }
  return { tier: calls.tier, calls: calls.amount, fees, amount: sum };
}

/** Graduated: the first `to` calls of the month are in the first tier, and so on; the bound plays no role (docs/decisions/0003). */
function costOfCalls(tariff: TariffJson, postpaid: bigint, drawnCalls: bigint, places: number, list: Call[]): Cost {
  if (postpaid === 0n) return { amount: 0n, tier: 0 };
  const drawn = tariff.basis === 'after-packs' ? 0n : drawnCalls;
  const graduated = tariff.mode === 'graduated';
  const chosenBy = graduated ? { ...tariff, bound: 'upper-inclusive' as const } : tariff;
  const tier = tariff.mode === 'flat' ? 0 : tierAt(chosenBy, drawn + postpaid);
  if (tier < 0) throw new Error(`no tier of ${tariff.id}`);
  let [sum, of] = [0n, 1n]; // in 10^-8 of the currency, as a fraction
  const byCall = hasPrices(tariff) || isOrdered(tariff) ? partsOf(tariff, list, tier) : null;
  for (const part of byCall ?? []) {
    if (part.price === null) return { amount: null, tier };
    const { per = 1, part: rest = 'exact' } = tariff.tiers[part.tier] as TariffJson['tiers'][number];
    [sum, of] = plusCost([sum, of], part.calls, part.price, BigInt(per), rest);
  }
  for (let i = 0; byCall === null && i <= tier; i++) {
    const { to, price = null, per = 1, part = 'exact' } = tariff.tiers[i] as TariffJson['tiers'][number];
    let calls = i === tier ? postpaid : 0n;
    if (graduated) {
      const first = BigInt(tariff.tiers[i]?.from ?? 0) + 1n;
      const last = i === tier || to == null ? drawn + postpaid : BigInt(to);
      const begin = first > drawn ? first : drawn + 1n;
      calls = last >= begin ? last - begin + 1n : 0n;
    }
    if (calls === 0n) continue;
    if (price === null) return { amount: null, tier };
    [sum, of] = plusCost([sum, of], calls, price, BigInt(per), part);
  }
  const unit = 10n ** BigInt(8 - places) * of;
  return { amount: (2n * sum + unit) / (2n * unit), tier };
}

/** How many times the price: a whole number where parts do not count as parts. */
function plusCost(
  [sum, of]: [bigint, bigint],
  calls: bigint,
  price: string,
  size: bigint,
  part: string,
): [bigint, bigint] {
  let [times, share] = [calls, size];
  if (part !== 'exact') [times, share] = [calls / size + (part === 'up' && calls % size > 0n ? 1n : 0n), 1n];
  return [sum * share + times * decimal(price, 8) * of, of * share];
}

export const naivePostpaid = (
  tariff: TariffJson,
  postpaidCalls: bigint,
  drawnCalls: bigint,
): { amount: bigint | null } => ({
  amount: rate(tariff, postpaidCalls, drawnCalls).amount,
});
