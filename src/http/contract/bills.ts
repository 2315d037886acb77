// Bills, and closing a month.

import { z } from 'zod';
import { tariffModes, tierBases, tierBounds } from '../../core/price-book.ts';
import { feeReasons } from '../../core/rate.ts';
import { blockParts } from '../../core/units.ts';
import {
  type Answered,
  accountId,
  amount,
  amountOrNone,
  count,
  month,
  next,
  notice,
  price,
  sentence,
} from './scalars.ts';

export const closing = z
  .strictObject({ month, account: accountId.optional() })
  .meta({ id: 'Closing', examples: [{ month: '2026-01' }, { month: '2026-01', account: 'acme' }] });

/** What closing a month for all accounts did. */
export const closed = z
  .object({
    month,
    closed: z.int(),
    alreadyFinal: z.int(),
    refused: z.array(z.object({ account: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Closed' });

/** What closing a month would do to some of the accounts that have no bill of it yet. */
export const closeReadiness = z
  .object({
    month,
    looked: z.int().meta({ description: 'Accounts without a bill of the month that were looked at' }),
    ready: z.int(),
    blocked: z.array(z.object({ account: z.string(), code: z.string(), detail: z.string() })),
    next,
  })
  .meta({ id: 'CloseReadiness' });

const money = z.object({
  currency: z.string(),
  packsSold: z.int().meta({ description: 'Less those paid back' }),
  packs: amount,
  bills: z.int().meta({ description: 'Charged in this month: of the month before it, as a rule' }),
  charged: amount,
});

/** A month of all accounts. */
export const monthFigures = z
  .object({
    month,
    countedAt: z.string(),
    accounts: z.int(),
    calls: z.object({ packs: count, postpaid: count, notCharged: count }).meta({ description: 'By who paid' }),
    money: z.array(money).meta({ description: 'By currency, in the month of the book’s zone' }),
  })
  .meta({ id: 'MonthFigures' });

const packLine = z.object({
  kind: z.enum(['pack', 'pack_refund']),
  pack: z.string(),
  product: z.string(),
  size: count,
  count: z.int().optional().meta({ description: 'So many equal packs, where they are quoted as one thing' }),
  price: amount,
  amount,
  formula: sentence,
});

const pricedBy = {
  unitPrice: price.nullable(),
  per: count.optional().meta({ description: 'The unit price is for so many calls; absent: for each' }),
  part: z.enum(blockParts).optional().meta({ description: 'What a part of `per` calls counts as' }),
};

const postpaidLine = z.object({
  kind: z.literal('postpaid'),
  tariff: z.string().nullable().meta({ description: 'Null: the meter has no tariff' }),
  meter: z.string().optional(),
  day: z
    .string()
    .optional()
    .meta({ description: 'Of the calls, where the tiers of the tariff are counted by the day' }),
  calls: count,
  drawn: count.meta({ description: 'Calls of the tariff that packs paid' }),
  mode: z.enum(tariffModes).optional(),
  basis: z.enum(tierBases).optional(),
  bound: z.enum(tierBounds).optional(),
  reached: count.nullable().meta({ description: 'The quantity that chose the tier' }),
  tier: z.int().nullable().meta({ description: 'Index of the tier reached, from 0' }),
  from: count.optional(),
  to: count.nullable().optional(),
  tierRange: z.string().nullable(),
  ...pricedBy,
  slices: z.array(z.object({ tier: z.int(), meter: z.string().optional(), calls: count, ...pricedBy })).optional(),
  amount: amountOrNone,
  quoteRequired: z.literal(true).optional(),
  estimate: amount.nullable().optional(),
  formula: sentence,
});

const feeLine = z.object({
  kind: z.literal('fee').meta({ description: 'What a tariff costs beside its calls' }),
  tariff: z.string(),
  reason: z.enum(feeReasons).meta({
    description:
      'Of each month; of a tier that the month reached; what raises it to its minimum, or lowers it to its maximum',
  }),
  tier: z.int().optional(),
  bound: z.enum(tierBounds).optional(),
  from: count.optional(),
  to: count.nullable().optional(),
  limit: amount.optional().meta({ description: 'The minimum or maximum' }),
  before: amount.nullable().optional().meta({ description: 'What the tariff came to before' }),
  amount: amountOrNone,
  quoteRequired: z.literal(true).optional(),
  estimate: amount.nullable().optional(),
  formula: sentence,
});

const adjustmentLine = z.object({
  kind: z.literal('adjustment'),
  month: z.string(),
  tariff: z.string().nullable(),
  meter: z.string().optional(),
  before: count,
  after: count,
  billed: amount.nullable(),
  corrected: amount.nullable(),
  amount: amountOrNone,
  quoteRequired: z.literal(true).optional(),
  formula: sentence,
});

export const billLine = z
  .discriminatedUnion('kind', [packLine, postpaidLine, feeLine, adjustmentLine])
  .meta({ id: 'BillLine' });

export const meterUsage = z
  .object({
    meter: z.string(),
    calls: count,
    postpaid: count,
    notCharged: count,
    draws: z.array(z.object({ pack: z.string(), gift: z.boolean(), calls: count })),
  })
  .meta({ id: 'MeterUsage' });

export const giftUsed = z.object({ pack: z.string(), product: z.string(), calls: count, saved: amount.nullable() });

const billFields = {
  format: z.literal(1),
  account: z.string(),
  book: z.string(),
  contract: z.int().optional().meta({ description: 'Number of the contract that priced it' }),
  currency: z.string(),
  month: z.string(),
  prepaid: amount,
  postpaid: amountOrNone,
  adjustments: amountOrNone,
  total: amountOrNone,
  estimate: amount.nullable().meta({ description: 'The total with the last public price in place of missing ones' }),
  lines: z.array(billLine),
  usage: z.array(meterUsage),
  giftsUsed: z.array(giftUsed),
  forfeited: z.array(z.object({ pack: z.string(), product: z.string(), calls: count, worth: amount })),
  notices: z.array(notice),
};

/** Where two bills are compared. */
export const billTotals = z.object({
  prepaid: amount,
  postpaid: amountOrNone,
  total: amountOrNone,
  estimate: amount.nullable().meta({ description: 'Where a price is missing' }),
});

const number = z.string().meta({ description: 'Of a final bill', examples: ['acme-000001'] });

/** A bill with its words, final or as it stands. */
export const bill = z
  .object({
    id: z.string(),
    ...billFields,
    state: z.enum(['draft', 'final']),
    number: number.optional(),
    digest: z.string().optional().meta({ description: 'SHA-256 over the figures of a final bill' }),
  })
  .meta({ id: 'Bill' });

export const finalBill = z
  .object({ ...billFields, state: z.literal('final'), number })
  .meta({ id: 'FinalBill', description: 'Of the account that was closed' });

const billSummary = z
  .object({
    id: z.string(),
    number: number.nullable(),
    account: z.string(),
    month: z.string(),
    state: z.string(),
    prepaid: amount,
    postpaid: amountOrNone,
    adjustments: amountOrNone,
    total: amountOrNone,
  })
  .meta({ id: 'BillSummary' });

/** Of all accounts, or the bill of one. */
export const closedMonth = z.union([closed, finalBill]);

export const billPage = z.object({ bills: z.array(billSummary), next }).meta({ id: 'BillPage' });

export const departments = z
  .object({
    account: z.string(),
    month: z.string(),
    departments: z.array(
      z.object({
        department: z.string().meta({ description: 'Empty: calls that named none' }),
        calls: count,
        amount,
      }),
    ),
  })
  .meta({ id: 'Departments' });

/** A bill's figures as it is sealed, without words: what the export as JSON holds. */
export const sealedBill = z.looseObject({ format: z.literal(1), account: z.string(), month: z.string() }).meta({
  id: 'SealedBill',
  description: 'The bill without its sentences: no formula, no tierRange, no zh and en of notices',
});

export type CloseReadiness = Answered<typeof closeReadiness>;
export type Closed = Answered<typeof closed>;
export type Bill = Answered<typeof bill>;
export type BillPage = Answered<typeof billPage>;
export type Departments = Answered<typeof departments>;
export type FinalBill = Answered<typeof finalBill>;
