// Orders of packs and top-ups.

import { z } from 'zod';
import { orderStates, payments } from '../../account/orders.ts';
import { because, safeText } from '../../book/names.ts';
import { httpWords } from '../../words/http.ts';
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

export const orderPage = z.object({ orders: z.array(order), next }).meta({ id: 'OrderPage' });

export type ShownOrder = Answered<typeof order>;
export type OrderPage = Answered<typeof orderPage>;
