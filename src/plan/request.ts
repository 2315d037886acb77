// What a plan is asked for, checked field by field. A pointer names the field to blame: "/profile/3/calls".

import {
  nextPeriod,
  type Period,
  parseDay,
  parsePeriod,
  periodOf,
  startOfDayAfter,
  startOfPeriod,
} from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { hasMeterPrices, isInOrder } from '../core/placed.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Calls, callsOf, type Instant, mostCalls } from '../core/units.ts';
import { countsByDay } from '../core/usage.ts';
import { invalid } from '../words/invalid.ts';
import { planWords } from '../words/plan.ts';
import { type ExistingPack, type Horizon, horizonOf, type PlannedUse } from './model/horizon.ts';

/** A whole number as a program or a file gives it: 15000, "15000", "15,000". */
export type WholeNumber = bigint | number | string;

interface Holdings {
  /** Packs that are there already; `expires` is a day (its end) or an instant, by default that of a pack delivered at the start. */
  readonly have?: readonly { readonly product: string; readonly calls: WholeNumber; readonly expires?: string }[];
  readonly gifts?: readonly { readonly product: string; readonly calls: WholeNumber }[];
  /** The first day, "2026-01-01", on which packs can be bought; a month means its first. */
  readonly start?: string;
}

export interface MonthRequest extends Holdings {
  /** `of` is a meter, or a tariff that one meter feeds. */
  readonly use: readonly { readonly of: string; readonly calls: WholeNumber }[];
}

export interface ProfileRequest extends Holdings {
  /** `month` is a period, "2026-01", or a number from 1: the months of the plan. */
  readonly profile: readonly { readonly month: string | number; readonly meter: string; readonly calls: WholeNumber }[];
}

export const mostMonths = 24;
/** Beyond this a month's packs could not be listed. */
const mostPlannedCalls = 1_000_000_000n;
/** No rule depends on which month it is. */
const undatedStart = '2026-01-01';

export function horizonOfMonth(book: PriceBook, request: MonthRequest): Horizon | Refusal {
  const { use } = request;
  if (use.length === 0) return invalid('/use', planWords.thereAreNoCallsToPlan);
  const uses: PlannedUse[] = [];
  for (const [index, { of, calls }] of use.entries()) {
    const meter = meterNamed(book, of, `/use/${index}/of`);
    if (isRefusal(meter)) return meter;
    const quantity = callsFrom(calls, 0n, `/use/${index}/calls`);
    if (isRefusal(quantity)) return quantity;
    uses.push({ month: 0, meter, calls: quantity });
  }
  return placed(book, request, request.start ?? undatedStart, uses);
}

/** Refusals: INVALID_INPUT, INVALID_QUANTITY, UNKNOWN_METER, AMBIGUOUS_METER, COUNTED_BY_DAY, PRICED_BY_PLACE, UNKNOWN_PRODUCT. */
export function horizonOfProfile(book: PriceBook, request: ProfileRequest): Horizon | Refusal {
  const { profile } = request;
  const [first] = profile;
  if (first === undefined) return invalid('/profile', planWords.profileIsEmpty);
  const start = request.start ?? String(first.month);
  if (request.start === undefined && /^\d{1,2}$/.test(start)) {
    return invalid('/start', planWords.monthsThatAreNumbered1);
  }
  const from = startInstant(book, start);
  if (isRefusal(from)) return from;
  const uses: PlannedUse[] = [];
  const seen = new Set<string>();
  for (const [index, row] of profile.entries()) {
    // Without a start the plan starts with the first row, so an earlier month is out of order too.
    const month = monthNumber(periodOf(book.timeZone, from), row.month, `/profile/${index}/month`);
    const isEarlier = request.start === undefined && String(row.month).trim() < start && isRefusal(month);
    if (isRefusal(month) && !isEarlier) return month;
    if (isRefusal(month) || month < (uses.at(-1)?.month ?? 0)) {
      return invalid(`/profile/${index}/month`, planWords.comesBeforeTheRowAbove(row.month));
    }
    const meter = meterNamed(book, row.meter, `/profile/${index}/meter`);
    if (isRefusal(meter)) return meter;
    if (seen.has(`${month} ${meter}`)) {
      return invalid(`/profile/${index}/meter`, planWords.standsTwiceIn(row.month, meter));
    }
    seen.add(`${month} ${meter}`);
    const calls = callsFrom(row.calls, 0n, `/profile/${index}/calls`);
    if (isRefusal(calls)) return calls;
    uses.push({ month, meter, calls });
  }
  if (uses.every((use) => use.calls === 0n)) return invalid('/profile', planWords.profileHasNoCalls);
  return placed(book, request, start, uses);
}

function placed(book: PriceBook, request: Holdings, start: string, uses: readonly PlannedUse[]): Horizon | Refusal {
  const from = startInstant(book, start);
  if (isRefusal(from)) return from;
  const existing = existingPacks(book, request, from);
  if (isRefusal(existing)) return existing;
  const length = Math.max(...uses.map((use) => use.month)) + 1;
  return horizonOf(
    book,
    from,
    length,
    uses.filter((use) => use.calls > 0n),
    existing,
  );
}

function startInstant({ timeZone }: PriceBook, text: string): Instant | Refusal {
  const month = parsePeriod(text);
  const start = month === undefined ? parseDay(timeZone, text) : startOfPeriod(timeZone, month);
  return start ?? invalid('/start', planWords.startIsADay(text));
}

/** Numbered from 0. */
function monthNumber(first: Period, given: string | number, pointer: string): number | Refusal {
  const text = String(given).trim();
  const number = /^\d{1,2}$/.test(text) ? Number(text) - 1 : undefined;
  const period = parsePeriod(text);
  const months = Array.from({ length: mostMonths }, (_, index) => nextPeriod(first, index));
  const place = period === undefined ? number : months.indexOf(period);
  if (place !== undefined && place >= 0 && place < mostMonths) return place;
  const span = `${first} … ${months.at(-1)}`;
  if (period !== undefined) {
    return invalid(pointer, planWords.isOutsideThePlan(text, mostMonths, span));
  }
  return invalid(pointer, planWords.monthIsWritten202601(mostMonths, text));
}

/** Refuses calls that are counted by the day, or priced by meter or order: how a month's calls fall on its days, or follow one another, is not told. */
function meterNamed(book: PriceBook, name: string, pointer: string): string | Refusal {
  const meter = meterMeant(book, name, pointer);
  if (isRefusal(meter)) return meter;
  const tariff = book.tariffs.get(book.meters.get(meter)?.tariff ?? '');
  if (tariff === undefined) return meter;
  if (countsByDay(book, meter)) return refuse('COUNTED_BY_DAY', { tariff: tariff.id, meter }, pointer);
  if (isInOrder(tariff) || hasMeterPrices(tariff)) return refuse('PRICED_BY_PLACE', { tariff: tariff.id }, pointer);
  return meter;
}

function meterMeant(book: PriceBook, name: string, pointer: string): string | Refusal {
  if (book.meters.has(name)) return name;
  const feeding = [...book.meters.values()].filter((meter) => meter.tariff === name).map((meter) => meter.id);
  if (feeding.length > 1) return refuse('AMBIGUOUS_METER', { tariff: name, meters: feeding.join(', ') }, pointer);
  const known = [...book.meters.keys()].join(', ');
  return feeding[0] ?? refuse('UNKNOWN_METER', { meter: name, book: book.id, known }, pointer);
}

const wholeNumber = /^(?:0|[1-9]\d{0,2}(?:[,_]\d{3})+|[1-9]\d{0,12})$/;

function callsFrom(given: WholeNumber, least: bigint, pointer: string): Calls | Refusal {
  const text = String(given).trim();
  const calls = wholeNumber.test(text) ? BigInt(text.replaceAll(/[,_]/g, '')) : undefined;
  if (calls === undefined || calls < least || calls > mostCalls)
    return refuse('INVALID_QUANTITY', { calls: text }, pointer);
  if (calls > mostPlannedCalls) {
    return invalid(pointer, planWords.mostCallsPlanned);
  }
  return callsOf(calls);
}

function existingPacks(book: PriceBook, { have = [], gifts = [] }: Holdings, start: Instant): ExistingPack[] | Refusal {
  const packs: ExistingPack[] = [];
  const rows = [
    ...gifts.map((row, index) => ({ ...row, expires: undefined, gift: true, at: `/gifts/${index}` })),
    ...have.map(({ expires, ...row }, index) => ({ ...row, expires, gift: false, at: `/have/${index}` })),
  ];
  for (const row of rows) {
    if (!book.packProducts.has(row.product)) {
      const known = [...book.packProducts.keys()].join(', ');
      return refuse('UNKNOWN_PRODUCT', { product: row.product, book: book.id, known }, `${row.at}/product`);
    }
    const remaining = callsFrom(row.calls, 1n, `${row.at}/calls`);
    if (isRefusal(remaining)) return remaining;
    const expiresAt = row.expires === undefined ? null : expiryOf(book, row.expires);
    if (expiresAt !== null && (expiresAt === undefined || expiresAt <= start)) {
      return invalid(`${row.at}/expires`, planWords.expiryIsADayAfterThe);
    }
    packs.push({ product: row.product, remaining, gift: row.gift, expiresAt });
  }
  return packs;
}

/** A pack lives to the end of the day it expires on. */
function expiryOf({ timeZone }: PriceBook, text: string): Instant | undefined {
  const day = parseDay(timeZone, text);
  return day === undefined ? parseInstant(text) : startOfDayAfter(timeZone, day, 1);
}
