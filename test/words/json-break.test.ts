// Where a text stops being JSON, in our own words: nothing of the engine's English is passed on.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notJsonWords } from '../../src/words/json-break.ts';

test.each([
  ['', '在第 1 列就结束了', 'it ends too early, at column 1'],
  ['{"a"', '在第 5 列就结束了', 'it ends too early, at column 5'],
  ['{"a":"b', '在第 8 列就结束了', 'it ends too early, at column 8'],
  ['nul', '在第 4 列就结束了', 'ends too early, at column 4'],
  ['-', '在第 2 列就结束了', 'ends too early, at column 2'],
  ['["\\u00', '结束了', 'ends too early, at column 7'],
  ['{"a" 1}', '第 6 列不应是 "1}"', 'at column 6, "1}" does not belong'],
  ["{'a':1}", '第 2 列不应是', `at column 2, "'a':1}" does not belong`],
  ['[1,]', '第 4 列不应是 "]"', 'at column 4, "]"'],
  ['{"a":1,}', '第 8 列不应是 "}"', 'at column 8, "}"'],
  ['{"a":1}}', '第 8 列不应是 "}"', 'at column 8, "}"'],
  ['01', '第 2 列不应是 "1"', 'at column 2, "1"'],
  ['["\\x"]', '第 3 列不应是', 'at column 3'],
  ['"a\tb"', '第 3 列不应是 "U+0009b""', 'at column 3, "U+0009b""'],
  ['{\n "a": 1,\n "b": tru\n}', '第 3 行第 7 列不应是 "tru"', 'at line 3, column 7, "tru"'],
  ['{\n "a": [1,\n', '在第 3 行第 1 列就结束了', 'at line 3, column 1'],
  ['{"活体":😀}', '第 7 列不应是 "😀}"', 'at column 7, "😀}"'],
  ['<html>'.repeat(20), '第 1 列不应是 "<html><html><html><h"', '"<html><html><html><h"'],
  ['\u202e1', '第 1 列不应是 "U+202E1"', '"U+202E1"'],
])('%j', (text, zh, en) => {
  const words = notJsonWords(text);
  expect(words.zh).toContain(zh);
  expect(words.en).toContain(en);
  expect(words.zh).not.toMatch(/[a-z]{4,} [a-z]+/);
});

describe('of a part', () => {
  const text = '[{"a":1},\n {"a":x},\n3,,4]';
  test('lines and columns are of the whole, and a comma may stand in the way', () => {
    const start = text.indexOf('\n');
    expect(notJsonWords(text, { start, end: text.indexOf(',', start) }).en).toContain('line 2, column 7, "x},"');
    const empty = text.indexOf(',,') + 1;
    expect(notJsonWords(text, { start: empty, end: empty }).en).toContain('line 3, column 3, ",4]"');
    expect(notJsonWords('{\n"a":x}', { line: 7 }).en).toContain('line 8, column 5');
  });
});

const seed = Number(process.env.SUANPAN_SEED ?? Date.now() % 2 ** 31);

test('whatever is broken, what stands before the place is the beginning of JSON, and the character at it breaks it', () => {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('', '"', '}', ']', ',', ':', '\\', '0', '-', 'x', '\n', 'e'),
    fc.nat(2),
  );
  const broken = fc.tuple(fc.json(), fc.constantFrom(undefined, 1), change).map(([json, space, [at, put, gone]]) => {
    const text = JSON.stringify(JSON.parse(json), null, space);
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + gone);
  });
  let refused = 0;
  fc.assert(
    fc.property(broken, (text) => {
      if (isJson(text)) return;
      refused += 1;
      const { en } = notJsonWords(text);
      const [, line, column] = /(?:line (\d+), )?column (\d+)/.exec(en) ?? [];
      const lines = text.split('\n').slice(0, Number(line ?? 1));
      const last = [...(lines.pop() ?? '')].slice(0, Number(column) - 1).join('');
      const before = [...lines, last].join('\n');
      expect(en.includes('too early'), en).toBe(before.length === text.length);
      // The engine too finds nothing wrong before the place but that it ends there.
      expect(breakOfEngine(before), `${text} ${en}`).toBe(before.length);
    }),
    { seed, numRuns: 4_000 },
  );
  expect(refused).toBeGreaterThan(1_000);
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** A text is the beginning of JSON if some ending makes it whole. */
function breakOfEngine(text: string): number {
  const open: string[] = [];
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (inText && sign === '\\') at += 1;
    else if (sign === '"') inText = !inText;
    else if (!inText && (sign === '{' || sign === '[')) open.push(sign === '{' ? '}' : ']');
    else if (!inText && (sign === '}' || sign === ']')) open.pop();
  }
  const closing = open.toReversed().join('');
  const inside = ['', '"', '":0', '"a":0', ':0', '0', '000"', '0000"', '00"', '0"', '\\"', 'n"'];
  const words = ['true', 'false', 'null'].flatMap((word) => [1, 2, 3, 4].map((cut) => word.slice(cut)));
  const endings = [...inside, ...words, '0":0', '00":0', '000":0', '0000":0', '\\":0', 'n":0'];
  return endings.some((ending) => isJson(text + ending + closing)) ? text.length : -1;
}
