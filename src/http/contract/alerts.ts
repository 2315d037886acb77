// What accounts are told.

import { z } from 'zod';
import { alertKinds } from '../../account/alerts.ts';
import { because, safeText } from '../../book/names.ts';
import { httpWords } from '../../words/http.ts';
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

const language = z.enum(['zh', 'en']).meta({ id: 'Language' });

const numbers = (number: z.ZodInt, what: string) => z.array(number).max(10).meta({ description: what });

const address = safeText(254).refine(
  (text) => /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text),
  because(httpWords.mustBeAMailAddress),
);

export const alertSettings = z
  .strictObject({
    packThresholds: numbers(z.int().min(0).max(99), 'Percents of a pack that are left; 0: none').optional(),
    daysBefore: numbers(z.int().min(1).max(365), 'Days before a pack expires').optional(),
    off: z.array(alertKind).max(50).meta({ description: 'Kinds that are not told' }).optional(),
    language: language.optional(),
    mail: z
      .array(z.strictObject({ address, language: language.optional() }))
      .max(20)
      .optional(),
  })
  .meta({
    id: 'AlertSettings',
    description: 'What is left out stays as it is',
    examples: [
      { packThresholds: [50, 20, 0], daysBefore: [14, 3], mail: [{ address: 'ops@example.com', language: 'en' }] },
    ],
  });

export const shownAlertSettings = z
  .object({
    account: z.string(),
    packThresholds: z.array(z.int()),
    daysBefore: z.array(z.int()),
    off: z.array(z.string()),
    language,
    mail: z.array(z.object({ address: z.string(), language })),
  })
  .meta({ id: 'ShownAlertSettings' });

export type ShownAlertSettings = Answered<typeof shownAlertSettings>;
export type AlertPage = Answered<typeof alertPage>;
