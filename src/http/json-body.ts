// JSON bodies, more strictly than `JSON.parse`: a name that stands twice in an object is refused, not silently the last one taken.

import { isUtf8 } from 'node:buffer';
import type { Words } from '../core/price-book.ts';
import { httpWords } from '../words/http.ts';
import { notJsonWords } from '../words/json-break.ts';

/** Why a body is refused before anybody reads it. */
export class BodyProblem extends Error {
  readonly statusCode = 422;
  readonly zh: string;

  constructor({ zh, en }: Words) {
    super(en);
    this.zh = zh;
  }
}

/**
 * The text of a body. Bytes that are not UTF-8 are refused: read leniently they would all become the same sign, and two events
 * whose ids differ only there would be taken for one. Throws `BodyProblem`.
 */
export function readText(body: Buffer): string {
  if (!isUtf8(body)) throw new BodyProblem(httpWords.bodyIsNotUtf8);
  const text = body.toString('utf8');
  return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
}

const byteOrderMark = 0xfeff;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

/** Without the white space around it that JSON knows: to `trim` U+2028, U+00A0 and U+FEFF are such too. */
export function trimJson(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (start < end && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** The value of a JSON text, or of a part of one. Throws `BodyProblem`. */
export function parseJson(whole: string, start = 0, end = whole.length): unknown {
  const text = whole.slice(start, end);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BodyProblem(notJsonWords(whole, { start, end }));
  }
  if (countNames(value) !== writtenNames(text)) throw repeatedName();
  return value;
}

const repeatedName = () => new BodyProblem(httpWords.nameStandsTwiceInAJson);

/** Deeper than any body that means something; what reads values by recursion need not fear them. */
const mostDepth = 64;

/** Names in all objects of a value, level by level. */
function countNames(value: unknown): number {
  let count = 0;
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > mostDepth) throw new BodyProblem(httpWords.nestedMoreThanLevelsDeep(mostDepth));
    const below: object[] = [];
    for (const each of level) {
      if (Array.isArray(each)) {
        for (const item of each) if (typeof item === 'object' && item !== null) below.push(item);
        continue;
      }
      for (const name in each) {
        if (name === '__proto__') throw new BodyProblem(httpWords.nameProtoIsNotAllowed);
        count += 1;
        const item = (each as Record<string, unknown>)[name];
        if (typeof item === 'object' && item !== null) below.push(item);
      }
    }
    level = below;
  }
  return count;
}

const [quote, backslash, colon, space] = [0x22, 0x5c, 0x3a, 0x20];

/** Names as written in a valid JSON text: strings that a colon follows. Throws `BodyProblem` where an inexact number follows that. */
function writtenNames(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at += 1;
    for (let code = text.charCodeAt(at); code !== quote; code = text.charCodeAt(at)) at += code === backslash ? 2 : 1;
    at += 1;
    let after = at;
    while (text.charCodeAt(after) <= space) after += 1;
    if (text.charCodeAt(after) !== colon) continue;
    count += 1;
    refuseInexact(text, after + 1);
  }
  return count;
}

const [zero, nine, minus] = [0x30, 0x39, 0x2d];
const fraction = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

/** A field's number whose text is not whole, but becomes whole when it is read, would be billed as one that nobody sent. */
function refuseInexact(text: string, from: number): void {
  let start = from;
  while (text.charCodeAt(start) <= space) start += 1;
  let at = text.charCodeAt(start) === minus ? start + 1 : start;
  for (let code = text.charCodeAt(at); code >= zero && code <= nine; code = text.charCodeAt(at)) at += 1;
  // Behind the digits of a whole number stands what ends it, and a text has none.
  if (at === start || !'.eE'.includes(text.charAt(at))) return;
  fraction.lastIndex = start;
  const [source = ''] = fraction.exec(text) ?? [];
  if (!Number.isInteger(Number(source)) || isWhole(source)) return;
  const shown = source.slice(0, 50);
  throw new BodyProblem(httpWords.numberWithMoreDigitsThanCan(shown));
}

function isWhole(number: string): boolean {
  const [, whole = '', places = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(number) ?? [];
  const digits = (whole + places).replace(/0+$/, '');
  return digits === '' || Number(exponent) + whole.length >= digits.length;
}
