// Packs: buy, gift, refund.

import { z } from 'zod';
import { safeText } from '../../book/names.ts';
import { eventFields } from '../../core/event.ts';
import { packStates } from '../../core/pack.ts';
import { approval } from './approvals.ts';
import { billTotals } from './bills.ts';
import { type Answered, accountId, amount, calls, count, id, next } from './scalars.ts';

/** Which calls alone a pack pays for: those that bear the name of this department. */
const scope = z
  .strictObject({ department: safeText(eventFields.department.most) })
  .meta({ id: 'PackScope', description: 'It pays for calls of this department alone' });

export const packOrder = z
  .strictObject({
    account: accountId.optional(),
    product: safeText(64),
    size: calls,
    count: z.int().min(1).max(1_000).optional(),
    id: id.optional(),
    startsOn: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .optional()
      .meta({ description: 'The day it is to start on, where the book lets its buyers choose (packStart chosen)' }),
    scope: scope.optional(),
  })
  .meta({ id: 'PackOrder', examples: [{ account: 'acme', product: 'basic_authority', size: 1_000, count: 2 }] });

/** A purchase that is asked about. */
export const packWish = packOrder.omit({ id: true }).meta({
  id: 'PackWish',
  examples: [{ account: 'acme', product: 'basic_authority', size: 1_000, count: 2 }],
});

/** What a purchase would do now. */
export const purchasePreview = z
  .object({
    account: z.string(),
    month: z.string(),
    currency: z.string(),
    product: z.string(),
    size: count,
    count: z.int(),
    price: amount.meta({ description: 'Of all of them' }),
    balance: amount,
    balanceAfter: amount,
    earlierCalls: z
      .int()
      .optional()
      .meta({ description: 'Postpaid calls of before that it would pay for, where the book has packs do so' }),
    isEnough: z.boolean().meta({ description: 'Whether the balance pays for it' }),
    before: billTotals.meta({ description: 'The draft bill of the running month' }),
    after: billTotals,
  })
  .meta({ id: 'PurchasePreview' });

export const giftOrder = z
  .strictObject({
    account: accountId,
    product: safeText(64),
    calls,
    months: z.int().min(1).max(36).optional(),
    id: id.optional(),
    scope: scope.optional(),
  })
  .meta({ id: 'GiftOrder', examples: [{ account: 'acme', product: 'basic_authority', calls: 50, months: 12 }] });

const packFields = {
  id: z.string(),
  product: z.string(),
  gift: z.boolean(),
  calls: count,
  remaining: count,
  held: count,
  forfeited: count,
  state: z.enum(packStates),
  price: amount,
  boughtAt: z.string(),
  effectiveAt: z.string(),
  expiresAt: z.string(),
  scope: scope.optional(),
  refundableUntil: z.string().nullable().meta({
    description: 'Null: a gift, drawn from (unless the book pays back what is left), or never refundable by the book',
  }),
  refund: amount.nullable().meta({ description: 'What giving it back pays now; null: it cannot be given back' }),
  refundedAt: z.string().nullable(),
};

const pack = z.object(packFields).meta({ id: 'Pack' });

export const packOfAccount = z.object({ account: z.string(), ...packFields }).meta({ id: 'PackOfAccount' });

/** One pack and its whole life. */
export const packLife = packOfAccount
  .extend({
    paidFor: z
      .array(z.object({ day: z.string(), meter: z.string(), calls: count }))
      .meta({ description: 'Calls that it paid for' }),
    stages: z.array(z.object({ day: z.string(), left: z.int() })).meta({
      description: 'The day of its first draw (100), and those by whose end so many percent or fewer were left',
    }),
  })
  .meta({ id: 'PackLife' });

export const refund = z
  .strictObject({
    account: accountId.optional(),
    exception: safeText(200)
      .optional()
      .meta({ description: 'Why it is paid back although its window has closed; operators only' }),
  })
  .meta({ id: 'Refund', examples: [{ account: 'acme' }, { account: 'acme', exception: 'bought twice by mistake' }] });
export const refunded = z.union([packOfAccount, approval]);

/** The first of them stands in the answer itself. */
export const deliveredPacks = packOfAccount.extend({ packs: z.array(pack) }).meta({ id: 'DeliveredPacks' });

export const packPage = z
  .object({
    account: z.string(),
    packs: z.array(pack),
    counts: z
      .record(z.enum(packStates), z.int())
      .meta({ description: 'How many packs of the account are in each state, on this page or not' }),
    next,
  })
  .meta({ id: 'PackPage' });

export type PackLife = Answered<typeof packLife>;
export type PackOfAccount = Answered<typeof packOfAccount>;
export type DeliveredPacks = Answered<typeof deliveredPacks>;
export type PackPage = Answered<typeof packPage>;
