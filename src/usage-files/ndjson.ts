// Lines of JSON → events. One JSON.parse a line; everything else is kept out of the way of it.

import { isAscii, isUtf8 } from 'node:buffer';
import { isEventField } from '../core/event-fields.ts';
import { rowProblem } from './problem.ts';
import { keepText, readEvent, type UsageRow } from './row.ts';

/** Reads whole lines; `line` is the number of the first. Answers how many lines there were. */
export function readJsonLines(bytes: Buffer, line: number, into: UsageRow[]): number {
  if (!isUtf8(bytes)) return readMixedLines(bytes, line, into);
  const text = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const one = text.slice(start, end);
    const row = readJsonLine(line + count, one);
    if (row !== undefined) into.push(keepText(row, () => one));
    count += 1;
    start = end + 1;
  }
  return count;
}

/** Some line is not UTF-8: it alone is refused. */
function readMixedLines(bytes: Buffer, line: number, into: UsageRow[]): number {
  let count = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    const one = bytes.subarray(start, end);
    const row = isUtf8(one) ? readJsonLine(line + count, one.toString('utf8')) : notUtf8(line + count);
    if (row !== undefined) into.push(isUtf8(one) ? keepText(row, () => one.toString('utf8')) : row);
    count += 1;
    start = end + 1;
  }
  return count;
}

export const notUtf8 = (line: number): UsageRow => ({
  line,
  problem: rowProblem('NOT_UTF8', '', '不是 UTF-8 编码', 'not UTF-8'),
});

function readJsonLine(line: number, text: string): UsageRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (text.trim() === '') return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    return { line, problem: rowProblem('NOT_JSON', '', `不是 JSON：${reason}`, `not JSON: ${reason}`) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { line, problem: rowProblem('NOT_AN_OBJECT', '', '应为 JSON 对象', 'must be a JSON object') };
  }
  for (const key in value) {
    if (!isEventField(key)) {
      const pointer = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return { line, problem: rowProblem('UNKNOWN_FIELD', pointer, `未知字段 ${key}`, `unknown field ${key}`) };
    }
  }
  return readEvent(line, value);
}
