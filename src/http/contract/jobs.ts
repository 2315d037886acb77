// What time does by itself.

import { z } from 'zod';
import type { Answered } from './scalars.ts';

const time = z.string().nullable();
const counts = {
  done: z.int().meta({ description: 'Things done: accounts booked for, bills closed' }),
  waiting: z.int().meta({ description: 'Left to a person: bills that need a contract price' }),
  failed: z.int().meta({ description: 'Accounts that it failed for; tried again at the next run' }),
};

export const jobList = z
  .object({
    scheduled: z.boolean().meta({ description: 'Whether this server runs them by itself (SUANPAN_JOBS)' }),
    jobs: z.array(
      z.object({
        name: z.string(),
        lastBegun: time,
        lastEnded: time.meta({ description: 'Null: it runs, or broke off with its process' }),
        next: time.meta({ description: 'Null: as soon as somebody looks' }),
        ...counts,
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'JobList' });

export const jobResult = z.object({ name: z.string(), ...counts }).meta({ id: 'JobResult' });

export type JobList = Answered<typeof jobList>;
export type JobResult = Answered<typeof jobResult>;
