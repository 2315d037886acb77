// Every zone that IANA names, in every year of the ledger: its days, months and pack lives are those of its calendar.
// SUANPAN_SEED=n gives the same instants again.

import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  dayOf,
  endOfLife,
  endOfPeriod,
  finalFrom,
  formatInstant,
  isTimeZone,
  nextPeriod,
  type Period,
  periodOf,
  startOfDayAfter,
  startOfPeriod,
} from '../../src/core/calendar.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { type Instant, instantOf } from '../../src/core/units.ts';
import { mulberry32 } from '../naive/random-scenario.ts';

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);
const [first, last] = [Date.UTC(1900, 0, 2), Date.UTC(2199, 11, 30)];
const zones = Intl.supportedValuesOf('timeZone');

/** Instants where the clocks of a zone change, from a random year on. */
function changes(zone: string, from: number, most: number): number[] {
  const found: number[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone);
  while (found.length < most) {
    at = at.getTimeZoneTransition('next');
    if (at === null || at.epochMilliseconds > last) break;
    found.push(at.epochMilliseconds);
  }
  return found;
}

describe('a zone is an IANA name', () => {
  it.each([...zones, 'UTC', 'Etc/GMT+8', 'Asia/Kolkata', 'Asia/Calcutta', 'US/Pacific', 'PRC', 'Europe/Kyiv'])(
    '%s is one',
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  it.each([
    '+00:07',
    '+08:00',
    '-03',
    '+0530',
    'Z',
    '',
    ' Asia/Shanghai',
    'Asia/Shanghai ',
    'asia/shanghai',
    'ASIA/SHANGHAI',
    'utc',
    'UTC+8',
    'GMT+8',
    'PST',
    'Etc/Unknown',
    'Mars/Base',
    'SystemV/PST8',
    '2026-01-01T00:00[Asia/Shanghai]',
    'Asia/Shanghai\0',
    '__proto__',
  ])('%j is none', (name) => expect(isTimeZone(name)).toBe(false));
});

it(`days and offsets are those of the calendar, whichever instant was asked for before (SUANPAN_SEED=${seed})`, () => {
  const random = mulberry32(seed);
  for (const zone of zones) {
    const anywhere = Array.from({ length: 20 }, () => first + Math.floor(random() * (last - first)));
    const edges = [first, anywhere[0] ?? first].flatMap((from) => changes(zone, from, 8));
    const midnights = anywhere.map((at) => startOfDayAfter(zone, instantOf(at), 0));
    const near = [...edges, ...midnights].flatMap((at) => [at - 1, at, at + Math.floor(random() * 900_000)]);
    for (const at of [...anywhere, ...near].toSorted(() => random() - 0.5)) {
      const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();
      const told = `${zone} ${at} ${dayOf(zone, instantOf(at))} ${parseInstant(formatInstant(zone, instantOf(at)))}`;
      if (told !== `${zone} ${at} ${day} ${at}`) expect(told).toBe(`${zone} ${at} ${day} ${at}`);
    }
  }
}, 60_000);

it(`months follow one another without gap or overlap (SUANPAN_SEED=${seed})`, () => {
  const random = mulberry32(seed);
  for (const zone of zones) {
    for (const at of [first, ...changes(zone, first, 4), first + Math.floor(random() * (last - first))]) {
      const period = periodOf(zone, instantOf(at));
      const [start, end] = [startOfPeriod(zone, period), endOfPeriod(zone, period)];
      const told = [start <= at && at < end, periodOf(zone, start), periodOf(zone, instantOf(end - 1))];
      const after = [periodOf(zone, end), periodOf(zone, instantOf(start - 1))];
      expect([zone, ...told, ...after]).toEqual([
        zone,
        true,
        period,
        period,
        nextPeriod(period, 1),
        nextPeriod(period, -1),
      ]);
    }
  }
}, 60_000);

describe('where the clocks skip midnight', () => {
  // The first instant of the day of the change, and the year before or after, when midnight exists.
  const skipped = [
    {
      zone: 'America/Santiago',
      day: '2026-09-06',
      began: '2026-09-06T01:00:00-03:00',
      next: '2027-09-06T00:00:00-03:00',
    },
    {
      zone: 'America/Havana',
      day: '2026-03-08',
      began: '2026-03-08T01:00:00-04:00',
      next: '2027-03-08T00:00:00-05:00',
    },
    { zone: 'Africa/Cairo', day: '2026-04-24', began: '2026-04-24T01:00:00+03:00', next: '2027-04-24T00:00:00+02:00' },
  ];
  const year = { years: 1, months: 0, days: 0 };

  it.each(skipped)('$zone: a life of whole days ends with a day', ({ zone, began, next }) => {
    const start = parseInstant(began) as Instant;
    expect(startOfDayAfter(zone, start, 0)).toBe(start);
    expect(formatInstant(zone, endOfLife(zone, start, year, 'start-of-day'))).toBe(next);
    const dayAfter = startOfDayAfter(zone, parseInstant(next) as Instant, 1);
    expect(endOfLife(zone, start, year, 'end-of-day')).toBe(dayAfter);
    expect(formatInstant(zone, endOfLife(zone, instantOf(start + 1), year, 'instant'))).toMatch(/T01:00:00\.001/);
  });

  it.each(skipped)('$zone: what ends on the day of the change ends when it begins', ({ zone, day, began }) => {
    const change = parseInstant(began) as Instant;
    const yearBefore = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
    const start = startOfDayAfter(zone, parseInstant(`${yearBefore}T15:00:00Z`) as Instant, 0);
    expect(endOfLife(zone, start, year, 'start-of-day')).toBe(change);
    expect(endOfLife(zone, startOfDayAfter(zone, start, -1), year, 'end-of-day')).toBe(change);
    expect(startOfDayAfter(zone, startOfDayAfter(zone, change, -8), 8)).toBe(change);
    const month = nextPeriod(day.slice(0, 7) as Period, -1);
    expect(finalFrom(zone, month, Number(day.slice(8)) - 1)).toBe(change);
  });
});
