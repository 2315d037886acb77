// What is wrong with a field, in both languages.

import type { z } from 'zod';
import type { Words } from '../core/price-book.ts';
import { httpWords } from '../words/http.ts';

type Issue = z.core.$ZodIssue;

const kinds: Record<string, Words> = {
  string: httpWords.mustBeAText,
  number: httpWords.mustBeANumber,
  int: httpWords.mustBeAWholeNumber,
  boolean: httpWords.mustBeTrueOrFalse,
  array: httpWords.mustBeAList,
  object: httpWords.mustBeAnObject,
  record: httpWords.mustBeAnObject,
};

const notValid: Words = httpWords.isNotValid;

const units = (origin: string): Words => {
  if (origin === 'string') return httpWords.characters;
  return origin === 'array' ? httpWords.items : { en: '', zh: '' };
};

/** The sentence for one broken rule of a schema. Unknown fields are the caller's business: they have a pointer each. */
export function wordsOf(issue: Issue): Words {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? notValid;
    case 'too_small': {
      const { en, zh } = units(issue.origin);
      return httpWords.mustBeAtLeast(issue.minimum, zh, en);
    }
    case 'too_big': {
      const { en, zh } = units(issue.origin);
      return httpWords.mustBeAtMost(issue.maximum, zh, en);
    }
    case 'invalid_value': {
      const values = issue.values.join(', ');
      return httpWords.mustBeOneOf(values);
    }
    case 'invalid_format':
      return issue.format === 'date' ? httpWords.mustBeADateSuchAs : notValid;
    case 'custom': {
      const zh: unknown = issue.params?.zh;
      return { en: issue.message, zh: typeof zh === 'string' ? zh : notValid.zh };
    }
    default:
      return notValid;
  }
}
