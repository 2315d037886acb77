// Times as files have them. One with an offset, or a Unix time, is a moment; one without is a moment only in a zone, which
// nobody but the owner of the file knows.

import { instantAt, parseDay } from '../core/calendar.ts';
import { parseInstant } from '../core/instant.ts';
import { type Instant, instantOf } from '../core/units.ts';
import { usageFilesWords } from '../words/usage-files.ts';
import { readDay, shown, trimCell } from './cells.ts';
import { type RowProblem, rowProblem } from './row-problem.ts';

const local =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]\s*(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/;
const serial = /^[345]\d{4}(?:\.\d+)?$/;
/** What databases make of a time, and the basic form of ISO 8601: 20260105090000, 20260105T090000+0800. */
const compact =
  /^((?:19|20|21)\d\d)(\d\d)(\d\d)[T\s]?(\d\d)(\d\d)(?:(\d\d)(?:\.(\d{1,9})|(\d{3}))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/;
/** Ten digits that are a time as well as an hour of a day are not read. */
const hourOfDay = /^20[3-9]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])$/;
const unixTime = /^[1-4]\d{9}(?:\d{3})?$/;

/** Reads a time. `zone` is that of times without an offset; undefined: they are refused. */
export function readMoment(value: unknown, zone: string | undefined): Instant | RowProblem {
  const at = typeof value === 'string' ? parseInstant(value) : undefined;
  if (at !== undefined) return at;
  // A larger number has lost digits on the way.
  const text = typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : value;
  return typeof text === 'string' ? readText(trimCell(text.normalize('NFKC')), zone) : invalid(value);
}

function readText(text: string, zone: string | undefined): Instant | RowProblem {
  const exact = parseInstant(text);
  if (exact !== undefined) return exact;
  if (unixTime.test(text) && !hourOfDay.test(text))
    return instantOf(text.length === 10 ? Number(text) * 1000 : Number(text));
  const wall = wallOf(text);
  if (wall === undefined) return invalid(text);
  const offset = local.exec(text)?.[8] ?? compact.exec(text)?.[9];
  if (offset !== undefined) return parseInstant(wall + offsetText(offset)) ?? invalid(text);
  if (parseInstant(`${wall}Z`) === undefined) return invalid(text);
  if (zone === undefined) return noZone(text, wall);
  return instantAt(zone, wall) ?? noSuchTime(text, zone);
}

const offsetText = (offset: string): string =>
  offset === 'Z' || offset === 'UTC' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`;

/** What the clock on the wall shows, as RFC 3339 without an offset. */
function wallOf(text: string): string | undefined {
  const day = readDay(text);
  if (day !== undefined) return `${day}T00:00:00`;
  if (serial.test(text)) return wallOfSerial(Number(text));
  const [, year, month = '', date = '', hour = '', minute, second = '00', fraction = compact.exec(text)?.[8]] =
    local.exec(text) ?? compact.exec(text) ?? [];
  if (year === undefined) return undefined;
  const two = (digits: string) => digits.padStart(2, '0');
  const rest = fraction === undefined ? '' : `.${fraction}`;
  return `${year}-${two(month)}-${two(date)}T${two(hour)}:${minute}:${second}${rest}`;
}

/** A spreadsheet counts days from 30 December 1899; its fractions are good to about a millisecond, so 59.999 s is the next minute. */
function wallOfSerial(days: number): string {
  const milliseconds = Math.round((days - 25_569) * 86_400_000);
  const second = Math.round(milliseconds / 1000) * 1000;
  return new Date(Math.abs(milliseconds - second) <= 2 ? second : milliseconds).toISOString().slice(0, -1);
}

const invalid = (value: unknown): RowProblem =>
  rowProblem('INVALID_TIME', '/time', usageFilesWords.timeIsNoTime(shown(value)));

const noZone = (text: string, wall: string): RowProblem =>
  rowProblem('AMBIGUOUS_TIME', '/time', usageFilesWords.timeHasNoOffset(shown(text), wall));

const noSuchTime = (text: string, zone: string): RowProblem =>
  rowProblem('AMBIGUOUS_TIME', '/time', usageFilesWords.timeCameTwiceOrNeverIn(shown(text), zone));

/** A day of a file whose days are those of `zone`: 00:00 of it. */
export function readDayStart(text: string, zone: string): Instant | undefined {
  const day = readDay(text);
  return day === undefined ? undefined : parseDay(zone, day);
}
