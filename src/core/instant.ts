// Instants as RFC 3339 writes them. Those of a load share few days and offsets, so the part that needs a calendar is remembered.

import { type Instant, instantOf } from './units.ts';

const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

let dayText = '1970-01-01T';
let offsetText = 'Z';
/** 00:00:00 of `dayText` at `offsetText`. */
let midnight = 0;

const colon = 58;
const point = 46;

/** Reads RFC 3339 with offset. Digits below the millisecond are cut off, never rounded up into the next period. */
export function parseInstant(text: string): Instant | undefined {
  const offsetAt = text.charCodeAt(19) === point ? 23 : 19;
  if (text.length !== offsetAt + offsetText.length || !text.startsWith(dayText) || !text.endsWith(offsetText)) {
    return remember(text);
  }
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const sound = hour < 24 && minute < 60 && second < 60;
  if (!sound || text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return undefined;
  const whole = midnight + ((hour * 60 + minute) * 60 + second) * 1000;
  if (offsetAt === 19) return instantOf(whole);
  const milliseconds = digit(text, 20) * 100 + twoDigits(text, 21);
  return Number.isNaN(milliseconds) ? undefined : instantOf(whole + milliseconds);
}

/** NaN where there is none. */
function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1);

function remember(text: string): Instant | undefined {
  const at = parseAny(text);
  if (at === undefined) return undefined;
  dayText = text.slice(0, 11);
  offsetText = text.endsWith('Z') ? 'Z' : text.slice(-6);
  midnight = parseAny(`${dayText}00:00:00${offsetText}`) ?? 0;
  return at;
}

function parseAny(text: string): Instant | undefined {
  if (!instantPattern.test(text)) return undefined;
  const milliseconds = Date.parse(text.replace(/(\.\d{1,3})\d*/, '$1'));
  if (Number.isNaN(milliseconds) || !isRealDate(text)) return undefined;
  return instantOf(milliseconds);
}

const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isRealDate(text: string): boolean {
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (day > (lengths[month - 1] ?? 0) || Number(text.slice(11, 13)) > 23) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month !== 2 || day < 29 || leap;
}

const firstSound = Date.UTC(2000, 0, 1);
const endOfSound = Date.UTC(2200, 0, 1);

/** Between which times accounts live; far outside the calendar itself ends, and months before and after a time have no days. */
export const soundTimes = { from: '2000-01-01', to: '2199-12-31' };

export const isSoundTime = (at: Instant): boolean => firstSound <= at && at < endOfSound;
export const isSoundDay = (day: string): boolean => soundTimes.from <= day && day <= soundTimes.to;
