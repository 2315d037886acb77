// Why a text is no JSON, in words of our own: the engine's are English, change with its version and often do not say where.

import type { Words } from '../core/price-book.ts';
import { hiddenIn } from '../core/safe-text.ts';
import { words } from './words.ts';

/** Which part of a text was read, and could not be. The lines and columns that are told count from the beginning of the whole. */
interface Part {
  readonly start?: number;
  readonly end?: number;
  /** The number of the text's first line in its file. */
  readonly line?: number;
}

/** For a text that `JSON.parse` has refused: where, and what stands there. */
export function notJsonWords(text: string, part: Part = {}): Words {
  const { start = 0, end = text.length } = part;
  const at = breakIn(text, start, end);
  const where = placeOf(text, at, part);
  if (at >= text.length) {
    return words(`不是有效的 JSON：在${where.zh}就结束了，没有写完`, `not JSON: it ends too early, at ${where.en}`);
  }
  const found = quoted(text.slice(at, at + 2 * mostShown));
  return words(`不是有效的 JSON：${where.zh}不应是 ${found}`, `not JSON: at ${where.en}, ${found} does not belong`);
}

/** Only where: of a text that holds a secret. */
export function whereNotJson(text: string): Words {
  const place = placeOf(text, breakIn(text, 0, text.length), {});
  return words(`${place.zh}处不是有效的 JSON`, `not JSON at ${place.en}`);
}

function placeOf(text: string, at: number, { line = 1 }: Part): Words {
  let [lines, begin] = [0, 0];
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', begin)) {
    lines += 1;
    begin = next + 1;
  }
  const column = [...text.slice(begin, at)].length + 1;
  // Of a single line its reader knows better which one it is.
  const isSingle = lines === 0 && text.indexOf('\n') < 0;
  return isSingle
    ? words(`第 ${column} 列`, `column ${column}`)
    : words(`第 ${line + lines} 行第 ${column} 列`, `line ${line + lines}, column ${column}`);
}

const mostShown = 20;

/** At most so many characters, up to the end of the line, with what is hidden spelt out. */
function quoted(text: string): string {
  const letters = [...(/^.+/.exec(text)?.[0] ?? text.slice(0, 1))].slice(0, mostShown);
  const spelt = letters.map((letter) => (letter === ' ' ? letter : (hiddenIn(letter) ?? letter)));
  return `"${spelt.join('').trimEnd()}"`;
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literals = ['true', 'false', 'null'];
type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

/** How far a text is the beginning of some JSON text: the place of the first character that cannot stand there, or its end. */
function breakIn(text: string, start: number, end: number): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  const ended = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');
  for (let at = start; ; ) {
    while (at < end && ' \t\n\r'.includes(text[at] ?? '')) at += 1;
    const sign = text[at] ?? '';
    if (at >= end || expected === 'nothing') return at;
    const inside = open.at(-1);
    const closes = expected.endsWith('or end') && sign === (inside === '{' ? '}' : ']');
    if (closes) {
      open.pop();
      expected = ended();
      at += 1;
    } else if (expected === 'colon' || expected === 'comma or end') {
      if (sign !== (expected === 'colon' ? ':' : ',')) return at;
      expected = expected === 'comma or end' && inside === '{' ? 'name' : 'value';
      at += 1;
    } else if (expected.startsWith('value') && (sign === '{' || sign === '[')) {
      open.push(sign);
      expected = sign === '{' ? 'name or end' : 'value or end';
      at += 1;
    } else {
      const token =
        sign === '"' ? stringAt(text, at, end) : expected.startsWith('name') ? { stop: at } : wordAt(text, at, end);
      if (!('whole' in token)) return token.stop;
      expected = expected.startsWith('name') ? 'colon' : ended();
      at = token.stop;
    }
  }
}

/** Where a token stops; without `whole` it breaks there. */
interface Token {
  readonly stop: number;
  readonly whole?: true;
}

function stringAt(text: string, start: number, end: number): Token {
  for (let at = start + 1; at < end; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '"') return { stop: at + 1, whole: true };
    if (sign < ' ') return { stop: at };
    if (sign !== '\\') continue;
    const escaped = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, Math.min(end, at + 6)));
    if (escaped === null) return { stop: isCut(text.slice(at, end)) ? end : at };
    at += escaped[0].length - 1;
  }
  return { stop: end };
}

/** The text ends in the middle of an escape. */
const isCut = (rest: string): boolean => rest.length < 6 && /^\\(?:u[0-9a-fA-F]*)?$/.test(rest);

/** A number, true, false or null. What has begun like one and goes on otherwise breaks where it begins. */
function wordAt(text: string, start: number, end: number): Token {
  for (const literal of literals) {
    if (text.startsWith(literal, start) && start + literal.length <= end)
      return { stop: start + literal.length, whole: true };
    if (end - start < literal.length && literal.startsWith(text.slice(start, end))) return { stop: end };
  }
  number.lastIndex = start;
  const found = number.exec(text.slice(0, end))?.[0];
  if (found !== undefined) return { stop: start + found.length, whole: true };
  return { stop: text.slice(start, end) === '-' ? end : start };
}
