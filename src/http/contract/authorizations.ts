// Authorisation on the call path.

import { z } from 'zod';
import { because, safeText } from '../../book/names.ts';
import { httpWords } from '../../words/http.ts';
import { callFacts, receipt } from './events.ts';
import { accountId, calls, count, department, id } from './scalars.ts';

export const authorization = z
  .strictObject({
    id: id.optional(),
    account: accountId.optional(),
    meter: safeText(100),
    calls: calls.optional(),
    department: department.optional(),
    seconds: z
      .int()
      .min(1)
      .max(86_400)
      .optional()
      .meta({ description: 'How long the calls stay held; 60 if not given' }),
    onExpiry: z.enum(['release', 'review']).optional().meta({
      description:
        'What it means that nobody captured nor released them in time: no call was made (release, if not given), or nobody knows (review): an event that is held for review',
    }),
  })
  .meta({ id: 'Authorization', examples: [{ id: 'call-1', meter: 'liveness.basic.authority', calls: 1 }] });

/** What a gateway asks in the query, as its own request has no body. */
export const gateQuery = z.strictObject({
  account: accountId.optional(),
  meter: safeText(100),
  id: id.optional(),
  onExpiry: z.enum(['release', 'review']).optional(),
});

export const hold = z
  .object({
    id: z.string(),
    account: z.string(),
    allowed: z.literal(true),
    meter: z.string(),
    calls: count,
    payer: z.enum(['pack', 'postpaid', 'pack and postpaid']),
    draws: z.array(z.object({ pack: z.string(), calls: count })),
    postpaid: count,
    expiresAt: z.string(),
  })
  .meta({ id: 'Hold' });

/** How the call went, which decides whether it is charged; without it, it is. */
export const captured = z
  .strictObject({ account: accountId.optional(), ...callFacts })
  .refine((given) => (given.action === undefined) === (given.resultCode === undefined), {
    ...because(httpWords.actionAndResultcodeGoTogether),
    path: ['resultCode'],
  })
  .refine((given) => given.action !== undefined || (given.channel === undefined && given.library === undefined), {
    ...because(httpWords.channelAndLibraryGoWithAction),
    path: ['action'],
  })
  .meta({
    id: 'Captured',
    examples: [{ account: 'acme', action: 'LivenessRecognition', resultCode: 'Success' }],
  });

export const capture = z
  .object({ id: z.string(), status: z.enum(['accepted', 'duplicate', 'held']), receipt })
  .meta({ id: 'Capture' });

export const release = z
  .object({ id: z.string(), account: z.string(), status: z.literal('released'), calls: count })
  .meta({ id: 'Release' });
