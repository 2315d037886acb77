// Webhooks, and what was delivered to them.

import { z } from 'zod';
import { alertKinds } from '../../account/alerts.ts';
import { askedText, because } from '../../book/names.ts';
import { httpWords } from '../../words/http.ts';
import { type Answered, accountId, next, time } from './scalars.ts';

/** No password belongs into a URL: it would be listed and logged. What the host leads to is looked at when something is sent. */
function isSendable(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}

const url = z
  .string()
  .max(1_000)
  .refine(isSendable, because(httpWords.mustBeAnHttpsUrl))
  .meta({ description: 'https; http only where SUANPAN_WEBHOOK_PRIVATE=1', examples: ['https://example.com/suanpan'] });

const kinds = z
  .array(z.enum(alertKinds))
  .min(1)
  .max(alertKinds.length)
  .nullable()
  .meta({ description: 'What it wants to hear of; null: everything' });

export const newWebhook = z
  .strictObject({ account: accountId.optional(), url, kinds: kinds.optional() })
  .meta({ id: 'NewWebhook', examples: [{ account: 'acme', url: 'https://example.com/suanpan', kinds: ['pack-low'] }] });

export const webhookChange = z
  .strictObject({
    url: url.optional(),
    kinds: kinds.optional(),
    active: z.boolean().optional().meta({ description: 'false: nothing is sent; true: on again' }),
  })
  .meta({ id: 'WebhookChange', examples: [{ active: true }] });

const webhookFields = {
  id: z.string(),
  account: z.string().nullable().meta({ description: 'Null: alerts of all accounts' }),
  url: z.string(),
  kinds: z.array(z.enum(alertKinds)).nullable(),
  state: z
    .enum(['active', 'gone', 'off'])
    .meta({ description: 'gone: it answered 410; off: a person said so. Nothing is sent then' }),
  createdAt: z.string(),
  createdBy: z.string(),
  lastSuccessAt: z.string().nullable(),
  failuresInARow: z.int(),
  lastProblem: z
    .string()
    .nullable()
    .meta({ description: 'Of the last try: "status 500", timeout, private-address, …' }),
};

export const webhook = z.object(webhookFields).meta({ id: 'Webhook' });

/** `secret` is shown here alone. */
export const madeWebhook = z.object({ ...webhookFields, secret: z.string() }).meta({ id: 'MadeWebhook' });

export const webhookPage = z.object({ webhooks: z.array(webhook), next }).meta({ id: 'WebhookPage' });

export const rotatedWebhook = z
  .object({
    id: z.string(),
    secret: z.string(),
    formerUntil: z.string().meta({ description: 'Until then the former secret signs too' }),
  })
  .meta({ id: 'RotatedWebhook' });

export const removedWebhook = z.object({ id: z.string(), removed: z.literal(true) }).meta({ id: 'RemovedWebhook' });

export const triedWebhook = z
  .object({ delivery: z.string().meta({ description: 'The webhook-id that it is sent under' }) })
  .meta({ id: 'TriedWebhook' });

export const deliveryState = z.enum(['waiting', 'delivered', 'dead']).meta({ id: 'DeliveryState' });

const delivery = z
  .object({
    id: z.string().meta({ description: 'The webhook-id header, or the id of the mail: the same at every try' }),
    webhook: z.string().nullable(),
    mail: z.string().nullable().meta({ description: 'The address that it was written to' }),
    account: z.string().nullable(),
    alert: z.string().nullable().meta({ description: 'The id of the alert; null: a test' }),
    kind: z.enum(alertKinds).nullable(),
    state: z.enum(['waiting', 'delivered', 'dead']),
    tries: z.int(),
    madeAt: z.string(),
    nextAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    problem: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });

export const deliveryPage = z
  .object({ webhook: z.string(), deliveries: z.array(delivery), next })
  .meta({ id: 'DeliveryPage' });

/** To whomever. */
export const sentPage = z.object({ deliveries: z.array(delivery), next }).meta({ id: 'SentPage' });

export const replayOrder = z
  .strictObject({
    delivery: askedText(100).optional(),
    since: time.optional().meta({ description: 'All that were given up and made since' }),
  })
  .refine(
    ({ delivery, since }) => (delivery === undefined) !== (since === undefined),
    because(httpWords.eitherDeliveryOrSince),
  )
  .meta({ id: 'ReplayOrder', examples: [{ since: '2026-01-12T00:00:00+08:00' }] });

export const replayed = z.object({ replayed: z.int() }).meta({ id: 'Replayed' });

export type WebhookAnswer = Answered<typeof webhook>;
export type MadeWebhook = Answered<typeof madeWebhook>;
export type WebhookPage = Answered<typeof webhookPage>;
export type RotatedWebhook = Answered<typeof rotatedWebhook>;
export type TriedWebhook = Answered<typeof triedWebhook>;
export type SentPage = Answered<typeof sentPage>;
export type DeliveryPage = Answered<typeof deliveryPage>;
export type Replayed = Answered<typeof replayed>;
