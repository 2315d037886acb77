// Orders of packs and top-ups.

import { z } from 'zod';
import { orderStates, payments } from '../../account/orders.ts';
import { because, safeText } from '../../book/names.ts';
import { httpWords } from '../../words/http.ts';
import { approval } from './approvals.ts';
import { type Answered, accountId, amount, amountOrNone, calls, count, money, next } from './scalars.ts';

export const orderState = z.enum(orderStates).meta({ id: 'OrderState' });

const orderedPacks = z.strictObject({
  product: safeText(64),
  size: calls,
  count: z.int().min(1).max(1_000).optional(),
});

export const placedOrder = z
  .strictObject({
    account: accountId.optional(),
    packs: z.array(orderedPacks).min(1).max(20).optional(),
    topUp: money.optional().meta({ description: 'In place of packs: money for the balance' }),
    pay: z.enum(payments),
  })
  .refine((given) => (given.packs === undefined) !== (given.topUp === undefined), {
    ...because(httpWords.eitherPacksOrTopUp),
    path: ['packs'],
  })
  .refine((given) => given.topUp === undefined || given.pay === 'transfer', {
    ...because(httpWords.topUpIsNotPaidFromTheBalance),
    path: ['pay'],
  })
  .refine((given) => (given.packs ?? []).reduce((sum, { count: packs = 1 }) => sum + packs, 0) <= 1_000, {
    ...because(httpWords.mostPacksOfAnOrder),
    path: ['packs'],
  })
  .meta({
    id: 'PlacedOrder',
    examples: [
      { account: 'acme', packs: [{ product: 'basic_authority', size: 1_000, count: 2 }], pay: 'transfer' },
      { account: 'acme', topUp: '5000.00', pay: 'transfer' },
    ],
  });

export const receivedPayment = z
  .strictObject({
    reference: safeText(200).meta({ description: 'The payer’s own, such as the number of the transfer' }),
    amount: money.meta({ description: 'What was received' }),
    order: z.string().optional().meta({ description: 'The order of the path: required where the body is signed' }),
  })
  .meta({ id: 'ReceivedPayment', examples: [{ reference: 'ICBC-20260112-0042', amount: '1860.00' }] });

export const order = z
  .object({
    id: z.string().meta({ description: 'The account and a number in it', examples: ['acme:order-7'] }),
    account: z.string(),
    state: orderState,
    pay: z.enum(payments),
    packs: z.array(z.object({ product: z.string(), size: count, count, price: amount })),
    topUp: amount.nullable(),
    amount,
    currency: z.string(),
    madeAt: z.string(),
    madeBy: z.string(),
    lapsesAt: z.string().nullable().meta({ description: 'From then on it cannot be paid; null: it was paid at once' }),
    endedAt: z.string().nullable(),
    endedBy: z.string().nullable(),
    reference: z.string().nullable(),
    received: amountOrNone.meta({ description: 'Null: nothing was received for it' }),
    delivered: z.array(z.string()).meta({ description: 'Ids of its packs' }),
  })
  .meta({ id: 'Order' });

export const orderOrApproval = z.union([order, approval]);

export const orderPage = z.object({ orders: z.array(order), next }).meta({ id: 'OrderPage' });

const watched = z.union([z.strictObject({ product: safeText(64) }), z.strictObject({ meter: safeText(100) })]);
const threshold = z.union([z.strictObject({ calls }), z.strictObject({ percent: z.int().min(1).max(99) })]);

export const standingOrder = z
  .strictObject({
    name: safeText(64),
    watch: watched.meta({ description: 'Packs of a product, or all that cover a meter' }),
    below: threshold
      .optional()
      .meta({ description: 'Bought when less is left: calls, or percent of the packs not yet empty' }),
    daysBefore: z
      .int()
      .min(1)
      .max(365)
      .optional()
      .meta({ description: 'Bought so many days before the last of them ends' }),
    buy: orderedPacks.extend({
      size: z
        .union([calls, z.literal('advised')])
        .meta({ description: 'advised: what the planner advises then, for a year like the last weeks' }),
    }),
    mostPurchases: z.int().min(1).max(1_000).meta({ description: 'In a month of the account’s' }),
    mostMoney: money.meta({ description: 'In a month of the account’s' }),
  })
  .refine((given) => given.below !== undefined || given.daysBefore !== undefined, {
    ...because(httpWords.belowOrDaysBefore),
    path: ['below'],
  })
  .meta({
    id: 'StandingOrder',
    examples: [
      {
        name: 'basic',
        watch: { product: 'basic_authority' },
        below: { calls: 2_000 },
        daysBefore: 7,
        buy: { product: 'basic_authority', size: 10_000 },
        mostPurchases: 3,
        mostMoney: '30000.00',
      },
    ],
  });

const standingFields = {
  name: z.string(),
  watch: z.union([z.object({ product: z.string() }), z.object({ meter: z.string() })]),
  below: z.union([z.object({ calls: count }), z.object({ percent: z.int() })]).nullable(),
  daysBefore: z.int().nullable(),
  buy: z.object({ product: z.string(), size: z.union([count, z.literal('advised')]), count: z.int() }),
  mostPurchases: z.int(),
  mostMoney: amount,
};

export const shownStandingOrder = z
  .object({ account: z.string(), ...standingFields })
  .meta({ id: 'ShownStandingOrder' });
export const standingOrders = z
  .object({ account: z.string(), standingOrders: z.array(z.object(standingFields)) })
  .meta({ id: 'StandingOrders' });
export const removedStandingOrder = z
  .object({ account: z.string(), name: z.string() })
  .meta({ id: 'RemovedStandingOrder' });

export type ShownStandingOrder = Answered<typeof shownStandingOrder>;
export type StandingOrders = Answered<typeof standingOrders>;
export type ShownOrder = Answered<typeof order>;
export type OrderPage = Answered<typeof orderPage>;
