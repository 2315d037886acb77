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

interface Facts {
  readonly action?: string | undefined;
  readonly channel?: string | undefined;
  readonly library?: string | undefined;
  readonly resultCode?: string | undefined;
}

/** Facts of a call decide together, or not at all. */
function whole<Given extends z.ZodType<Facts>>(given: Given): Given {
  return given
    .refine(({ action, resultCode }) => (action === undefined) === (resultCode === undefined), {
      ...because(httpWords.actionAndResultcodeGoTogether),
      path: ['resultCode'],
    })
    .refine(
      ({ action, channel, library }) => action !== undefined || (channel === undefined && library === undefined),
      {
        ...because(httpWords.channelAndLibraryGoWithAction),
        path: ['action'],
      },
    );
}

/** How the call went, which decides whether it is charged; without it, it is. */
export const captured = whole(z.strictObject({ account: accountId.optional(), ...callFacts })).meta({
  id: 'Captured',
  examples: [{ account: 'acme', action: 'LivenessRecognition', resultCode: 'Success' }],
});

export const capture = z
  .object({ id: z.string(), status: z.enum(['accepted', 'duplicate', 'held']), receipt })
  .meta({ id: 'Capture' });

export const release = z
  .object({ id: z.string(), account: z.string(), status: z.literal('released'), calls: count })
  .meta({ id: 'Release' });

/** Steps of one request. */
export const mostSteps = 100;

const named = { id, account: accountId.optional() };

/** What a request of its own asks, and which of them it is. */
export const authorizationStep = z.discriminatedUnion('step', [
  authorization.extend({ step: z.literal('hold'), id }).meta({ id: 'HoldStep' }),
  whole(z.strictObject({ step: z.literal('capture'), ...named, ...callFacts })).meta({ id: 'CaptureStep' }),
  z.strictObject({ step: z.literal('release'), ...named }).meta({ id: 'ReleaseStep' }),
]);

export const authorizationSteps = z.strictObject({ steps: z.array(authorizationStep).min(1).max(mostSteps) }).meta({
  id: 'AuthorizationSteps',
  examples: [{ steps: [{ step: 'hold', account: 'acme', id: 'call-1', meter: 'liveness.basic.authority' }] }],
});

/** In the order of the steps. */
export const authorizationResults = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['held', 'captured', 'released', 'refused']),
        refusal: z
          .object({
            status: z.int().meta({ description: 'The HTTP status that a request of its own would have had' }),
            code: z.string(),
            pointer: z.string().optional(),
            detail: z.string(),
          })
          .optional(),
      }),
    ),
  })
  .meta({ id: 'AuthorizationResults' });
