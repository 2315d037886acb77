// The audit: who did what.

import { z } from 'zod';
import { type Answered, byName, next } from './scalars.ts';

/** JSON as it was kept; null where there is none. */
const kept = z.string().nullable();

export const actPage = z
  .object({
    acts: z.array(
      z
        .object({
          chain: z.string().meta({ description: 'The account it is about; empty where it is about none' }),
          no: z.int().meta({ description: '1, 2, 3 … of its chain, without gap' }),
          at: z.string(),
          by: z.string().meta({ description: 'Id of a key, or local: the server’s machine' }),
          byName,
          address: z.string().nullable().meta({ description: 'An account’s key sees those of its own acts' }),
          request: z.string().nullable(),
          operation: z.string(),
          subject: z.string().meta({ description: 'Ids that stood in the path, as JSON' }),
          asked: kept.meta({ description: 'The body, as JSON without secrets' }),
          before: kept.meta({ description: 'What was there before, where something was changed' }),
          after: kept.meta({ description: 'What was answered. Null: kept before the act began' }),
          hash: z.string().meta({ description: 'SHA-256 over the hash before it, its number and its content' }),
        })
        .meta({ id: 'Act' }),
    ),
    next,
  })
  .meta({ id: 'ActPage' });

export type ActPage = Answered<typeof actPage>;
