// The server itself, and how it refuses.

import { z } from 'zod';
import { type Answered, time } from './scalars.ts';

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

type WholeProblem = Answered<typeof problem>;
/** A refusal as those who ask hold it: the server's own, or their own word where it could not be reached. */
export type ProblemDocument = Pick<WholeProblem, 'title' | 'status' | 'code' | 'detail'> &
  Partial<Pick<WholeProblem, 'request_id' | 'errors'>>;

export const readiness = z
  .object({
    status: z.literal('ok'),
    clock: z.object({ aheadMilliseconds: z.int(), problem: z.string() }).optional().meta({
      description: 'Only when this machine’s clock is more than a second off the database’s, by which Suanpan goes',
    }),
  })
  .meta({ id: 'Readiness' });

export const clock = z
  .strictObject({ now: time })
  .meta({ id: 'Clock', examples: [{ now: '2026-02-03T00:00:00+08:00' }] });

export const liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });
