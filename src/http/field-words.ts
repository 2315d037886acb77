// What is wrong with a field, in both languages.

import type { z } from 'zod';
import type { Words } from '../core/price-book.ts';

type Issue = z.core.$ZodIssue;

const kinds: Record<string, Words> = {
  string: { en: 'must be a text', zh: '须为文本' },
  number: { en: 'must be a number', zh: '须为数字' },
  int: { en: 'must be a whole number', zh: '须为整数' },
  boolean: { en: 'must be true or false', zh: '须为 true 或 false' },
  array: { en: 'must be a list', zh: '须为列表' },
  object: { en: 'must be an object', zh: '须为对象' },
  record: { en: 'must be an object', zh: '须为对象' },
};

const notValid: Words = { en: 'is not valid', zh: '无效' };

const units = (origin: string): Words => {
  if (origin === 'string') return { en: ' characters', zh: ' 个字符' };
  return origin === 'array' ? { en: ' items', zh: ' 项' } : { en: '', zh: '' };
};

/** The sentence for one broken rule of a schema. Unknown fields are the caller's business: they have a pointer each. */
export function wordsOf(issue: Issue): Words {
  switch (issue.code) {
    case 'invalid_type':
      return kinds[issue.expected] ?? notValid;
    case 'too_small': {
      const { en, zh } = units(issue.origin);
      return { en: `must be at least ${issue.minimum}${en}`, zh: `至少为 ${issue.minimum}${zh}` };
    }
    case 'too_big': {
      const { en, zh } = units(issue.origin);
      return { en: `must be at most ${issue.maximum}${en}`, zh: `至多为 ${issue.maximum}${zh}` };
    }
    case 'invalid_value': {
      const values = issue.values.join(', ');
      return { en: `must be one of ${values}`, zh: `须为 ${values} 之一` };
    }
    case 'invalid_format':
      return issue.format === 'date'
        ? { en: 'must be a date such as 2026-01-05', zh: '须为日期，如 2026-01-05' }
        : notValid;
    case 'custom': {
      const zh: unknown = issue.params?.zh;
      return { en: issue.message, zh: typeof zh === 'string' ? zh : notValid.zh };
    }
    default:
      return notValid;
  }
}
