// I14: every instant belongs to exactly one period and one day of the account's zone, to the millisecond.

import { describe, expect, it } from 'vitest';
import {
  dayOf,
  endOfLife,
  endOfPeriod,
  finalFrom,
  formatInstant,
  nextPeriod,
  type Period,
  parseDay,
  parsePeriod,
  periodOf,
  startOfDayAfter,
  startOfPeriod,
} from '../../src/core/calendar.ts';
import { parseInstant } from '../../src/core/instant.ts';
import { type Instant, instantOf } from '../../src/core/units.ts';
import { mulberry32 } from '../naive/random-scenario.ts';

/** Zones without and with summer time, half and quarter hours, midnight changes, and one that skipped a day. */
const zones = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Santiago',
  'Pacific/Apia',
  'Africa/Casablanca',
];
const [first, last] = [Date.UTC(1980, 0, 1), Date.UTC(2090, 0, 1)];
const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);

it(`every one of 100,000 random instants lies in exactly one period (SUANPAN_SEED=${seed})`, () => {
  const random = mulberry32(seed);
  const edges = new Map<string, { start: Instant; end: Instant }>();
  const edgesOf = (zone: string, period: Period) =>
    edges.get(`${zone} ${period}`) ?? { start: startOfPeriod(zone, period), end: endOfPeriod(zone, period) };
  for (let round = 0; round < 100_000; round += 1) {
    const zone = zones[round % zones.length]!;
    const at = instantOf(first + Math.floor(random() * (last - first)));
    const period = periodOf(zone, at);
    const { start, end } = edgesOf(zone, period);
    edges.set(`${zone} ${period}`, { start, end });
    if (at < start || at >= end || !dayOf(zone, at).startsWith(period))
      expect.fail(`${zone} ${at} is not in ${period}`);
  }
}, 60_000);

describe.each(zones)('%s', (zone) => {
  it('periods follow one another without gap or overlap, to the millisecond', () => {
    for (let period = '1980-01' as Period; period < '2040-01'; period = nextPeriod(period, 1)) {
      const [start, end] = [startOfPeriod(zone, period), endOfPeriod(zone, period)];
      expect(startOfPeriod(zone, nextPeriod(period, 1))).toBe(end);
      expect(periodOf(zone, start)).toBe(period);
      expect(periodOf(zone, instantOf(end - 1))).toBe(period);
      expect(periodOf(zone, end)).toBe(nextPeriod(period, 1));
    }
  });

  it('what is written is read back as the same instant', () => {
    const random = mulberry32(seed);
    for (let round = 0; round < 2000; round += 1) {
      const at = instantOf(first + Math.floor(random() * (last - first)));
      expect(parseInstant(formatInstant(zone, at))).toBe(at);
    }
  });
});

const shanghai = (text: string): Instant => parseInstant(`${text}+08:00`)!;
const written = (at: Instant): string => formatInstant('Asia/Shanghai', at);

describe('reading', () => {
  it.each([
    ['2026-01-06T08:59:59+08:00', Date.UTC(2026, 0, 6, 0, 59, 59)],
    ['2026-01-06T00:59:59Z', Date.UTC(2026, 0, 6, 0, 59, 59)],
    ['2026-01-05T19:59:59.5-05:00', Date.UTC(2026, 0, 6, 0, 59, 59, 500)],
    ['2026-01-31T23:59:59.999999999+08:00', Date.UTC(2026, 0, 31, 15, 59, 59, 999)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ])('%s', (text, at) => expect(parseInstant(text)).toBe(at));

  it.each([
    '2026-01-06',
    '2026-01-06T08:59:59',
    '2026-01-06 08:59:59+08:00',
    '2026-01-06T08:59+08:00',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00+08:60',
    '2026-01-01T00:00:00+0800',
    '２０26-01-01T00:00:00Z',
    '',
  ])('%j is no instant', (text) => expect(parseInstant(text)).toBeUndefined());

  it.each(['2026-1', '2026-00', '2026-13', '26-01', '2026-01-01', '1899-01', ' 2026-01'])('%j is no period', (text) =>
    expect(parsePeriod(text)).toBeUndefined(),
  );

  it('a day is read at its midnight; one that does not exist is not', () => {
    expect(parseDay('Asia/Shanghai', '2026-01-31')).toBe(shanghai('2026-01-31T00:00:00'));
    for (const text of ['2026-02-29', '2026-2-1', '2026-02-01T00:00:00Z'])
      expect(parseDay('UTC', text)).toBeUndefined();
  });
});

describe('lives', () => {
  it.each([
    // start                     validity  expiry        end
    ['2026-01-05T10:00:00', 12, 'end-of-day', '2027-01-06T00:00:00+08:00'],
    ['2026-01-05T00:00:00', 12, 'end-of-day', '2027-01-06T00:00:00+08:00'],
    ['2026-01-05T23:59:59.999', 12, 'end-of-day', '2027-01-06T00:00:00+08:00'],
    ['2024-02-29T10:00:00', 12, 'end-of-day', '2025-03-01T00:00:00+08:00'],
    ['2024-02-29T10:00:00', 12, 'instant', '2025-02-28T10:00:00+08:00'],
    ['2024-02-29T10:00:00', 48, 'instant', '2028-02-29T10:00:00+08:00'],
    ['2026-01-31T10:00:00', 1, 'end-of-day', '2026-03-01T00:00:00+08:00'],
    ['2026-08-31T10:00:00.001', 1, 'instant', '2026-09-30T10:00:00.001+08:00'],
  ] as const)('%s, %d months, %s: %s', (start, months, expiry, end) => {
    const validity = { years: Math.floor(months / 12), months: months % 12, days: 0 };
    expect(written(endOfLife('Asia/Shanghai', shanghai(start), validity, expiry))).toBe(end);
  });

  it('days are calendar days, also where one has 23 or 25 hours', () => {
    const bought = parseInstant('2026-03-05T12:00:00-05:00')!;
    expect(formatInstant('America/New_York', startOfDayAfter('America/New_York', bought, 8))).toBe(
      '2026-03-13T00:00:00-04:00',
    );
    expect(written(finalFrom('Asia/Shanghai', '2026-01' as Period, 2))).toBe('2026-02-03T00:00:00+08:00');
    expect(written(finalFrom('Asia/Shanghai', '2025-12' as Period, 40))).toBe('2026-02-10T00:00:00+08:00');
  });
});
