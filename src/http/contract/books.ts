// Price books.

import { z } from 'zod';
import { sentence } from './scalars.ts';

/** A whole price book; its own schema is catalog/price-book.schema.json. */
export const priceBook = z.looseObject({ id: z.string() }).meta({
  id: 'PriceBook',
  description: 'A price book, whole; its fields: catalog/price-book.schema.json',
});

export const priceBooks = z
  .object({
    priceBooks: z.array(
      z.object({
        id: z.string(),
        title: sentence,
        currency: z.string(),
        timeZone: z.string(),
        accounts: z.unknown().optional(),
        effective: z.unknown().optional(),
        digest: z.string(),
        public: z.boolean(),
        addedBy: z.string().nullable().optional().meta({ description: 'For operators' }),
      }),
    ),
  })
  .meta({ id: 'PriceBooks' });

/** As files of price books are; what else is in it, its own schema and linter say. */
export const newBook = z.looseObject({ id: z.string() });

export const addedBook = z
  .object({ id: z.string(), digest: z.string(), warnings: z.array(z.looseObject({ code: z.string() })) })
  .meta({ id: 'AddedBook' });
