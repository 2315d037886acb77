// The schemas of texts that name things, for whatever reads JSON: the rule itself is core/safe-text.ts.

import { z } from 'zod';
import { dotsWords, flawOf, isAccountId, isDots, unseenIn, unseenWords } from '../core/safe-text.ts';

/** For `refine`: why a value is refused. */
export const because = (en: string, zh: string) => ({ message: en, params: { zh } });

/** Text that PostgreSQL can store and people can read. */
export const safeText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .superRefine((text, context) => {
      // What is too long has its own problem, and is not looked through.
      const flaw = text.length > most ? undefined : flawOf(text);
      if (flaw !== undefined) context.addIssue({ code: 'custom', ...because(flaw.en, flaw.zh) });
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
      const { en, zh } = unseenWords(unseen);
      context.addIssue({ code: 'custom', ...because(en, zh) });
    });

/** An id given by a caller: 1 to 200 safe characters. */
export const givenId = safeText(200).refine((text) => !isDots(text), because(dotsWords.en, dotsWords.zh));

export const givenAccountId = z
  .string()
  .refine(
    isAccountId,
    because(
      'must be 1 to 64 letters, digits, dots, dashes, underscores',
      '须为 1 到 64 个字母、数字、点、短横或下划线',
    ),
  );
