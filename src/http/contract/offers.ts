// What it would cost, what to buy, what the month will come to.

import { z } from 'zod';
import { because, safeText } from '../../book/names.ts';
import { httpWords } from '../../words/http.ts';
import { billLine, giftUsed, meterUsage } from './bills.ts';
import {
  type Answered,
  accountId,
  amount,
  amountOrNone,
  calls,
  callsOrNone,
  count,
  month,
  notice,
  sentence,
} from './scalars.ts';

export const quoteRequest = z
  .strictObject({
    book: safeText(64),
    use: z
      .array(
        z.strictObject({
          of: safeText(100),
          calls: callsOrNone,
          days: z.int().min(1).max(31).optional().meta({
            description:
              'The calls are of each of so many days; rows of one meter follow one another. Needed where a tariff counts by the day.',
          }),
        }),
      )
      .min(1)
      .max(100),
    packs: z
      .array(z.strictObject({ product: safeText(64), size: calls, count: z.int().min(1).max(1_000).optional() }))
      .max(100)
      .optional(),
    gifts: z
      .array(z.strictObject({ product: safeText(64), calls }))
      .max(100)
      .optional(),
  })
  .meta({
    id: 'QuoteRequest',
    examples: [
      {
        book: 'faceid-legacy',
        use: [{ of: 'liveness.basic.authority', calls: 20_000 }],
        packs: [{ product: 'basic_authority', size: 10_000 }],
      },
    ],
  });

const held = { product: safeText(64), calls };

export const planRequest = z
  .strictObject({
    book: safeText(64),
    use: z
      .array(z.strictObject({ of: safeText(100), calls: callsOrNone }))
      .min(1)
      .max(100)
      .optional(),
    profile: z
      .array(
        z.strictObject({
          month: month.or(z.int().min(1).max(24)),
          meter: safeText(100),
          calls: z.int().min(0).max(1_000_000_000),
        }),
      )
      .min(1)
      .max(2_400)
      .optional(),
    start: safeText(40).optional(),
    have: z
      .array(z.strictObject({ ...held, expires: safeText(40).optional() }))
      .max(100)
      .optional(),
    gifts: z.array(z.strictObject(held)).max(100).optional(),
  })
  .refine((given) => (given.use === undefined) !== (given.profile === undefined), {
    message: 'either use (one month) or profile (several months)',
    path: ['use'],
  })
  .meta({
    id: 'PlanRequest',
    examples: [{ book: 'faceid-legacy', use: [{ of: 'liveness.basic.authority', calls: 20_000 }] }],
  });

/** Growth as a number with at most four decimals; the operation reads its decimal text exactly. */
const growth = z
  .number()
  .min(0.0001)
  .max(1_000)
  .refine((factor) => /^\d+(\.\d{1,4})?$/.test(String(factor)), because(httpWords.mustHaveAtMostFourDecimals))
  .meta({ description: 'Every meter’s calls times this', examples: [1.2] });

export const whatIfRequest = z
  .strictObject({
    account: accountId.optional(),
    months: z.int().min(1).max(24).meta({ description: 'So many whole months before the running one' }),
    book: z
      .union([safeText(64), z.record(z.string(), z.unknown())])
      .optional()
      .meta({
        description: 'The id of a price book, or a whole one: a contract offer. The account’s own if not given',
      }),
    packs: z
      .array(z.strictObject({ product: safeText(64), size: calls, count: z.int().min(1).max(1_000).optional() }))
      .max(100)
      .optional()
      .meta({ description: 'Bought at the start, in place of what was really bought in these months' }),
    growth: growth.optional(),
  })
  .meta({ id: 'WhatIfRequest', examples: [{ account: 'acme', months: 3, growth: 1.2 }] });

export const quote = z
  .object({
    book: z.string(),
    currency: z.string(),
    prepaid: amount,
    postpaid: amountOrNone,
    total: amountOrNone,
    estimate: amount.nullable(),
    lines: z.array(billLine),
    usage: z.array(meterUsage),
    giftsUsed: z.array(giftUsed),
    notices: z.array(notice),
  })
  .meta({ id: 'Quote' });

const purchase = z.object({
  product: z.string(),
  size: count,
  count: z.int(),
  price: amount,
  month: z.string().optional(),
});

const costs = { prepaid: amount, postpaid: amountOrNone, total: amountOrNone, estimate: amount.nullable() };

export const plan = z
  .object({
    book: z.string(),
    currency: z.string(),
    best: z.object({
      purchases: z.array(purchase),
      ...costs,
      months: z
        .array(z.object({ month: z.string(), calls: count, drawn: count, prepaid: amount, postpaid: amountOrNone }))
        .optional(),
      proof: z.object({
        method: z.string(),
        gap: amount.meta({ description: 'How much cheaper another plan may be; 0.00 is proved' }),
      }),
    }),
    alternatives: z.array(z.object({ label: z.string(), title: sentence, purchases: z.array(purchase), ...costs })),
    notices: z.array(notice),
  })
  .meta({ id: 'Plan' });

const estimateOf = <Value extends z.ZodType>(value: Value) =>
  z.object({ soFar: value, expected: value, low: value.nullable(), high: value.nullable() });
const day = z.string().nullable();
const dayEstimate = z.object({ expected: day, earliest: day, latest: day }).meta({ id: 'DayEstimate' });
const countOrNone = count.nullable();

export const forecast = z
  .object({
    account: z.string(),
    book: z.string(),
    currency: z.string(),
    month: z.string(),
    asOf: z.string(),
    basis: z.object({
      days: z.int().meta({ description: 'Days of the past that it rests on' }),
      range: z.literal('80%').nullable(),
      horizon: z.string(),
    }),
    calls: estimateOf(count),
    meters: z.array(estimateOf(count).extend({ meter: z.string() })),
    bill: z.object({
      soFar: amount.nullable(),
      expected: amount.nullable(),
      low: amount.nullable(),
      high: amount.nullable(),
      prepaid: amount,
      postpaid: amountOrNone,
      quoteRequired: z.boolean(),
      lines: z.array(billLine),
    }),
    packs: z.array(
      z.object({
        pack: z.string(),
        product: z.string(),
        gift: z.boolean(),
        remaining: count,
        state: z.string(),
        expiresAt: z.string(),
        lastDay: z.string(),
        runsDry: dayEstimate,
        forfeits: z.object({
          calls: z.object({ expected: countOrNone, low: countOrNone, high: countOrNone }),
          worth: z.object({ expected: amount.nullable(), low: amount.nullable(), high: amount.nullable() }),
        }),
        count: z.int(),
        others: z.array(z.string()),
      }),
    ),
    cap: z.object({ cap: count, soFar: count, reached: dayEstimate }).nullable(),
    unpriced: z.array(z.object({ tariff: z.string().nullable(), meter: z.string().nullable(), reached: dayEstimate })),
    postpaidFrom: dayEstimate,
    billNotices: z.array(notice),
    notices: z.array(notice),
    summary: sentence,
  })
  .meta({ id: 'Forecast' });

const amounts = {
  prepaid: amount,
  postpaid: amountOrNone,
  adjustments: amountOrNone,
  total: amountOrNone,
  estimate: amount.nullable(),
};
const left = z.object({ calls: count, worth: amount });
const both = z.object({ real: count, whatIf: count });

export const whatIf = z
  .object({
    account: z.string(),
    currency: z.string(),
    book: z.string(),
    realBook: z.string(),
    growth: z.string(),
    months: z.array(
      z.object({
        month: z.string(),
        calls: both,
        real: z.object({ state: z.string(), ...amounts }),
        whatIf: z.object({
          ...amounts,
          lines: z.array(billLine),
          usage: z.array(meterUsage),
          notices: z.array(notice),
        }),
        difference: amount.nullable(),
      }),
    ),
    total: z.object({
      calls: both,
      real: z.object({ ...amounts, left }),
      whatIf: z.object({ ...amounts, left }),
      difference: amount.nullable(),
    }),
    notices: z.array(notice),
    summary: sentence,
  })
  .meta({ id: 'WhatIf' });

export type Forecast = Answered<typeof forecast>;
export type WhatIf = Answered<typeof whatIf>;
