// The schemas of texts that name things, for whatever reads JSON: the rule itself is core/safe-text.ts.

import { z } from 'zod';
import type { Words } from '../core/price-book.ts';
import { isAccountId, isDots, unseenIn } from '../core/safe-text.ts';
import { bookWords } from '../words/book.ts';
import { dotsWords, nameFlaw, unseenWords } from '../words/name-flaws.ts';

/** For `refine`: why a value is refused. */
export const because = ({ zh, en }: Words) => ({ message: en, params: { zh } });

/** Text that PostgreSQL can store and people can read. */
export const safeText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .superRefine((text, context) => {
      // What is too long has its own problem, and is not looked through.
      const flaw = text.length > most ? undefined : nameFlaw(text);
      if (flaw !== undefined) context.addIssue({ code: 'custom', ...because(flaw) });
    });

/** A name that is asked for: it may have been given before blanks and other forms were refused. */
export const askedText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .superRefine((text, context) => {
      const unseen = unseenIn(text);
      if (unseen === undefined) return;
      context.addIssue({ code: 'custom', ...because(unseenWords(unseen)) });
    });

/** An id given by a caller: 1 to 200 safe characters. */
export const givenId = safeText(200).refine((text) => !isDots(text), because(dotsWords));

export const givenAccountId = z.string().refine(isAccountId, because(bookWords.mustBe1To64Letters));
