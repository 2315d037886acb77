// What an answer of the provider says about the calls that were made: pure. Which results are charged, the ledger's code table says.

import { isUnread, unnumberedCode, unreadCode } from '../core/code-table.ts';
import { isSafeText } from '../core/safe-text.ts';
import { codeIn } from '../usage-files/faceid/fields.ts';
import type { ActionRule } from './map.ts';

/** `unknown`: whether the call was made, this answer does not say. */
export type Verdict =
  | { readonly kind: 'result'; readonly code: string }
  | { readonly kind: 'not made' }
  | { readonly kind: 'unknown' };

export interface Attempt {
  /** "1", "2" …; '' where the answer is the attempt. */
  readonly seq: string;
  readonly code: string;
  /** Milliseconds since 1970, where the provider says when. */
  readonly at: number | null;
  /** The provider's own word; null: it has none. */
  readonly charged: boolean | null;
}

export type Fields = { readonly [field: string]: unknown };
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** What stands under `Response`; undefined: this is no answer. */
export function responseOf(body: Uint8Array): Fields | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isFields(read) && isFields(read.Response) ? read.Response : undefined;
  } catch {
    return undefined;
  }
}

/** Of a text of JSON; nothing of one that is none. */
function fieldsIn(text: unknown): Fields {
  try {
    const read: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
    return isFields(read) ? read : {};
  } catch {
    return {};
  }
}

/** The token that an answer gives; undefined of an error. */
export const tokenIn = (path: string, response: Fields): string | undefined => codeOf(at(response, path));

const at = (fields: Fields, path: string): unknown =>
  path.split('.').reduce<unknown>((found, name) => (isFields(found) ? found[name] : undefined), fields);

const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 100
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined;

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

/** One that the ledger can keep. */
function safeCodeOf(value: unknown): string | undefined {
  const code = codeOf(value);
  return code !== undefined && isSafeText(code) ? code : undefined;
}

/** 'unnamed': something stands where an error stands, and it has no code. */
export const errorIn = ({ Error: error }: Fields): string | undefined =>
  isThere(error) ? ((isFields(error) ? codeOf(error.Code) : undefined) ?? unnamed) : undefined;
const unnamed = 'unnamed';

export function judgeCall(rule: Extract<ActionRule, { kind: 'call' }>, response: Fields): Verdict {
  const error = errorIn(response);
  const code = codeOf(at(response, rule.result));
  // An error without a code, or a result beside one: this answer contradicts itself.
  if (error !== undefined && (error === unnamed || isThere(at(response, rule.result)))) return { kind: 'unknown' };
  if (error !== undefined) return rule.errors === 'code' ? { kind: 'result', code: error } : { kind: 'not made' };
  return code === undefined ? { kind: 'unknown' } : { kind: 'result', code };
}

export interface ShownAttempts {
  readonly attempts: readonly Attempt[];
  /** Whether one of them has no number or code that can be read. */
  readonly isPartly: boolean;
}

/** Whether an answer shows attempts, whatever else stands in it. */
export function showsAttempts(rule: Extract<ActionRule, { kind: 'attempts' }>, response: Fields): boolean {
  const told = rule.text === undefined ? response : fieldsIn(at(response, rule.text));
  const path = rule.list ?? rule.result;
  const found = path === undefined ? undefined : at(told, path);
  return Array.isArray(found) ? found.length > 0 : isThere(found);
}

/**
 * The attempts that an answer shows; none of an error, or of one that hides them. One whose number or code cannot be read is an attempt too,
 * by its place in the list, with a code that no table decides.
 */
export function attemptsOf(rule: Extract<ActionRule, { kind: 'attempts' }>, response: Fields): ShownAttempts {
  if (errorIn(response) !== undefined) return { attempts: [], isPartly: false };
  const told = rule.text === undefined ? response : fieldsIn(at(response, rule.text));
  const attempts =
    rule.list === undefined ? [onlyAttempt(rule.result, told)] : attemptsListed(at(told, rule.list)).map(attemptOf);
  return { attempts, isPartly: attempts.some(({ code }) => isUnread(code)) };
}

/** Where the answer itself is the attempt. */
function onlyAttempt(result: string | undefined, told: Fields): Attempt {
  const code = result === undefined ? undefined : safeCodeOf(at(told, result));
  return {
    ...(code === undefined ? { seq: placeOf(0), code: unreadCode } : { seq: '', code }),
    at: null,
    charged: null,
  };
}

/** Something else in place of a list is one attempt that cannot be read. */
const attemptsListed = (found: unknown): readonly unknown[] =>
  Array.isArray(found) ? found : found === undefined || found === null ? [] : [undefined];

/** An attempt's place in its flow's list, where it has no number. Numbers of the provider begin otherwise. */
const placeOf = (index: number): string => `?${index + 1}`;

function attemptOf(each: unknown, index: number): Attempt {
  const { Seq, Errcode, ReqTime, IsNeedCharge } = isFields(each) ? each : {};
  const [seq, code] = [safeCodeOf(Seq), safeCodeOf(Errcode)];
  const time = Number(ReqTime);
  return {
    ...(seq === undefined || code === undefined ? unreadOf(index, seq, Errcode) : { seq, code }),
    at: Number.isSafeInteger(time) && time > 1e12 && time < 1e14 ? time : null,
    charged: typeof IsNeedCharge === 'boolean' ? IsNeedCharge : null,
  };
}

/** Of its code no more than a number is kept: what stands in a wrong place may be a person's. */
function unreadOf(index: number, seq: string | undefined, code: unknown): Pick<Attempt, 'seq' | 'code'> {
  const number = codeIn(code);
  return {
    seq: seq ?? placeOf(index),
    code: seq !== undefined || number === undefined ? unreadCode : unnumberedCode(number),
  };
}
