// Every text of a price book comes before people, on bills and in lists: it is seen whole, like any name (core/safe-text.ts).

import { nameFlaw } from '../words/name-flaws.ts';
import { type Problem, problem } from './book-problem.ts';

/** The texts anywhere in a document that hold what nobody sees. */
export function textProblems(value: unknown, path: readonly (string | number)[] = []): Problem[] {
  if (typeof value === 'string') {
    const flaw = nameFlaw(value);
    return flaw === undefined ? [] : [problem('WRONG_FORMAT', path, flaw)];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => textProblems(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => textProblems(item, [...path, name]));
}
