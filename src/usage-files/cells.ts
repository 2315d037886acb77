// Cells as people and spreadsheets write them → exact values. What can be read in two ways is not read.

import { decimalsOf } from '../core/currency.ts';
import { hiddenIn, isBlank } from '../core/safe-text.ts';
import { type Money, type Price, parseMoney, parsePrice } from '../core/units.ts';

const isPadding = (code: number): boolean => {
  if (code > 0x20 && code < 0x7f) return false;
  // Half of a surrogate pair is a part of a letter.
  const isHalf = code >= 0xd800 && code < 0xe000;
  return !isHalf && isBlank(String.fromCharCode(code));
};

/** A cell without what surrounds it unseen: spaces, TABs, byte order marks, zero-width characters. */
export function trimCell(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isPadding(text.charCodeAt(start))) start += 1;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

/** A value as a message shows it: in quotes, what is hidden spelt out, not too long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  const spelt = [...cut].map((letter) => {
    const mark = letter.length === 1 ? hiddenIn(letter) : undefined;
    return mark === undefined ? letter : `\\u${mark.slice(2).toLowerCase()}`;
  });
  return `"${spelt.join('')}"`;
}

/** Full-width digits and signs as plain ones, without spaces around. */
const plain = (text: string): string => trimCell(text.normalize('NFKC')).replace('\u2212', '-');

const grouped = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const withoutGroups = (text: string): string => (grouped.test(text) ? text.replaceAll(',', '') : text);
/** 1.000 is one in one country and a thousand in the next. */
const isAmbiguous = (text: string): boolean => /^-?[1-9]\d{0,2}\.\d{3}$/.test(text);

/** "1,000", "1000.0", "１０００", "1000 次": a whole number that is not negative, or undefined. */
export function readWhole(text: string): bigint | undefined {
  if (/^(?:0|[1-9]\d{0,17})$/.test(text)) return BigInt(text);
  const number = withoutGroups(plain(text).replace(/\s*(?:次|条|calls?)$/, ''));
  if (isAmbiguous(number)) return undefined;
  const [, digits] = /^(0|[1-9]\d{0,17})(?:\.0+)?$/.exec(number) ?? [];
  return digits === undefined ? undefined : BigInt(digits);
}

const signs: Readonly<Record<string, readonly string[]>> = {
  CNY: ['CNY', 'RMB', '¥', '人民币', '元'],
  USD: ['USD', 'US$', '$'],
  EUR: ['EUR', '€'],
  GBP: ['GBP', '£'],
  JPY: ['JPY', '¥', '円'],
  HKD: ['HKD', 'HK$'],
};

/** Takes the currency's own sign off either end; another currency's stays, and the number is not read. */
function withoutCurrency(text: string, currency: string): string {
  for (const sign of signs[currency] ?? [currency]) {
    if (text.startsWith(sign)) return text.slice(sign.length).trim();
    if (text.startsWith(`-${sign}`)) return `-${text.slice(sign.length + 1).trim()}`;
    if (text.endsWith(sign)) return text.slice(0, -sign.length).trim();
  }
  return text;
}

/** Without the zeros behind its currency's decimals, which spreadsheets add. */
function withoutZeros(number: string, currency: string): string {
  const zeros = new RegExp(`(\\.\\d{${decimalsOf(currency)}}\\d*?)0+$`);
  return number.replace(zeros, (_, kept: string) => (kept === '.' ? '' : kept));
}

/** "¥1,234.50", "1234.5 元", "(12.00)", "380.00000000": an amount of the currency, or undefined. */
export function readMoney(text: string, currency: string): Money | undefined {
  const found = plain(text);
  const [, owed] = /^\(([^()-]+)\)$/.exec(found) ?? [];
  const bare = withoutCurrency(owed === undefined ? found : `-${owed}`, currency);
  const number = withoutGroups(bare);
  // Of a currency with three decimals that is how an amount is written, by us too.
  if (decimalsOf(currency) !== 3 && isAmbiguous(number)) return undefined;
  return parseMoney(withoutZeros(number, currency), currency);
}

/** "0.85", "¥0.85/次", "0.8500", "1.25/1000000", as our own files write prices of blocks: a unit price, or undefined. */
export function readPrice(text: string, currency: string): Price | undefined {
  const found = plain(text).replace(/\s*\/\s*(?:次|条|call|[1-9]\d{0,12})$/, '');
  return parsePrice(withoutZeros(withoutGroups(withoutCurrency(found, currency)), currency), currency);
}

/**
 * "2026-01", "2026/1", "2026年1月", "202601", or its first day as spreadsheets make it: "2026-01"; undefined for anything else, and for
 * "2026.1": of a number a spreadsheet leaves the last zero out, so it may be October.
 */
export function readMonth(text: string): string | undefined {
  const found = plain(text);
  if (/^\d{4}\.1$/.test(found)) return undefined;
  const [, year, month] =
    /^(\d{4})[-/.年](\d{1,2})(?:月|[-/.]0?1(?: 00:00(?::00)?)?)?$/.exec(found) ?? /^(\d{4})(\d\d)$/.exec(found) ?? [];
  const whole = `${year}-${month?.padStart(2, '0')}`;
  return /^(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])$/.test(whole) ? whole : undefined;
}

/** "2026-01-06", "2026/1/6", "2026年1月6日", "20260106" as "2026-01-06"; undefined for anything else. */
export function readDay(text: string): string | undefined {
  const [, year, month = '', day = ''] =
    (
      /^(\d{4})(?:-(\d{1,2})-|\/(\d{1,2})\/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?$/.exec(plain(text)) ??
      /^((?:19|20|21)\d\d)(0[1-9]|1[0-2])(\d\d)$/.exec(plain(text))
    )?.filter((part) => part !== undefined) ?? [];
  return year === undefined ? undefined : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
