// RFC 3339 times of event files. Rows of a file share few days and offsets, so the part that needs a calendar is remembered.

import { parseInstant } from '../core/calendar.ts';
import { type Instant, instantOf } from '../core/units.ts';

const plainLength = '2026-01-06T08:59:59+08:00'.length;

let dayText = '';
let offsetText = '';
/** 00:00:00 of `dayText` at `offsetText`. */
let midnight = 0;

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;

/** Two digits as a number; NaN when they are none. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [digit(text, at), digit(text, at + 1)];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** The same answer as `parseInstant`, several times faster on the common form with whole seconds. */
export function parseEventTime(text: string): Instant | undefined {
  if (text.length !== plainLength || !text.startsWith(dayText) || !text.endsWith(offsetText) || dayText === '') {
    return remember(text);
  }
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  const inRange = hour < 24 && minute < 60 && second < 60;
  if (!inRange || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return parseInstant(text);
  return instantOf(midnight + ((hour * 60 + minute) * 60 + second) * 1000);
}

function remember(text: string): Instant | undefined {
  const at = parseInstant(text);
  if (at === undefined || text.length !== plainLength || text.charCodeAt(19) === 46) return at;
  dayText = text.slice(0, 11);
  offsetText = text.slice(19);
  midnight = at - ((twoDigits(text, 11) * 60 + twoDigits(text, 14)) * 60 + twoDigits(text, 17)) * 1000;
  return at;
}
