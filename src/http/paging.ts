// What every list in pages is asked with.

import { z } from 'zod';
import { because } from '../book/names.ts';
import type { ListCursor } from '../operations/cursors.ts';
import { httpWords } from '../words/http.ts';

/** A whole number in a query, in plain digits: `Number` would take 0x10, 1e2 and white space too. */
const limit = z
  .preprocess((text, context) => {
    if (typeof text === 'string' && /^[0-9]+$/.test(text)) return Number(text);
    context.addIssue({ code: 'custom', ...because(httpWords.mustBeAWholeNumberIn) });
    return z.NEVER;
  }, z.int().min(1).max(200))
  .optional();

const cursor = <Position extends readonly unknown[]>(list: ListCursor<Position>) =>
  z
    .string()
    .transform((text, context) => {
      const position = list.read(text);
      if (position !== undefined) return position;
      context.addIssue({
        code: 'custom',
        ...because(httpWords.mustBeTheNextOfAn),
      });
      return z.NEVER;
    })
    .optional();

/** For lists that somebody works off: what has waited longest comes first. */
export const sort = z
  .enum(['newest', 'oldest'])
  .optional()
  .meta({ description: 'Which come first; newest if not given. A cursor goes on in the order it was given in' });

/** `cursor` comes out as the position that it stands for. */
export const pageOf = <Position extends readonly unknown[]>(list: ListCursor<Position>) => ({
  cursor: cursor(list),
  limit,
});
