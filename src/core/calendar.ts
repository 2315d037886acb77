// Periods, days and pack lives in a named time zone. Every instant belongs to exactly one day and one period.

import { Temporal } from 'temporal-polyfill';
import { type Instant, instantOf } from './units.ts';

/** A billing period: one calendar month, "2026-01". */
export type Period = string & { readonly period: unique symbol };
/** A calendar day, "2026-01-31". */
export type Day = string & { readonly day: unique symbol };

const periodPattern = /^(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])$/;

export const parsePeriod = (text: string): Period | undefined =>
  periodPattern.test(text) ? (text as Period) : undefined;

/**
 * Whether this is the name of a zone, written as IANA writes it. An offset such as "+08:00" is none: it has no calendar of its own,
 * and whoever lives by it moves with the next change of the clocks.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId === name;
  } catch {
    return false;
  }
}

/** What one instant and those beside it have in common. */
interface Local {
  readonly day: Day;
  /** Milliseconds that the clocks of the zone are ahead, cut to the minutes that RFC 3339 can write. */
  readonly offset: number;
  /** The same as RFC 3339 writes it: "+08:00". */
  readonly suffix: string;
}

const quarterHour = 900_000;
/** By zone, then by quarter hour. Null: a day begins or the clocks change within it. */
const quartersByZone = new Map<string, Map<number, Local | null>>();

/** Day and offset of an instant. They are the same in nearly every quarter hour and remembered: the hot path asks for the same few. */
function localOf(zone: string, at: Instant): Local {
  let quarters = quartersByZone.get(zone);
  if (quarters === undefined) {
    quarters = new Map();
    quartersByZone.set(zone, quarters);
  }
  const bucket = Math.floor(at / quarterHour);
  const known = quarters.get(bucket);
  if (known !== undefined) return known ?? localAt(zone, at);
  const first = localAt(zone, bucket * quarterHour);
  const last = localAt(zone, (bucket + 1) * quarterHour - 1);
  const quarter = first.day === last.day && first.offset === last.offset ? first : null;
  if (quarters.size > 20_000) quarters.clear();
  quarters.set(bucket, quarter);
  return quarter ?? localAt(zone, at);
}

const minute = 60_000;

function localAt(zone: string, at: number): Local {
  const moment = zoned(zone, at);
  const minutes = Math.floor(moment.offsetNanoseconds / 1_000_000 / minute);
  const far = Math.abs(minutes);
  const suffix = [Math.floor(far / 60), far % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return {
    day: moment.toPlainDate().toString() as Day,
    offset: minutes * minute,
    suffix: `${minutes < 0 ? '-' : '+'}${suffix}`,
  };
}

/** The calendar day of an instant. */
export const dayOf = (zone: string, at: Instant): Day => localOf(zone, at).day;

export const periodOfDay = (day: Day): Period => day.slice(0, 7) as Period;
export const periodOf = (zone: string, at: Instant): Period => periodOfDay(dayOf(zone, at));

const periodStarts = new Map<string, Instant>();

/** 00:00 of the first day of the period; remembered, since closing asks for the same one for every account. */
export function startOfPeriod(zone: string, period: Period): Instant {
  const key = `${period} ${zone}`;
  const known = periodStarts.get(key);
  if (known !== undefined) return known;
  const start = startOf(Temporal.PlainYearMonth.from(period).toPlainDate({ day: 1 }), zone);
  if (periodStarts.size > 5_000) periodStarts.clear();
  periodStarts.set(key, start);
  return start;
}

/** 00:00 of the first day of the next period: the period is half open. */
export const endOfPeriod = (zone: string, period: Period): Instant => startOfPeriod(zone, nextPeriod(period, 1));

export function nextPeriod(period: Period, months: number): Period {
  const count = Number(period.slice(0, 4)) * 12 + Number(period.slice(5, 7)) - 1 + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}` as Period;
}

const finals = new Map<string, Instant>();

/** From when a period may become final: `finalAfterDays` after its end, at 00:00 (billing rules 6.7). Remembered too. */
export function finalFrom(zone: string, period: Period, finalAfterDays: number): Instant {
  const key = `${period} ${zone} ${finalAfterDays}`;
  const known = finals.get(key);
  if (known !== undefined) return known;
  const end = Temporal.PlainYearMonth.from(period).add({ months: 1 }).toPlainDate({ day: 1 });
  const from = startOf(end.add({ days: finalAfterDays }), zone);
  if (finals.size > 5_000) finals.clear();
  finals.set(key, from);
  return from;
}

/** 00:00 of the day an instant falls on, `days` later. */
export const startOfDayAfter = (zone: string, at: Instant, days: number): Instant =>
  startOf(zoned(zone, at).toPlainDate().add({ days }), zone);

/** A life by calendar: P1Y, P6M, P90D. */
export interface Validity {
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

/**
 * End of a pack's life: the anniversary of its start. 29 February has its anniversary on 28 February.
 * `end-of-day` is 24:00 of the anniversary day, which is 00:00 of the day after (billing rules 3.1); `start-of-day` its 00:00.
 */
export function endOfLife(
  zone: string,
  start: Instant,
  { years, months, days }: Validity,
  expiry: 'end-of-day' | 'start-of-day' | 'instant',
): Instant {
  if (expiry === 'instant') {
    return instantOf(zoned(zone, start).add({ years, months, days }, { overflow: 'constrain' }).epochMilliseconds);
  }
  // By the day the start lies on: where the clocks skipped its midnight, the day began at 01:00, but its anniversary does not.
  const day = zoned(zone, start).toPlainDate().add({ years, months, days }, { overflow: 'constrain' });
  return startOf(expiry === 'end-of-day' ? day.add({ days: 1 }) : day, zone);
}

/** The text of one second, remembered: most events of a moment share theirs. */
let written = { second: Number.NaN, offset: Number.NaN, text: '' };

/** RFC 3339 with the zone's own offset: "2026-01-05T10:00:00+08:00", milliseconds only where there are any. */
export function formatInstant(zone: string, at: Instant): string {
  const { offset, suffix } = localOf(zone, at);
  const second = Math.floor(at / 1000);
  if (second !== written.second || offset !== written.offset) {
    written = { second, offset, text: new Date(second * 1000 + offset).toISOString().slice(0, 19) };
  }
  const milliseconds = at - second * 1000;
  return milliseconds === 0
    ? `${written.text}${suffix}`
    : `${written.text}.${String(milliseconds).padStart(3, '0')}${suffix}`;
}

/** Midnight at the start of a day written "2026-01-31"; undefined when there is no such day. */
export function parseDay(zone: string, text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  try {
    return startOf(Temporal.PlainDate.from(text, { overflow: 'reject' }), zone);
  } catch {
    return undefined;
  }
}

/** By zone and quarter hour on the wall. Null: the clocks change within it. */
const walls = new Map<string, number | 'none' | null>();

/** The moment at which clocks of the zone show `wall`, RFC 3339 without an offset; undefined where they show it twice or never. */
export function instantAt(zone: string, wall: string): Instant | undefined {
  const shown = Date.parse(`${wall.replace(/(\.\d{3})\d+$/, '$1')}Z`);
  const bucket = Math.floor(shown / quarterHour);
  const key = `${bucket} ${zone}`;
  let offset = walls.get(key);
  if (offset === undefined) {
    const [first, last] = [
      offsetOfWall(zone, bucket * quarterHour),
      offsetOfWall(zone, (bucket + 1) * quarterHour - 1),
    ];
    if (walls.size > 20_000) walls.clear();
    offset = first === last ? first : null;
    walls.set(key, offset);
  }
  const exact = offset ?? offsetOfWall(zone, shown);
  return exact === 'none' ? undefined : instantOf(shown - exact);
}

function offsetOfWall(zone: string, shown: number): number | 'none' {
  const wall = Temporal.PlainDateTime.from(new Date(shown).toISOString().slice(0, -1));
  try {
    return wall.toZonedDateTime(zone, { disambiguation: 'reject' }).offsetNanoseconds / 1_000_000;
  } catch {
    return 'none';
  }
}

function zoned(zone: string, at: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

function startOf(date: Temporal.PlainDate, zone: string): Instant {
  return instantOf(date.toZonedDateTime(zone).epochMilliseconds);
}
