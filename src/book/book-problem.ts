// What is wrong with a price book, where, in both languages. A pointer is RFC 6901 into the document.

import type { z } from 'zod';
import type { Words } from '../core/price-book.ts';
import { bookWords } from '../words/book.ts';
import { nameFlaw } from '../words/name-flaws.ts';
import { formats, isFormatName } from './formats.ts';

export type ProblemCode =
  | 'NOT_JSON'
  | 'NOT_UTF8'
  | 'MISSING'
  | 'UNKNOWN_FIELD'
  | 'WRONG_TYPE'
  | 'WRONG_FORMAT'
  | 'NOT_A_CHOICE'
  | 'OUT_OF_RANGE'
  | 'NO_SUCH_DAY'
  | 'NO_SUCH_ZONE'
  | 'NO_SUCH_CURRENCY'
  | 'DAYS_REVERSED'
  | 'DUPLICATE_ID'
  | 'DUPLICATE_ENTRY'
  | 'UNKNOWN_TARIFF'
  | 'UNKNOWN_METER'
  | 'TIER_START'
  | 'TIER_GAP'
  | 'TIER_OVERLAP'
  | 'TIER_EMPTY'
  | 'TIER_END'
  | 'TIER_UNPRICED'
  | 'PER_AND_PART'
  | 'LIMITS_CROSSED'
  | 'FLAT_TIERS'
  | 'DAY_WITH_FEES'
  | 'COVERS_BEFORE_START'
  | 'COVERS_IN_ORDER'
  | 'METER_PRICES'
  | 'NOT_IN_ORDER'
  | 'RATIO_DECIMAL'
  | 'PRIORITY_UNUSED'
  | 'SIZE_ORDER'
  | 'UNKNOWN_PRODUCT'
  | 'GIFT_LIFE'
  | 'AMBIGUOUS_FACTS'
  | 'AMBIGUOUS_CODES'
  | 'AMBIGUOUS_RULE'
  | 'BAD_RANGE';

export interface Problem extends Words {
  readonly pointer: string;
  readonly code: ProblemCode;
}

export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export function problem(code: ProblemCode, path: readonly PropertyKey[], { zh, en }: Words): Problem {
  return { pointer: pointerOf(path), code, zh, en };
}

type Issue = z.core.$ZodIssue;

/** The problems of a document that the schema refuses. */
export const schemaProblems = (error: z.ZodError): Problem[] => error.issues.flatMap((issue) => problemsOf(issue, []));

function problemsOf(issue: Issue, above: readonly PropertyKey[]): Problem[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => problem('UNKNOWN_FIELD', [...path, key], bookWords.thereIsNoField(shown(key))));
    case 'invalid_type':
      return [wrongType(issue, path)];
    case 'invalid_format':
      return [wrongFormat(issue, path)];
    case 'invalid_value': {
      const choices = issue.values.map((value) => JSON.stringify(value)).join(', ');
      return [problem('NOT_A_CHOICE', path, bookWords.mustBeOneOf(choices))];
    }
    case 'invalid_union':
      return unionProblems(issue.errors, path);
    case 'too_small':
      return [problem('OUT_OF_RANGE', path, bookWords.atLeast(issue.minimum, countedZh(issue), counted(issue)))];
    case 'too_big':
      return [problem('OUT_OF_RANGE', path, bookWords.atMost(issue.maximum, countedZh(issue), counted(issue)))];
    case 'custom': {
      const zh: unknown = issue.params?.zh;
      return [problem('WRONG_FORMAT', path, { zh: typeof zh === 'string' ? zh : issue.message, en: issue.message })];
    }
    default:
      return [problem('WRONG_TYPE', path, { zh: issue.message, en: issue.message })];
  }
}

const shown = (key: string): string => JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}…` : key);
const units: Readonly<Record<string, Words>> = {
  array: bookWords.entries,
  string: bookWords.characters,
};
const counted = (issue: { origin: string }): string => units[issue.origin]?.en ?? '';
const countedZh = (issue: { origin: string }): string => units[issue.origin]?.zh ?? '';

const typeWords: Readonly<Record<string, Words>> = {
  string: bookWords.string,
  number: bookWords.number,
  int: bookWords.wholeNumber,
  boolean: bookWords.trueOrFalse,
  array: bookWords.array,
  object: bookWords.object,
};

/** A ratio with decimals, as a whole number of smaller units, and how many of them make one: exact by the text. */
function decimalRatio(value: unknown, path: readonly PropertyKey[]): [whole: string, units: string] | undefined {
  if (path.at(-1) !== 'ratio' || typeof value !== 'number') return undefined;
  const [, whole, places] = /^(\d+)\.(\d{1,6})$/.exec(String(value)) ?? [];
  if (whole === undefined || places === undefined) return undefined;
  return [String(BigInt(whole + places)), `1${'0'.repeat(places.length)}`];
}

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>, path: readonly PropertyKey[]): Problem {
  // JSON has no undefined: where it is reported, the field is not there.
  if (issue.input === undefined) return problem('MISSING', path, bookWords.fieldIsMissing);
  const ratio = decimalRatio(issue.input, path);
  if (ratio !== undefined) return problem('RATIO_DECIMAL', path, bookWords.ratioIsWhole(...ratio));
  const { zh, en } = typeWords[issue.expected] ?? { zh: issue.expected, en: issue.expected };
  const quote = issue.expected === 'string' && typeof issue.input === 'number';
  const written = quote ? JSON.stringify(String(issue.input)) : '';
  return quote
    ? problem('WRONG_TYPE', path, bookWords.mustBeAString(written))
    : problem('WRONG_TYPE', path, bookWords.mustBe(zh, en));
}

function wrongFormat(issue: Issue, path: readonly PropertyKey[]): Problem {
  if (!isFormatName(issue.message)) return problem('WRONG_FORMAT', path, { zh: issue.message, en: issue.message });
  const isWords = issue.message === 'title' || issue.message === 'note';
  const flaw = isWords && typeof issue.input === 'string' ? nameFlaw(issue.input) : undefined;
  return problem('WRONG_FORMAT', path, flaw ?? formats[issue.message]);
}

/** Of codes, where a list was meant when a list was written; or of a word and a price. */
function unionProblems(branches: readonly (readonly Issue[])[], path: readonly PropertyKey[]): Problem[] {
  const inside = branches.find((issues) => issues.every((issue) => issue.path.length > 0));
  if (inside !== undefined) return inside.flatMap((issue) => problemsOf(issue, path));
  const isCodes = branches.some((issues) =>
    issues.some((issue) => issue.code === 'invalid_type' && issue.expected === 'array'),
  );
  return [problem('WRONG_TYPE', path, isCodes ? bookWords.mustBeAnArrayOfResult : bookWords.refundPartIs)];
}
