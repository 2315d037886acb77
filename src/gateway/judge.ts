// What an answer of the provider says about the calls that were made: pure. Which results are charged, the ledger's code table says.

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
  /** Whether one of those that are listed has no number or code that can be read. */
  readonly isPartly: boolean;
}

/** The attempts that an answer shows; none of one that hides them. */
export function attemptsOf(rule: Extract<ActionRule, { kind: 'attempts' }>, response: Fields): ShownAttempts {
  const told = rule.text === undefined ? response : fieldsIn(at(response, rule.text));
  if (rule.list === undefined) {
    const code = rule.result === undefined ? undefined : codeOf(at(told, rule.result));
    return { attempts: code === undefined ? [] : [{ seq: '', code, at: null, charged: null }], isPartly: false };
  }
  const found = at(told, rule.list);
  const list: readonly unknown[] = Array.isArray(found) ? found : [];
  const attempts = list.flatMap((each): Attempt[] => {
    if (!isFields(each)) return [];
    const [seq, code] = [codeOf(each.Seq), codeOf(each.Errcode)];
    if (seq === undefined || code === undefined) return [];
    const time = Number(each.ReqTime);
    const charged = typeof each.IsNeedCharge === 'boolean' ? each.IsNeedCharge : null;
    return [{ seq, code, charged, at: Number.isSafeInteger(time) && time > 1e12 && time < 1e14 ? time : null }];
  });
  return { attempts, isPartly: attempts.length < list.length };
}
