// The items of a large body, one after another: elements of a JSON array, or lines. They are counted while they are found, and
// none is built before; what has too many of them, or one that is too long, is left at that point.

import type { Words } from '../core/price-book.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { inSlices } from '../ledger/slices.ts';
import { httpWords } from '../words/http.ts';
import { mostItems } from './contract/events.ts';
import { BodyProblem, parseJson, readText, trimJson } from './json-body.ts';

/** The most characters of one item; a body up to this length is read in one piece. */
export const longestItem = 64 * 1024;

/** A body with more than its limits allow: `most` says what. */
export class BodyTooLarge extends Error {
  readonly statusCode = 413;
  readonly most: Words;

  constructor(most: Words) {
    super(`more than ${most.en}`);
    this.most = most;
  }
}

export const mostEvents: Words = httpWords.events(mostItems);
const mostEmpty: Words = httpWords.emptyLines(mostItems);
const mostOfOne: Words = httpWords.charactersAnEvent(longestItem);

export const tooLarge = (most: Words): Refusal => refuse('TOO_LARGE', { most });

/** A JSON text at once, or when it is long, the elements of its array in slices. Throws `BodyProblem`, `BodyTooLarge`. */
export function readJson(text: string): unknown {
  if (text.length <= longestItem) return parseJson(text);
  if (!/^[ \t\r\n]*\[/.test(text)) throw new BodyTooLarge(mostOfOne);
  return readElements(text);
}

/** What a body says, read by one of these; undefined: it is empty. Throws `BodyProblem`, `BodyTooLarge`. */
export function readBody(body: Buffer, read: (text: string) => unknown): unknown {
  const text = readText(body);
  return text === '' ? undefined : read(text);
}

/** The values of a JSON array's elements. Throws `BodyProblem`, `BodyTooLarge`. */
async function readElements(text: string): Promise<unknown[]> {
  const values: unknown[] = [];
  await inSlices(elementsOf(text), ([start, end]) => values.push(parseJson(text, start, end)));
  return values;
}

/** The values of lines; in the place of a broken line, why it is broken. Throws `BodyTooLarge`. */
export async function readLines(text: string): Promise<unknown[]> {
  const values: unknown[] = [];
  await inSlices(linesOf(text), (line) => {
    if (line !== undefined) values.push(parseLine(line));
  });
  return values;
}

const lineTooLong = new BodyProblem(httpWords.lineOfMoreThanCharacters(longestItem));

function parseLine(line: string): unknown {
  if (line.length > longestItem) return lineTooLong;
  try {
    return parseJson(line);
  } catch (error) {
    if (error instanceof BodyProblem) return error;
    throw error;
  }
}

/** Undefined for an empty line. There may be as many of them as of others: millions are no file that anybody wrote. */
function* linesOf(text: string): Generator<string | undefined> {
  const count = { full: 0, empty: 0 };
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end < 0 ? text.length : end;
    const line = trimJson(text.slice(start, stop));
    count[line === '' ? 'empty' : 'full'] += 1;
    if (count.full > mostItems) throw new BodyTooLarge(mostEvents);
    if (count.empty > mostItems) throw new BodyTooLarge(mostEmpty);
    yield line === '' ? undefined : line;
    start = stop + 1;
  }
}

const codeOf = (sign: string): number => sign.charCodeAt(0);
const [quote, backslash, comma, bracket] = ['"', '\\', ',', ']'].map(codeOf) as [number, number, number, number];
const opening = new Set(['[', '{'].map(codeOf));
const closing = new Set([']', '}'].map(codeOf));

/** Where the texts between the commas of the outermost array stand. Whether each is JSON is for its reader to find. */
function* elementsOf(text: string): Generator<readonly [start: number, end: number]> {
  let start = text.indexOf('[') + 1;
  for (let count = 1; ; count += 1) {
    const end = endOfElement(text, start);
    const isLast = text.charCodeAt(end) !== comma;
    if (isLast && text.charCodeAt(end) !== bracket) throw new BodyProblem(httpWords.arrayClosedByBrace);
    const isEmpty = isLast && count === 1 && trimJson(text.slice(start, end)) === '';
    if (!isEmpty && count > mostItems) throw new BodyTooLarge(mostEvents);
    if (!isEmpty) yield [start, end];
    start = end + 1;
    if (isLast) break;
  }
  if (trimJson(text.slice(start, start + longestItem)) !== '' || text.length - start > longestItem)
    throw new BodyProblem(httpWords.moreAfterArray);
}

/** The comma or bracket that ends the element which begins at `start`. */
function endOfElement(text: string, start: number): number {
  let depth = 0;
  const limit = Math.min(text.length, start + longestItem);
  for (let at = start; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at, limit);
    else if (opening.has(code)) depth += 1;
    else if (depth === 0 && (code === comma || closing.has(code))) return at;
    else if (closing.has(code)) depth -= 1;
  }
  if (limit < text.length) throw new BodyTooLarge(mostOfOne);
  throw new BodyProblem(httpWords.arrayHasNoEnd);
}

function endOfString(text: string, start: number, limit: number): number {
  let at = start + 1;
  while (at < limit && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}
