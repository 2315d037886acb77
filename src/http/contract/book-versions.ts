// New prices of a book for all its accounts.

import { z } from 'zod';
import { safeText } from '../../book/names.ts';
import { type Answered, amountOrNone, month, next } from './scalars.ts';

export const newBookVersion = z
  .strictObject({
    from: month.meta({ description: 'The first month that it prices; one that has begun nowhere' }),
    pricesOf: safeText(64).meta({
      description: 'The book whose prices and code table it gets, which differs in nothing else',
    }),
  })
  .meta({ id: 'NewBookVersion', examples: [{ from: '2027-01', pricesOf: 'faceid-2027' }] });

const versionFields = {
  book: z.string(),
  from: z.string(),
  pricesOf: z.string(),
  announcedAt: z.string(),
  by: z.string(),
};

export const bookVersion = z.object(versionFields).meta({ id: 'BookVersion' });
export const bookVersions = z
  .object({ book: z.string(), versions: z.array(z.object(versionFields)) })
  .meta({ id: 'BookVersions' });
export const takenBack = z.object({ book: z.string(), from: z.string() }).meta({ id: 'TakenBackVersion' });

export const versionPreview = z
  .object({
    book: z.string(),
    pricesOf: z.string(),
    accountsOfBook: z.int().meta({ description: 'How many accounts it would be for' }),
    accounts: z.array(
      z.object({
        account: z.string(),
        month: z.string().meta({ description: 'Its last whole month' }),
        before: amountOrNone,
        after: amountOrNone,
        difference: amountOrNone.meta({ description: 'After less before; null where one of them has no total' }),
      }),
    ),
    next,
  })
  .meta({ id: 'VersionPreview' });

export type BookVersion = Answered<typeof bookVersion>;
export type BookVersions = Answered<typeof bookVersions>;
export type VersionPreview = Answered<typeof versionPreview>;
