// One row of an event file → a usage event, or what is wrong with it. Shape only: whether a meter exists is the book's business.
// Source: contracts "Event", billing rules 5.

import type { EventField } from '../core/event-fields.ts';
import { parseInstant } from '../core/instant.ts';
import { type Calls, callsOf, type Instant, mostCalls } from '../core/units.ts';
import { type RowProblem, rowProblem } from './problem.ts';

/** A usage event as a file gives it. Either `meter` or `action` is there, never both. */
export interface ParsedEvent {
  readonly id: string;
  /** Undefined: the account of whoever sends the file. */
  readonly account: string | undefined;
  readonly meter: string | undefined;
  readonly action: string | undefined;
  readonly channel: string | undefined;
  readonly library: string | undefined;
  readonly resultCode: string | undefined;
  readonly calls: Calls;
  readonly at: Instant;
  readonly department: string | undefined;
}

/** A row of the file: exactly one of `event` and `problem` is there. `line` counts from 1, the header of a CSV file included. */
export interface UsageRow {
  readonly line: number;
  readonly event?: ParsedEvent;
  readonly problem?: RowProblem;
  /** Beside a problem: the row as it stood, where it was text at all; its beginning if it is long. */
  readonly text?: string;
}

const longestKept = 4_000;

/** A row with a problem keeps its text, so that whoever sent it sees what was refused. */
export const keepText = (row: UsageRow, text: () => string): UsageRow =>
  row.problem === undefined ? row : { ...row, text: text().slice(0, longestKept) };

export type RawFields = { readonly [Field in EventField]?: unknown };

const longestText = 255;
const oneCall = callsOf(1);
const mostSafeCalls = Number(mostCalls);
const wholeNumber = /^[1-9]\d{0,12}$/;

/** The first problem found while one row is read; rows are read one at a time. */
let found: RowProblem | undefined;

/** Reads the fields of one row: JSON values, or the cells of a CSV row, where an empty cell is a field left out. */
export function readEvent(line: number, fields: RawFields): UsageRow {
  found = undefined;
  const event: ParsedEvent = {
    id: required('id', text('id', fields.id)),
    account: text('account', fields.account),
    meter: text('meter', fields.meter),
    action: text('action', fields.action),
    channel: text('channel', fields.channel),
    library: text('library', fields.library),
    resultCode: code(fields.resultCode),
    calls: calls(fields.calls),
    at: time(fields.time),
    department: text('department', fields.department),
  };
  if (found === undefined) checkMeaning(event);
  return found === undefined ? { line, event } : { line, problem: found };
}

function blame(problem: RowProblem): void {
  found ??= problem;
}

function text(field: EventField, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') {
    blame(rowProblem('WRONG_TYPE', `/${field}`, `${field} 应为文本`, `${field} must be text`));
    return undefined;
  }
  if (value === '') blame(rowProblem('MISSING', `/${field}`, `${field} 为空`, `${field} is empty`));
  if (value.length > longestText) {
    blame(
      rowProblem('OUT_OF_RANGE', `/${field}`, `${field} 超过 ${longestText} 个字符`, `${field} is over ${longestText}`),
    );
  }
  if (!value.isWellFormed() || value.includes('\0')) {
    const en = `${field} holds a NUL or half a surrogate pair`;
    blame(rowProblem('UNSAFE_TEXT', `/${field}`, `${field} 含有空字符或不完整的代理对`, en));
  }
  return value;
}

function required(field: EventField, value: string | undefined): string {
  if (value === undefined) blame(rowProblem('MISSING', `/${field}`, `缺少 ${field}`, `${field} is missing`));
  return value ?? '';
}

/** Result codes are texts; many files write them as whole numbers. */
function code(value: unknown): string | undefined {
  return text('resultCode', typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value);
}

function calls(value: unknown): Calls {
  if (value === undefined || value === 1 || value === null) return oneCall;
  const number = typeof value === 'string' && wholeNumber.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 1 && number <= mostSafeCalls) {
    return callsOf(number);
  }
  blame(
    rowProblem('OUT_OF_RANGE', '/calls', 'calls 应为 1 到 10^12 的整数', 'calls must be a whole number, 1 to 10^12'),
  );
  return oneCall;
}

const noTime = 0 as Instant;

function time(value: unknown): Instant {
  if (typeof value === 'string') {
    const at = parseInstant(value);
    if (at !== undefined) return at;
  }
  blame(
    value === undefined || value === null
      ? rowProblem('MISSING', '/time', '缺少 time', 'time is missing')
      : rowProblem(
          'INVALID_TIME',
          '/time',
          'time 应为带时区偏移的 RFC 3339 时间，例如 2026-01-06T08:59:59+08:00',
          'time must be RFC 3339 with an offset, such as 2026-01-06T08:59:59+08:00',
        ),
  );
  return noTime;
}

function checkMeaning({ meter, action, channel, library, resultCode }: ParsedEvent): void {
  if (meter === undefined && action === undefined) {
    blame(rowProblem('MISSING', '/meter', '缺少 meter（或 action）', 'meter (or action) is missing'));
  }
  const facts = action ?? channel ?? library ?? resultCode;
  if (meter !== undefined && facts !== undefined) {
    const en = 'give meter, or action with channel, library, resultCode; not both';
    blame(rowProblem('METER_AND_ACTION', '/meter', 'meter 与 action、channel、library、resultCode 不能同时给出', en));
  }
}
