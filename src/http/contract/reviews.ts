// Events that wait for a person to say whether they are charged.

import { z } from 'zod';
import { safeText } from '../../book/names.ts';
import { eventFields, heldReasons } from '../../core/event.ts';
import { outcome, receipt } from './events.ts';
import { type Answered, accountId, count, next } from './scalars.ts';

const provider = z.enum(['charged', 'not-charged']);

/** Which held events: a part left out is any. */
export const heldFilter = {
  action: safeText(eventFields.action.most).optional(),
  resultCode: safeText(eventFields.resultCode.most).optional(),
  reason: z.enum(heldReasons).optional().meta({
    description: 'A result that the code table does not know, a month that is final, or a provider that says otherwise',
  }),
  table: outcome.optional().meta({ description: 'What the code table said, of a provider that disagrees' }),
  provider: provider.optional().meta({ description: 'What the provider itself said, where it disagrees' }),
};

export const bulkDecision = z.strictObject({ account: accountId.optional(), ...heldFilter, charge: z.boolean() }).meta({
  id: 'BulkDecision',
  description: 'For all events that wait and fit; without an account, of all accounts',
  examples: [{ action: 'IdCardVerification', resultCode: '99', charge: true }],
});

const heldEvent = receipt.extend({
  facts: z
    .object({
      action: z.string(),
      channel: z.string().nullable(),
      library: z.string().nullable(),
      resultCode: z.string().nullable(),
    })
    .optional(),
});

export const heldPage = z.object({ held: z.array(heldEvent), next }).meta({ id: 'HeldPage' });

export const heldCodes = z
  .object({
    codes: z.array(
      z.object({
        action: z.string().nullable(),
        resultCode: z.string().nullable(),
        reason: z.enum(heldReasons),
        verdicts: z.object({ table: outcome, provider }).optional(),
        accounts: z.int(),
        events: z.int(),
        calls: count,
        oldest: z.string().meta({ description: 'When the oldest of the calls was made' }),
      }),
    ),
  })
  .meta({ id: 'HeldCodes' });

export const bulkDecided = z
  .object({
    decided: z.int(),
    refused: z.array(z.object({ account: z.string(), event: z.string(), code: z.string(), detail: z.string() })),
    more: z.boolean().meta({ description: 'Send it again: a request decides at most 1,000' }),
  })
  .meta({ id: 'BulkDecided' });

export type HeldPage = Answered<typeof heldPage>;
export type HeldCodes = Answered<typeof heldCodes>;
export type BulkDecided = Answered<typeof bulkDecided>;
