// Usage events, and what becomes of them.

import { z } from 'zod';
import { because, safeText } from '../../book/names.ts';
import { type EventField, eventFields, heldReasons } from '../../core/event.ts';
import { unpaidReasons } from '../../core/settle.ts';
import { httpWords } from '../../words/http.ts';
import { type Answered, accountId, calls, count, department, id, next, source, time } from './scalars.ts';

/** What a call was and how it went. */
export const callFacts = {
  action: safeText(eventFields.action.most).optional(),
  channel: safeText(eventFields.channel.most).optional(),
  library: safeText(eventFields.library.most).optional(),
  resultCode: safeText(eventFields.resultCode.most).optional(),
};

/** A usage event: `meter`, or the facts that decide it. */
export const event = z
  .strictObject({
    id,
    account: accountId.optional(),
    meter: safeText(eventFields.meter.most).optional(),
    ...callFacts,
    calls: calls.optional(),
    time,
    department: department.optional(),
    providerCharged: z.boolean().optional().meta({
      description:
        'What the provider itself says: whether it charges the call. Where the code table of that day says otherwise, the event is held',
    }),
  } satisfies Record<EventField | 'providerCharged', z.ZodType>)
  .refine((given) => (given.meter === undefined) !== (given.action === undefined), {
    ...because(httpWords.eitherMeter),
    path: ['meter'],
  })
  .refine((given) => (given.action === undefined) === (given.resultCode === undefined), {
    ...because(httpWords.actionAndResultcodeGoTogether),
    path: ['resultCode'],
  })
  .refine((given) => given.action !== undefined || (given.channel === undefined && given.library === undefined), {
    ...because(httpWords.channelAndLibraryGoWithAction),
    path: ['action'],
  })
  .refine((given) => given.action !== undefined || given.providerCharged === undefined, {
    ...because(httpWords.providerChargedGoesWithAction),
    path: ['providerCharged'],
  })
  .meta({
    id: 'Event',
    examples: [{ id: 'call-1', meter: 'liveness.basic.authority', time: '2026-01-12T09:00:00+08:00' }],
  });

/** A CloudEvent 1.0: source and id identify, subject is the account. */
export const cloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id,
    source,
    type: safeText(200),
    subject: accountId.optional(),
    time,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'CloudEvent' });

/** Of one request. */
export const mostItems = 10_000;

/** What usage comes as in JSON. */
export const sentEvents = z.union([event, z.array(event).max(mostItems), cloudEvent]);

export const review = z
  .strictObject({ account: accountId.optional(), charge: z.boolean() })
  .meta({ id: 'Review', examples: [{ account: 'acme', charge: true }] });

export const outcome = z.enum(['charged', 'not-charged', 'held']);

/** Who paid for an event. */
export const receipt = z
  .object({
    event: z.string(),
    source: z.string().optional().meta({ description: 'Of a CloudEvent: its id is one of this source' }),
    account: z.string(),
    seq: z.int(),
    meter: z.string().nullable(),
    calls: count,
    time: z.string(),
    outcome,
    reason: z.enum(heldReasons).optional().meta({ description: 'Why it is held' }),
    verdicts: z
      .object({ table: outcome, provider: z.enum(['charged', 'not-charged']) })
      .optional()
      .meta({ description: 'What the code table and the provider itself said, where they disagreed' }),
    draws: z.array(
      z.object({
        pack: z.string(),
        calls: count,
        drawnLater: z
          .object({ seq: z.int(), time: z.string() })
          .optional()
          .meta({ description: 'The pack was delivered when the call was settled already: by this ledger row, then' }),
      }),
    ),
    postpaid: count,
    notCharged: count,
    stopped: z.literal(true).optional().meta({ description: 'Service was stopped for arrears: packs did not pay' }),
    department: z.string().optional(),
    voided: z.string().optional(),
    voidedBy: z.string().optional(),
  })
  .meta({ id: 'Receipt' });

/** A receipt read back, with why no other pack paid. */
export const wholeReceipt = receipt
  .extend({
    receivedAt: z.string(),
    facts: z
      .object({
        action: z.string(),
        channel: z.string().nullable(),
        library: z.string().nullable(),
        resultCode: z.string().nullable(),
      })
      .optional(),
    reviewedAt: z.string().optional(),
    reviewedBy: z.string().optional(),
    unused: z.array(z.object({ pack: z.string(), reason: z.enum(unpaidReasons) })),
  })
  .meta({ id: 'WholeReceipt' });

/** What a list of events may be asked for. */
export const eventWish = {
  meter: safeText(eventFields.meter.most).optional(),
  outcome: outcome.optional(),
  payer: id.optional().meta({ description: 'Who paid at least a part: the id of a pack, or postpaid' }),
  department: department.optional(),
  resultCode: safeText(eventFields.resultCode.most).optional(),
};

export const eventPage = z.object({ events: z.array(receipt), next }).meta({ id: 'EventPage' });

/** What became of one event. */
export const eventResult = z
  .object({
    id: z.string(),
    source: z.string().optional().meta({ description: 'Of a CloudEvent' }),
    status: z.enum(['accepted', 'duplicate', 'conflict', 'rejected', 'held']),
    code: z.string().optional(),
    pointer: z.string().optional(),
    detail: z.string().optional(),
    receipt: receipt.optional(),
  })
  .meta({ id: 'EventResult' });

export const eventResults = z.object({ results: z.array(eventResult) }).meta({ id: 'EventResults' });
/** One for one, and a list for a list. */
export const recordedEvents = z.union([eventResult, eventResults]);

export type Receipt = Answered<typeof receipt>;
export type WholeReceipt = Answered<typeof wholeReceipt>;
export type EventPage = Answered<typeof eventPage>;
export type EventResult = Answered<typeof eventResult>;
