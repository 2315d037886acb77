// What accounts are told.

import { z } from 'zod';
import { alertKinds } from '../../account/alerts.ts';
import { type Answered, count, next, sentence } from './scalars.ts';

export const alertKind = z.enum(alertKinds).meta({ id: 'AlertKind' });

/** As it is listed, and delivered to webhooks. */
export const alert = z
  .object({
    id: z.string().meta({ description: 'The account and a number in it, such as acme:7', examples: ['acme:7'] }),
    account: z.string(),
    kind: z.string(),
    at: z.string().meta({ description: 'When it happened, on the account’s clocks' }),
    details: z.record(z.string(), z.union([z.string(), count])),
  })
  .meta({ id: 'Alert' });

export const alertPage = z
  .object({
    alerts: z.array(alert.extend({ subject: sentence, lines: z.array(sentence) }).meta({ id: 'ToldAlert' })),
    next,
  })
  .meta({ id: 'AlertPage' });

export type AlertPage = Answered<typeof alertPage>;
