// The provider's own list of attempts, day by day, against the ledger.

import { z } from 'zod';
import { askedText, because, safeText } from '../../book/names.ts';
import { isTimeZone, parseDay } from '../../core/calendar.ts';
import { eventFields } from '../../core/event.ts';
import { isSoundDay } from '../../core/instant.ts';
import { httpWords } from '../../words/http.ts';
import { type Answered, accountId, next, time } from './scalars.ts';

/** Two of them make the id of an event. */
const part = safeText(99);

const isDay = (text: string): boolean => parseDay('UTC', text) !== undefined && isSoundDay(text);

export const day = z
  .string()
  .refine(isDay, because(httpWords.mustBeADaySuchAs))
  .meta({ id: 'Day', description: 'By the provider’s calendar', examples: ['2026-01-06'] });

const flow = {
  token: part,
  account: accountId,
  action: safeText(eventFields.action.most),
  channel: safeText(eventFields.channel.most).nullable().optional(),
  library: safeText(eventFields.library.most).nullable().optional(),
};

export const flowToken = z.strictObject(flow).meta({
  id: 'FlowToken',
  description: 'Which account a flow at the provider was begun for, and what its attempts are recorded as',
  examples: [
    {
      ...{ token: 'CE661F1A-0F1E', account: 'acme', action: 'GetDetectInfoEnhanced' },
      ...{ channel: 'wechat_h5', library: 'authority' },
    },
  ],
});

export const keptToken = z.object({ token: z.string(), account: z.string() }).meta({ id: 'KeptToken' });

export const sweepWish = z
  .strictObject({
    through: day,
    timeZone: z.string().refine(isTimeZone, because(httpWords.mustBeATimeZone)),
    day: day.optional().meta({ description: 'Without one, the first that is due' }),
    anew: z.boolean().optional().meta({ description: 'A day that is whole begins again' }),
    except: z.array(day).max(60).optional(),
  })
  .meta({ id: 'SweepWish', examples: [{ through: '2026-01-06', timeZone: 'Asia/Shanghai' }] });

const sweep = z
  .object({
    day: z.string(),
    cursor: z.int().meta({ description: 'The page of the list to read next' }),
    begun: z.string(),
    ended: z.string().nullable().meta({ description: 'Null: the day is not whole yet' }),
    pages: z.int(),
    attempts: z.int().meta({ description: 'As they were read: again where a page was read again' }),
    metered: z.int().meta({ description: 'Attempts that the ledger did not have' }),
    held: z.int().meta({ description: 'Of those, held for review' }),
    findings: z.int().meta({ description: 'Attempts that could not be matched' }),
  })
  .meta({ id: 'Sweep' });

export const sweptDay = sweep;
export const sweepOrNone = z.object({ sweep: sweep.nullable() }).meta({ id: 'SweepOrNone' });
export const sweepPage = z.object({ sweeps: z.array(sweep), next }).meta({ id: 'SweepPage' });

export const listPage = z
  .strictObject({
    cursor: z.int().min(0),
    next: z.int().min(0).nullable().meta({
      description: 'The cursor of the next page, the same where more of this one follows; null: this is the last',
    }),
    attempts: z
      .array(
        z.strictObject({
          token: part,
          attempt: part.nullable(),
          time: time.nullable(),
          resultCode: safeText(eventFields.resultCode.most).nullable(),
          charged: z.boolean(),
          rule: part.nullable(),
        }),
      )
      .max(100),
  })
  .meta({
    id: 'ListPage',
    examples: [
      {
        ...{ cursor: 0, next: null },
        attempts: [
          {
            ...{ token: 'CE661F1A-0F1E', attempt: 'e594dc57', time: '2026-01-05T00:00:50.123Z' },
            ...{ resultCode: '0', charged: true, rule: '1' },
          },
        ],
      },
    ],
  });

export const findingWhy = askedText(100);

export const findingPage = z
  .object({
    day: z.string(),
    sweep,
    whys: z
      .array(z.object({ why: z.string(), count: z.int() }))
      .meta({ description: 'Of the whole day, whatever is asked for' }),
    findings: z.array(
      z.object({
        token: z.string(),
        attempt: z.string().meta({ description: 'Empty: the list gives it no number' }),
        time: z.string().nullable(),
        why: z.string().meta({
          description:
            'UNKNOWN_TOKEN: begun through no gateway; NO_NUMBER: charged, without number, time or result; OTHER_RESULT, OTHER_CHARGE: the ledger has it with another result, or charged otherwise; LIST_TOO_LONG: the list went on and on, and was read no further; MORE: there are others, which are not kept; or why the ledger refused it',
        }),
        account: z.string().nullable(),
        rule: z.string().nullable(),
        resultCode: z.string().nullable(),
        charged: z.boolean().meta({ description: 'The provider’s own word' }),
        recorded: z
          .object({
            event: z.string(),
            resultCode: z.string().nullable(),
            outcome: z.enum(['charged', 'not-charged', 'held', 'voided']),
            reviewed: z.boolean().meta({ description: 'Whether a person has said so' }),
          })
          .nullable()
          .meta({ description: 'The ledger’s word on it; null: it has none' }),
      }),
    ),
    next,
  })
  .meta({ id: 'FindingPage' });

export type SweepPage = Answered<typeof sweepPage>;
export type FindingPage = Answered<typeof findingPage>;
